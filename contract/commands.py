"""The ``fundwatch`` command: gathers the commands that each side names, loading only the one that is asked for."""

from __future__ import annotations

import sys
from importlib.metadata import EntryPoint, entry_points

import click

from contract.errors import ConfigurationError, FundwatchError

GROUP = "fundwatch.commands"
_WHOLE = 1_000


class Verbs(click.Group):
    """A click group whose help tells the whole first sentence of each command, where click would cut it off."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write a line or more for each command."""
        found = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        rows = [(name, command.get_short_help_str(limit=_WHOLE)) for name, command in found if command is not None]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take the arguments; without any the refusal is a line, where click would print the whole help."""
        if not args and not ctx.resilient_parsing:
            raise click.UsageError(f"no command; {self.choice(ctx)}", ctx)
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; one that is none is refused with those that are."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            if self.get_command(ctx, args[0]) is not None or args[0].startswith("-"):
                raise
            raise click.UsageError(f"no such command: {args[0]}; {self.choice(ctx)}", ctx) from error

    def choice(self, ctx: click.Context) -> str:
        """The commands that there are, in a line."""
        return f"choose from {', '.join(self.list_commands(ctx))}; --help says what each does"


class Commands(Verbs):
    """A group whose members are entry points, so that ``--help`` of one side needs nothing of another."""

    def _found(self) -> dict[str, EntryPoint]:
        return {point.name: point for point in entry_points(group=GROUP)}

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return sorted(self._found())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        point = self._found().get(cmd_name)
        if point is None:
            return None
        try:
            command = point.load()
        except ModuleNotFoundError as error:
            raise ConfigurationError(
                f"'{cmd_name}' needs the package '{error.name}': install fundwatch[bank], [office] or [demo]"
            ) from error
        if not isinstance(command, click.Command):
            raise ConfigurationError(f"entry point '{cmd_name}' is not a command")
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="fundwatch")
def fundwatch() -> None:
    """Watch movements of funds for illegal fund-raising (非法集资), from a bank's file to an office's list.

    \b
    fundwatch demo                  the whole stream on this machine, with a console to look at
    fundwatch simulate --out city   files to try things on, then:
    fundwatch replay --movements city/movements.csv --profiles city/profiles.csv --flags flags.jsonl

    Each command's own --help has an example. Exit codes: 0 done, 1 failed, 2 wrong arguments.
    """


def main() -> None:
    """Run the command line; exit code 0 done, 1 failed, 2 wrong arguments or configuration."""
    try:
        status = fundwatch.main(standalone_mode=False)
    except click.ClickException as error:
        message = error.format_message().replace("\n", " ")
        click.echo(f"fundwatch: {message}", err=True)
        sys.exit(2)
    except click.Abort:
        sys.exit(130)
    except ConfigurationError as error:
        click.echo(f"fundwatch: {error}", err=True)
        sys.exit(2)
    except FundwatchError as error:
        click.echo(f"fundwatch: {error}", err=True)
        sys.exit(1)
    sys.exit(status if isinstance(status, int) else 0)
