"""Joins small neighbouring files into larger ones; no answer changes, whenever it is interrupted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import pyarrow as pa

from contract.archive.columns import ARCHIVE
from contract.archive.listing import Archive, Piece, cover
from contract.archive.names import ArchiveFile, ArchiveShelf
from detector.archive.reading import parts
from detector.archive.replacing import replace
from detector.archive.writing import write

TARGET_ROWS: Final = 2_000_000
"""Rows up to which files are joined: one account's history opens few files, and a rebuild holds two in memory."""


def compact(archive: Archive, shelf: ArchiveShelf, *, target_rows: int = TARGET_ROWS) -> int:
    """Join a partition's files and return how many were taken away.

    The joined file is written whole before those it replaces are deleted; until then both are there, and readers take
    the larger. Files left by an interrupted run go too. Raises ``ArchiveMismatch`` as reading does.
    """
    replaced = 0
    for run in _runs(cover(archive.of(shelf)), target_rows):
        if len(run) > 1:
            replaced += replace(archive, _joined(archive, shelf, run), known=run)
    files = archive.of(shelf)
    whole = [piece.file for piece in cover(files)]
    left = set(files) - set(whole)
    for file in whole:
        if any(file.holds(other) for other in left):
            replaced += replace(archive, file)
    return replaced


def _runs(pieces: Sequence[Piece], target_rows: int) -> Iterator[list[ArchiveFile]]:
    """Neighbours of one kind that together stay below the target."""
    run: list[ArchiveFile] = []
    for file, _ in pieces:
        fits = sum(one.rows for one in run) + file.rows <= target_rows
        if run and (not fits or run[0].kept != file.kept):
            yield run
            run = []
        run.append(file)
    if run:
        yield run


def _joined(archive: Archive, shelf: ArchiveShelf, run: list[ArchiveFile]) -> ArchiveFile:
    read = list(parts(archive, run))
    table = pa.concat_tables([ARCHIVE.empty_table(), *(part.table for part in read)])
    return write(archive, shelf, (run[0].first, run[-1].stop), table, begins=read[0].begins, kept=run[0].kept)
