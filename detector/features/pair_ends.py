"""The two sides of a counterparty pair: what it paid in and what it was paid.

Most pairs have one side all their life, so a pair's own record holds the side that it began with, and only where money
went both ways there is a second record.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from detector.features.jit import inner
from detector.features.layout import NEVER, SIDE_IN, SIDE_OUT
from detector.features.memory import FREE_SIDES, SIDES


class Ends(NamedTuple):
    """Both sides of a pair as they stand; 'first' times start at NEVER, 'last' ones at -NEVER."""

    credits: Any
    first_in_ms: Any
    last_in_ms: Any
    paid_in: Any
    first_credit: Any
    last_credit: Any
    debits: Any
    first_out_ms: Any
    last_out_ms: Any
    paid_out: Any
    first_debit: Any
    last_debit: Any
    principal: Any  # paid in by the time of the newest debit
    schedule: Any  # of payouts, or -1


@inner
def ends_of(m: Any, pair: Any) -> Any:
    """Both sides of a pair."""
    none = np.int64(0)
    if pair.other < 0:
        if pair.side == SIDE_IN:
            return Ends(
                np.int64(pair.count), pair.first_ms, pair.last_ms, pair.paid, pair.first, pair.last,
                none, np.int64(NEVER), np.int64(-NEVER), none, none, none, none, np.int64(-1),
            )  # fmt: skip
        return Ends(
            none, np.int64(NEVER), np.int64(-NEVER), none, none, none,
            np.int64(pair.count), pair.first_ms, pair.last_ms, pair.paid, pair.first, pair.last, none, np.int64(-1),
        )  # fmt: skip
    other = m.sides[pair.other]
    if pair.side == SIDE_IN:
        return Ends(
            np.int64(pair.count), pair.first_ms, pair.last_ms, pair.paid, pair.first, pair.last,
            np.int64(other.count), other.first_ms, other.last_ms, other.paid, other.first, other.last, other.principal,
            np.int64(other.schedule),
        )  # fmt: skip
    return Ends(
        np.int64(other.count), other.first_ms, other.last_ms, other.paid, other.first, other.last,
        np.int64(pair.count), pair.first_ms, pair.last_ms, pair.paid, pair.first, pair.last, other.principal,
        np.int64(other.schedule),
    )  # fmt: skip


@inner
def empty_end(end: Any) -> None:
    """A side that is as if it had never been; ``end`` is a pair or a second side."""
    end.first_ms = NEVER
    end.last_ms = -NEVER
    end.paid = 0
    end.first = 0
    end.last = 0
    end.count = 0


@inner
def second_side(m: Any, pair: Any) -> Any:
    """Place of the pair's second side, made where it has none; the caller makes sure of room."""
    if pair.other < 0:
        at = m.counters[FREE_SIDES]
        if at >= 0:
            m.counters[FREE_SIDES] = m.sides[at].count
        else:
            at = m.counters[SIDES]
            m.counters[SIDES] = at + 1
        pair.other = at
        side = m.sides[at]
        empty_end(side)
        side.principal = 0
        side.schedule = -1
    return pair.other


@inner
def _enter(end: Any, amount: Any, ms: Any) -> None:
    end.count += 1
    end.paid += amount
    if ms < end.first_ms:
        end.first_ms = ms
        end.first = amount
    if ms >= end.last_ms:
        end.last_ms = ms
        end.last = amount


@inner
def enter_credit(m: Any, pair: Any, last_out_ms: Any, amount: Any, ms: Any) -> None:
    """Count a credit on its side; ``last_out_ms`` is when the pair was last paid before."""
    if pair.side == SIDE_IN:
        _enter(pair, amount, ms)
    else:
        _enter(m.sides[second_side(m, pair)], amount, ms)
    if ms < last_out_ms and pair.other >= 0:
        m.sides[pair.other].principal += amount


@inner
def enter_debit(m: Any, pair: Any, e: Any, amount: Any, ms: Any) -> None:
    """Count a debit on its side; ``e`` is how the pair stood before."""
    if pair.side == SIDE_OUT:
        _enter(pair, amount, ms)
    else:
        _enter(m.sides[second_side(m, pair)], amount, ms)
    if ms >= e.last_out_ms and pair.other >= 0:
        m.sides[pair.other].principal = e.paid_in
