"""Many payer regions: cities counted by persons who pay, their evenness, and what is known of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pytest

from tests.detector.stories import Heard, hear, paid_in

NAME = "many_payer_regions"
Rows = list[dict[str, Any]]
CITIES: Final = ("130100", "140100", "150100", "210100", "220100", "230100", "320100", "330100", "340100", "350100", "360100")


def heard(rows: Rows) -> Heard:
    return hear(NAME, rows)


def from_cities(people: Sequence[int], *, start: int = 0, city: int = 0, day: int = 0, **fields: Any) -> Rows:
    """``people[k]`` payers of a thousand yuan each from the k-th city, in that order; payers are numbered from ``start``."""
    homes = [home for home, count in zip(CITIES[city:], people, strict=False) for _ in range(count)]
    payers = paid_in(day, range(start, start + len(homes)), 1_000, **fields)
    return [{**row, "counterparty_region": home} for row, home in zip(payers, homes, strict=True)]


def unknown(count: int) -> Rows:
    """Payers from nobody knows where, all before nine."""
    rows = paid_in(0, range(100, 100 + count), 1_000, counterparty_region=None)
    return [{**row, "occurred_at": row["occurred_at"] - 3_600_000} for row in rows]


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(from_cities([2] * 10), True, id="twenty payers of ten cities"),
        pytest.param(from_cities([3] * 9), False, id="nine cities"),
        pytest.param(from_cities([2] * 9 + [1]), False, id="nineteen payers of ten cities"),
        pytest.param(from_cities([12] + [1] * 9), True, id="twelve of twenty-one from one city"),
        pytest.param(from_cities([13] + [1] * 9), False, id="thirteen of twenty-two from one city"),
        pytest.param(from_cities([2] * 5) + from_cities([2] * 5, start=10, city=5, day=29), True, id="within thirty days"),
        pytest.param(from_cities([2] * 5) + from_cities([2] * 5, start=10, city=5, day=30), False, id="a day later"),
        pytest.param(unknown(46) + from_cities([2] * 10), True, id="three tenths of the regions are known"),
        pytest.param(unknown(47) + from_cities([2] * 10), False, id="fewer are known"),
    ],
)
def test_payers_of_ten_cities_none_dominating(rows: Rows, fires: bool) -> None:
    assert heard(rows).fired == fires


LARGE: Final = paid_in(0, [99], 60_000, counterparty_kind="company")
"""A large inflow, so that the account is looked at whoever the others are."""


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(
            [{**row, "counterparty_region": f"3101{k:02d}"} for k, row in enumerate(paid_in(0, range(1, 31), 1_000), start=1)],
            id="parents of one city's districts",
        ),
        pytest.param(LARGE + from_cities([3] * 10, counterparty_kind="payment"), id="a seller settled by payment institutions"),
        pytest.param(LARGE + from_cities([3] * 10, counterparty_kind="company"), id="a wholesaler paid by firms of ten cities"),
        pytest.param(LARGE + from_cities([1] * 11), id="eleven relatives all over the country"),
    ],
)
def test_ordinary_life_is_of_few_cities_or_no_payers(rows: Rows) -> None:
    assert not heard(rows).fired


def test_it_says_payers_and_cities_and_shows_the_payers_credits() -> None:
    finding = heard(unknown(6) + from_cities([2] * 11)).finding
    assert finding is not None
    assert (finding.value, finding.threshold, finding.family, finding.window) == (11.0, 10.0, "structure", "W30")
    assert (finding.strength, finding.coverage) == (round(0.5 + 0.5 / 30, 4), round(22 / 28, 4))
    for number in ("28", "11", "10", "30"):
        assert number in finding.zh, number
        assert number in finding.en, number
    assert len(finding.evidence) == 20
    assert finding.evidence[-14:] == [f"in-0-{p}" for p in range(8, 22)]


def test_where_too_few_regions_are_known_it_cannot_be_judged() -> None:
    assert heard(from_cities([2] * 9 + [1])).not_evaluable
    assert heard(unknown(47) + from_cities([2] * 10)).not_evaluable
    assert not heard(unknown(46) + from_cities([2] * 10)).not_evaluable


FIRES = from_cities([2] * 10)
"""A story on which the typology fires, told again as wire JSON."""
