"""Days beyond 92 go into weeks, exactly, for a year; what a typology reads of them is the same whenever they went."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.shanghai import day_of
from detector.engine import Shard
from detector.features import memory as mem
from detector.features.layout import CREDITED, CREDITS, DEBITED, DEBITS, KEEP_DAYS, WEEK_IS_WIDE, WEEKS_BEFORE
from detector.features.lines import A_BLOCK, HEAD
from tests.detector.shards import CATALOGUE, INSTITUTION, feed, movement, new_shard, until
from tests.detector.stories import MONDAY, listened, on
from tests.detector.test_engine_invariance import flat

Sums = tuple[int, int, int, int]
"""Credits, debits, credited and debited."""


def memory_of(shard: Shard) -> mem.Memory:
    return shard._memory  # noqa: SLF001  what is looked at here has no other witness


def _narrow(line: Any, which: int) -> int:
    return int(line["counts"][which >> 1]) >> 4 * (which & 1) & 15


def _wide(line: Any) -> Sums:
    counts, money = line["counts"], line["money"]
    return int(counts[CREDITS]), int(counts[DEBITS]), int(money[CREDITED]), int(money[DEBITED])


def _sums_of_line(m: mem.Memory, at: int) -> Sums:
    line = m.lines[at]
    if line["wide"]:
        return _wide(m.wides[line["money"][0]])
    return _narrow(line, int(CREDITS)), _narrow(line, int(DEBITS)), int(line["money"][CREDITED]), int(line["money"][DEBITED])


def _sums_of_week(m: mem.Memory, pair: Any, k: int) -> Sums:
    if pair["week"][k] & WEEK_IS_WIDE:
        return _wide(m.wides[pair["money"][k][0]])
    (credits, debits), (credited, debited) = pair["counts"][k].tolist(), pair["money"][k].tolist()
    return credits, debits, credited, debited


def kept(m: mem.Memory, row: int = 0) -> tuple[dict[int, Sums], dict[int, Sums]]:
    """An account's days, and its weeks by number, as memory has them."""
    account = m.accounts[row]
    days, weeks = {}, {}
    block, count = int(account["lines_at"]), (int(account["lines"]) - 1) % A_BLOCK + 1
    while block >= 0:
        for k in range(count):
            days[int(m.line_heads[HEAD * block + 1 + k])] = _sums_of_line(m, A_BLOCK * block + k)
        block, count = int(m.line_heads[HEAD * block]), A_BLOCK
    at = -2 - block if block < -1 else -1
    while at >= 0:
        pair = m.weeks[at]
        for k in range(2):
            if pair["week"][k]:
                weeks[int(pair["week"][k]) & (WEEK_IS_WIDE - 1)] = _sums_of_week(m, pair, k)
        at = int(pair["before"])
    return days, weeks


def week_of(day: int) -> int:
    """Weeks since that of the first of January 1970, from Monday to Sunday."""
    monday = date(1970, 1, 1) + timedelta(days=day)
    return (monday - timedelta(days=monday.weekday()) - date(1969, 12, 29)).days // 7


def added(sums: Iterator[Sums]) -> Sums:
    return tuple(map(sum, zip(*sums, strict=True)))  # type: ignore[return-value]  # four of them


LIVES = st.lists(
    st.tuples(
        st.integers(0, 1100),  # day
        st.booleans(),
        st.sampled_from([1, 99_99, 12_345_67, 42_949_672_96]),  # minor units; the last alone is beyond 32 bits
        st.sampled_from([1, 1, 1, 2, 300]),  # how many of them
        st.integers(0, 2),  # days late
    ),
    min_size=1,
    max_size=60,
)


@settings(max_examples=25, deadline=None)
@given(life=LIVES, restart=st.booleans())
def test_days_and_weeks_together_are_what_plain_sums_say(life: list[tuple[int, bool, int, int, int]], restart: bool) -> None:
    rows, truth = [], defaultdict[int, Sums](lambda: (0, 0, 0, 0))
    for n, (day, credit, minor, count, late) in enumerate(life):
        at = f"{MONDAY + timedelta(days=day)}T10:00"
        way = "credit" if credit else "debit"
        made = [movement(f"e{n}-{k}", at, minor / 100, direction=way, counterparty_id=None) for k in range(count)]
        rows += [(day + late, n, row) for row in made]
        number = int(day_of(made[0]["occurred_at"]))
        one = (count, 0, count * minor, 0) if credit else (0, count, 0, count * minor)
        truth[number] = added(iter((truth[number], one)))
    shard, arrival = new_shard(), [row for _, _, row in sorted(rows, key=lambda one: one[:2])]
    for start in range(0, len(arrival), 400):
        feed(shard, arrival[start : start + 400])
        if restart:
            shard = Shard.restore(INSTITUTION, 0, CATALOGUE, flat(shard.state()))
    days, weeks = kept(memory_of(shard))
    last = max(truth)
    assert {day: truth[day] for day in days} == days
    assert all(day in days for day in truth if day > last - KEEP_DAYS)
    by_week = defaultdict[int, list[Sums]](list)
    for day, sums in truth.items():
        if day not in days:
            by_week[week_of(day)].append(sums)
    assert weeks == {week: added(iter(by_week[week])) for week in weeks}
    assert all(week in weeks for week in by_week if week >= week_of(last) - WEEKS_BEFORE + 1)


def test_weeks_are_kept_for_a_year_and_their_place_is_used_again() -> None:
    shard = new_shard()
    for day in range(0, 1200, 2):
        feed(shard, [movement(f"e{day}", f"{on(day)}T10:00", 10 + day, counterparty_id=None)])
        if day == 600:
            blocks = int(memory_of(shard).counters[mem.WEEK_BLOCKS])
    m = memory_of(shard)
    days, weeks = kept(m)
    assert len(days) <= (KEEP_DAYS + 1) // 2 + 2 * A_BLOCK
    assert WEEKS_BEFORE - KEEP_DAYS // 7 - 2 <= len(weeks) <= WEEKS_BEFORE - KEEP_DAYS // 7 + 3
    assert int(m.counters[mem.WEEK_BLOCKS]) == blocks <= len(weeks) // 2 + 2
    assert mem.used(m)["weeks"].nbytes == 28 * blocks


def test_weeks_with_much_in_them_give_their_wide_lines_back() -> None:
    shard = new_shard()
    for week in range(170):
        feed(shard, [movement(f"e{week}", f"{on(7 * week)}T10:00", 50_000_000, counterparty_id=None)])
    m = memory_of(shard)
    assert m.counters[mem.WIDES] <= WEEKS_BEFORE + 10


def _core(rows: list[dict[str, Any]]) -> Any:
    shard, listening = listened()
    feed(shard, rows)
    newest = max(row["occurred_at"] for row in rows)
    until(shard, (date(1970, 1, 1) + timedelta(days=int(day_of(newest)) + 1)).isoformat())
    return listening.newest().core[0]


LARGE = [movement("large", f"{on(0)}T08:00", 60_000, counterparty_kind="company", counterparty_id="a:large")]


@pytest.mark.parametrize("every", [1, 5, 9, 13, 40])
def test_a_year_and_the_usual_span_are_single_days_and_whole_weeks_before_them(every: int) -> None:
    last = 520
    days = sorted({*range(3, last, every), last})
    rows = [movement(f"e{d}", f"{on(d)}T10:00", d, direction="debit" if d % 3 == 0 else "credit") for d in days]
    core = _core(LARGE + rows)
    first: int = day_of(LARGE[0]["occurred_at"])

    def since(span: int, credit: bool) -> int:
        begins = 7 * week_of(first + last - span + 1) - 3
        yuan: list[int] = [d for d in days if first + d >= begins and (d % 3 != 0) == credit]
        return sum(yuan) * 100

    assert (core["year_credited"], core["year_debited"]) == (since(365, credit=True), since(365, credit=False))
    assert core["usual_credited"] == since(190, credit=True)
    assert core["usual_from"] == 7 * week_of(first + last - 189) - 3


def test_a_young_account_has_all_its_life_as_a_year_and_as_usual_late_movements_too() -> None:
    rows = [movement(f"e{d}", f"{on(d)}T10:00", 10) for d in (20, 150)]
    late = movement("late", f"{on(30)}T10:00", 5)
    core = _core([*LARGE, *rows, late])
    assert core["year_credited"] == core["usual_credited"] == 6_002_500
    assert core["usual_from"] == day_of(LARGE[0]["occurred_at"])
    assert np.int64(core["credited"]) == 6_002_500


def _life(account: str, days: range, yuan: float) -> list[dict[str, Any]]:
    """A payment on each day, counted from the first of January 2600, whose weeks have numbers beyond fifteen bits."""
    first = date(2600, 1, 1)
    return [
        movement(f"{account}-{day}", f"{first + timedelta(days=day)}T10:00", yuan, account_id=account, counterparty_id=None)
        for day in days
    ]


def test_days_whose_week_has_no_number_go_and_spoil_nothing_of_others() -> None:
    shard, much, little = new_shard(), _life("a:1", range(1), 50_000_000), _life("a:2", range(1, 240, 2), 0.5)
    feed(shard, [*much, *little])
    m = memory_of(shard)
    assert kept(m, 0) == ({int(day_of(much[0]["occurred_at"])): (1, 0, 5_000_000_000, 0)}, {})
    days, weeks = kept(m, 1)
    assert weeks == {}
    assert set(days.values()) == {(1, 0, 50, 0)}
    assert len(days) <= (KEEP_DAYS + 1) // 2 + 2 * A_BLOCK
    assert m.accounts[1]["credited"] == 50 * len(little)
