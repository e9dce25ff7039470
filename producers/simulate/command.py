"""``fundwatch simulate``: a city's files for trying things out."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click
import msgspec
import pyarrow as pa
import pyarrow.csv as pc

from contract.errors import ConfigurationError
from producers.simulate import render
from producers.simulate.city import DEFAULT_START, Settings
from producers.simulate.city import simulate as build


def _write(table: pa.Table, path: Path) -> None:
    with pa.OSFile(str(path), "wb") as sink:
        pc.write_csv(table, sink, pc.WriteOptions(quoting_style="needed"))


@click.command()
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder to write into.")
@click.option("--days", default=60, show_default=True, help="Days to simulate, at least 20.")
@click.option("--accounts", default=5000, show_default=True, help="About how many accounts, at least 300.")
@click.option("--schemes", default=6, show_default=True, help="Fund-raising schemes to plant.")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same bytes.")
@click.option("--start", default=DEFAULT_START.isoformat(), show_default=True, help="First day, YYYY-MM-DD.")
def simulate(out: Path, days: int, accounts: int, schemes: int, seed: int, start: str) -> None:
    """Write movements.csv, profiles.csv and labels.csv of a simulated city.

    Banks, payment institutions, a broker and an insurer of one city with ordinary life, look-alikes that must not be
    flagged (payroll, property fees, an insurer) and schemes that should be. Example:

        fundwatch simulate --out /tmp/city --days 90 --accounts 20000 --schemes 40 --seed 7
    """
    settings = Settings(days, accounts, schemes, seed, _date(start))
    city = build(settings)
    out.mkdir(parents=True, exist_ok=True)
    table = render.movements(city)
    _write(table, out / "movements.csv")
    _write(render.profiles(city), out / "profiles.csv")
    _write(render.labels(city), out / "labels.csv")
    summary = {"movements": table.num_rows, "accounts": len(city.town), "schemes": schemes, "labels": len(city.labels)}
    click.echo(msgspec.json.encode(summary).decode())


def _date(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007  a calendar day has no zone
    except ValueError as error:
        raise ConfigurationError("--start must be a date like 2026-01-05") from error
