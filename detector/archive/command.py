"""``fundwatch archive``: prove an archive, join its files, forget what the law no longer asks for."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from typing import Any

import click
import msgspec

from contract.archive.listing import Archive
from contract.archive.names import ArchiveShelf
from contract.commands import Verbs
from contract.errors import ConfigurationError
from contract.logs import log_to_stderr
from contract.shanghai import text_ms
from detector.archive.compaction import TARGET_ROWS, compact
from detector.archive.reading import parts
from detector.archive.retention import LEAST_YEARS, before, forget, newest_of

URL = click.argument("url", metavar="URL")


@click.group(cls=Verbs)
def archive() -> None:
    """Look after an archive (a folder or object store URL); workers may go on meanwhile."""
    log_to_stderr()


@archive.command()
@URL
def check(url: str) -> None:
    """Read everything and prove it: no gap, no damage, nothing told twice differently, nothing foreign.

    Ends with exit code 1 and one line for the first fault. Prints a JSON line a partition.

    \b
        fundwatch archive check /var/lib/fundwatch/archive
    """
    for opened, shelf in _shelves(url):
        rows, files, since, stop = 0, 0, None, 0
        for part in parts(opened, opened.of(shelf)):
            rows, files, stop = rows + part.table.num_rows, files + 1, part.piece.file.stop
            since = part.piece.since if since is None else since
            _tell(f"{shelf.folder}: {rows:,} rows")
        _print(topic=shelf.topic, partition=shelf.partition, files=files, rows=rows, since=since, until=stop)


@archive.command(name="compact")
@URL
@click.option("--target-rows", type=click.IntRange(1), default=TARGET_ROWS, show_default=True, help="Most rows of a joined file.")
def compact_files(url: str, target_rows: int) -> None:
    """Join small neighbouring files; no answer changes. Meant to be run every hour or so.

    Prints a JSON line with the number of files that were taken away.

    \b
        fundwatch archive compact /var/lib/fundwatch/archive
    """
    replaced = 0
    for opened, shelf in _shelves(url):
        replaced += compact(opened, shelf, target_rows=target_rows)
        _tell(f"{shelf.folder}: {replaced:,} files joined")
    _print(replaced=replaced)


@archive.command(name="forget")
@URL
@click.option("--years", type=click.IntRange(LEAST_YEARS), default=LEAST_YEARS, show_default=True, help="Years that are kept.")
@click.option("--dry-run", is_flag=True, help="Say what time it would go back to and change nothing.")
def forget_movements(url: str, years: int, *, dry_run: bool) -> None:
    """Take away movements that are older than the law asks for; profiles stay. Nothing younger is ever touched.

    Counted from the clock or the newest archived movement, whichever is earlier. Prints a JSON line.

    \b
        fundwatch archive forget /var/lib/fundwatch/archive --dry-run
    """
    newest = newest_of(Archive.at(url, option="URL"))
    if newest is None:
        raise ConfigurationError("URL holds no archived movement")
    until = before(min(newest, int(time.time() * 1000)), years)
    forgotten = 0 if dry_run else sum(forget(opened, shelf, until) for opened, shelf in _shelves(url))
    _print(before=text_ms(until), files=forgotten)


def _shelves(url: str) -> Iterator[tuple[Archive, ArchiveShelf]]:
    opened = Archive.at(url, option="URL")
    shelves = opened.shelves()
    if not shelves:
        raise ConfigurationError("URL holds no archive")
    yield from ((opened, shelf) for shelf in shelves)


def _tell(line: str) -> None:
    """Progress on a terminal, nothing when piped."""
    if sys.stderr.isatty():
        click.echo(f"\r{line}", nl=False, err=True)


def _print(**values: Any) -> None:
    click.echo(msgspec.json.encode(values).decode())
