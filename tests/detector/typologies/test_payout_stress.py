"""Payout stress: periodic payees go unpaid, or new payers dry up while the money goes back."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from detector.catalogue import found
from detector.engine import Shard
from tests.detector.shards import CATALOGUE, INSTITUTION, movement
from tests.detector.stories import hear, on, paid_in, paid_out, told

NAME = "payout_stress"
Rows = list[dict[str, Any]]
TEN = range(10)


def weekly(payees: range, weeks: range) -> Rows:
    return [row for week in weeks for row in paid_out(7 * week, payees, 100)]


def scheme(paid_late: int, last: int = 6) -> Rows:
    """Ten payers with weekly returns; some are paid for the last time in the fourth week."""
    return paid_in(0, TEN, 10_000) + weekly(TEN, range(1, 5)) + weekly(range(paid_late, 10), range(5, last + 1))


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(scheme(2), True, id="two of ten are late"),
        pytest.param(scheme(1), False, id="one of ten"),
        pytest.param(scheme(0), False, id="all are paid"),
        pytest.param(scheme(2, last=5), False, id="late by less than half a period"),
        pytest.param(
            [*scheme(2), *paid_out(29, range(2), 9_600)], False, id="the late ones had all their money back and left"
        ),
    ],
)  # fmt: skip
def test_periodic_payees_are_late(rows: Rows, fires: bool) -> None:
    assert hear(NAME, rows).fired == fires


def drying(returned: float = 9_000) -> Rows:
    """Sixty payers join within two months, ten in the next weeks and few in the last; what they paid goes back."""
    joined = [row for day in range(60) for row in paid_in(day, [day], 10_000)]
    later = [row for k in range(8) for row in paid_in(62 + k, [100 + k], 10_000)]
    newest = [row for k in range(2) for row in paid_in(80 + k, [200 + k], 10_000)]
    return joined + later + newest + back(returned)


def back(returned: float = 9_000) -> Rows:
    return [row for day in range(60, 89) for row in paid_out(day, [day - 60], returned)]


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(drying(), True, id="ever fewer join, and more goes back than comes in"),
        pytest.param(drying(2_000), False, id="less goes back than comes in"),
        pytest.param([r for d in range(90) for r in paid_in(d, [d], 10_000)] + back(), False, id="people join as ever"),
    ],
)
def test_new_payers_dry_up_while_the_money_goes_back(rows: Rows, fires: bool) -> None:
    assert hear(NAME, rows).fired == fires


def test_it_is_looked_at_when_nothing_moves_any_more() -> None:
    still = [movement(f"still-{day}", f"{on(day)}T10:00", 1, account_id="a:2") for day in range(29, 45)]
    assert hear(NAME, sorted(scheme(0, last=4) + still, key=lambda row: row["occurred_at"])).fired


def test_alone_it_is_no_family() -> None:
    """Two findings of two families make a flag; this one and another do not."""
    typologies = tuple(found()[name] for name in (NAME, "periodic_returns"))
    shard = Shard(INSTITUTION, 0, dataclasses.replace(CATALOGUE, typologies=typologies))
    flags = [
        flag for flag in told(shard, sorted(scheme(3), key=lambda row: row["occurred_at"])) if flag.category != "large_value"
    ]
    assert flags == []


def test_it_says_who_is_late() -> None:
    finding = hear(NAME, scheme(4)).finding
    assert finding is not None
    assert (finding.value, finding.threshold, finding.family) == (0.4, 0.2, "payout")
    for number in ("10", "4", "40.0%", "20.0%"):
        assert number in finding.zh, number
        assert number in finding.en, number


FIRES = scheme(4)
"""A story on which the typology fires, told again as wire JSON."""
