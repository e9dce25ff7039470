"""Rapid opening and closing: half a million yuan through an account that is soon closed or falls silent."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from typing import Any

import pytest

from contract.profile import PROFILE
from detector.engine import Shard
from detector.typologies.rapid_open_close import TYPOLOGY
from tests.detector.shards import CATALOGUE, INSTITUTION, batch_of, feed, movement, profile, until
from tests.detector.stories import MONDAY, Heard, hear, on, paid_in, paid_out

NAME = "rapid_open_close"
Rows = list[dict[str, Any]]


def day(number: int | None) -> date | None:
    return None if number is None else MONDAY + timedelta(days=number)


def heard(rows: Rows, closed: int | None = None, opened: int | None = 0) -> Heard:
    return hear(NAME, rows, opened_on=day(opened), closed_on=day(closed))


def moved(first: int, last: int, yuan: float = 500_000) -> Rows:
    """Half comes in on the first day and half leaves on the last, in two movements each."""
    return paid_in(first, [1, 2], 125_000) + paid_out(last, [3], 125_000) + paid_out(last, [4], yuan - 375_000)


def later(number: int) -> Rows:
    """Some other account moves on a later day, so that the story reaches it."""
    return [movement("later", f"{on(number)}T10:00", 1, account_id="a:2")]


@pytest.mark.parametrize(
    ("rows", "closed", "fires"),
    [
        pytest.param(moved(1, 20), 20, True, id="closed after twenty days"),
        pytest.param(moved(1, 60), 60, True, id="closed after sixty days"),
        pytest.param(moved(1, 61), 61, False, id="closed after sixty-one"),
        pytest.param(moved(1, 20), None, False, id="not closed"),
        pytest.param(moved(1, 20), 21, False, id="closed only on the next day"),
        pytest.param(moved(1, 20, 499_999.99), 20, False, id="a cent less"),
        pytest.param(paid_in(1, [1], 250_000) + paid_out(20, [3, 4], 125_000), 20, False, id="three movements"),
        pytest.param(moved(1, 10) + later(31), None, True, id="silent for twenty-one days"),
        pytest.param(moved(1, 10) + later(30), None, False, id="silent for twenty"),
        pytest.param(moved(1, 30) + later(52), None, True, id="used for thirty days, then silent"),
        pytest.param(moved(1, 31) + later(53), None, False, id="used for longer, then silent"),
        pytest.param(moved(1, 10, 499_999.99) + later(40), None, False, id="silent, but a cent less"),
    ],
)
def test_half_a_million_through_an_account_that_is_soon_left(rows: Rows, closed: int | None, fires: bool) -> None:
    assert heard(rows, closed).fired == fires


def test_an_old_account_that_is_closed_is_none_of_these() -> None:
    assert not heard(moved(1, 20), closed=20, opened=-41).fired
    assert heard(moved(1, 20), closed=20, opened=-40).fired


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(paid_in(1, [1], 800_000) + paid_out(5, [2], 800_000) + later(40), id="a flat sold and another bought"),
        pytest.param(
            paid_in(1, [1], 60_000) + [row for d in range(2, 30) for row in paid_out(d, [2, 3], 900)] + later(55),
            id="a long journey",
        ),
    ],
)
def test_ordinary_silence_follows_few_movements_or_little_money(rows: Rows) -> None:
    assert not heard(rows).fired


def test_it_says_life_and_turnover_and_shows_the_movements() -> None:
    rows = moved(1, 20, 1_400_000)
    finding = heard(rows, closed=20).finding
    assert finding is not None
    assert (finding.value, finding.threshold, finding.family, finding.window) == (1_400_000.0, 500_000.0, "lifecycle", "W90")
    assert (finding.strength, finding.coverage) == (0.6, 1.0)
    for number in ("20", "1,400,000", "500,000"):
        assert number in finding.zh, number
        assert number in finding.en, number
    assert "销户" in finding.zh
    assert "closed" in finding.en
    assert sorted(finding.evidence) == sorted(row["event_id"] for row in rows)


@pytest.mark.parametrize("closed", [None, 70])
def test_of_an_account_that_is_silent_and_not_soon_closed_it_does_not_say_closed(closed: int | None) -> None:
    finding = heard(moved(1, 10) + later(75), closed).finding
    assert finding is not None
    assert "停用" in finding.zh
    assert "fell silent" in finding.en
    assert "closed" not in finding.en


def test_without_a_date_of_opening_it_cannot_be_judged() -> None:
    said = heard(moved(1, 20), closed=20, opened=None)
    assert (said.fired, said.not_evaluable) == (False, True)


@pytest.mark.parametrize("closed", [45, None])
def test_word_of_the_closing_may_come_after_the_last_movement_of_an_unflagged_account(closed: int | None) -> None:
    shard = Shard(INSTITUTION, 0, dataclasses.replace(CATALOGUE, typologies=(TYPOLOGY,)))
    shard.profiles(batch_of([profile("a:1", "person", opened_on=MONDAY)], PROFILE))
    assert not [flag for flag in feed(shard, moved(1, 44, 5_000_000)) if flag.category == "suspicious"]
    until(shard, on(45))
    shard.profiles(batch_of([profile("a:1", "person", opened_on=MONDAY, closed_on=day(closed))], PROFILE))
    said = [flag.findings[0].typology for flag in until(shard, on(66)) if flag.category == "suspicious"]
    assert said == ([TYPOLOGY.key] if closed else [])


FIRES = moved(1, 20)
"""A story on which the typology fires, told again as wire JSON."""
ABOUT = {"opened_on": MONDAY, "closed_on": day(20)}
"""What the bank knows of the account in that story."""
