"""Night activity: the share of movements from midnight to six; weak, so it carries no weight by itself."""

from __future__ import annotations

from typing import Any

import pytest

from contract.shanghai import parse_ms
from tests.detector.stories import Heard, hear, on, paid_in, paid_out

NAME = "night_activity"
Rows = list[dict[str, Any]]


def heard(rows: Rows) -> Heard:
    return hear(NAME, rows)


def credits(count: int, start: int = 0, day: int = 0, **fields: Any) -> Rows:
    """From nine in the morning, ten thousand each, all by one payer."""
    return paid_in(day, range(start, start + count), 10_000, **{"counterparty_id": "a:p1", **fields})


def debits(count: int, day: int = 0) -> Rows:
    return paid_out(day, range(count), 10_000, counterparty_id="a:p2")


def at_night(rows: Rows, day: int = 0, clock: str = "02:00:00") -> Rows:
    """The rows, all at that time of the day."""
    return [{**row, "occurred_at": parse_ms(f"{on(day)}T{clock}+08:00")} for row in rows]


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(at_night(credits(6)) + credits(14, 6), True, id="six of twenty"),
        pytest.param(at_night(credits(6)) + credits(15, 6), False, id="six of twenty-one"),
        pytest.param(at_night(credits(19)), False, id="nineteen, all of them"),
        pytest.param(at_night(credits(20)), True, id="twenty, all of them"),
        pytest.param(at_night(credits(6), clock="00:00:00") + credits(14, 6), True, id="at midnight"),
        pytest.param(at_night(credits(6), clock="05:59:59") + credits(14, 6), True, id="a second before six"),
        pytest.param(at_night(credits(6), clock="06:00:00") + credits(14, 6), False, id="at six"),
        pytest.param(at_night(credits(6), clock="23:59:59") + credits(14, 6), False, id="a second before midnight"),
        pytest.param(at_night(credits(3)) + at_night(debits(3)) + credits(14, 6), True, id="of both sides"),
        pytest.param(
            at_night(credits(5)) + at_night(credits(1, 5, kind="interest")) + credits(15, 6), False, id="the bank's own booking"
        ),
        pytest.param(at_night(credits(19)) + at_night(credits(1, day=29), day=29), True, id="within thirty days"),
        pytest.param(at_night(credits(19)) + at_night(credits(1, day=30), day=30), False, id="a day later"),
    ],
)
def test_three_tenths_of_twenty_movements_between_midnight_and_six(rows: Rows, fires: bool) -> None:
    assert heard(rows).fired == fires


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(at_night(credits(10)) + credits(90, 10), id="a taxi driver with a tenth of the fares at night"),
        pytest.param(credits(30) + debits(30), id="a shop by day"),
    ],
)
def test_ordinary_life_sleeps_at_night(rows: Rows) -> None:
    assert not heard(rows).fired


def test_it_says_how_many_of_how_many_and_has_no_weight_alone() -> None:
    finding = heard(at_night(credits(9)) + credits(11, 9)).finding
    assert finding is not None
    assert (finding.value, finding.threshold, finding.family, finding.window) == (0.45, 0.3, "channel", "W30")
    assert (finding.strength, finding.coverage) == (0.0, 1.0)
    for number in ("9", "20", "45.0%", "30.0%"):
        assert number in finding.zh, number
        assert number in finding.en, number
    # Events are remembered once a day has brought in fifty thousand.
    assert finding.evidence == [f"in-0-{k}" for k in range(4, 20)]


FIRES = at_night(credits(6)) + credits(14, 6)
"""A story on which the typology fires, told again as wire JSON."""
