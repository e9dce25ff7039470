"""What the archive holds after all faults: every movement that was sent, each read once however often it was written."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from contract.archive.listing import Archive, cover

_KEY: Final = ["account_id", "event_id", "direction"]


def archived(folder: Path) -> int:
    """Distinct movements (contract §2.1) of all partitions; raises ``ArchiveMismatch`` where positions are missing."""
    archive = Archive.at(str(folder))
    total = 0
    for shelf in archive.shelves():
        parts = [_movements(folder / piece.file.path) for piece in cover(archive.of(shelf))]
        total += pa.concat_tables(parts).group_by(_KEY).aggregate([]).num_rows if parts else 0
    return total


def _movements(file: Path) -> pa.Table:
    table = pq.read_table(file, columns=[*_KEY, "record", "refused"], partitioning=None)
    wanted = pc.and_(pc.equal(table["record"], "movement"), pc.invert(table["refused"]))
    return table.filter(wanted).select(_KEY)
