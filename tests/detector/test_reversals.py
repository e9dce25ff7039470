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
