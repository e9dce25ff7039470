"""The guide names every pattern, and for every typology of the contract a pattern that it should see."""

from __future__ import annotations

import re
from pathlib import Path

from producers.simulate.patterns import SCHEME, patterns
from producers.simulate.patterns._evade import EVASIONS

GUIDE = (Path(__file__).parents[3] / "docs" / "simulator.md").read_text("utf-8")
TYPOLOGIES = [
    "dispersed_in_concentrated_out",
    "concentrated_in_dispersed_out",
    "pass_through",
    "unit_priced_credits",
    "periodic_returns",
    "payees_were_payers",
    "return_rate_lattice",
    "sudden_activity",
    "fundraising_remarks",
    "vulnerable_payers",
    "linked_accounts",
    "scope_mismatch",
    "merchant_channel_collection",
    "night_activity",
    "many_payer_regions",
    "staff_layering",
    "pyramid_levels",
    "payout_stress",
    "cash_out_after_collection",
    "structuring",
    "unlicensed_p2p_pool",
    "rapid_open_close",
    "probe_then_ramp",
    "burst_then_sleep",
    "watchlist_contact",
    "large_value_cash",
    "large_value_company_transfer",
    "large_value_person_transfer",
    "large_value_cross_border",
]
"""Contract §3; securities and insurance typologies are named by their patterns."""


def test_every_typology_has_a_pattern_that_it_should_see() -> None:
    rows = re.findall(r"^\| ((?:`[a-z_0-9]+` ?)+)\| (.*) \|$", GUIDE, re.MULTILINE)
    seen = {name: cases for names, cases in rows for name in re.findall(r"`([a-z_0-9]+)`", names)}
    assert set(TYPOLOGIES) <= set(seen)
    named = {case for cases in seen.values() for case in re.findall(r"[A-Z][0-9]{2}", cases)}
    assert named <= {pattern.NAME for pattern in patterns()}


def test_every_scheme_and_evasion_is_described() -> None:
    described = set(re.findall(r"^\| ([A-Z][0-9]{2}) \|", GUIDE, re.MULTILINE))
    assert described == {pattern.NAME for pattern in patterns(SCHEME)}
    assert {name for name in EVASIONS if f"`{name}`" not in GUIDE} == set()
