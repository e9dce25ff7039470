"""``fundwatch compare``: what a change of configuration would gain and lose, before anybody makes it."""

from __future__ import annotations

from itertools import tee, zip_longest
from pathlib import Path

import click
import msgspec

from detector.catalogue import load_catalogue
from detector.compare import Change, changes, outcomes, summed_up
from detector.evaluate_command import labels_of, lines_of
from detector.replay import Replay
from detector.replay_command import partitions_of, reader, show_progress, writable

SHOWN = 40
"""Accounts that are named on a terminal; ``--out`` names all."""


@click.command()
@click.argument("base", type=click.Path(path_type=Path))
@click.argument("changed", type=click.Path(path_type=Path))
@click.option("--movements", type=click.Path(path_type=Path), multiple=True, required=True, help="Movement file; may repeat.")
@click.option("--profiles", type=click.Path(path_type=Path), multiple=True, help="Profile file; may repeat.")
@click.option("--labels", type=click.Path(path_type=Path), help="account_id,label,scheme_id,pattern: says whom it concerns.")
@click.option("--mapping", type=click.Path(path_type=Path), help="TOML that describes the bank's own layout.")
@click.option("--partitions", default="1", show_default=True, help="Partitions of an institution: N or CODE=N,…")
@click.option("--out", type=click.Path(path_type=Path), help="JSON lines of every account whose outcome differs.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines.")
def compare(
    base: Path,
    changed: Path,
    movements: tuple[Path, ...],
    profiles: tuple[Path, ...],
    labels: Path | None,
    mapping: Path | None,
    partitions: str,
    out: Path | None,
    as_json: bool,
) -> None:
    """Compare the flags of two configurations, BASE and CHANGED, over the same movements.

    Both run side by side in one pass over the files. An account is gained where CHANGED gives it a higher category,
    lost where a lower one; an empty file is the built-in configuration. Example:

    \b
        fundwatch compare today.toml stricter.toml \\
            --movements movements.csv --profiles profiles.csv --labels labels.csv
    """
    runs = [Replay(load_catalogue(path)) for path in (base, changed)]
    known = labels_of(labels) if labels else []
    writable("out", out)
    items = reader()(movements, profiles=profiles, mapping=mapping, partitions=partitions_of(partitions))
    sides = zip_longest(*(run.feed(side) for run, side in zip(runs, tee(items), strict=True)))
    show_progress(count for count, _ in sides)
    before, after = (outcomes(run.flags) for run in runs)
    result = summed_up(before, after, {one.account_id: one.pattern for one in known if one.pattern})
    differing = changes(before, after)
    if out is not None:
        out.write_bytes(b"".join(msgspec.json.encode(one._asdict()) + b"\n" for one in differing))
    if as_json:
        click.echo(msgspec.json.encode(result).decode())
        return
    for name, value in lines_of(result):
        click.echo(f"{name:<60} {value}")
    for one in differing[:SHOWN]:
        click.echo(_line(one))
    if len(differing) > SHOWN:
        click.echo(f"… and {len(differing) - SHOWN} more: --out FILE names all")


def _line(one: Change) -> str:
    return f"{one.institution_code} {one.account_id}  {one.base} → {one.changed}  {' '.join(one.typologies)}"
