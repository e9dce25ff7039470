"""``python -m tests.faults``: many random faults on one stream, bounded in time; ``make faults ARGS=…``."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click

from deploy.demo.children import fundwatch
from tests.faults.play import play


@click.command()
@click.option("--faults", default=200, show_default=True, help="How many faults.")
@click.option("--seed", default=1, show_default=True, help="Draws kinds, victims and moments.")
@click.option("--minutes", default=60.0, show_default=True, help="No new fault after this long.")
@click.option("--days", default=180, show_default=True, help="Days of the simulated city.")
@click.option("--accounts", default=3000, show_default=True)
@click.option("--schemes", default=120, show_default=True)
@click.option("--warm-days", default=45, show_default=True, help="Days that are sent before the first fault.")
@click.option("--pace", "pace_s", default=12.0, show_default=True, help="Seconds in which a bank sends its next days.")
@click.option("--most-a-round", default=6, show_default=True, help="Most faults between two comparisons.")
@click.option("--kind", "names", multiple=True, help="Only these kinds; may repeat.")
@click.option("--report", type=click.Path(path_type=Path), help="Write what happened as JSON.")
@click.option("--folder", type=click.Path(path_type=Path), help="Keep logs here.")
def main(
    faults: int,
    seed: int,
    minutes: float,
    warm_days: int,
    pace_s: float,
    most_a_round: int,
    names: tuple[str, ...],
    report: Path | None,
    folder: Path | None,
    **sizes: int,
) -> None:
    """Start everything, do faults, compare, and say what differed; exit code 1 where anything did."""
    until = time.monotonic() + minutes * 60
    with tempfile.TemporaryDirectory(prefix="fundwatch-faults-") as scratch:
        home = folder or Path(scratch)
        home.mkdir(parents=True, exist_ok=True)
        city = home / "city"
        size = [part for name, number in sizes.items() for part in (f"--{name}", str(number))]
        made = ["simulate", "--out", str(city), *size, "--seed", str(seed)]
        subprocess.run(fundwatch(*made), check=True, stdout=subprocess.DEVNULL)
        result = play(
            home,
            city,
            seed=seed,
            faults=faults,
            until=until,
            tell=click.echo,
            names=names,
            warm_days=warm_days,
            pace_s=pace_s,
            most_a_round=most_a_round,
        )
    if report is not None:
        report.write_text(json.dumps(result.as_dict(), indent=1))
    click.echo(json.dumps({key: value for key, value in result.as_dict().items() if key not in ("hits", "rest_seconds")}))
    sys.exit(1 if result.differences else 0)


if __name__ == "__main__":
    # Without this a SIGTERM would end us at once and leave servers and workers behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    main()
