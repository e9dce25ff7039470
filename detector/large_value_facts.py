"""Where the law puts each movement of a batch: exempt or not, cash or transfer, domestic or not, in which currency."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from contract.movement import INSTITUTIONS_OWN_KINDS, KINDS
from detector.features.intake import codes, numbers
from detector.large_value_sums import CNY, FINANCIAL, FX, PUBLIC_BODY, Facts

_CASH: Final = KINDS.index("cash") + 1
_NO_TRANSFER: Final = (*INSTITUTIONS_OWN_KINDS, "securities_trade")
"""A trade moves no funds to another account; the bank-securities transfer around it does."""
_LEFT_OUT: Final = np.array([False, *(kind in _NO_TRANSFER for kind in KINDS)])
_NO_BANK_ACCOUNT: Final = ("securities", "insurance")
"""Lines 0502–0504 are of bank accounts: what reaches these institutions over one is the bank's to report
(Order 2006/2 art. 9 §3, kept in 2016). Cash that they take or pay themselves is theirs."""
_OUTSIDE_THE_BORDER: Final = (710_000, 810_000, 820_000)
"""Taiwan, Hong Kong and Macau: regions of China, cross-border for payments."""


def facts_of(batch: pa.RecordBatch, other: Any, region: Any) -> Facts:
    """Facts of a checked batch (schema ``MOVEMENT``), same rows, same order.

    ``other`` and ``region`` are the counterparty's kind and region as the loop's columns have them.
    """
    kind = codes(batch.column("kind"), KINDS)
    cash = kind == _CASH
    no_transfer = _held_no_bank_account(batch.column("institution_type")) | _own_name_inside(batch)
    group, amount = _money(batch)
    return Facts(
        cash=cash,
        exempt=_LEFT_OUT[kind] | (other == PUBLIC_BODY) | (no_transfer & ~cash),
        bank=other == FINANCIAL,
        abroad=_abroad(batch.column("counterparty_country"), region),
        group=group,
        amount=amount,
    )


def _held_no_bank_account(institution_type: pa.Array) -> Any:
    if pc.all(pc.equal(institution_type, institution_type[0])).as_py():
        return np.full(len(institution_type), institution_type[0].as_py() in _NO_BANK_ACCOUNT)
    return codes(institution_type, _NO_BANK_ACCOUNT) > 0


def _own_name_inside(batch: pa.RecordBatch) -> Any:
    """Both sides one holder and both known to be at one institution; a holder's own cash is no such transfer."""
    if batch.column("counterparty_institution").null_count == batch.num_rows:
        return np.zeros(batch.num_rows, np.bool_)
    same = pc.or_(
        pc.fill_null(batch.column("own_name"), False),
        pc.fill_null(pc.equal(batch.column("counterparty_customer_id"), batch.column("customer_id")), False),
    )
    inside = pc.fill_null(pc.equal(batch.column("counterparty_institution"), batch.column("institution_code")), False)
    return pc.and_(same, inside).to_numpy(zero_copy_only=False)


def _abroad(country: pa.Array, region: Any) -> Any:
    """1 cross-border, 0 domestic, -1 unknown; a region without a country is in China (contract §2.1)."""
    abroad = np.where(region > 0, 0, -1)
    if country.null_count < len(country):
        named = pc.fill_null(pc.cast(pc.not_equal(country, "CN"), pa.int8()), -1).to_numpy(zero_copy_only=False)
        abroad = np.where(named >= 0, named, abroad)
    for province in _OUTSIDE_THE_BORDER:
        abroad[(region >= province) & (region < province + 10_000)] = 1
    return abroad.astype(np.int8)


def _money(batch: pa.RecordBatch) -> tuple[Any, Any]:
    """Currency group (CNY, FX, -1 neither) and minor units that count in it.

    Another currency counts by ``usd_amount``, and only where that is absent by ``cny_amount`` to the CNY line: the law
    holds each group against its own limit, so no movement counts in both.
    """
    amount = batch.column("amount_minor").to_numpy(zero_copy_only=False)
    domestic = pc.equal(batch.column("currency"), "CNY").to_numpy(zero_copy_only=False)
    if domestic.all():
        return np.full(len(amount), CNY, np.int8), amount
    dollars = pc.equal(batch.column("currency"), "USD").to_numpy(zero_copy_only=False)
    usd = numbers(batch.column("usd_amount_minor"), np.int64, -1)
    usd = np.where((usd < 0) & dollars, amount, usd)
    cny = numbers(batch.column("cny_amount_minor"), np.int64, -1)
    group = np.where(domestic, CNY, np.where(usd >= 0, FX, np.where(cny >= 0, CNY, -1)))
    return group.astype(np.int8), np.where(domestic, amount, np.where(usd >= 0, usd, np.maximum(cny, 0)))
