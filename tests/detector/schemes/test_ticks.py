"""When days are judged, and with what."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.evidence import DayMark, Evidence, Record
from detector.schemes.ticks import Ticks
from tests.contract.test_evidence import evidence

DAY = 20_000
Judged = list[tuple[int, list[tuple[str, int]]]]


def told(shard: int, account: str, day: int) -> Evidence:
    one = evidence(account, day)
    return Evidence(**{name: getattr(one, name) for name in one.__struct_fields__} | {"partition": shard})


def mark(shard: int, day: int) -> DayMark:
    return DayMark(institution_code="B1", partition=shard, day=day)


def shard_records(shard: int, first: int, last: int) -> list[Record]:
    """Each day an account of the day, and the mark."""
    return [one for day in range(first, last + 1) for one in (told(shard, f"a:{shard}.{day}", day), mark(shard, day))]


def judged(records: list[Record], ticks: Ticks | None = None) -> Judged:
    """Days judged with the accounts that each reads; days that read nothing are left out."""
    ticks, days = ticks or Ticks(3), []
    for record in records:
        for day in ticks.take(record):
            read = [(one.account_id, one.as_of) for one in ticks.read(day) if isinstance(one, Evidence)]
            days.append((day, read))
    return [one for one in days if one[1]]


def woven(shards: list[list[Record]], seed: int, behind: int) -> list[Record]:
    """The shards' records in a random order in which none is more than ``behind`` days behind the newest mark."""
    rng, at, mixed = np.random.default_rng(seed), [0] * len(shards), []

    def day(k: int) -> int:
        record = shards[k][at[k]]
        return record.day if isinstance(record, DayMark) else record.as_of

    while left := [k for k in range(len(shards)) if at[k] < len(shards[k])]:
        slowest = min(day(k) for k in left)
        free = [k for k in left if not isinstance(shards[k][at[k]], DayMark) or day(k) - slowest <= behind]
        k = int(rng.choice(free))
        mixed.append(shards[k][at[k]])
        at[k] += 1
    return mixed


@given(seed=st.integers(0, 2**32 - 1))
def test_the_order_between_shards_changes_nothing_while_none_is_far_behind(seed: int) -> None:
    shards = [shard_records(0, DAY, DAY + 12), shard_records(1, DAY, DAY + 12), shard_records(2, DAY + 4, DAY + 12)]
    assert judged(woven(shards, seed, 3)) == judged(woven(shards, 1, 0))


def test_a_day_waits_for_every_known_shard() -> None:
    ticks = Ticks(3)
    first: list[Record] = [told(0, "a:0", DAY), told(1, "a:1", DAY), mark(0, DAY), mark(1, DAY)]
    judged([*first, *(mark(0, DAY + k) for k in range(1, 5))], ticks)
    assert ticks.state.judged == DAY
    judged([mark(1, DAY + 4)], ticks)
    assert ticks.state.judged == DAY + 4


def test_a_silent_shard_delays_nobody_for_longer_than_three_days() -> None:
    ticks = Ticks(3)
    judged([told(0, "a:0", DAY), told(1, "a:1", DAY), mark(0, DAY), mark(1, DAY), mark(0, DAY + 10)], ticks)
    assert ticks.state.judged == DAY + 6


def test_who_is_patient_waits_however_long() -> None:
    ticks = Ticks(3)
    known: list[Record] = [told(0, "a:0", DAY), told(1, "a:1", DAY), mark(0, DAY), mark(1, DAY)]
    for record in known:
        ticks.take(record)
    for day in range(1, 40):
        for judge in ticks.take(mark(0, DAY + day), patient=True):
            ticks.read(judge)
    assert ticks.state.judged == DAY


def test_a_shard_that_is_expected_is_waited_for_before_it_has_said_anything() -> None:
    ticks = Ticks(100)
    ticks.expect([("B1", 0), ("B1", 1)])
    assert judged([told(0, "a:0", DAY), *(mark(0, DAY + k) for k in range(40))], ticks) == []


def test_what_is_told_of_a_later_day_waits_for_it() -> None:
    records: list[Record] = [told(0, "a:0", DAY), told(1, "a:1", DAY), told(1, "a:2", DAY + 5)]
    [one, two] = judged([*records, *(one for k in range(8) for one in (mark(0, DAY + k), mark(1, DAY + k)))])
    assert one == (DAY + 4, [("a:0", DAY), ("a:1", DAY)])
    assert two == (DAY + 5, [("a:2", DAY + 5)])


@pytest.mark.parametrize("cut", [1, 5, 14])
def test_ticks_go_on_from_their_state(cut: int) -> None:
    records = shard_records(0, DAY, DAY + 9)
    ticks = Ticks(3)
    before = judged(records[:cut], ticks)
    assert before + judged(records[cut:], Ticks(3, ticks.state)) == judged(records)
