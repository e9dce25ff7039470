"""``fundwatch replay``: the detector over a bank's files, without a broker."""

from __future__ import annotations

import csv
import gc
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Final

import click
import msgspec

from contract.errors import ConfigurationError
from contract.reject import Reject
from contract.reject import encode as encode_reject
from contract.shanghai import parse_ms
from contract.stream import Item
from detector import bundle, flags_file, schemes_file
from detector.catalogue import load_catalogue
from detector.replay import Replay
from detector.schemes.engine import SchemeEngine
from detector.sides.files import FileSides

LATE_TOLD_FROM: Final = 100
"""One late movement in so many is told on standard error: a file out of order gives no flags and looks like a quiet one."""


def reader() -> Callable[..., Iterator[Item]]:
    """The bank side's file reader, found by its entry point: the detector imports nothing of that side."""
    for point in entry_points(group="fundwatch.readers"):
        if point.name == "files":
            found: Callable[..., Iterator[Item]] = point.load()
            return found
    raise ConfigurationError("no file reader is installed: install fundwatch[bank]")


def partitions_of(text: str) -> Callable[[str], int]:
    """``4`` for every institution, or ``CODE=4,OTHER=2``; raises ``ConfigurationError`` for anything else."""
    counts: dict[str, int] = {}
    for part in text.split(","):
        code, _, number = part.rpartition("=")
        if not number.isascii() or not number.isdigit() or int(number) < 1:
            raise ConfigurationError("--partitions must be a number or CODE=NUMBER,… with numbers from 1")
        counts[code] = int(number)
    return lambda code: counts.get(code, counts.get("", 1))


def _scores_from(text: str | None) -> int | None:
    try:
        return parse_ms(text) if text else None
    except ValueError as error:
        raise ConfigurationError("--scores-from must be a time with offset, like 2026-01-05T00:00:00+08:00") from error


@click.command()
@click.option("--movements", type=click.Path(path_type=Path), multiple=True, required=True, help="Movement file; may repeat.")
@click.option("--profiles", type=click.Path(path_type=Path), multiple=True, help="Profile file; may repeat.")
@click.option(
    "--flags", type=click.Path(path_type=Path), required=True, help="Where every flag revision is written, a line each."
)
@click.option("--scores", type=click.Path(path_type=Path), help="CSV of account_id,score,category for every account seen.")
@click.option("--scores-from", help="Keep only scores from this time on.")
@click.option("--rejects", type=click.Path(path_type=Path), help="JSON lines of refused rows with reason and place.")
@click.option("--config", type=click.Path(path_type=Path), help="TOML that changes thresholds or switches typologies off.")
@click.option("--calendar", type=click.Path(path_type=Path), help="TOML of days on and off beyond the built-in calendar.")
@click.option("--mapping", type=click.Path(path_type=Path), help="TOML that describes the bank's own layout.")
@click.option("--format", "fmt", help="csv, jsonl or parquet; told from the file's name where absent.")
@click.option("--partitions", default="1", show_default=True, help="Partitions of an institution: N or CODE=N,…")
@click.option("--batch-size", type=click.IntRange(1), help="Movements at once; changes nothing but speed.")
@click.option("--bundle", type=click.Path(path_type=Path), help="Write what the models learned, for young shards to start from.")
@click.option("--schemes", type=click.Path(path_type=Path), help="JSON lines of schemes found across accounts and institutions.")
@click.option("--verdicts", type=click.Path(path_type=Path), help="JSON lines of fundwatch.verdicts.v1.")
@click.option("--watchlist", type=click.Path(path_type=Path), help="JSON lines of fundwatch.watchlist.v1.")
@click.option("--control", type=click.Path(path_type=Path), help="JSON lines of fundwatch.control.v1: what took effect where.")
def replay(movements: tuple[Path, ...], profiles: tuple[Path, ...], flags: Path, **options: Any) -> None:
    """Run the detector over files and write its flags.

    Gives byte for byte the flags that the stream gives for the same partition counts; where side inputs took effect in the
    stream, with --control and the topics' records as --watchlist and --verdicts. Without --control they take effect at
    the turn of the day after their own time. The last line on standard
    output is a JSON summary. Example:

    \b
        fundwatch replay --movements movements.csv --profiles profiles.csv \\
            --flags flags.jsonl --scores scores.csv --schemes schemes.jsonl
    """
    for name in ("scores", "rejects", "schemes", "bundle"):
        writable(name, options[name])
    writable("flags", flags)
    started, cpu = time.perf_counter(), time.process_time()
    sides = FileSides(options["watchlist"], options["verdicts"], options["control"])
    catalogue = load_catalogue(options["config"], options["calendar"])
    run = Replay(catalogue, _scores_from(options["scores_from"]), options["batch_size"])
    run.sides = sides
    run.scheme_engine = SchemeEngine(catalogue) if options["schemes"] else None
    read = reader()
    # What is loaded by now stays to the end: the collector need not look through it again and again.
    gc.freeze()
    items = read(
        movements,
        profiles=profiles,
        mapping=options["mapping"],
        fmt=options["fmt"],
        partitions=partitions_of(options["partitions"]),
    )
    run.rejects += sides.rejects
    show_progress(run.feed(items))
    flags_file.write(flags, run.flags)
    if options["scores"]:
        _write_scores(options["scores"], run)
    if options["bundle"]:
        bundle.write(options["bundle"], catalogue.models, run.most_learned())
    if options["schemes"]:
        schemes_file.write(options["schemes"], run.schemes)
    if options["rejects"]:
        options["rejects"].write_bytes(b"".join(encode_reject(one) + b"\n" for one in run.rejects))
    seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu
    summary = {
        "movements": run.movements,
        "rejected": len(run.rejects),
        "duplicates": run.outcomes["duplicate"],
        "accounts": run.accounts(),
        "flags": len({flag.flag_id for flag in run.flags}),
        "seconds": round(seconds, 3),
        "cpu_seconds": round(cpu_seconds, 3),
        "movements_per_second": round(run.movements / max(cpu_seconds, 1e-9)),
        "late": run.outcomes["late"],
    }
    if run.movements == 0 and run.rejects:
        click.echo(
            f"fundwatch: none of {len(run.rejects):,} rows could be used, most of all for {_most_of_all(run.rejects)}: are these "
            "movement files, and do they need a --mapping? --rejects writes each row's reason",
            err=True,
        )
    if summary["late"] * LATE_TOLD_FROM > run.movements:
        click.echo(
            f"fundwatch: {summary['late']:,} of {run.movements:,} movements came days after their time and were counted only: "
            "sort the files by occurred_at and look for times that lie far ahead",
            err=True,
        )
    click.echo(msgspec.json.encode(summary).decode())


def _most_of_all(rejects: list[Reject]) -> str:
    """The reason and field of most of the rejects."""
    [((reason, field), _)] = Counter((one.reason.value, one.field) for one in rejects).most_common(1)
    return f"{reason} ({field})" if field else reason


def writable(name: str, path: Path | None) -> None:
    """Refuse a place that cannot be written to before the work, not after it."""
    try:
        if path is not None:
            path.open("ab").close()
    except OSError as error:
        raise ConfigurationError(f"--{name}: cannot write {path}: {error.strerror or 'the file system refused'}") from error


def show_progress(counts: Iterator[int]) -> None:
    """Run through, with a line on a terminal and nothing when piped."""
    terminal = sys.stderr
    told = time.monotonic()
    for count in counts:
        if terminal.isatty() and time.monotonic() - told > 0.5:
            told = time.monotonic()
            click.echo(f"\r{count:,} movements", nl=False, err=True)
    if terminal.isatty():
        click.echo("\r", nl=False, err=True)


def _write_scores(path: Path, run: Replay) -> None:
    with path.open("w", newline="", encoding="utf-8") as sink:
        writer = csv.writer(sink)
        writer.writerow(["account_id", "score", "category"])
        for account, score, category in run.scores():
            writer.writerow([account, f"{score:.4f}", category])
