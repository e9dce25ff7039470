"""Reads a partition's archive back in the log's order, each file proven before a row of it is used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from contract.archive.columns import ARCHIVE, FORMAT, filled
from contract.archive.listing import Archive, Piece, cover
from contract.archive.names import ArchiveFile, digest_of
from contract.errors import ArchiveMismatch, ArchiveUnavailable
from contract.movement import MOVEMENT
from contract.profile import PROFILE
from contract.records import RecordKind
from contract.stores import reason
from detector.decode import Step

BATCH_ROWS: Final = 65_536
_BATCHES: Final = {RecordKind.MOVEMENT.value: MOVEMENT, RecordKind.PROFILE.value: PROFILE}


class Part(NamedTuple):
    """The rows that one file adds (schema ``ARCHIVE``, in the log's order), and whether the shard began with it."""

    piece: Piece
    table: pa.Table
    begins: bool


class Rows(NamedTuple):
    """All rows of one file in the log's order, and whether the shard began with it."""

    file: ArchiveFile
    table: pa.Table
    begins: bool


def parts(archive: Archive, files: Sequence[ArchiveFile]) -> Iterator[Part]:
    """The rows of a partition's files in the log's order, each position once.

    A damaged file is left aside where others hold its positions. Raises ``ArchiveMismatch`` for a gap, for positions
    that two files tell differently, and for files of something else. Memory: two files at a time.
    """
    wanted = list(files)
    pieces = cover(wanted)
    before: Rows | None = None
    while pieces:
        piece = pieces.pop(0)
        whole = read(archive, piece.file)
        if whole is None:
            wanted.remove(piece.file)
            pieces = _without(wanted, piece)
            continue
        if before is not None and not agree(before, whole):
            raise ArchiveMismatch(
                f"the archive's files {before.file.path} and {piece.file.name} tell the same positions differently"
            )
        yield Part(piece, _between(whole.table, piece.since, piece.file.stop), whole.begins)
        before = whole


def _without(wanted: list[ArchiveFile], damaged: Piece) -> list[Piece]:
    """What to read instead of a damaged file; raises ``ArchiveMismatch`` where no other holds what it would have added."""
    try:
        pieces = cover(file for file in wanted if file.stop > damaged.since)
    except ArchiveMismatch:
        pieces = []
    if not pieces or pieces[0].file.first > damaged.since or pieces[-1].file.stop < damaged.file.stop:
        raise ArchiveMismatch(f"the archive's file {damaged.file.path} is damaged, and no other holds its positions")
    return [Piece(piece.file, max(piece.since, damaged.since)) for piece in pieces if piece.file.stop > damaged.since]


def readable(archive: Archive, file: ArchiveFile) -> Rows:
    """A file's rows; raises ``ArchiveMismatch`` for a damaged one."""
    rows = read(archive, file)
    if rows is None:
        raise ArchiveMismatch(f"the archive's file {file.path} is damaged")
    return rows


def read(archive: Archive, file: ArchiveFile) -> Rows | None:
    """A file's rows, ``None`` where it is damaged; raises ``ArchiveMismatch`` for one of another place or release."""
    try:
        with archive.files.open_input_file(f"{archive.root}/{file.path}") as source:
            data = source.read()
    except OSError as error:
        raise ArchiveUnavailable(f"the archive cannot be read ({reason(error)})") from error
    if len(data) != file.size or digest_of(data) != file.digest:
        return None
    table = pq.read_table(pa.BufferReader(data))
    told = {key.decode(): value.decode() for key, value in (table.schema.metadata or {}).items()}
    if told.get("fundwatch.archive") != FORMAT:
        raise ArchiveMismatch(f"the archive's file {file.path} was written by another release")
    said = (told.get("fundwatch.topic"), told.get("fundwatch.partition"), told.get("fundwatch.positions"))
    if said != (file.shelf.topic, str(file.shelf.partition), f"{file.first}-{file.stop}"):
        raise ArchiveMismatch(f"the archive's file {file.path} belongs to another partition or position")
    table = filled(table, ARCHIVE)
    order = np.lexsort((table.column("log_row").to_numpy(), table.column("log_offset").to_numpy()))
    return Rows(file, table.take(pa.array(order)).combine_chunks(), told.get("fundwatch.begins") == "1")


def agree(one: Rows, other: Rows) -> bool:
    """Whether two files tell the positions that both hold alike.

    ``refused`` may differ, it depends on where a shard began; and what retention left tells less.
    """
    first, stop = max(one.file.first, other.file.first), min(one.file.stop, other.file.stop)
    if first >= stop or one.file.kept or other.file.kept:
        return True
    told, said = (_between(rows.table, first, stop).drop_columns("refused") for rows in (one, other))
    return bool(told.equals(said))


def _between(table: pa.Table, first: int, stop: int) -> pa.Table:
    """Rows of a range of positions; ``table`` is ordered by them."""
    start, end = np.searchsorted(table.column("log_offset").to_numpy(), [first, stop])
    return table.slice(start, end - start)


def steps(part: pa.Table) -> Iterator[Step]:
    """What the shard takes next, in order, at most ``BATCH_ROWS`` rows at once."""
    records = part.column("record").combine_chunks().dictionary_encode()
    codes = records.indices.to_numpy()
    names = records.dictionary.to_pylist()
    changes = np.flatnonzero(np.diff(codes)) + 1
    for start, stop in pairwise([0, *changes.tolist(), len(codes)]):
        if start < stop:
            yield from _run(part.slice(start, stop - start), names[codes[start]])


def _run(rows: pa.Table, record: str) -> Iterator[Step]:
    if record == RecordKind.WATERMARK.value:
        times: Any = pc.cast(rows.column("complete_to"), pa.int64()).to_pylist()
        yield from (Step(RecordKind.WATERMARK, complete_to_ms=ms) for ms in times)
        return
    columns = rows.select(_BATCHES[record].names)
    for start in range(0, rows.num_rows, BATCH_ROWS):
        batch = columns.slice(start, BATCH_ROWS).combine_chunks().to_batches()[0]
        yield Step(RecordKind(record), batch)
