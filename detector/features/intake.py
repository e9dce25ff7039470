"""From a checked Arrow batch to the NumPy columns that the per-movement loop reads."""

from __future__ import annotations

import functools
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from contract.hashing import hash64, utf8
from contract.movement import BATCH_CODES, HOLDER_KINDS, INSTITUTION_TYPES, INSTITUTIONS_OWN_KINDS, OCCUPATIONS
from detector.features.columns import MAY_RETURN, REFUNDS, Columns
from detector.features.layout import NO_BALANCE
from detector.features.lexicon import PRETEXT_SHIFT, Lexicon
from detector.features.tables import mix_columns

NO_PAYER_KINDS: Final = tuple(HOLDER_KINDS.index(kind) + 1 for kind in ("public_body", "financial", "payment"))
NOT_RETURNS: Final = ("payroll", "pension", "subsidy", "loan_drawdown")
"""Batches of the institution's own system that pay wages, benefits or loans: never a return on money paid in."""
_MAY_RETURN: Final = np.array(
    [MAY_RETURN, *(REFUNDS if code == "refund" else MAY_RETURN * (code not in NOT_RETURNS) for code in BATCH_CODES)], np.uint8
)
_SAID: Final = tuple(
    name
    for name in [
        "event_id",
        "branch_region",
        "currency",
        "customer_id",
        "kind",
        "reversal_of",
        "counterparty_id",
        "counterparty_customer_id",
        "counterparty_kind",
        "counterparty_institution",
        "counterparty_region",
        "counterparty_country",
        "counterparty_occupation",
        "channel",
        "batch_code",
        "purpose",
        "remark",
        "agent_id",
        "device_id",
        "merchant_code",
        "pos_id",
        "instrument_code",
        "side",
        "quantity",
        "price",
        "product_code",
        "policy_id",
        "policy_issued_on",
        "premium_due",
        "cash_value",
        "payer_relation",
    ]
)


@functools.cache
def _word_array(words: tuple[str, ...]) -> pa.Array:
    return pa.array(words)


def codes(column: pa.Array, words: tuple[str, ...]) -> Any:
    """Position of each value in ``words`` plus one (int8); 0 for null."""
    if column.null_count == len(column):
        return np.zeros(len(column), np.int8)
    found = pc.index_in(column, value_set=_word_array(words)).fill_null(-1)
    return (found.to_numpy() + 1).astype(np.int8)


def numbers(column: pa.Array, dtype: Any, missing: int) -> Any:
    """An integer column, or a column of digits, as NumPy with ``missing`` for null."""
    if column.null_count == len(column):
        return np.full(len(column), missing, dtype)
    if pa.types.is_string(column.type):
        column = column.cast(pa.int32())
    return column.fill_null(missing).to_numpy(zero_copy_only=False).astype(dtype)


def _amount(batch: pa.RecordBatch) -> Any:
    amount = batch.column("amount_minor").to_numpy(zero_copy_only=False)
    domestic = pc.equal(batch.column("currency"), "CNY")
    if pc.all(domestic).as_py():
        return amount
    foreign = numbers(batch.column("cny_amount_minor"), np.int64, 0)
    return np.where(domestic.to_numpy(zero_copy_only=False), amount, foreign)


def _payer_key(batch: pa.RecordBatch, customer: Any) -> Any:
    """Hash of the counterparty's customer, else of the counterparty, else of who acted at the counter; 0 unknown.

    A holder who pays in or draws cash is no counterparty of his own.
    """
    key = hash64(batch.column("counterparty_customer_id"))
    for name in ("counterparty_id", "agent_id"):
        if batch.column(name).null_count < batch.num_rows:
            key = np.where(key == 0, hash64(batch.column(name)), key)
    return np.where(key == customer, 0, key)


def _terminal(batch: pa.RecordBatch) -> Any:
    """Hash of the terminal a card payment came through, else of the merchant's number; 0 none."""
    key = hash64(batch.column("pos_id"))
    return np.where(key == 0, hash64(batch.column("merchant_code")), key)


def _excluded(batch: pa.RecordBatch, customer: Any, cash: Any) -> Any:
    """The institution's own bookings and transfers between accounts of one holder (regulation §2.0).

    Cash that the holder pays in or draws is no transfer between accounts.
    """
    institutions = codes(batch.column("kind"), INSTITUTIONS_OWN_KINDS) > 0
    own = np.zeros(batch.num_rows, np.bool_)
    if batch.column("own_name").null_count < batch.num_rows:
        own |= batch.column("own_name").fill_null(False).to_numpy(zero_copy_only=False)
    other = hash64(batch.column("counterparty_customer_id"))
    own |= (other == customer) & (customer != 0)
    return (institutions | (own & (cash == 0))).astype(np.uint8)


def _content(batch: pa.RecordBatch, ms: Any) -> Any:
    """One hash over all that a movement says, to tell a re-sent movement from a different one with its name.

    It is of the movement alone: the same whatever other fields the batch's other rows have.
    """
    content = ms.view(np.uint64).copy()
    mix_columns(content, batch.column("amount_minor").to_numpy(zero_copy_only=False).view(np.uint64))
    for place, name in enumerate(("cny_amount_minor", "usd_amount_minor", "balance_after_minor", "counterparty_birth_year"), 1):
        column = batch.column(name)
        if column.null_count < batch.num_rows:
            # The place in the lowest bits: no value is zero, which is what says nothing, nor that of another field.
            values = 8 * numbers(column, np.int64, 0) + place
            mix_columns(content, np.where(column.is_null().to_numpy(zero_copy_only=False), 0, values).view(np.uint64))
    for place, name in enumerate(_SAID):
        if batch.column(name).null_count < batch.num_rows:
            mix_columns(content, hash64(batch.column(name), place))
    return content


def columns_of(batch: pa.RecordBatch, lexicon: Lexicon) -> Columns:
    """The loop's columns of a checked batch (schema ``MOVEMENT``), same rows, same order."""
    ms = batch.column("occurred_at").cast(pa.int64()).to_numpy(zero_copy_only=False)
    customer = hash64(batch.column("customer_id"))
    kind = codes(batch.column("counterparty_kind"), HOLDER_KINDS)
    cash = pc.fill_null(pc.equal(batch.column("kind"), "cash"), False).to_numpy(zero_copy_only=False).astype(np.uint8)
    batch_code = codes(batch.column("batch_code"), BATCH_CODES)
    said = lexicon.column(batch.column("remark")) | lexicon.column(batch.column("purpose"))
    said[np.isin(kind, NO_PAYER_KINDS)] = 0
    account_at, account_ids = utf8(batch.column("account_id"))
    customer_at, customer_ids = utf8(batch.column("customer_id"))
    event_at, event_ids = utf8(batch.column("event_id"))
    return Columns(
        account=hash64(batch.column("account_id")),
        customer=customer,
        event=hash64(batch.column("event_id")),
        reversal_of=hash64(batch.column("reversal_of")),
        content=_content(batch, ms),
        ms=ms,
        credit=pc.equal(batch.column("direction"), "credit").to_numpy(zero_copy_only=False).astype(np.uint8),
        amount=_amount(batch),
        excluded=_excluded(batch, customer, cash),
        counterparty=_payer_key(batch, customer),
        kind=kind,
        cash=cash,
        batch=pc.fill_null(pc.equal(batch.column("channel"), "batch"), False).to_numpy(zero_copy_only=False).astype(np.uint8),
        terminal=_terminal(batch),
        text=said.astype(np.uint8),
        pretexts=(said >> PRETEXT_SHIFT).astype(np.uint8),
        birth_year=numbers(batch.column("counterparty_birth_year"), np.int16, 0),
        occupation=codes(batch.column("counterparty_occupation"), OCCUPATIONS),
        region=numbers(batch.column("counterparty_region"), np.int32, 0),
        branch=numbers(batch.column("branch_region"), np.int32, 0),
        institution_type=codes(batch.column("institution_type"), INSTITUTION_TYPES),
        payroll=(batch_code == BATCH_CODES.index("payroll") + 1).astype(np.uint8),
        returns=_MAY_RETURN[batch_code],
        balance=numbers(batch.column("balance_after_minor"), np.int64, int(NO_BALANCE)),
        account_at=account_at,
        account_ids=account_ids,
        customer_at=customer_at,
        customer_ids=customer_ids,
        event_at=event_at,
        event_ids=event_ids,
    )
