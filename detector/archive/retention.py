"""Forgets movements when the law no longer asks for them, never before; profiles stay."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from contract.archive.listing import Archive, cover
from contract.archive.names import ArchiveFile, ArchiveShelf
from contract.errors import ArchiveUnavailable
from contract.shanghai import date_of, day_number, day_of, day_start_ms
from contract.stores import reason
from detector.archive.reading import readable
from detector.archive.replacing import replace
from detector.archive.writing import write

LEAST_YEARS: Final = 10
"""AML Law 2024 art. 34: transaction records are kept at least ten years (regulation.md §1.6)."""


def before(now_ms: int, years: int) -> int:
    """The time before which movements may go: ``years`` whole years before ``now_ms``, at a midnight of Shanghai.

    >>> from contract.shanghai import parse_ms, text_ms
    >>> text_ms(before(parse_ms("2036-02-29T12:00:00+08:00"), 10))
    '2026-02-27T16:00:00.000Z'
    """
    if years < LEAST_YEARS:
        raise ValueError(f"at least {LEAST_YEARS} years")
    day = date_of(int(day_of(now_ms)))
    leap = day.month == 2 and day.day == 29
    return day_start_ms(day_number((day - timedelta(days=int(leap))).replace(year=day.year - years)))


def forget(archive: Archive, shelf: ArchiveShelf, before_ms: int) -> int:
    """Replace files whose movements are all older than ``before_ms`` by their profiles; returns how many were.

    What is younger is never touched: a file with one younger movement stays whole. The smaller file is written before
    the larger is deleted, and readers take it from then on.
    """
    forgotten = 0
    for file, _ in cover(archive.of(shelf)):
        if file.kept or not _may_be_older(archive, file, before_ms):
            continue
        _, table, begins = readable(archive, file)
        newest = newest_ms(table)
        if newest is None or newest >= before_ms:
            continue
        rest = table.filter(pc.not_equal(table.column("record"), "movement"))
        left = write(archive, shelf, (file.first, file.stop), rest, begins=begins, kept=True)
        replace(archive, left, known=[file])
        forgotten += 1
    return forgotten


def newest_of(archive: Archive) -> int | None:
    """Time of the newest movement of a whole archive, by the statistics of its files; ``None`` for an empty one."""
    found = [_newest_told(archive, file) for shelf in archive.shelves() for file in archive.of(shelf)]
    return max((newest for newest in found if newest is not None), default=None)


def _may_be_older(archive: Archive, file: ArchiveFile, before_ms: int) -> bool:
    """Whether it is worth reading: a file's statistics cost its footer alone."""
    newest = _newest_told(archive, file)
    return newest is not None and newest < before_ms


def _newest_told(archive: Archive, file: ArchiveFile) -> int | None:
    try:
        with archive.files.open_input_file(f"{archive.root}/{file.path}") as source:
            footer = pq.read_metadata(source)
    except (OSError, pa.ArrowInvalid) as error:
        raise ArchiveUnavailable(f"the archive's file {file.path} cannot be read ({reason(error)})") from error
    at = footer.schema.to_arrow_schema().get_field_index("occurred_at")
    told = [footer.row_group(group).column(at).statistics for group in range(footer.num_row_groups)]
    times = [one.max_raw for one in told if one is not None and one.has_min_max]
    return max(times, default=None)


def newest_ms(table: pa.Table) -> int | None:
    """Time of the newest movement, ``None`` where there is none."""
    newest: int | None = pc.max(table.column("occurred_at")).cast(pa.int64()).as_py()
    return newest
