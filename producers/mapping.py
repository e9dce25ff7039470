"""From a bank's columns to ours, by its layout: renamed, constants added, values translated, sides split, numbers hidden."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from contract.errors import ConfigurationError
from contract.movement import TIMESTAMP
from contract.pseudonyms import Pseudonymiser
from producers.layout import Layout, Source
from producers.raw import Raw

# Up to the year 2286, in digits of each unit: longer numbers are no times and would not fit.
_DIGITS: Final = {"s": r"^[0-9]{1,10}$", "ms": r"^[0-9]{1,13}$", "us": r"^[0-9]{1,16}$", "ns": r"^([0-9]{1,18}|[1-8][0-9]{18})$"}


def _column(table: pa.Table, name: str) -> pa.Array:
    if name not in table.column_names:
        raise ConfigurationError(f"the file has no column '{name}' that the mapping names")
    column = table.column(name)
    return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)


def _as_text(column: pa.Array) -> pa.Array:
    if pa.types.is_string(column.type):
        return column
    try:
        return column.cast(pa.string())
    except pa.ArrowException as error:
        raise ConfigurationError(f"a mapped column has the type {column.type}, which cannot be read") from error


def _time(column: pa.Array, source: Source) -> pa.Array:
    """Times of the bank as RFC 3339 text or, where typed, as UTC; what cannot be read stays, for the checks to refuse."""
    if pa.types.is_timestamp(column.type):
        return column if column.type.tz else _in_zone(column, source.zone)
    text = _as_text(column)
    if source.unit:
        good = pc.fill_null(pc.match_substring_regex(text, _DIGITS[source.unit]), False)
        number = pc.cast(pc.if_else(good, text, pa.scalar(None, pa.string())), pa.int64())
        times = number.cast(pa.timestamp(source.unit, "UTC")).cast(TIMESTAMP, safe=False)
    elif source.format:
        times = _in_zone(pc.strptime(text, format=source.format, unit="ms", error_is_null=True), source.zone)
    else:
        return text
    return pc.coalesce(pc.strftime(times, format="%Y-%m-%dT%H:%M:%SZ"), text)


def _in_zone(times: pa.Array, zone: str) -> pa.Array:
    # Clocks that were put forward or back: the later reading exists in any case, and China has known none since 1991.
    return pc.assume_timezone(times, zone, ambiguous="latest", nonexistent="latest").cast(TIMESTAMP, safe=False)


def _read(table: pa.Table, source: Source) -> pa.Array:
    column = _column(table, source.column)
    if source.unit or source.format or pa.types.is_timestamp(column.type):
        return _time(column, source)
    if pa.types.is_decimal(column.type) or pa.types.is_floating(column.type):
        return _as_text(column)
    if source.values is None:
        return column
    text = _as_text(column)
    keys, words = list(source.values), pa.array(list(source.values.values()), pa.string())
    place = pc.index_in(text, value_set=pa.array(keys, pa.string()))
    return pc.coalesce(words.take(place), text)


class Mapper:
    """Applies one layout to raw tables; holds the pseudonymiser, which numbers in clear need."""

    def __init__(self, layout: Layout, pseudonymiser: Pseudonymiser | None) -> None:
        if layout.pseudonymise and pseudonymiser is None:
            raise ConfigurationError("the mapping has [pseudonymise]: give the key file with --pseudonym-key")
        if layout.pseudonymise and "institution_code" not in layout.constants:
            raise ConfigurationError("the mapping has [pseudonymise]: name institution_code under [constants]")
        self._layout = layout
        self._pseudonymiser = pseudonymiser

    def apply(self, raw: Raw) -> Raw:
        """The same rows in our names; unmapped columns are left out, two-sided rows become two."""
        if self._layout.is_own or raw.table.num_rows == 0:
            return raw
        table = raw.table
        columns = {name: _read(table, source) for name, source in self._columns(table).items()}
        columns |= {name: self._hidden(table, name, source) for name, source in self._layout.pseudonymise.items()}
        for name, value in self._layout.constants.items():
            columns[name] = pa.repeat(pa.scalar(value, pa.string()), table.num_rows)
        mapped = pa.table(columns)
        if self._layout.two_sided is None:
            return Raw(mapped, raw.rows, raw.unreadable)
        return self._both_sides(table, mapped, raw)

    def _columns(self, table: pa.Table) -> Mapping[str, Source]:
        """Where fields come from; columns with our names where the mapping names none."""
        if not self._layout.has_own_columns:
            return self._layout.columns
        own = self._layout.needed - {source.column for source in self._layout.pseudonymise.values()}
        return {name: Source(name) for name in table.column_names if name in own}

    def _hidden(self, table: pa.Table, name: str, source: Source) -> pa.Array:
        numbers = _as_text(_column(table, source.column))
        assert self._pseudonymiser is not None  # noqa: S101  __init__ made sure
        if name.endswith(("customer_id", "agent_id")) or name == "legal_representative_id":
            return self._pseudonymiser.customers(source.document_type, numbers)
        return self._pseudonymiser.accounts(self._layout.constants["institution_code"], numbers)

    def _both_sides(self, table: pa.Table, mapped: pa.Table, raw: Raw) -> Raw:
        sides = self._layout.two_sided
        assert sides is not None  # noqa: S101  the caller made sure
        count = table.num_rows
        payer, payee = _as_text(_column(table, sides.payer)), _as_text(_column(table, sides.payee))
        both = pa.concat_arrays([payer, payee])
        order = np.empty(2 * count, np.int64)
        order[0::2], order[1::2] = np.arange(count), np.arange(count) + count
        account, other = both.take(pa.array(order)), both.take(pa.array((order + count) % (2 * count)))
        twice = mapped.take(pa.array(np.repeat(np.arange(count), 2)))
        suffix = pa.array([":d", ":c"] * count)
        ids = pc.binary_join_element_wise(_as_text(_column(twice, "event_id")), suffix, "")
        result = _with(twice, "event_id", ids)
        result = _with(result, "account_id", account)
        result = _with(result, "counterparty_id", other)
        result = _with(result, "direction", pa.array(["debit", "credit"] * count))
        held = pc.invert(pc.is_in(account, value_set=pa.array(sides.external, pa.string())))
        keep = np.flatnonzero(held.to_numpy(zero_copy_only=False))
        return Raw(result.take(pa.array(keep)), np.repeat(raw.rows, 2)[keep], raw.unreadable)


def _with(table: pa.Table, name: str, column: Any) -> pa.Table:
    if name in table.column_names:
        return table.set_column(table.column_names.index(name), name, column)
    return table.append_column(name, column)
