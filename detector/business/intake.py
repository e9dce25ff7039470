"""From a checked Arrow batch to the entries that the business book keeps; a bank's ordinary movements make none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from contract.hashing import hash64
from contract.movement import HOLDER_KINDS, INSTITUTION_TYPES, INSTITUTIONS_OWN_KINDS, KINDS
from contract.shanghai import day_of
from detector.business import layout as lay
from detector.business.relations import relation_classes
from detector.features.columns import Columns
from detector.features.intake import NO_PAYER_KINDS, codes

_SECURITIES: Final = INSTITUTION_TYPES.index("securities") + 1
_INSURANCE: Final = INSTITUTION_TYPES.index("insurance") + 1
_COMPANY: Final = HOLDER_KINDS.index("company") + 1
_KIND_OF: Final = {
    "cash": lay.CASH,
    "securities_trade": lay.TRADE,
    "premium": lay.PREMIUM,
    "surrender": lay.SURRENDER,
    "claim": lay.CLAIM,
    "policy_loan": lay.LOAN,
}
_KINDS: Final = np.array([0] + [0 if k in INSTITUTIONS_OWN_KINDS else _KIND_OF.get(k, lay.TRANSFER) for k in KINDS], np.int8)
"""By code of ``kind``; the institution's own bookings are no entries."""
_LAWFUL: Final = "继承|遗产|离婚|分割|司法|法院|判决|inherit|divorce|court"
"""Reasons for which shares change hands or custodian without a trade (Order 2006/2 art. 12(11))."""


@dataclass(frozen=True, slots=True)
class Entries:
    """Entries of a batch: their rows in it, in order; records (layout.ENTRY); event ids."""

    at: Any
    records: Any
    ids: pa.Array


def entries_of(batch: pa.RecordBatch, columns: Columns) -> Entries | None:
    """Entries of a checked batch with its loop columns, or ``None`` where it has none, as most of a bank's batches."""
    place = np.zeros(len(columns.ms), np.int8)
    place[columns.institution_type == _SECURITIES] = lay.SECURITIES
    place[columns.institution_type == _INSURANCE] = lay.INSURANCE
    sent = pc.equal(batch.column("kind"), "securities_transfer").to_numpy(zero_copy_only=False)
    place[sent & (columns.credit == 0) & (place == 0)] = lay.BANK
    if not place.any():
        return None
    at = np.flatnonzero(place)
    part = batch if len(at) == batch.num_rows else batch.take(pa.array(at))
    records = _records(part, columns, at, place[at])
    kept = np.flatnonzero(records["kind"] > 0)
    return Entries(at[kept], records[kept], part.column("event_id").cast(pa.large_string()).take(pa.array(kept)))


def _records(part: pa.RecordBatch, columns: Columns, at: Any, place: Any) -> Any:
    records = np.zeros(len(at), lay.ENTRY)
    for name in ("account", "event", "ms", "amount", "credit"):
        records[name] = getattr(columns, name)[at]
    records["place"], records["day"], records["count"] = place, day_of(records["ms"]), 1
    other = hash64(part.column("counterparty_id"))
    records["other"] = np.where(other == 0, hash64(part.column("counterparty_customer_id")), other)
    records["agent"] = hash64(part.column("agent_id"))
    instrument = hash64(part.column("instrument_code"))
    records["subject"] = np.where(place == lay.INSURANCE, hash64(part.column("policy_id")), instrument)
    records["quantity"] = _scaled(part.column("quantity"), 10_000, 0)
    records["due"], records["value"] = _scaled(part.column("premium_due"), 100, -1), _scaled(part.column("cash_value"), 100, -1)
    records["issued"] = part.column("policy_issued_on").cast(pa.date32()).cast(pa.int32()).fill_null(0).to_numpy()
    records["relation"] = relation_classes(part.column("payer_relation"))
    records["kind"] = _kinds(part, place, instrument)
    records["bits"] = _bits(part, columns, at, records)
    reversal = columns.reversal_of[at]
    records["kind"][reversal != 0] = lay.REVERSAL
    records["subject"] = np.where(reversal != 0, reversal, records["subject"])
    return records


def _kinds(part: pa.RecordBatch, place: Any, instrument: Any) -> Any:
    """What each movement is. Money swept into a product and back (``product_code``) moves nothing at a securities firm."""
    kinds = _KINDS[codes(part.column("kind"), KINDS)]
    firm, plain = place == lay.SECURITIES, kinds == lay.TRANSFER
    swept = firm & plain & part.column("product_code").is_valid().to_numpy(zero_copy_only=False)
    moved = firm & plain & (instrument != 0) & part.column("side").is_null().to_numpy(zero_copy_only=False)
    return np.where(swept, 0, np.where(moved, lay.CUSTODY, kinds)).astype(np.int8)


def _bits(part: pa.RecordBatch, columns: Columns, at: Any, records: Any) -> Any:
    own = part.column("own_name")
    said = own.fill_null(False).to_numpy(zero_copy_only=False)
    customer, other = columns.customer[at], hash64(part.column("counterparty_customer_id"))
    both = (customer != 0) & (other != 0)
    kind = columns.kind[at]
    nobody = (records["other"] == 0) & part.column("counterparty_institution").is_null().to_numpy(zero_copy_only=False)
    counter = pc.fill_null(pc.equal(part.column("channel"), "counter"), False).to_numpy(zero_copy_only=False)
    agent = (records["relation"] == lay.AGENT) | ((records["agent"] != 0) & (records["agent"] == other))
    bits = {
        lay.OWN: said | (both & (customer == other)),
        lay.NOT_OWN: (own.is_valid().to_numpy(zero_copy_only=False) & ~said) | (both & (customer != other)),
        lay.COMPANY: kind == _COMPANY,
        lay.NO_PARTY: np.isin(kind, NO_PAYER_KINDS),
        lay.COUNTER_CASH: (records["kind"] == lay.CASH) | (nobody & counter),
        lay.ALLOWED: _lawful(part),
        lay.AGENT_PAYS: agent,
    }
    return np.sum([np.where(mask, bit, 0) for bit, mask in bits.items()], axis=0).astype(np.uint16)


def _lawful(part: pa.RecordBatch) -> Any:
    found = np.zeros(part.num_rows, np.bool_)
    for name in ("remark", "purpose"):
        if part.column(name).null_count < part.num_rows:
            found |= pc.fill_null(pc.match_substring_regex(part.column(name), _LAWFUL), False).to_numpy(zero_copy_only=False)
    return found


def _scaled(column: pa.Array, factor: int, missing: int) -> Any:
    """Checked decimal text as whole parts of one, ``missing`` for null; exact below 2⁵³ parts."""
    if column.null_count == len(column):
        return np.full(len(column), missing, np.int64)
    numbers = np.rint(column.cast(pa.float64()).fill_null(-1.0).to_numpy() * factor)
    # A checked decimal has no bound of its own.
    numbers = np.minimum(numbers, 2.0**53)
    return np.where(column.is_null().to_numpy(zero_copy_only=False), missing, numbers).astype(np.int64)
