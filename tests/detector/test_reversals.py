"""A reversed movement is as if it had never been: who paid before being paid, when first and last, and how much by then."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector.features import memory as mem
from detector.features.counterparties import COUNTERPARTY, counterparties
from detector.features.growth import restored
from detector.features.layout import LINKS_A_PLACE, RECENT
from tests.detector.shards import feed, movement, new_shard
from tests.detector.stories import MONDAY
from tests.detector.test_stream_correctness import LARGE, differences, reversal, shown
from tests.detector.test_weeks import memory_of

Rows = list[dict[str, Any]]
_LEFT_OUT = ("account", "kind", "bits", "occupation")
TOLD = (*(name for name in COUNTERPARTY.names or () if name not in _LEFT_OUT), "principal")
"""What is compared of a counterparty."""


def at(minutes: int) -> str:
    """A time of the stories, so many minutes after the first midnight."""
    return (datetime.fromisoformat(MONDAY.isoformat()) + timedelta(minutes=minutes)).isoformat(timespec="minutes")


def moved(n: int, minutes: int, credit: bool, yuan: float, other: int) -> dict[str, Any]:
    way = "credit" if credit else "debit"
    return movement(f"e{n}", at(minutes), yuan, direction=way, counterparty_id=f"a:p{other}")


def pairs_of(rows: Rows) -> dict[int, tuple[Any, ...]]:
    """By counterparty, what memory says of it once the rows have come; nothing of one who never paid or was paid."""
    shard = new_shard()
    feed(shard, [LARGE, *rows])
    m = memory_of(shard)
    pairs = m.pairs[: m.counters[mem.PAIRS]]
    told = {}
    for pair, one in zip(pairs, counterparties(m, np.arange(len(pairs))), strict=True):
        if one["credits"] + one["debits"] == 0:
            continue
        both = one["credits"] > 0 and one["debits"] > 0
        principal = int(m.sides[pair["other"]]["principal"]) if both else None
        told[int(one["key"])] = (*(one[name].item() for name in TOLD[:-1]), principal)
    return told


STREAMS = st.lists(
    st.tuples(
        st.integers(1, 2_000),  # minutes since the one before
        st.booleans(),
        st.sampled_from([100, 100, 250, 1_000]),
        st.integers(0, 2),  # with whom
        st.one_of(st.none(), st.integers(1, 3_900)),  # minutes until it is reversed
    ),
    min_size=2,
    max_size=25,
)


def streams(drawn: list[tuple[int, bool, int, int, int | None]]) -> tuple[Rows, Rows]:
    """The stream with reversals, and as if nothing of that had been."""
    rows, kept, minutes = [], [], 1_440
    for n, (gap, credit, yuan, other, until) in enumerate(drawn):
        minutes += gap
        row = moved(n, minutes, credit, yuan, other)
        rows.append((minutes, row))
        if until is None:
            kept.append(row)
        else:
            rows.append((minutes + until, reversal(row, at(minutes + until))))
    last = moved(len(drawn), max(when for when, _ in rows) + 1, credit=True, yuan=7, other=0)
    return [*(row for _, row in sorted(rows, key=lambda one: one[0])), last], [*kept, last]


@settings(max_examples=120, deadline=None)
@given(drawn=STREAMS)
def test_counterparties_stand_as_if_what_was_reversed_had_never_been(
    drawn: list[tuple[int, bool, int, int, int | None]],
) -> None:
    rows, kept = streams(drawn)
    assert pairs_of(rows) == pairs_of(kept)


@settings(max_examples=25, deadline=None)
@given(drawn=STREAMS)
def test_windows_and_what_counterparties_say_are_as_if_it_had_never_been(
    drawn: list[tuple[int, bool, int, int, int | None]],
) -> None:
    rows, kept = streams(drawn)
    assert differences(shown(rows), shown(kept), "spoken", "described", "away") == set()


def story(*said: tuple[str, int, bool, int]) -> Rows:
    return [moved(int(name), day * 1_440 + 600, credit, yuan, 1) for name, day, credit, yuan in said]


@pytest.mark.parametrize(
    ("rows", "reversed_at"),
    [
        pytest.param(story(("1", 1, False, 50), ("2", 30, True, 100), ("3", 40, False, 9)), 1, id="paid in before being paid"),
        pytest.param(story(("1", 1, True, 100), ("2", 30, True, 200), ("3", 33, False, 9)), 1, id="the newest of old payments"),
        pytest.param(story(("1", 1, True, 100), ("2", 20, False, 30), ("3", 40, False, 9)), 2, id="the newest of old payouts"),
        pytest.param(story(("1", 1, True, 10), ("2", 9, True, 20), ("3", 9, False, 9)), 1, id="what was paid in by then"),
    ],
)
def test_what_stood_before_the_window_comes_back(rows: Rows, reversed_at: int) -> None:
    wrong = rows[reversed_at]
    back = {**reversal(wrong, at(0)), "occurred_at": wrong["occurred_at"] + 3_600_000}
    if reversed_at == len(rows) - 1:
        assert pairs_of([*rows, back]) == pairs_of(rows[:-1])
        return
    taken_back = [*rows[: reversed_at + 1], back, *rows[reversed_at + 1 :]]
    assert pairs_of(taken_back) == pairs_of([row for row in rows if row is not wrong])


def test_of_two_reversed_one_after_the_other_neither_comes_back_with_the_other() -> None:
    rows = [moved(n, 1_440 * day, credit=True, yuan=100 + n, other=1) for n, day in enumerate((1, 20, 21, 22))]
    backs = [reversal(rows[2], at(1_440 * 22 + 5)), reversal(rows[3], at(1_440 * 25 + 5))]
    # By the second one, the first movement taken back has left the window.
    assert pairs_of([*rows, *backs]) == pairs_of(rows[:2])


def test_what_a_payroll_pays_to_a_payer_is_no_debit_of_the_pair_and_takes_none_back() -> None:
    rows = [moved(1, 1_440, credit=True, yuan=100, other=1), moved(2, 2_000, credit=False, yuan=5, other=1)]
    wage = {**moved(3, 2_100, credit=False, yuan=80, other=1), "batch_code": "payroll"}
    assert pairs_of([*rows, wage, reversal(wage, at(2_200))]) == pairs_of(rows)


@pytest.mark.parametrize(("others", "stays"), [(510, set()), (511, {"last_in_ms", "last_credit"})])
def test_of_a_pair_with_hundreds_of_movements_in_the_window_only_sums_and_counts_are_taken_back(
    others: int, stays: set[str]
) -> None:
    rows = [moved(n, 1_440 + n, credit=True, yuan=100 + n, other=1) for n in range(others)]
    wrong = moved(others, 1_440 + others, credit=True, yuan=5_000, other=1)
    as_if, stands = pairs_of(rows), pairs_of([*rows, wrong, reversal(wrong, at(1_441 + others))])
    assert as_if.keys() == stands.keys()
    assert {
        name for key in as_if for name, one, other in zip(TOLD, as_if[key], stands[key], strict=True) if one != other
    } == stays


def crowded(places: int, *, may_grow: bool) -> tuple[Any, Any]:
    """What memory says of counterparties after many movements and some reversals, and had those never been.

    It begins with few places to link movements from, so that thousands fill them as hundreds of millions do the usual ones.
    """
    rows = [moved(n, 1_440 + n // 4, credit=n % 3 > 0, yuan=100 + n % 7, other=n % 97) for n in range(4_000)]
    taken = range(3_910, 4_000, 7)
    back = [reversal(rows[n], at(2_600 + n)) for n in taken]
    return (
        _told([*rows, *back], places, may_grow=may_grow),
        _told([row for n, row in enumerate(rows) if n not in taken], places, may_grow=may_grow),
    )


def _told(rows: Rows, places: int, *, may_grow: bool, lent: bool = True) -> Any:
    shard = new_shard()
    if not lent:
        shard._memory = memory_of(shard)._replace(recent=np.zeros(places, np.uint64))  # noqa: SLF001  as where none is lent
    m = memory_of(shard)
    m.counters[mem.LINK_PLACES], m.counters[mem.LINK_MASK] = places, places - 1
    if not may_grow:
        m.counters[mem.LINKED_BEFORE] = -(10**9)
        m.counters[mem.LINK_EPOCH] = 2**62
    feed(shard, rows)
    m = memory_of(shard)
    pairs = m.pairs[: m.counters[mem.PAIRS]]
    return [tuple(one[name].item() for name in TOLD[:-1]) for one in counterparties(m, np.arange(len(pairs)))], m


def test_a_reversal_finds_its_links_however_many_movements_the_window_holds() -> None:
    (told, m), (expected, _) = crowded(2, may_grow=True)
    assert told == expected
    assert m.counters[mem.LINK_PLACES] == 4_000 // LINKS_A_PLACE


def test_links_grow_as_well_where_no_address_space_is_lent_for_them() -> None:
    rows = [moved(n, 1_440 + n // 4, credit=n % 3 > 0, yuan=100 + n % 7, other=n % 97) for n in range(1_000)]
    back = [reversal(rows[n], at(2_600 + n)) for n in range(910, 1_000, 7)]
    told, m = _told([*rows, *back], 2, may_grow=True)
    copied, short = _told([*rows, *back], 2, may_grow=True, lent=False)
    assert copied == told
    assert short.counters[mem.LINK_PLACES] == m.counters[mem.LINK_PLACES] > 2
    assert len(short.recent) < len(m.recent)


def test_with_the_places_that_a_window_begins_with_they_would_be_too_many_to_follow() -> None:
    (told, _), (expected, _) = crowded(2, may_grow=False)
    assert told != expected


def test_places_of_links_are_counted_and_kept_by_a_checkpoint() -> None:
    (_, m), _ = crowded(2, may_grow=True)
    places = int(m.counters[mem.LINK_PLACES])
    assert mem.used(m)["recent"].nbytes == 8 * places
    again = restored({name: np.array(part) for name, part in mem.used(m).items()})
    assert np.array_equal(again.recent[:places], m.recent[:places])
    assert mem.used(again)["recent"].nbytes == 8 * places


def test_a_checkpoint_that_says_nothing_of_places_has_those_of_the_beginning() -> None:
    shard = new_shard()
    feed(shard, story(("1", 1, True, 10), ("2", 2, False, 20)))
    parts = {name: np.array(part) for name, part in mem.used(memory_of(shard)).items()}
    parts["counters"][mem.LINK_PLACES :] = -1
    again = restored(parts)
    assert again.counters[mem.LINK_PLACES] == RECENT
    assert again.counters[mem.LINK_MASK] == RECENT - 1
