"""The ``fundwatch`` command: gathers the commands that each side names, loading only the one that is asked for."""

from __future__ import annotations

import sys
from importlib.metadata import EntryPoint, entry_points

import click

from contract.errors import ConfigurationError, FundwatchError

GROUP = "fundwatch.commands"


class Commands(click.Group):
    """A click group whose members are entry points, so that ``--help`` of one side needs nothing of another."""

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
    """Watch movements of funds for illegal fund-raising (非法集资), from a bank's file to an office's list."""


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
