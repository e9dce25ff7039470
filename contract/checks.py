"""Whole batches against the contract: what is good goes on as typed columns, what is not gets a reason and its row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from contract import identifiers
from contract.currencies import CURRENCIES
from contract.errors import ContractViolation, Reason
from contract.money import amount_minor
from contract.movement import (
    BATCH_CODES,
    CHANNELS,
    DIRECTIONS,
    HOLDER_KINDS,
    INSTITUTION_TYPES,
    KINDS,
    MONEY_FIELDS,
    MOVEMENT,
    OCCUPATIONS,
    TIMESTAMP,
)
from contract.profile import ACCOUNT_TYPES, LICENCES, PROFILE
from contract.regions import is_region
from contract.reject import RowReject
from contract.texts import clean_column
from contract.times import timestamps

INSTITUTION_PATTERN: Final = r"^[A-Za-z0-9_-]{1,32}$"
_REASONS: Final = tuple(Reason)

# What an optional field must be; a value that is not is blanked and counted.
_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "counterparty_kind": HOLDER_KINDS,
    "counterparty_occupation": OCCUPATIONS,
    "channel": CHANNELS,
    "batch_code": BATCH_CODES,
    "side": ("buy", "sell"),
    "holder_kind": HOLDER_KINDS,
    "holder_licence": LICENCES,
    "account_type": ACCOUNT_TYPES,
    "occupation": OCCUPATIONS,
}
_TEXTS: Final = ("purpose", "remark", "counterparty_institution", "business_scope", "holder_name_class", "payer_relation")
_REGIONS: Final = ("counterparty_region", "subject_region")
_YEARS: Final = ("counterparty_birth_year", "birth_year")
_PATTERNS: Final = {
    "counterparty_country": r"^[A-Z]{2}$",
    "quantity": r"^(0|[1-9][0-9]{0,17})(\.[0-9]{1,8})?$",
    "price": r"^(0|[1-9][0-9]{0,17})(\.[0-9]{1,8})?$",
    "premium_due": r"^(0|[1-9][0-9]{0,12})(\.[0-9]{1,2})?$",
    "cash_value": r"^(0|[1-9][0-9]{0,12})(\.[0-9]{1,2})?$",
    "policy_issued_on": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "industry": r"^[A-Z]?[0-9]{1,4}$",
}
_IN_CLEAR: Final = ("account_id", "customer_id", "counterparty_id", "counterparty_customer_id", "agent_id")


@dataclass(frozen=True, slots=True)
class Checked:
    """Good rows as a typed batch, their rows in the raw table, one reject a bad row, and blanked values by field."""

    good: pa.RecordBatch
    rows: Any
    rejects: list[RowReject]
    degraded: dict[str, int]


def _plain(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """One array of plain values; dictionaries decoded, empty strings as absent."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_large_string(column.type):
        column = column.cast(pa.string())
    return column


@dataclass(slots=True)
class _Batch:
    """A raw table under check: columns as they become typed, and the first complaint of each row."""

    raw: pa.Table
    reasons: Any = field(init=False)
    fields: Any = field(init=False)
    names: list[str] = field(default_factory=list)
    done: dict[str, pa.Array] = field(default_factory=dict)
    degraded: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.reasons = np.zeros(self.raw.num_rows, np.uint8)
        self.fields = np.zeros(self.raw.num_rows, np.uint8)

    def has(self, name: str) -> bool:
        return name in self.raw.column_names and self.raw.column(name).null_count < self.raw.num_rows

    def text(self, name: str) -> pa.Array:
        """The column as strings, absent where empty; numbers of a typed file become their digits."""
        if not self.has(name):
            return pa.nulls(self.raw.num_rows, pa.string())
        column = _plain(self.raw.column(name))
        if pa.types.is_integer(column.type):
            column = column.cast(pa.string())
        if not pa.types.is_string(column.type):
            raise ContractViolation(Reason.WRONG_TYPE, name)
        empty = pc.equal(pc.binary_length(column), 0)
        return pc.if_else(empty, pa.scalar(None, pa.string()), column) if pc.any(empty).as_py() else column

    def refuse(self, mask: Any, reason: Reason, name: str) -> None:
        """Complain of rows, unless somebody already has."""
        if not mask.any():
            return
        if name not in self.names:
            self.names.append(name)
        fresh = mask & (self.reasons == 0)
        self.reasons[fresh] = _REASONS.index(reason) + 1
        self.fields[fresh] = self.names.index(name)

    def require(self, name: str, column: pa.Array, good: pa.Array | Any, reason: Reason) -> None:
        """Keep a required column: absent or bad values refuse their rows."""
        self.refuse(column.is_null().to_numpy(zero_copy_only=False), Reason.MISSING_FIELD, name)
        mask = pc.fill_null(good, True).to_numpy(zero_copy_only=False) if isinstance(good, pa.Array) else good
        self.refuse(~mask, reason, name)
        self.done[name] = column

    def blank(self, name: str, column: pa.Array, bad: Any) -> None:
        """Keep an optional column: bad values become absent and are counted."""
        count = int(np.count_nonzero(bad))
        if count:
            self.degraded[name] = self.degraded.get(name, 0) + count
            column = pc.if_else(pa.array(bad), pa.scalar(None, column.type), column)
        self.done[name] = column

    def finished(self, schema: pa.Schema) -> Checked:
        rows = np.flatnonzero(self.reasons == 0)
        columns = [self.done.get(f.name, pa.nulls(self.raw.num_rows, f.type)) for f in schema]
        columns = [c if c.type == f.type else c.cast(f.type) for c, f in zip(columns, schema, strict=True)]
        batch = pa.RecordBatch.from_arrays(columns, schema=schema)
        good = batch if len(rows) == batch.num_rows else batch.take(pa.array(rows))
        rejects = [
            RowReject(int(row), _REASONS[self.reasons[row] - 1], self.names[self.fields[row]])
            for row in np.flatnonzero(self.reasons)
        ]
        return Checked(good, rows, rejects, self.degraded)


def _identifier(batch: _Batch, name: str, *, required: bool, reason: Reason = Reason.BAD_ID) -> None:
    column = batch.text(name)
    judged = identifiers.judge(column, in_clear=name in _IN_CLEAR)
    batch.refuse(judged == identifiers.IN_CLEAR, Reason.IDENTITY_IN_CLEAR, name)
    if required:
        batch.require(name, column, judged != identifiers.BAD, reason)
    else:
        batch.blank(name, column, judged == identifiers.BAD)


def _institution(batch: _Batch, institution: str | None) -> None:
    code = batch.text("institution_code")
    batch.require("institution_code", code, pc.match_substring_regex(code, INSTITUTION_PATTERN), Reason.BAD_INSTITUTION)
    if institution is not None:
        other = pc.fill_null(pc.not_equal(code, institution), False)
        batch.refuse(other.to_numpy(zero_copy_only=False), Reason.INSTITUTION_MISMATCH, "institution_code")
    kind = batch.text("institution_type")
    batch.require("institution_type", kind, _among(kind, INSTITUTION_TYPES), Reason.UNKNOWN_VALUE)


def _among(column: pa.Array, words: tuple[str, ...]) -> pa.Array:
    """Which values are among words; absent ones are."""
    return pc.or_(pc.is_in(column, value_set=pa.array(words)), pc.is_null(column))


def _time(batch: _Batch, name: str, *, required: bool) -> None:
    if batch.has(name) and pa.types.is_timestamp(batch.raw.column(name).type):
        column = _plain(batch.raw.column(name))
        if column.type.tz is None:
            raise ContractViolation(Reason.WRONG_TYPE, name)
        times, bad = column.cast(TIMESTAMP, safe=False), np.zeros(len(column), np.bool_)
    else:
        text = batch.text(name)
        times, bad = timestamps(text)
        batch.refuse(bad & required, Reason.BAD_TIME, name)
    if required:
        batch.require(name, times, ~bad, Reason.BAD_TIME)
    else:
        batch.blank(name, times, bad)


def _money(batch: _Batch, name: str) -> tuple[pa.Array, Any]:
    """Minor units and which present values are bad; decimal strings, or int64 under ``<name>_minor``."""
    typed = f"{name}_minor"
    if batch.has(typed):
        column = _plain(batch.raw.column(typed))
        if not pa.types.is_integer(column.type):
            raise ContractViolation(Reason.WRONG_TYPE, typed)
        return column.cast(pa.int64()), np.zeros(len(column), np.bool_)
    text = batch.text(name)
    if text.null_count == len(text):
        return pa.nulls(len(text), pa.int64()), np.zeros(len(text), np.bool_)
    minor, bad = amount_minor(text, signed=name == "balance_after")
    present = pc.is_valid(text)
    return pc.if_else(present, minor, pa.scalar(None, pa.int64())), pc.and_(present, bad).to_numpy(zero_copy_only=False)


MOST_MINOR: Final = 10**15


def _out_of_range(minor: pa.Array, *, signed: bool) -> Any:
    low = -MOST_MINOR if signed else 1
    outside = pc.or_(pc.less(minor, low), pc.greater_equal(minor, MOST_MINOR))
    return pc.fill_null(outside, False).to_numpy(zero_copy_only=False)


def _amount(batch: _Batch) -> None:
    minor, bad = _money(batch, "amount")
    batch.refuse(bad | _out_of_range(minor, signed=False), Reason.BAD_AMOUNT, "amount")
    batch.require("amount_minor", minor, np.ones(len(minor), np.bool_), Reason.BAD_AMOUNT)
    for name in MONEY_FIELDS[1:]:
        minor, bad = _money(batch, name)
        batch.blank(f"{name}_minor", minor, bad | _out_of_range(minor, signed=name == "balance_after"))


def _own_name(batch: _Batch) -> None:
    if not batch.has("own_name"):
        return
    column = _plain(batch.raw.column("own_name"))
    if not pa.types.is_boolean(column.type):
        text = batch.text("own_name")
        batch.refuse(~_among(text, ("true", "false")).to_numpy(zero_copy_only=False), Reason.UNKNOWN_VALUE, "own_name")
        column = pc.if_else(pc.is_valid(text), pc.equal(text, "true"), pa.scalar(None, pa.bool_()))
    batch.done["own_name"] = column


def _optional(batch: _Batch, schema: pa.Schema) -> None:
    """Every field that no earlier check took: words, texts, regions, years, patterns, dates, else ids."""
    for name in schema.names:
        if name in batch.done:
            continue
        if not batch.has(name):
            continue
        if name in _YEARS:
            batch.blank(name, *_year(batch, name))
        elif pa.types.is_date(schema.field(name).type):
            batch.blank(name, *_date(batch, name))
        elif name in _TEXTS:
            batch.blank(name, *clean_column(batch.text(name)))
        else:
            column = batch.text(name)
            batch.blank(name, column, _bad_word(name, column))


def _bad_word(name: str, column: pa.Array) -> Any:
    if name in _WORDS:
        good: pa.Array = _among(column, _WORDS[name])
    elif name in _REGIONS:
        good = pc.or_(is_region(column), pc.is_null(column))
    elif name in _PATTERNS:
        good = pc.fill_null(pc.match_substring_regex(column, _PATTERNS[name]), True)
    else:
        return identifiers.judge(column, in_clear=False) == identifiers.BAD
    return ~good.to_numpy(zero_copy_only=False)


def _year(batch: _Batch, name: str) -> tuple[pa.Array, Any]:
    text = batch.text(name)
    good = pc.fill_null(pc.match_substring_regex(text, r"^(18[89][0-9]|19[0-9]{2}|20[0-4][0-9])$"), True)
    years = pc.cast(pc.if_else(good, text, pa.scalar(None, pa.string())), pa.int64())
    return years, ~good.to_numpy(zero_copy_only=False)


def _date(batch: _Batch, name: str) -> tuple[pa.Array, Any]:
    column = _plain(batch.raw.column(name))
    if pa.types.is_date(column.type):
        return column.cast(pa.date32()), np.zeros(len(column), np.bool_)
    text = batch.text(name)
    stamps, bad = timestamps(pc.binary_join_element_wise(text, pa.scalar("T00:00:00Z"), ""))
    return stamps.cast(pa.date32(), safe=False), bad


def _checked(check: Callable[[_Batch], None], raw: pa.Table, schema: pa.Schema) -> Checked:
    batch = _Batch(raw)
    check(batch)
    _optional(batch, schema)
    return batch.finished(schema)


def check_movements(raw: pa.Table, *, institution: str | None = None) -> Checked:
    """Check a raw table of movements (contract §2.1).

    Columns are strings as in JSON and files, or already typed (``amount_minor`` int64, ``occurred_at`` timestamp with
    zone, ``own_name`` boolean); a column of another type raises ``ContractViolation``. Unknown columns are ignored:
    who reads objects refuses them earlier. With ``institution``, other institutions' rows are refused.
    """

    def check(batch: _Batch) -> None:
        _identifier(batch, "event_id", required=True)
        _institution(batch, institution)
        _identifier(batch, "account_id", required=True)
        region = batch.text("branch_region")
        batch.require("branch_region", region, is_region(region), Reason.UNKNOWN_REGION)
        _time(batch, "occurred_at", required=True)
        direction = batch.text("direction")
        batch.require("direction", direction, _among(direction, DIRECTIONS), Reason.UNKNOWN_VALUE)
        _amount(batch)
        currency = batch.text("currency")
        batch.require("currency", currency, _among(currency, CURRENCIES), Reason.BAD_CURRENCY)
        customer = batch.text("customer_id")
        judged = identifiers.judge(customer)
        batch.refuse(judged == identifiers.IN_CLEAR, Reason.IDENTITY_IN_CLEAR, "customer_id")
        batch.refuse(judged == identifiers.BAD, Reason.CUSTOMER_CHANGED, "customer_id")
        batch.done["customer_id"] = customer
        kind = batch.text("kind")
        batch.refuse(~_among(kind, KINDS).to_numpy(zero_copy_only=False), Reason.UNKNOWN_VALUE, "kind")
        batch.done["kind"] = pc.fill_null(kind, "transfer")
        reversal = batch.text("reversal_of")
        batch.refuse(identifiers.judge(reversal, in_clear=False) == identifiers.BAD, Reason.BAD_ID, "reversal_of")
        batch.done["reversal_of"] = reversal
        _own_name(batch)
        for name in ("counterparty_id", "counterparty_customer_id", "agent_id"):
            _identifier(batch, name, required=False)

    return _checked(check, raw, MOVEMENT)


def check_profiles(raw: pa.Table, *, institution: str | None = None) -> Checked:
    """Check a raw table of profiles (contract §2.2); as ``check_movements``."""

    def check(batch: _Batch) -> None:
        _identifier(batch, "account_id", required=True)
        _institution(batch, institution)
        _identifier(batch, "customer_id", required=False)
        _time(batch, "updated_at", required=False)
        region = batch.text("branch_region")
        batch.blank("branch_region", region, ~pc.or_(is_region(region), pc.is_null(region)).to_numpy(zero_copy_only=False))
        minor, bad = _money(batch, "registered_capital")
        batch.blank("registered_capital_minor", minor, bad)

    return _checked(check, raw, PROFILE)
