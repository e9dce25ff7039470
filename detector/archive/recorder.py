"""Keeps what a shard consumed until its next checkpoint, then writes it: the worker's side of the archive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pyarrow as pa
import structlog

from contract.archive.columns import ARCHIVE, filled
from contract.archive.listing import Archive
from contract.archive.names import ArchiveShelf
from contract.records import RecordKind
from contract.reject import RowReject
from detector.archive.writing import write
from detector.decode import Step

log = structlog.get_logger()
MOST_ROWS: Final = 500_000
"""Rows held before a file is written without waiting for a checkpoint: about 200 MB."""


@dataclass(slots=True)
class Recorder:
    """What one shard consumed since ``position``.

    A file holds what came between two calls of ``flush``, which the worker makes before each checkpoint, so that
    nothing is committed that is not archived. After a crash the same positions may come again in other files: they hold
    the same rows. Holds what is not written yet in memory.
    """

    archive: Archive
    shelf: ArchiveShelf
    position: int
    begins: bool
    _kept: dict[RecordKind, list[pa.RecordBatch]] = field(default_factory=dict)
    _rows: int = 0

    @classmethod
    def after(cls, archive: Archive, shelf: ArchiveShelf, position: int, *, begins: bool) -> Recorder:
        """Go on at ``position``; ``begins`` tells that the shard begins there.

        An archive that does not reach it gets a gap, which is said and refused by a rebuild. Raises ``ArchiveMismatch``
        for files that are none of ours, ``ArchiveUnavailable``.
        """
        files = archive.of(shelf)
        reached = max((file.stop for file in files if file.first <= position), default=None)
        if not begins and (reached is None or reached < position):
            log.warning("archive_gap", topic=shelf.topic, partition=shelf.partition, since=reached, until=position)
        return cls(archive, shelf, position, begins)

    def add(self, step: Step, refused: Sequence[RowReject]) -> None:
        """Keep what the engine took, and which of its rows it refused."""
        count = len(step.places)
        marks = np.zeros(count, np.bool_)
        marks[[reject.row for reject in refused]] = True
        columns: dict[str, Any] = {
            "log_offset": np.fromiter((offset for offset, _ in step.places), np.int64, count),
            "log_row": np.fromiter((row or 0 for _, row in step.places), np.int32, count),
            "refused": marks,
        }
        if step.batch is None:
            columns["complete_to"] = pa.array([step.complete_to_ms], ARCHIVE.field("complete_to").type)
        else:
            columns |= zip(step.batch.schema.names, step.batch.columns, strict=True)
        self._kept.setdefault(step.kind, []).append(pa.RecordBatch.from_pydict(columns))
        self._rows += count

    def through(self, position: int) -> None:
        """All before ``position`` was handled; much of it is written at once, so that memory stays bounded."""
        if self._rows >= MOST_ROWS:
            self.flush(position)

    def flush(self, position: int) -> None:
        """Write everything before ``position``; raises ``ArchiveUnavailable``, and nothing may be committed then."""
        if position == self.position:
            return
        tables = [ARCHIVE.empty_table()]
        for kind, batches in self._kept.items():
            table = pa.Table.from_batches(batches)
            tables.append(filled(table.append_column("record", pa.repeat(kind.value, table.num_rows)), ARCHIVE))
        write(self.archive, self.shelf, (self.position, position), pa.concat_tables(tables), begins=self.begins)
        self.position, self.begins, self._kept, self._rows = position, False, {}, 0
