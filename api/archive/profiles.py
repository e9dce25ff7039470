"""What the archive's profiles say of accounts, for what a flag does not hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from contract.archive.columns import ARCHIVE
from contract.archive.listing import Archive, cover
from contract.archive.names import ArchiveShelf
from contract.errors import ArchiveUnavailable
from contract.topics import events_topic

_COLUMNS: Final = ["account_id", "industry", "updated_at", "log_offset", "log_row"]


def industries(archive: Archive, institution: str, accounts: Sequence[str]) -> dict[str, str]:
    """GB/T 4754 code of each account whose profiles name one, the newest's; others are left out.

    Reads five columns of the row groups that may hold one of ``accounts``: files are ordered by account. Raises
    ``ArchiveUnavailable``.
    """
    topic = events_topic(institution)
    try:
        count = archive.partitions(topic) or 0
        shelves = [ArchiveShelf(topic, partition, count) for partition in range(count)]
        files = [piece.file for shelf in shelves for piece in cover(archive.of(shelf)) if piece.file.rows]
        paths = [f"{archive.root}/{file.path}" for file in files]
        rows = ds.dataset(paths, ARCHIVE, format="parquet", filesystem=archive.files)
        named = (pc.field("record") == "profile") & ~pc.field("refused") & pc.field("industry").is_valid()
        found = rows.to_table(_COLUMNS, filter=pc.field("account_id").isin(pa.array(accounts, pa.string())) & named)
    except (OSError, pa.ArrowException) as error:
        raise ArchiveUnavailable("the archive cannot be read") from error
    newest: dict[str, str] = {}
    for row in sorted(found.to_pylist(), key=_age):
        newest[row["account_id"]] = row["industry"]
    return newest


def _age(row: dict[str, Any]) -> tuple[bool, Any, int, int]:
    # A profile without a time acts from the start, so it is the oldest.
    at = row["updated_at"]
    return at is not None, at or 0, row["log_offset"], row["log_row"]
