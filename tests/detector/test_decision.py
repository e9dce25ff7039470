"""From findings to category, score and severity: the rules of regulation §2.4 and contract §3, each by its own case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.flag import FAMILIES, Finding
from detector.catalogue import DecisionRules
from detector.decision import (
    CATEGORY_NAMES,
    ILLEGAL,
    NONE,
    OBSERVE,
    SUSPICIOUS,
    Spoken,
    as_counted,
    categories,
    category_of,
    inside_band,
    score,
    severity,
    structure_alone,
)
from detector.features.layout import EVALUATION, WINDOW
from detector.findings import EvaluationRows, Findings

RULES = DecisionRules()
WEAK = ("structure", "amount", "lifecycle", "channel")
OPENING = ("payout", "text", "identity", "network")


@dataclass(frozen=True, slots=True)
class Named:
    """A typology that fires with a given strength; ``is_strong`` is what payees_were_payers calls its strong form."""

    key: str
    family: str
    is_strong: bool = False
    window: str = "W30"
    evidence_tag: int = 128
    evidence_sides: tuple[int, ...] = (0, 1)

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Not asked here."""
        raise NotImplementedError

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:
        """Not asked here."""
        raise NotImplementedError

    def strong(self, rows: EvaluationRows) -> Any:
        """Where the strong form holds."""
        return np.full(len(rows), self.is_strong)


def rows(**core: int) -> EvaluationRows:
    """One evaluation row of a shard that has seen a year."""
    found = np.zeros(1, EVALUATION)
    found["seen_days"] = 365
    for name, value in core.items():
        found[name] = value
    return EvaluationRows(found, np.zeros((1, 4), WINDOW))


def fired(family: str, name: str = "", *, strength: float = 0.6, suppressed: bool = False, strong: bool = False) -> Spoken:
    """One typology that fired on the one row."""
    findings = Findings.where(np.ones(1, np.bool_), value=1.0, threshold=1.0, strength=strength)
    return Spoken(Named(f"{name or 'any_' + family}@1", family, strong), findings, np.full(1, suppressed))


def decided(*spoken: Spoken, persisting: bool = False, **core: int) -> str:
    """Category of the one row."""
    one = rows(**core)
    return CATEGORY_NAMES[int(categories(spoken, one, np.full(1, persisting), RULES)[0])]


def test_one_family_is_no_flag_however_many_of_its_typologies_fire() -> None:
    for family in FAMILIES:
        if family != "model":
            assert decided(fired(family, "a"), fired(family, "b"), fired(family, "c")) == "none"


def test_two_families_are_looked_at() -> None:
    assert decided(fired("structure"), fired("amount")) == "observe"
    assert decided(fired("text"), fired("payout")) == "observe"


def test_three_families_accuse_only_with_payout_text_identity_or_network_among_them() -> None:
    for family in OPENING:
        assert decided(fired("structure"), fired("amount"), fired(family)) == "illegal_fundraising"
    assert decided(*map(fired, WEAK)) == "observe"


def test_deposits_count_as_text_alone_and_as_amount_beside_other_text() -> None:
    deposits = fired("text", "deposit_taking")
    assert decided(deposits) == "none"
    assert decided(deposits, fired("structure")) == "observe"
    assert decided(deposits, fired("structure"), fired("text", "scope_mismatch")) == "illegal_fundraising"
    assert decided(deposits, fired("structure"), fired("text", "scope_mismatch", suppressed=True)) == "observe"
    assert decided(deposits, fired("text", "scope_mismatch")) == "observe"


@pytest.mark.parametrize(
    "name", ["periodic_returns", "return_rate_lattice", "returns_at_one_rate", "returns_outnumber_payments", "pyramid_levels"]
)
def test_a_confirming_payout_pattern_accuses_beside_one_other_family(name: str) -> None:
    assert decided(fired("payout", name)) == "none"
    assert decided(fired("payout", name), fired("payout", "payees_were_payers")) == "none"
    assert decided(fired("payout", name), fired("structure")) == "illegal_fundraising"


@pytest.mark.parametrize(
    ("strong", "persons", "by_persons", "expected"),
    [
        pytest.param(True, 150, 800, "illegal_fundraising", id="strong, at legal scale, by persons"),
        pytest.param(False, 150, 800, "observe", id="not strong"),
        pytest.param(True, 149, 800, "observe", id="one person short of the legal scale"),
        pytest.param(True, 150, 799, "observe", id="less than four fifths by persons"),
    ],
)
def test_strong_return_of_money_confirms_only_at_legal_scale(strong: bool, persons: int, by_persons: int, expected: str) -> None:
    back = fired("payout", "payees_were_payers", strong=strong)
    assert decided(back, fired("structure"), payers=persons, credited=1_000, credited_by_persons=by_persons) == expected


@pytest.mark.parametrize(
    ("persons", "by_persons", "other", "expected"),
    [
        pytest.param(150, 800, "text", "illegal_fundraising", id="no licence, money back, the public"),
        pytest.param(149, 800, "text", "observe", id="one person short of the public"),
        pytest.param(150, 799, "text", "observe", id="not persons' money"),
        pytest.param(150, 800, "amount", "observe", id="nothing says that a licence is missing"),
    ],
)
def test_the_three_marks_of_the_law_confirm_together(persons: int, by_persons: int, other: str, expected: str) -> None:
    back = fired("payout", "payees_were_payers")
    assert decided(back, fired(other), payers=persons, credited=1_000, credited_by_persons=by_persons) == expected
    assert decided(fired("payout"), fired(other), payers=persons, credited=1_000, credited_by_persons=by_persons) == "observe"


@pytest.mark.parametrize(
    "name", ["pass_through", "sudden_activity", "structuring", "rapid_open_close", "probe_then_ramp", "burst_then_sleep"]
)
def test_a_strong_finding_of_the_suspicious_ones_is_suspicious_by_itself(name: str) -> None:
    assert decided(fired("structure", name, strength=0.8)) == "suspicious"
    assert decided(fired("structure", name, strength=0.79)) == "none"
    assert decided(fired("structure", name, strength=0.8), fired("amount")) == "suspicious"
    assert decided(fired("structure", name, strength=0.8), fired("amount"), fired("text")) == "illegal_fundraising"


def test_no_other_typology_is_suspicious_by_its_strength() -> None:
    assert decided(fired("structure", "dispersed_in_concentrated_out", strength=1.0)) == "none"
    assert decided(fired("payout", "payees_were_payers", strength=1.0)) == "none"


def test_what_is_suppressed_counts_nowhere() -> None:
    assert decided(fired("structure"), fired("amount", suppressed=True)) == "none"
    assert decided(fired("structure", "pass_through", strength=1.0, suppressed=True)) == "none"
    assert decided(fired("payout", "return_rate_lattice", suppressed=True), fired("text"), fired("structure")) == "observe"
    assert not structure_alone([fired("structure", "pass_through", suppressed=True)], 1).any()


def test_structure_alone_is_looked_at_once_it_has_lasted() -> None:
    assert decided(fired("structure", "pass_through"), persisting=True) == "observe"
    for name, alone in (
        ("pass_through", True),
        ("dispersed_in_concentrated_out", True),
        ("concentrated_in_dispersed_out", False),
    ):
        assert structure_alone([fired("structure", name)], 1)[0] == alone


def finding(family: str, typology: str = "any@1", strength: float = 0.5) -> Finding:
    return Finding(
        typology=typology, family=family, window="W30", value=1.0, threshold=1.0, strength=strength, coverage=1.0,
        evidence=[], zh="", en="",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        pytest.param([], NONE, id="nothing"),
        pytest.param([finding("payout", "return_rate_lattice@1")], NONE, id="a confirming one alone"),
        pytest.param([finding("structure"), finding("amount")], OBSERVE, id="two families"),
        pytest.param([finding(family) for family in WEAK], OBSERVE, id="four families that others have too"),
        pytest.param([finding("structure"), finding("amount"), finding("text")], ILLEGAL, id="three families, text among them"),
        pytest.param(
            [finding("structure"), finding("payout", "return_rate_lattice@2")], ILLEGAL, id="a confirming one beside another"
        ),
        pytest.param([finding("structure"), finding("amount"), finding("text", strength=0.0)], OBSERVE, id="one is suppressed"),
        pytest.param([finding("structure"), finding("model"), finding("text")], OBSERVE, id="a model is no family"),
        pytest.param(
            [finding("structure"), finding("text", "deposit_taking@1"), finding("text", "scope_mismatch@1")],
            ILLEGAL,
            id="deposits beside other text",
        ),
        pytest.param([finding("structure"), finding("text", "deposit_taking@1")], OBSERVE, id="deposits without other text"),
    ],
)
def test_findings_of_the_last_weeks_are_judged_as_one_picture(findings: list[Finding], expected: int) -> None:
    assert category_of(findings) == expected


@pytest.mark.parametrize(
    ("beside", "family"),
    [
        pytest.param([finding("text", "scope_mismatch@1")], "amount", id="other text speaks"),
        pytest.param([finding("text", "scope_mismatch@1", strength=0.0)], "text", id="the other text is suppressed"),
        pytest.param([finding("structure")], "text", id="no other text"),
    ],
)
def test_deposits_are_shown_under_the_family_that_they_count_for(beside: list[Finding], family: str) -> None:
    shown = as_counted([finding("structure"), *beside, finding("text", "deposit_taking@1")])
    assert shown[-1].family == family
    assert shown[:-1] == [finding("structure"), *beside]


@given(st.lists(st.sampled_from([*FAMILIES, "deposits"]).flatmap(lambda f: st.tuples(st.just(f), st.sampled_from([0.0, 0.5])))))
def test_the_families_that_are_shown_add_up_to_the_category(told: list[tuple[str, float]]) -> None:
    findings = [
        finding("text" if name == "deposits" else name, f"{name}_{k}@1" if name != "deposits" else "deposit_taking@1", strength)
        for k, (name, strength) in enumerate(dict(told).items())
    ]
    shown = {one.family for one in as_counted(findings) if one.strength > 0} - {"model"}
    accused = len(shown) >= 3 and bool(shown & {"payout", "text", "identity", "network"})
    assert (category_of(findings) == ILLEGAL) == accused


@given(st.sampled_from([NONE, OBSERVE, SUSPICIOUS, ILLEGAL]), st.floats(0, 1))
def test_a_score_stays_in_its_categorys_band_after_rounding(code: int, inside: float) -> None:
    low, high = {NONE: (0, 40), OBSERVE: (40, 60), SUSPICIOUS: (60, 80), ILLEGAL: (80, 100.0001)}[code]
    assert low <= round(float(score(code, inside)), 1) < high
    assert low <= round(float(score(code, inside)), 4) < high


@given(st.floats(-5, 5), st.floats(-5, 5))
def test_a_place_outside_the_band_is_brought_to_its_edge_and_order_is_kept(one: float, other: float) -> None:
    assert 60.0 <= float(score(SUSPICIOUS, one)) <= 79.9
    assert float(score(SUSPICIOUS, 0.5)) == pytest.approx(69.95)
    if one <= other:
        assert float(score(OBSERVE, one)) <= float(score(OBSERVE, other))


def test_inside_a_band_findings_weigh_more_than_the_models_and_below_it_the_models_alone() -> None:
    code = np.array([OBSERVE], np.int8)
    two = [fired("structure", strength=0.6), fired("amount", strength=0.6)]
    assert inside_band(code, two, np.array([0.0]))[0] == pytest.approx(0.7 * 0.3)
    assert inside_band(code, two, np.array([1.0]))[0] == pytest.approx(0.7 * 0.3 + 0.3)
    assert inside_band(code, [fired("text", strength=1.0)] * 9, np.array([1.0]))[0] == pytest.approx(1.0)
    suppressed = [*two, fired("text", strength=1.0, suppressed=True)]
    assert inside_band(code, suppressed, np.array([0.0]))[0] == inside_band(code, two, np.array([0.0]))[0]
    assert inside_band(np.array([NONE], np.int8), two, np.array([0.37]))[0] == 0.37


@pytest.mark.parametrize(
    ("yuan", "persons", "tier"),
    [
        (999_999.99, 149, "below"),
        (1_000_000, 0, "filing"),
        (0, 150, "filing"),
        (4_999_999.99, 499, "filing"),
        (5_000_000, 0, "huge"),
        (0, 500, "huge"),
        (49_999_999.99, 4_999, "huge"),
        (50_000_000, 0, "especially_huge"),
        (0, 5_000, "especially_huge"),
    ],
)
def test_severity_goes_by_the_statutory_lines_for_money_or_persons(yuan: float, persons: int, tier: str) -> None:
    assert severity(round(yuan * 100), persons) == tier
