"""A cluster judged: what its union shows, and the category that follows (regulation §2.4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from contract.flag import Finding
from detector.decision import ILLEGAL, NONE, OBSERVE, category_of
from detector.schemes.group_findings import Circle, GroupRules, group_findings, is_strong
from detector.schemes.grouping import LEAST_ABSORBED_MINOR
from detector.schemes.measures import Measures, measured
from detector.schemes.picture import Picture
from detector.schemes.pruning import Part
from detector.schemes.union import Union
from detector.suppression import LEAST_STAFF_SHARE

LEGAL_PERSONS: Final = 150
OWN_PURPOSE: Final = ("fund_collection", "escrow")
FEW_NEW: Final = 0.2
_SAID: Final = frozenset({"payout", "text", "identity"})


@dataclass(frozen=True, slots=True)
class Judged:
    """One cluster at a day's end."""

    part: Part
    union: Union
    measures: Measures
    circle: Circle
    findings: list[Finding]
    category: int


def judged(picture: Picture, part: Part, day: int, w10: int, rules: GroupRules) -> Judged:
    """Judge the union of a cluster's accounts."""
    union = Union.of(picture, part.accounts)
    measures = measured(picture, union, day, w10)
    circle = _circle(picture, part)
    findings = group_findings(measures, circle, rules)
    return Judged(part, union, measures, circle, findings, _category(measures, findings, rules))


def _circle(picture: Picture, part: Part) -> Circle:
    return Circle(
        accounts=len(part.accounts),
        subjects=len(np.unique(picture.node[part.accounts])),
        collecting=int(part.collects.sum()),
        paying=int(part.pays_out.sum()),
        passing=int(part.passes_on.sum()),
        staff=int(staff(picture, part).sum()),
        purposes=sum(picture.accounts[a].account_type in OWN_PURPOSE for a in part.accounts.tolist()),
    )


def staff(picture: Picture, part: Part) -> Any:
    """Members who hand persons' money on and have their employer in common with two others of them, or in the circle."""
    employers = [
        next((value for kind, value in picture.accounts[a].links if kind == "employer"), 0) for a in part.accounts.tolist()
    ]
    own = np.array(employers, np.uint64)
    inside = np.isin(own, picture.keys_of(part.accounts))
    values, counts = np.unique(own[part.passes_on], return_counts=True)
    common = np.isin(own, values[counts >= 3])
    found: Any = part.passes_on & (own != 0) & (inside | common)
    return found


def _category(m: Measures, findings: list[Finding], rules: GroupRules) -> int:
    """As an account's: confirmed payouts and a second family, or three families with one of payout, text, identity, network."""
    code = category_of(findings)
    at_scale = is_strong(m, rules) and m.payers >= LEGAL_PERSONS
    if at_scale and len({one.family for one in findings}) >= 2:
        code = ILLEGAL
    if m.crossed < rules.least_trace and not _SAID & {one.family for one in findings}:
        # A school's teachers and a firm's salesmen collect one price of many and hand it on: a network, and no fund-raising yet.
        code = min(code, OBSERVE)
    if m.on_wages >= LEAST_STAFF_SHARE * max(m.payers, 1):
        # A firm that borrows from its own staff does not raise from the public (法释 2022 art. 1).
        code = min(code, OBSERVE)
    if m.absorbed < LEAST_ABSORBED_MINOR and m.new_30d < FEW_NEW * m.payers:
        # A club's or a class's fees of years, and what is left of them: few come, and no line of the law is near.
        code = min(code, OBSERVE)
    return code if findings else NONE
