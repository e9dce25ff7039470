"""``fundwatch bench``: the project's benchmarks, each in a process of its own, one after the other."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click

from contract.errors import ConfigurationError, FatalError

BENCHMARKS = Path(__file__).parent.parent / "tests" / "benchmarks"
PREFIX = "bench_"


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME…]")
@click.option("--list", "only_list", is_flag=True, help="List the benchmarks and end.")
def bench(names: tuple[str, ...], *, only_list: bool) -> None:
    """Run the benchmarks NAME…, or all, and print each one's table of figures and ratios (Markdown).

    Both sides of a ratio are measured in one process, so read the ratios; the figures are this machine's. They are part
    of the project's sources, not of the installed package.

    \b
        fundwatch bench --list
        fundwatch bench models typologies
    """
    scripts = _scripts()
    if only_list:
        click.echo("\n".join(scripts))
        return
    unknown = [name for name in names if name not in scripts]
    if unknown:
        raise ConfigurationError(f"no such benchmark: {unknown[0]}; choose from {', '.join(scripts)}")
    for name in names or tuple(scripts):
        click.echo(f"\n## {name}\n")
        if subprocess.run([sys.executable, str(scripts[name])], check=False).returncode != 0:
            raise FatalError(f"benchmark '{name}' failed")


def _scripts() -> dict[str, Path]:
    found = {path.stem.removeprefix(PREFIX): path for path in sorted(BENCHMARKS.glob(f"{PREFIX}*.py"))}
    if not found:
        raise ConfigurationError(f"no benchmarks here: run this from a checkout of the sources ({BENCHMARKS.name}/)")
    return found
