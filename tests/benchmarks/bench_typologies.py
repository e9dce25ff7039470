"""What each typology costs a movement, in a replay of a simulated city with the whole catalogue on."""

from __future__ import annotations

import dataclasses
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from detector.catalogue import load_catalogue
from detector.replay import Replay
from detector.replay_command import partitions_of, reader
from producers.simulate.command import simulate

TIMED = ("screen", "screen_closer", "evaluate", "looks_again", "say")


class Timed:
    """A typology with the CPU time that its methods take."""

    def __init__(self, typology: Any, spent: dict[str, int]) -> None:
        self._typology = typology
        self._spent = spent

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._typology, name)
        return self._clocked(name, found) if name in TIMED else found

    def _clocked(self, name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            started = time.thread_time_ns()
            try:
                return method(*arguments)
            finally:
                self._spent[name] += time.thread_time_ns() - started

        return call


@click.command()
@click.option("--movements", type=click.Path(path_type=Path), help="A city of your own; one is simulated where absent.")
@click.option("--profiles", type=click.Path(path_type=Path), help="Its profiles.")
def main(movements: Path | None, profiles: Path | None) -> None:
    """Print nanoseconds a movement by typology: its screens, and the rest over the rows that some screen lets through."""
    with tempfile.TemporaryDirectory() as folder:
        if movements is None:
            size = ["--days", "90", "--accounts", "5000", "--schemes", "31", "--seed", "3"]
            simulate.main(["--out", folder, *size], standalone_mode=False)
            movements, profiles = Path(folder) / "movements.csv", Path(folder) / "profiles.csv"
        _report(movements, profiles)


def _report(movements: Path, profiles: Path | None) -> None:
    catalogue = load_catalogue()
    spent: dict[str, dict[str, int]] = {one.key: defaultdict(int) for one in catalogue.typologies}
    timed = tuple(Timed(one, spent[one.key]) for one in catalogue.typologies)
    run = Replay(dataclasses.replace(catalogue, typologies=timed))
    items = reader()([movements], profiles=[profiles] if profiles else [], mapping=None, fmt=None, partitions=partitions_of("1"))
    started = time.process_time_ns()
    for _ in run.feed(items):
        pass
    whole = time.process_time_ns() - started
    click.echo(f"{run.movements:,} movements, {whole / run.movements:,.0f} ns of CPU each\n")
    click.echo("| typology | ns a movement | of it screen | share |\n|---|---|---|---|")
    for key, parts in sorted(spent.items(), key=lambda one: -sum(one[1].values())):
        total = sum(parts.values())
        screen = parts["screen"] + parts["screen_closer"] + parts["looks_again"]
        click.echo(f"| {key} | {total / run.movements:.1f} | {screen / run.movements:.1f} | {total / whole:.2%} |")
    total = sum(sum(parts.values()) for parts in spent.values())
    click.echo(f"| all | {total / run.movements:.0f} | | {total / whole:.1%} |")


if __name__ == "__main__":
    main()
