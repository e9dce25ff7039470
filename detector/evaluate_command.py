"""``fundwatch evaluate``: how good the flags and scores of a replay are, by labels."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import click
import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from contract.errors import ConfigurationError
from contract.flag import decode
from contract.stream import Movements
from detector.evaluate import Label, SchemeMeter, evaluated, first_flagged
from detector.replay_command import reader, writable

GROUPS: Final = ("by_pattern", "by_people", "by_evasion")
"""Figures by group, told as tables."""


def _rows(path: Path, needed: set[str]) -> Iterator[dict[str, str]]:
    try:
        with path.open(newline="", encoding="utf-8") as source:
            rows = csv.DictReader(source)
            missing = needed - set(rows.fieldnames or ())
            if missing:
                raise ConfigurationError(f"{path.name} has no column '{min(missing)}'")
            yield from rows
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ConfigurationError(f"{path.name} cannot be read") from error


def _scores(path: Path) -> dict[str, float]:
    found = {}
    for row in _rows(path, {"account_id", "score"}):
        try:
            found[row["account_id"]] = score = float(row["score"])
        except (TypeError, ValueError):
            score = math.nan
        if not math.isfinite(score):
            raise ConfigurationError(f"{path.name}: score must be a number")
    return found


def labels_of(path: Path) -> list[Label]:
    """Labels of a file (contract §2.5); raises ``ConfigurationError`` in one line."""
    found = []
    for row in _rows(path, {"account_id", "label"}):
        if row["label"] not in ("0", "1"):
            raise ConfigurationError(f"{path.name}: label must be 0 or 1")
        found.append(Label(row["account_id"], int(row["label"]), row.get("scheme_id") or "", row.get("pattern") or ""))
    return found


def _feed(meter: SchemeMeter, item: Movements, wanted: pa.Array) -> None:
    """Credits of labelled accounts into the meter; the other side is its account where known."""
    batch = item.batch
    keep = pc.and_(pc.is_in(batch.column("account_id"), value_set=wanted), pc.equal(batch.column("direction"), "credit"))
    part = batch.filter(keep)
    columns = (
        part.column("account_id").to_pylist(),
        pc.coalesce(part.column("counterparty_id"), part.column("counterparty_customer_id")).to_pylist(),
        part.column("occurred_at").cast(pa.int64()).to_pylist(),
        part.column("amount_minor").to_pylist(),
    )
    for account, other, ms, amount in zip(*columns, strict=True):
        meter.add(account, other, ms, amount)


@click.command()
@click.option("--flags", type=click.Path(path_type=Path), required=True, help="Flags file of a replay.")
@click.option("--scores", type=click.Path(path_type=Path), required=True, help="Scores file of the same replay.")
@click.option("--labels", type=click.Path(path_type=Path), required=True, help="account_id,label,scheme_id,pattern,…")
@click.option("--movements", type=click.Path(path_type=Path), multiple=True, required=True, help="The movements replayed.")
@click.option("--mapping", type=click.Path(path_type=Path), help="Layout of the movement files.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines.")
@click.option("--html", type=click.Path(path_type=Path), help="Also write a page with plots, whole in itself.")
def evaluate(
    flags: Path, scores: Path, labels: Path, movements: tuple[Path, ...], mapping: Path | None, as_json: bool, html: Path | None
) -> None:
    """Measure flags and scores by labels.

    Precision and recall of accused accounts, PR-AUC of scores, false flags by look-alike, and how many payers and how
    much money a scheme had when it was first flagged, by pattern, size and evasion (``P02-3+jittered``). Synthetic labels:
    say so wherever a figure is quoted. Example:

    \b
        fundwatch evaluate --flags flags.jsonl --scores scores.csv \\
            --labels labels.csv --movements movements.csv --html out.html
    """
    if html is not None:
        writable("html", html)
    known = labels_of(labels)
    try:
        revisions = [decode(line) for line in flags.read_bytes().splitlines()]
    except (OSError, msgspec.DecodeError) as error:
        raise ConfigurationError(f"{flags.name} is no readable flags file") from error
    values = _scores(scores)
    meter = SchemeMeter(known, first_flagged(revisions))
    wanted = pa.array([one.account_id for one in known if one.label == 1], pa.string())
    for item in reader()(movements, mapping=mapping, partitions=lambda _code: 1):
        if isinstance(item, Movements):
            _feed(meter, item, wanted)
    whole = evaluated(known, revisions, values, meter)
    if html is not None:
        # Drawing takes a second to load; figures alone need none of it.
        from detector.evaluate_html import page

        html.write_text(page(whole), "utf-8")
    result = whole.figures
    if as_json:
        click.echo(msgspec.json.encode(result).decode())
        return
    groups = {name: value for name, value in result.items() if name in GROUPS and value}
    for name, value in lines_of({name: value for name, value in result.items() if name not in groups}):
        click.echo(f"{name:<40} {'–' if value is None else value}")
    for name, group in groups.items():
        click.echo("\n" + "\n".join(table_of(name, group)))


def table_of(name: str, groups: dict[str, dict[str, Any]]) -> Iterator[str]:
    """A line a group, under what each column is; the medians are of the schemes found."""
    columns = list(next(iter(groups.values())))
    rows = [[name, *(column.removeprefix("median_") for column in columns)]]
    rows += [
        [key, *("–" if group[column] is None else str(group[column]) for column in columns)] for key, group in groups.items()
    ]
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    for first, *others in rows:
        yield "  ".join([first.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))])


def lines_of(result: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Names with dots and values of a tree of figures."""
    for name, value in result.items():
        if isinstance(value, dict) and value:
            yield from lines_of(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
