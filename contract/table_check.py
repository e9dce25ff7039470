"""A raw table under check: its columns as they become typed, and the first complaint of each row."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from contract.columns import absent, bools, without
from contract.errors import ContractViolation, Reason
from contract.hashing import utf8
from contract.reject import RowReject

_REASONS: Final = tuple(Reason)


@dataclass(frozen=True, slots=True)
class Checked:
    """Good rows as a typed batch, their rows in the raw table (int64), one reject a bad row in row order, and the
    number of optional values that were blanked in good rows, by field."""

    good: pa.RecordBatch
    rows: Any
    rejects: list[RowReject]
    degraded: dict[str, int]


@functools.cache
def _word_set(words: tuple[str, ...]) -> pa.Array:
    return pa.array(words, pa.string())


def outside(column: pa.Array, words: tuple[str, ...]) -> Any:
    """Which values are there but not among the words."""
    return ~(bools(pc.is_in(column, value_set=_word_set(words))) | absent(column))


def unlike(column: pa.Array, pattern: str) -> Any:
    """Which values are there but do not match; each distinct one is looked at once."""
    encoded = column.dictionary_encode()
    unfit = ~bools(pc.match_substring_regex(encoded.dictionary, pattern))
    if not unfit.any():
        return np.zeros(len(column), np.bool_)
    bad = np.zeros(len(column), np.bool_)
    there = ~absent(column)
    bad[there] = unfit[encoded.indices.drop_null().to_numpy(zero_copy_only=False)]
    return bad


def _plain(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """One array of plain values, dictionaries decoded."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
    if isinstance(column, pa.ChunkedArray):
        column = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_large_string(column.type):
        column = column.cast(pa.string())
    return column


@dataclass(slots=True)
class TableCheck:
    """Columns are taken one by one; what a row is refused for first stays its reason."""

    raw: pa.Table
    _reasons: Any = field(init=False)
    _fields: Any = field(init=False)
    _columns: dict[str, pa.ChunkedArray] = field(init=False)
    _names: list[str] = field(default_factory=list)
    _blanked: list[tuple[str, Any]] = field(default_factory=list)
    done: dict[str, pa.Array] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._columns = dict(zip(self.raw.column_names, self.raw.columns, strict=True))
        self._reasons = np.zeros(self.raw.num_rows, np.uint8)
        self._fields = np.zeros(self.raw.num_rows, np.uint8)

    def has(self, name: str) -> bool:
        """Whether any row has a value of the field."""
        column = self._columns.get(name)
        return column is not None and column.null_count < self.raw.num_rows

    def nothing(self) -> Any:
        """No row, as a mask."""
        return np.zeros(self.raw.num_rows, np.bool_)

    def plain(self, name: str) -> pa.Array:
        """The column as it came, as one plain array."""
        return _plain(self._columns[name])

    def text(self, name: str) -> pa.Array:
        """The column as strings, absent where empty (as files write it); numbers of a typed file become their digits."""
        if not self.has(name):
            return pa.nulls(self.raw.num_rows, pa.string())
        column = self.plain(name)
        if pa.types.is_integer(column.type):
            column = column.cast(pa.string())
        if not pa.types.is_string(column.type):
            raise ContractViolation(Reason.WRONG_TYPE, name)
        offsets = utf8(column)[0]
        empty = offsets[1:] == offsets[:-1]
        # As a rule what is empty is absent already; only then would a copy of the column change nothing.
        return column if np.count_nonzero(empty) == column.null_count else without(column, empty)

    def refuse(self, mask: Any, reason: Reason, name: str) -> None:
        """Complain of rows, unless somebody already has."""
        if not mask.any():
            return
        if name not in self._names:
            self._names.append(name)
        fresh = mask & (self._reasons == 0)
        self._reasons[fresh] = _REASONS.index(reason) + 1
        self._fields[fresh] = self._names.index(name)

    def require(self, name: str, column: pa.Array, bad: Any, reason: Reason) -> None:
        """Keep a required column: bad and absent values refuse their rows."""
        self.refuse(bad, reason, name)
        self.refuse(absent(column), Reason.MISSING_FIELD, name)
        self.done[name] = column

    def blank(self, name: str, column: pa.Array, bad: Any) -> None:
        """Keep an optional column: bad values become absent and are counted."""
        if bad.any():
            self._blanked.append((name, bad))
            column = without(column, bad)
        self.done[name] = column

    def finished(self, schema: pa.Schema) -> Checked:
        """What the checks found; fields that no check kept are absent."""
        sound = self._reasons == 0
        rows = np.flatnonzero(sound)
        columns = [self._final(column) for column in schema]
        batch = pa.RecordBatch.from_arrays(columns, schema=schema)
        good = batch if len(rows) == batch.num_rows else batch.take(pa.array(rows))
        rejects = [
            RowReject(int(row), _REASONS[self._reasons[row] - 1], self._names[self._fields[row]])
            for row in np.flatnonzero(~sound)
        ]
        counts = {name: int(np.count_nonzero(bad & sound)) for name, bad in self._blanked}
        return Checked(good, rows, rejects, {name: count for name, count in counts.items() if count})

    def _final(self, wanted: pa.Field) -> pa.Array:
        column = self.done.get(wanted.name)
        if column is None:
            return pa.nulls(self.raw.num_rows, wanted.type)
        return column if column.type == wanted.type else column.cast(wanted.type)
