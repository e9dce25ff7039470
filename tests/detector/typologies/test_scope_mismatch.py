"""Scope mismatch: firms of other trades, or with words that need a licence, that collect from persons."""

from __future__ import annotations

from typing import Any

import pytest

from tests.detector.stories import Heard, hear, paid_in

NAME = "scope_mismatch"
Rows = list[dict[str, Any]]
FACTORY: dict[str, Any] = {"holder_kind": "company", "industry": "C13"}
WEALTH: dict[str, Any] = {"holder_kind": "company", "holder_name_class": "财富管理"}


def heard(rows: Rows, about: dict[str, Any]) -> Heard:
    return hear(NAME, rows, **about)


def collected(payers: int = 30, yuan: float = 1_000, from_firms: float = 0, **fields: Any) -> Rows:
    """Persons pay in, and one firm."""
    rows = paid_in(0, range(payers), yuan, **fields)
    return rows + (paid_in(0, [900], from_firms, counterparty_kind="company") if from_firms else [])


@pytest.mark.parametrize(
    ("rows", "about", "fires"),
    [
        pytest.param(collected(), FACTORY, True, id="a factory collects from thirty persons"),
        pytest.param(collected(29), FACTORY, False, id="from twenty-nine"),
        pytest.param(collected(yuan=2_000, counterparty_kind="company"), FACTORY, False, id="from thirty firms"),
        pytest.param(collected(from_firms=7_500), FACTORY, True, id="four fifths of the money from persons"),
        pytest.param(collected(from_firms=7_501), FACTORY, False, id="a little less of it"),
        pytest.param(collected(), {**FACTORY, "holder_licence": "trust"}, False, id="it has a licence"),
        pytest.param(collected(), {**FACTORY, "holder_kind": "person"}, False, id="a person"),
        pytest.param(collected(), {**FACTORY, "holder_kind": "sole_trader"}, False, id="a sole trader"),
        pytest.param(collected(10), WEALTH, True, id="words of wealth management and ten payers"),
        pytest.param(collected(9), WEALTH, False, id="nine payers"),
        pytest.param(
            collected(10), {"holder_kind": "company", "business_scope": "投资理财咨询"}, True, id="the words stand in its scope"
        ),
        pytest.param(collected(10), {**WEALTH, "industry": "F52"}, True, id="the words in a retailer's name"),
        pytest.param(collected(10), {**WEALTH, "holder_licence": "fund"}, False, id="a licensed fund manager"),
        pytest.param(collected(29), {**FACTORY, "holder_name_class": "养老"}, False, id="words worth a look do not suffice"),
    ],
)
def test_firms_that_do_not_sell_to_consumers_collect_from_persons(rows: Rows, about: dict[str, Any], fires: bool) -> None:
    assert heard(rows, about).fired == fires


@pytest.mark.parametrize(
    "industry",
    [
        pytest.param("P83", id="a school"),
        pytest.param("Q84", id="a clinic"),
        pytest.param("F52", id="a retailer"),
        pytest.param("H61", id="a hotel"),
        pytest.param("K70", id="a property manager"),
        pytest.param("L7291", id="a travel agency"),
        pytest.param("L7111", id="who rents out cars"),
    ],
)
def test_trades_that_sell_to_consumers_are_ordinary(industry: str) -> None:
    said = heard(collected(60), {"holder_kind": "company", "industry": industry})
    assert (said.fired, said.not_evaluable) == (False, False)


@pytest.mark.parametrize(
    ("about", "strength"),
    [
        pytest.param(FACTORY, 0.5, id="of another trade"),
        pytest.param({**FACTORY, "holder_name_class": "养老"}, 0.6, id="with words worth a look"),
        pytest.param({**FACTORY, "registered_capital_minor": 1_216_600}, 0.7, id="with capital below a tenth of a year's inflow"),
        pytest.param({**FACTORY, "registered_capital_minor": 1_216_700}, 0.5, id="with capital of a little more"),
        pytest.param(WEALTH, 0.7, id="with words that need a licence"),
        pytest.param({**WEALTH, "registered_capital_minor": 1}, 0.9, id="with such words and hardly any capital"),
    ],
)
def test_names_and_thin_capital_make_it_stronger(about: dict[str, Any], strength: float) -> None:
    finding = heard(collected(), about).finding
    assert finding is not None
    assert finding.strength == strength


@pytest.mark.parametrize(
    ("about", "zh", "en"),
    [
        pytest.param(FACTORY, "登记行业并不面向个人收款", "does not sell to consumers", id="by trade"),
        pytest.param(WEALTH, "须持牌方可使用", "need a licence it does not have", id="by name"),
    ],
)
def test_it_says_payers_and_their_share_and_what_does_not_fit(about: dict[str, Any], zh: str, en: str) -> None:
    finding = heard(collected(40, from_firms=10_000), about).finding
    assert finding is not None
    assert (finding.value, finding.threshold, finding.family, finding.window) == (0.8, 0.8, "text", "W90")
    for number in ("40", "80.0%", zh):
        assert number in finding.zh, number
    for number in ("40", "80.0%", en):
        assert number in finding.en, number


def test_it_shows_persons_that_paid_not_firms() -> None:
    rows = paid_in(0, range(30), 1_000) + paid_in(1, range(100, 103), 100, counterparty_kind="company")
    finding = heard(rows, FACTORY).finding
    assert finding is not None
    assert finding.evidence == [f"in-0-{p}" for p in range(13, 30)]


@pytest.mark.parametrize(
    ("about", "unknown"),
    [
        pytest.param({"holder_kind": "company"}, True, id="a firm of unknown trade"),
        pytest.param({}, True, id="a holder of unknown kind"),
        pytest.param(FACTORY, False, id="a firm of known trade"),
        pytest.param({"holder_kind": "person"}, False, id="a person, who has no scope"),
    ],
)
def test_without_trade_and_scope_a_firm_cannot_be_judged(about: dict[str, Any], unknown: bool) -> None:
    assert heard(collected(29), about).not_evaluable == unknown


FIRES = collected()
"""A story on which the typology fires, told again as wire JSON."""
ABOUT = FACTORY
"""What the bank knows of the account in that story."""
