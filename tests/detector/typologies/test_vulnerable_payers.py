"""Vulnerable payers: half of the payers of known age are elderly, and more than elsewhere; or half are students."""

from __future__ import annotations

from typing import Any

import pytest

from tests.detector.stories import Heard, hear, paid_in

NAME = "vulnerable_payers"
Rows = list[dict[str, Any]]
OLD = {"counterparty_birth_year": 1966}
"""Sixty in the year of the stories."""
YOUNG = {"counterparty_birth_year": 1967}


def heard(rows: Rows) -> Heard:
    return hear(NAME, rows)


def elsewhere(young: int) -> Rows:
    """Young people pay small sums to other accounts of the bank, five to each."""
    fields = {"counterparty_birth_year": 1990}
    return [row for k in range(young) for row in paid_in(0, [k % 5], 50, account_id=f"a:n{k // 5}", **fields)]


def paid_by(old: int, young: int, unknown: int = 0, neighbours: int = 200) -> Rows:
    """People of unknown age pay in, then young, then old ones."""
    mine = paid_in(1, range(200, 200 + unknown), 1_000) + paid_in(1, range(100, 100 + young), 1_000, **YOUNG)
    return elsewhere(neighbours) + mine + paid_in(2, range(old), 1_000, **OLD)


def studied(students: int, workers: int, **fields: Any) -> Rows:
    """Workers pay in, then students."""
    workers_paid = paid_in(1, range(100, 100 + workers), 1_000, counterparty_occupation="employed", **fields)
    return workers_paid + paid_in(2, range(students), 1_000, counterparty_occupation="student", **fields)


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(paid_by(10, 10), True, id="ten of twenty are sixty"),
        pytest.param(paid_by(9, 11), False, id="nine of twenty"),
        pytest.param(paid_by(11, 8), True, id="eleven of nineteen are no chance"),
        pytest.param(paid_by(10, 9), False, id="ten of nineteen are one in six hundred times"),
        pytest.param(paid_by(8, 2), True, id="eight of ten"),
        pytest.param(paid_by(7, 3), False, id="seven of ten"),
        pytest.param(paid_by(6, 0, unknown=5), True, id="all of six"),
        pytest.param(paid_by(5, 0, unknown=6), False, id="all of five"),
        pytest.param(paid_by(6, 1, unknown=5), True, id="six of seven"),
        pytest.param(paid_by(6, 2, unknown=5), False, id="six of eight"),
        pytest.param(paid_by(8, 2, neighbours=14), False, id="eight of ten where every third is old"),
        pytest.param(paid_by(20, 0), True, id="all of twenty"),
        pytest.param(paid_by(20, 0, unknown=46), True, id="twenty are known of sixty-six"),
        pytest.param(paid_by(20, 0, unknown=47), False, id="twenty are known of sixty-seven"),
        pytest.param(paid_by(10, 10, neighbours=20), True, id="twice as many as among all payers"),
        pytest.param(paid_by(10, 10, neighbours=19), False, id="less than twice as many"),
        pytest.param(paid_in(1, range(40), 1_000, **OLD), False, id="a bank whose customers are all elderly"),
        pytest.param(elsewhere(200) + paid_in(1, range(40), 2_000, counterparty_kind="company", **OLD), False, id="firms"),
        pytest.param(studied(10, 10), True, id="ten of twenty are students"),
        pytest.param(studied(9, 11), False, id="nine of twenty are students"),
        pytest.param(studied(5, 0) + paid_in(0, range(200, 205), 10), False, id="five students"),
        pytest.param(studied(6, 0) + paid_in(0, range(200, 205), 10), True, id="six students"),
        pytest.param(studied(6, 2) + paid_in(0, range(200, 205), 10), False, id="six of eight are students"),
        pytest.param(studied(20, 0) + paid_in(0, range(200, 246), 10), True, id="twenty students among sixty-six"),
        pytest.param(studied(20, 0) + paid_in(0, range(200, 247), 10), False, id="twenty students among sixty-seven"),
    ],
)
def test_half_of_the_known_payers_are_elderly_or_students(rows: Rows, fires: bool) -> None:
    assert heard(rows).fired == fires


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(paid_by(6, 34), id="a shop with some elderly customers"),
        pytest.param(studied(8, 30), id="a canteen with some students"),
        pytest.param(
            elsewhere(200) + paid_in(1, range(60), 80, counterparty_birth_year=1990, counterparty_occupation="employed"),
            id="a shop of working people",
        ),
    ],
)
def test_ordinary_payers_are_of_all_ages_and_trades(rows: Rows) -> None:
    assert not heard(rows).fired


def test_it_says_how_many_are_elderly_and_how_many_elsewhere_and_shows_payers() -> None:
    finding = heard(paid_by(24, 6, unknown=10, neighbours=90) + paid_in(3, [0], 1_000, **OLD)).finding
    assert finding is not None
    assert (finding.value, finding.threshold, finding.family, finding.window) == (0.8, 0.5, "identity", "W90")
    assert (finding.strength, finding.coverage) == (0.875, 0.75)
    for number in ("30", "24", "80.0%", "50.0%", "20.0%"):
        assert number in finding.zh, number
        assert number in finding.en, number
    assert "学生" not in finding.zh
    assert finding.evidence == [*(f"in-2-{p}" for p in range(5, 24)), "in-3-0"]


def test_it_says_how_many_are_students_of_those_whose_occupation_is_known() -> None:
    finding = heard(studied(24, 6) + paid_in(0, range(200, 220), 10) + paid_in(3, [0], 1_000)).finding
    assert finding is not None
    assert (finding.value, finding.strength, finding.coverage) == (0.8, 0.875, 0.6)
    for number in ("30", "24", "80.0%", "50.0%"):
        assert number in finding.zh, number
        assert number in finding.en, number
    assert "老年" not in finding.zh
    assert "60" not in finding.en


@pytest.mark.parametrize(
    ("rows", "unknown"),
    [
        pytest.param(paid_in(1, range(40), 1_000), True, id="of nobody anything is known"),
        pytest.param(paid_by(20, 0, unknown=47), True, id="too few ages are known"),
        pytest.param(paid_by(1, 30), False, id="ages are known"),
        pytest.param(studied(1, 30), False, id="occupations are known"),
    ],
)
def test_unknown_ages_are_not_evaluable_and_never_young(rows: Rows, unknown: bool) -> None:
    assert heard(rows).not_evaluable == unknown


FIRES = paid_by(20, 0)
"""A story on which the typology fires, told again as wire JSON."""
