"""``fundwatch simulate``: a city's files for trying things out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import click
import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as csv
import pyarrow.parquet as pq
from click.core import ParameterSource
from rich.console import Console

from contract.errors import ConfigurationError
from producers.simulate import books, render
from producers.simulate.background.shape import Shape, read_shape
from producers.simulate.city import DEFAULT_START, Settings, build, for_background


def _csv(table: pa.Table, path: Path) -> None:
    # Every value is of our own words, digits and pseudonyms: none needs quotes, and files are a third smaller without.
    with pa.OSFile(str(path), "wb") as sink:
        csv.write_csv(table, sink, csv.WriteOptions(quoting_style="none"))


def _parquet(table: pa.Table, path: Path) -> None:
    pq.write_table(table, path, compression="zstd")


WRITERS: dict[str, Callable[[pa.Table, Path], None]] = {"csv": _csv, "parquet": _parquet}


PATH: Final = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder to write into.")
@click.option("--days", default=60, show_default=True, help="Days to simulate, at least 20.")
@click.option("--accounts", default=5000, show_default=True, help="About how many accounts, at least 300.")
@click.option("--schemes", default=6, show_default=True, help="Fund-raising schemes to plant, at most a twentieth of accounts.")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same bytes.")
@click.option("--start", default=DEFAULT_START.isoformat(), show_default=True, help="First day, YYYY-MM-DD.")
@click.option("--evasive", default=0.4, show_default=True, help="Share of schemes that hide, each in its own way.")
@click.option(
    "--format", "form", type=click.Choice(list(WRITERS)), default="csv", show_default=True, help="Of movements and profiles."
)
@click.option("--background", type=PATH, help="A third party's transactions instead of our own ordinary life.")
@click.option("--mapping", type=PATH, help="How --background is laid out (TOML).")
def simulate(
    out: Path,
    days: int,
    accounts: int,
    schemes: int,
    seed: int,
    start: str,
    evasive: float,
    form: str,
    background: Path | None,
    mapping: Path | None,
) -> None:
    """Write movements, profiles, labels and a watch list of a simulated city.

    Banks, payment institutions, a securities firm and an insurer of one city with ordinary life, look-alikes that must not
    be flagged (payroll, rent, an insurer's premium account …) and schemes that should be. Example:

    \b
        fundwatch simulate --out /tmp/city --days 90 --accounts 20000 --schemes 40 --seed 7

    With --background, days, accounts and start are the file's.
    """
    shape = None if background is None else _shape(background, mapping)
    if shape is None:
        settings = Settings(days, accounts, schemes, seed, _date(start), evasive)
    else:
        settings = for_background(shape, schemes=schemes, seed=seed, evasive=evasive)
    _make(out)
    console = Console(stderr=True)
    with console.status("Settling the city") as status:
        city = build(settings, shape)
        status.update("Writing its institutions' files")
        profiles = books.profiles(city)
        movements = _write(out, form, movements=render.movements(city), profiles=profiles)
        _write(out, "csv", labels=books.labels(city))
        watch = b"".join(msgspec.json.encode(one) + b"\n" for one in books.watch_list(city))
        (out / "watchlist.jsonl").write_bytes(watch)
    summary: dict[str, Any] = {
        "movements": movements, "accounts": pc.count_distinct(profiles["account_id"]).as_py(), "schemes": schemes, "labels": len(city.labels), "out": str(out),
    }  # fmt: skip
    click.echo(msgspec.json.encode(summary).decode())


def _shape(background: Path, mapping: Path | None) -> Shape:
    """The file's shape; refuses options that the file decides."""
    context = click.get_current_context()
    for name in ("days", "accounts", "start"):
        if context.get_parameter_source(name) is not ParameterSource.DEFAULT:
            raise ConfigurationError(f"--{name} is the file's with --background: leave it out")
    return read_shape(background, mapping)


def _make(out: Path) -> None:
    """Make the folder before the city: a minute of work would be lost on one that cannot be made."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(f"cannot write into --out: {error.strerror}") from error


def _write(out: Path, form: str, **tables: pa.Table) -> int:
    """Write tables as files of their names; the number of rows of the first."""
    try:
        for name, table in tables.items():
            WRITERS[form](table, out / f"{name}.{form}")
    except OSError as error:
        raise ConfigurationError(f"cannot write into --out: {error.strerror or 'the file system refused'}") from error
    return int(next(iter(tables.values())).num_rows)


def _date(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007  a calendar day has no zone
    except ValueError as error:
        raise ConfigurationError("--start must be a date like 2026-01-05") from error
