"""Records of one partition into what the shard takes, and rejects for what it cannot take; pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from contract import arrow_codec, json_codec
from contract.checks import check_movements, check_profiles
from contract.errors import ContractViolation, Reason, RejectedEvent
from contract.partition import keys_of, partitions_of
from contract.records import ContentType, RecordKind, read_headers
from contract.reject import Reject, RowReject


class Record(NamedTuple):
    """One record of the log as a source gives it."""

    topic: str
    partition: int
    offset: int
    timestamp_ms: int
    headers: Sequence[tuple[str, bytes]]
    value: bytes


@dataclass(slots=True)
class Step:
    """What the shard takes next: movements, profiles or a watermark, with the place of every row."""

    kind: RecordKind
    batch: pa.RecordBatch | None = None
    complete_to_ms: int = 0
    places: list[tuple[int, int | None]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Decoder:
    """Decodes the records of one partition of one institution's topic.

    Rows later than their record by more than ``future_ms``, rows of another partition and rows of another institution
    are refused, each alone.
    """

    institution: str
    topic: str
    partition: int
    partitions: int
    future_ms: int

    def decode(self, records: Sequence[Record]) -> Iterator[Step | Reject | dict[str, int]]:
        """Steps in the order of the log, rejects between them, and counts of blanked values by field."""
        typed: list[tuple[RecordKind, ContentType, Record]] = []
        for record in records:
            try:
                typed.append((*read_headers(record.headers), record))
            except ContractViolation as error:
                yield from self._typed(typed)
                typed = []
                yield self.reject(record.offset, None, error.reason, error.field)
        yield from self._typed(typed)

    def _typed(self, typed: list[tuple[RecordKind, ContentType, Record]]) -> Iterator[Step | Reject | dict[str, int]]:
        for (kind, content), group in groupby(typed, key=lambda one: one[:2]):
            records = [record for _, _, record in group]
            if kind is RecordKind.WATERMARK:
                for record in records:
                    yield self._watermark(record)
            else:
                yield from self._rows(kind, content, records)

    def _watermark(self, record: Record) -> Step | Reject:
        try:
            watermark = json_codec.decode_watermark(record.value)
        except RejectedEvent as error:
            return self.reject(record.offset, None, error.reason, error.field)
        if watermark.institution_code != self.institution:
            return self.reject(record.offset, None, Reason.INSTITUTION_MISMATCH, "institution_code")
        if watermark.complete_to_ms > record.timestamp_ms + self.future_ms:
            return self.reject(record.offset, None, Reason.FUTURE, "complete_to")
        return Step(RecordKind.WATERMARK, complete_to_ms=watermark.complete_to_ms, places=[(record.offset, None)])

    def _rows(self, kind: RecordKind, content: ContentType, records: list[Record]) -> Iterator[Step | Reject | dict[str, int]]:
        tables: list[pa.Table] = []
        places: list[tuple[int, int | None]] = []
        stamps: list[int] = []
        if content is ContentType.JSON:
            table, rows, rejects = json_codec.decode_objects([record.value for record in records], kind)
            yield from (self.reject(records[r.row].offset, None, r.reason, r.field) for r in rejects)
            tables.append(table)
            places += [(records[row].offset, None) for row in rows]
            stamps += [records[row].timestamp_ms for row in rows]
        else:
            for record in records:
                try:
                    table = arrow_codec.decode_batch(record.value, kind)
                except RejectedEvent as error:
                    yield self.reject(record.offset, None, error.reason, error.field)
                    continue
                tables.append(table)
                places += [(record.offset, row) for row in range(table.num_rows)]
                stamps += [record.timestamp_ms] * table.num_rows
        if not places:
            return
        raw = pa.concat_tables(tables, promote_options="permissive").combine_chunks()
        yield from self._checked(kind, raw, places, np.array(stamps, np.int64))

    def _checked(
        self, kind: RecordKind, raw: pa.Table, places: list[tuple[int, int | None]], stamps: Any
    ) -> Iterator[Step | Reject | dict[str, int]]:
        check = check_movements if kind is RecordKind.MOVEMENT else check_profiles
        checked = check(raw, institution=self.institution)
        if checked.degraded:
            yield checked.degraded
        good, rows = checked.good, checked.rows
        rejects = list(checked.rejects)
        bad = np.zeros(len(rows), np.bool_)
        if kind is RecordKind.MOVEMENT and len(rows):
            times = good.column("occurred_at").cast(pa.int64()).to_numpy(zero_copy_only=False)
            future = times > stamps[rows] + self.future_ms
            rejects += [RowReject(int(rows[k]), Reason.FUTURE, "occurred_at") for k in np.flatnonzero(future)]
            bad |= future
        if len(rows):
            elsewhere = (partitions_of(keys_of(good), self.partitions) != self.partition) & ~bad
            rejects += [RowReject(int(rows[k]), Reason.WRONG_PARTITION, None) for k in np.flatnonzero(elsewhere)]
            bad |= elsewhere
        yield from (self.reject(*places[r.row], r.reason, r.field) for r in sorted(rejects))
        keep = np.flatnonzero(~bad)
        if len(keep):
            batch = good if len(keep) == good.num_rows else good.take(pa.array(keep))
            yield Step(kind, batch, places=[places[row] for row in rows[keep]])

    def reject(self, offset: int, row: int | None, reason: Reason, field: str | None) -> Reject:
        """A reject of this partition."""
        return Reject(
            institution_code=self.institution,
            reason=reason,
            field=field,
            topic=self.topic,
            partition=self.partition,
            offset=offset,
            row=row,
        )
