"""One account's movements out of the archive, by DuckDB over its Parquet files."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from contract.archive.columns import ARCHIVE, filled
from contract.archive.listing import Archive, cover
from contract.archive.names import ArchiveFile, ArchiveShelf
from contract.errors import ArchiveMismatch, ArchiveUnavailable
from contract.movement import MOVEMENT
from contract.partition import partition_of
from contract.topics import events_topic

HISTORY: Final = pa.schema([*MOVEMENT, ARCHIVE.field("log_offset"), ARCHIVE.field("log_row")])
"""A movement and its place in the partition's log."""

# Of what an institution sent twice the first counts (contract §2.1); a movement that was archived twice is the same.
_QUERY: Final = """
    SELECT * FROM {source}
    WHERE account_id = $account AND record = 'movement' AND NOT refused
      AND ($since IS NULL OR occurred_at >= $since) AND ($until IS NULL OR occurred_at < $until)
    QUALIFY row_number() OVER (PARTITION BY event_id, direction ORDER BY log_offset, log_row) = 1
    ORDER BY occurred_at, log_offset, log_row
    LIMIT $most OFFSET $skip
"""
_FILES: Final = "read_parquet($files, union_by_name = true)"
_FIRST_MS: Final = -62_135_596_800_000
_LAST_MS: Final = 253_402_300_799_000
"""Years 1 to 9999."""
_TRIES: Final = 3
"""Compaction may take a file away between the listing and the reading."""
_UNREADABLE: Final = (OSError, duckdb.Error, pa.ArrowException, RuntimeError, ValueError)
"""What readers of Parquet raise over damaged bytes: of 1,200 files with changed bytes some gave each of these."""


class Period(NamedTuple):
    """Event time from ``since_ms`` to before ``until_ms``; ``None`` has no bound."""

    since_ms: int | None = None
    until_ms: int | None = None


ALWAYS: Final = Period()


def _session() -> Any:
    session = duckdb.connect(config={"autoinstall_known_extensions": False, "autoload_known_extensions": False})
    # Global, so that the cursors of all threads share footers: reading fifty of them costs as much as the rows.
    session.execute("SET GLOBAL parquet_metadata_cache = true; SET GLOBAL lock_configuration = true")
    return session


@dataclass(frozen=True, slots=True)
class History:
    """Reads the archive; safe for several threads.

    Costs a listing of one or two partitions, a footer a file (kept in memory) and one row group of each file that the
    account may be in: files are ordered by account.
    """

    archive: Archive
    _duckdb: Any = field(default_factory=_session, repr=False)

    def movements(
        self,
        institution: str,
        account: str,
        *,
        customer: str | None = None,
        period: Period = ALWAYS,
        most: int = 10_000,
        skip: int = 0,
    ) -> pa.Table:
        """Movements of an account at an institution (schema ``HISTORY``), by time, then by their place in the log.

        ``customer`` tells the partition; without it all of the institution's are asked. Refused rows and repeated ones
        are left out. An account that is not there has no movements. Raises ``ArchiveUnavailable``, for damaged files too.
        """
        for left in reversed(range(_TRIES)):
            files = self._files(institution, account, customer)
            if not files:
                break
            try:
                return self._asked(files, account, period, most, skip)
            except _UNREADABLE as error:
                if not left:
                    raise ArchiveUnavailable("the archive cannot be read") from error
        return HISTORY.empty_table()

    def _files(self, institution: str, account: str, customer: str | None) -> list[ArchiveFile]:
        topic = events_topic(institution)
        try:
            count = self.archive.partitions(topic)
            if count is None:
                return []
            wanted = set(range(count))
            if customer is not None:
                # Rows that name no holder are with the account's own key.
                wanted = {partition_of(key.encode(), count) for key in (customer, account)}
            shelves = [ArchiveShelf(topic, partition, count) for partition in sorted(wanted)]
            return [piece.file for shelf in shelves for piece in cover(self.archive.of(shelf)) if piece.file.rows]
        except (ArchiveUnavailable, ArchiveMismatch) as error:
            raise ArchiveUnavailable("the archive cannot be read") from error

    def _asked(self, files: list[ArchiveFile], account: str, period: Period, most: int, skip: int) -> pa.Table:
        paths = [f"{self.archive.root}/{file.path}" for file in files]
        values: dict[str, Any] = {"account": account, "since": _time(period.since_ms), "until": _time(period.until_ms)}
        values |= {"most": most, "skip": skip}
        cursor = self._duckdb.cursor()
        if self.archive.is_local:
            found = cursor.sql(_QUERY.format(source=_FILES), params={**values, "files": paths})
        else:
            # DuckDB's own way to object stores is an extension to be downloaded; pyarrow prunes by the same statistics.
            rows = ds.dataset(paths, ARCHIVE, format="parquet", filesystem=self.archive.files)
            cursor.register("rows", rows.to_table(filter=pc.field("account_id") == account))
            found = cursor.sql(_QUERY.format(source="rows"), params=values)
        return filled(found.to_arrow_table(), HISTORY)


def _time(ms: int | None) -> datetime | None:
    """A bound as DuckDB takes it; offsets lead a day beyond what years hold."""
    return None if ms is None else datetime.fromtimestamp(min(max(ms, _FIRST_MS), _LAST_MS) / 1000, UTC)
