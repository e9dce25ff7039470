"""The log of entries: sorted by account, reversals taken out, old trades summed and forgotten, restored as it was."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from detector.business import layout as lay
from detector.business.log import EntryLog
from detector.features.columns import DUPLICATE, UNVERIFIED, USED
from tests.detector.business.entries import DAY_MS, entry, part_of

FIRST = 20_000


def taken(log: EntryLog, *rows: dict[str, Any], day: int, seen_from: int = 0) -> EntryLog:
    part = part_of(*rows)
    log.add(part, 0, len(rows), np.full(len(rows), USED, np.uint8))
    log.take_in(day, seen_from * DAY_MS)
    return log


def told(log: EntryLog) -> list[tuple[int, int, int]]:
    """Account, day and amount of each entry."""
    return [(int(e["account"]), int(e["day"]), int(e["amount"])) for e in log.entries]


def test_entries_stand_by_account_and_in_order_of_arrival() -> None:
    log = taken(EntryLog(), entry(1, FIRST, 10, account=9), entry(2, FIRST, 20, account=3), day=FIRST)
    taken(log, entry(3, FIRST + 1, 30, account=3), entry(4, FIRST + 1, 40, account=9), day=FIRST + 1)
    assert told(log) == [(3, FIRST, 20), (3, FIRST + 1, 30), (9, FIRST, 10), (9, FIRST + 1, 40)]
    assert log.ids.to_pylist() == ["e2", "e3", "e1", "e4"]
    at, group, count = log.of(np.array([3, 5, 9], np.uint64))
    assert (at.tolist(), group.tolist(), count.tolist()) == ([0, 1, 2, 3], [0, 0, 2, 2], [2, 0, 2])


def test_rows_outside_the_stretch_and_those_not_used_are_left_out() -> None:
    log, part = EntryLog(), part_of(*(entry(k, FIRST, k) for k in range(4)))
    log.add(part, 1, 4, np.array([USED, USED, DUPLICATE, UNVERIFIED], np.uint8))
    log.take_in(FIRST, 0)
    assert [amount for _, _, amount in told(log)] == [1, 3]


def reversal(event: int, of: int, day: int, **fields: Any) -> dict[str, Any]:
    return entry(event, day, 0, kind=lay.REVERSAL, subject=of, **fields)


def test_a_reversal_takes_back_what_it_names_of_its_account_the_other_direction_first() -> None:
    both = (entry(1, FIRST, 10, credit=0), entry(1, FIRST, 11, credit=1), entry(1, FIRST, 12, account=2))
    assert told(taken(EntryLog(), *both, reversal(2, 1, FIRST, credit=1), day=FIRST)) == [(1, FIRST, 11), (2, FIRST, 12)]
    assert told(taken(EntryLog(), *both, reversal(2, 1, FIRST, credit=0), day=FIRST)) == [(1, FIRST, 10), (2, FIRST, 12)]


def test_a_reversal_on_a_later_day_still_finds_it_within_the_window_and_not_before() -> None:
    log = taken(EntryLog(), entry(1, FIRST, 10), day=FIRST)
    assert told(taken(log, reversal(2, 1, FIRST + 2, credit=1), day=FIRST + 2, seen_from=FIRST - 1)) == []
    log = taken(EntryLog(), entry(1, FIRST, 10), day=FIRST)
    assert len(told(taken(log, reversal(2, 1, FIRST + 2, credit=1), day=FIRST + 2, seen_from=FIRST + 1))) == 1


def test_a_reversal_that_comes_before_what_it_names_takes_nothing() -> None:
    log = taken(EntryLog(), reversal(2, 1, FIRST, credit=1), entry(1, FIRST, 10), day=FIRST)
    assert told(log) == [(1, FIRST, 10)]


def test_trades_of_days_past_become_one_entry_a_side_and_transfers_do_not() -> None:
    rows = [entry(k, FIRST, 10 + k, credit=k % 2, kind=lay.TRADE if k < 4 else lay.TRANSFER) for k in range(6)]
    log = taken(EntryLog(), *rows, day=FIRST)
    taken(log, day=FIRST + lay.WHOLE_DAYS - 1)
    assert len(log.entries) == 6
    taken(log, day=FIRST + lay.WHOLE_DAYS)
    assert sorted(told(log)) == [(1, FIRST, 14), (1, FIRST, 15), (1, FIRST, 22), (1, FIRST, 24)]
    assert sorted(log.entries["count"].tolist()) == [1, 1, 2, 2]


def test_old_entries_go_and_the_day_of_the_last_trade_stays() -> None:
    log = taken(
        EntryLog(),
        entry(1, FIRST, 10),
        entry(2, FIRST + 3, 10),
        entry(3, FIRST, 10, place=lay.INSURANCE, kind=lay.PREMIUM),
        day=FIRST + 3,
    )
    taken(log, day=FIRST + 3 + lay.KEEP_DAYS)
    assert [int(e["place"]) for e in log.entries] == [lay.INSURANCE]
    taken(log, day=FIRST + lay.KEEP_POLICY_DAYS)
    assert told(log) == []
    assert log.last_before(np.array([1, 2], np.uint64)).tolist() == [FIRST + 3, 0]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 4), st.integers(0, 9), st.booleans()), max_size=25), st.integers(0, 25))
def test_what_is_restored_goes_on_as_if_nothing_had_happened(rows: list[tuple[int, int, bool]], cut: int) -> None:
    made = [
        reversal(100 + k, k, FIRST + day, account=account) if back else entry(k + 1, FIRST + day, k, account=account)
        for k, (account, day, back) in enumerate(rows)
    ]
    whole, parted = EntryLog(), EntryLog()
    for log, restart in ((whole, False), (parted, True)):
        for part in (made[:cut], made[cut:]):
            if part:
                log.add(part_of(*part), 0, len(part), np.full(len(part), USED, np.uint8))
            if restart:
                state, log = log.state(), EntryLog()
                log.restore(state)
        log.take_in(FIRST + 9, 0)
        if restart:
            parted = log
    assert (whole.entries == parted.entries).all()
    assert whole.ids.to_pylist() == parted.ids.to_pylist()
