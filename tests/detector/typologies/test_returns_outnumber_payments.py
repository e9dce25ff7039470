"""Returns outnumber payments: interest at whatever intervals, and refunds, pay and drivers' deposits that look alike."""

from __future__ import annotations

from typing import Any

import pytest

from tests.detector.stories import Heard, hear, paid_in, paid_out

NAME = "returns_outnumber_payments"
Rows = list[dict[str, Any]]


def heard(rows: Rows) -> Heard:
    return hear(NAME, rows)


SUMS = (600, 1_000, 1_800)


def sum_of(payer: int, sums: tuple[int, ...]) -> int:
    """What one brings: the first nine five times as much, so that most money whose turn has come is of those who are paid."""
    return sums[payer % len(sums)] * (5 if payer < 9 else 1)


def brought(payers: range = range(18), day: int = 0, *, sums: tuple[int, ...] = SUMS) -> Rows:
    return [row for p in payers for row in paid_in(day, [p], sum_of(p, sums))]


def returned(payees: range, *days: int, rates: tuple[float, ...] = (0.02, 0.03), sums: tuple[int, ...] = SUMS) -> Rows:
    """Each is paid a rate of what he brought on each day, not always the same."""
    return [
        row for k, day in enumerate(days) for p in payees for row in paid_out(day, [p], sum_of(p, sums) * rates[k % len(rates)])
    ]


JOINED = brought(range(18, 21), day=12)
"""Three more who come after the first were paid."""
ONE = (1_000,)


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(brought() + returned(range(5), 4, 11) + JOINED, True, id="five are paid twice for one payment each"),
        pytest.param(brought() + returned(range(4), 4, 11) + JOINED, False, id="four are"),
        pytest.param(brought() + returned(range(9), 11) + JOINED, False, id="nine are paid once"),
        pytest.param(
            brought() + brought(range(5), day=3) + returned(range(5), 4, 11) + JOINED, False, id="each paid in as often"
        ),
        pytest.param(
            brought() + brought(range(5, 7), day=3) + returned(range(7), 4, 11) + JOINED,
            False,
            id="two of seven paid in as often",
        ),
        pytest.param(brought() + brought(range(6, 7), day=3) + returned(range(7), 4, 11) + JOINED, True, id="one of seven did"),
        pytest.param(brought(range(11)) + returned(range(5), 4, 11) + JOINED, False, id="fourteen payers"),
        pytest.param(brought() + returned(range(5), 4, 11) + brought(range(18, 20), day=12), False, id="two joined since"),
        pytest.param(
            brought() + returned(range(5), 4, 11) + paid_out(11, range(50, 56), 900) + JOINED,
            False,
            id="most payees never paid in",
        ),
        pytest.param(
            brought() + returned(range(5), 4, 11, rates=(0.4, 0.5)) + JOINED, False, id="a part of it that no interest is"
        ),
        pytest.param(
            brought(sums=ONE)
            + [row for day in (4, 11) for p in range(6) for row in paid_out(day, [p], 200 + 15 * p + day)]
            + brought(range(18, 21), day=12, sums=ONE),
            False,
            id="drivers left one deposit each and are paid what they drove",
        ),
        pytest.param(
            brought(range(8), sums=ONE)
            + brought(range(8, 40), sums=(237, 318, 441, 512))
            + [row for day in (4, 11) for p in range(8) for row in paid_out(day, [p], 200 + 15 * p + day)]
            + JOINED,
            False,
            id="the same among forty passengers with fares of their own",
        ),
        pytest.param(
            brought(sums=ONE) + returned(range(5), 4, 11, sums=ONE) + brought(range(18, 21), day=12, sums=ONE),
            True,
            id="all brought one sum and are paid one rate of it",
        ),
        pytest.param(
            brought() + returned(range(6), 4, 11) + JOINED + paid_in(0, [99], 8_000),
            True,
            id="one who came as early and brought less than the others together is not paid",
        ),
        pytest.param(
            brought() + returned(range(6), 4, 11) + JOINED + [row for day in (0, 3, 6, 9) for row in paid_in(day, [99], 8_000)],
            False,
            id="a platform brings most of the money and gets none back",
        ),
        pytest.param(
            brought()
            + returned(range(6), 4, 11)
            + JOINED
            + [row for day in (0, 3, 6, 9) for row in paid_in(day, [99], 8_000, counterparty_kind="payment")],
            False,
            id="the same of a payment institution, which is no person",
        ),
    ],
)
def test_five_are_paid_oftener_than_they_paid_in(rows: Rows, fires: bool) -> None:
    assert heard(rows).fired == fires


def test_it_says_who_is_paid_again_and_again_and_who_joined_since() -> None:
    finding = heard(brought() + returned(range(6), 4, 11) + JOINED).finding
    assert finding is not None
    assert (finding.value, finding.threshold, finding.family) == (6, 5, "payout")
    for number in ("6", "5", "21", "3", "1,700"):
        assert number in finding.zh, number
        assert number in finding.en, number
    assert "又有3名新付款人" in finding.zh
    assert "and 3 new payers since the first return" in finding.en
    assert set(finding.evidence) <= {row["event_id"] for row in returned(range(6), 4, 11)}
    assert finding.evidence


def test_without_known_payers_it_cannot_be_judged() -> None:
    nobody = [{**row, "counterparty_id": None} for row in brought()] + returned(range(15), 4, 11)
    assert (heard(nobody).fired, heard(nobody).not_evaluable) == (False, True)


FIRES = brought() + returned(range(6), 4, 11) + JOINED
"""A story on which the typology fires, told again as wire JSON."""
