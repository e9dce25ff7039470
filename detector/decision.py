"""From findings to an account's category, severity and score (regulation §2.4, contract §3); pure, over columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import msgspec
import numpy as np

from contract.flag import CATEGORIES, FAMILIES, Finding
from detector.catalogue import DecisionRules
from detector.findings import EvaluationRows, Findings, Typology, share
from detector.legal_scale import LEGAL_MONEY_MINOR, LEGAL_PERSONS
from detector.suppression import had_wages, may_be_staff, pays_others, staff_only, suppressed_families

NONE, OBSERVE, SUSPICIOUS, ILLEGAL = range(4)
"""Category codes; positions in CATEGORIES plus one."""
CATEGORY_NAMES: Final = ("none", *CATEGORIES)
BANDS: Final = np.array([[0.0, 39.9], [40.0, 59.9], [60.0, 79.9], [80.0, 100.0]])
"""Lowest and highest score of each category (contract §3)."""
_BANDS: Final[list[tuple[float, float]]] = [tuple(band) for band in BANDS.tolist()]

_CONFIRMING: Final = (
    "periodic_returns",
    "return_rate_lattice",
    "returns_at_one_rate",
    "returns_outnumber_payments",
    "pyramid_levels",
)
_RETURNED: Final = "payees_were_payers"
_OPENING: Final = ("payout", "text", "identity", "network")
"""Families of which one must be among three (regulation §2.4); the others alone are what tuition and weddings look like."""
_SUSPICIOUS: Final = (
    "pass_through",
    "sudden_activity",
    "structuring",
    "rapid_open_close",
    "probe_then_ramp",
    "burst_then_sleep",
)
_ONLY_BESIDE: Final = ("night_activity", "payout_stress")
"""What counts only beside another finding of its family: weak, or the clock of a scheme and no reason to suspect one
(regulation §2.4: F13, F18)."""
_DEPOSITS: Final = "deposit_taking"
_DEPOSITS_ARE: Final = ("text", "amount")
"""Round sums of each one's own choice that nobody without a licence may take: where something else already tells of the missing
licence or the purpose, what is left of it is what the sums are like."""
_PERSISTING: Final = ("dispersed_in_concentrated_out", "pass_through")


@dataclass(frozen=True, slots=True)
class Spoken:
    """One typology's findings over rows, with where its family does not count."""

    typology: Typology
    findings: Findings
    suppressed: Any

    @property
    def name(self) -> str:
        """The typology's name without its version."""
        return self.typology.key.partition("@")[0]

    @property
    def is_conduct(self) -> bool:
        """Whether it is one of the securities and insurance typologies, each of which may be suspicious by itself."""
        return hasattr(self.typology, "business")

    @property
    def counting(self) -> Any:
        """Where it fired and counts."""
        return self.findings.fired & ~self.suppressed


def heard(typologies: Sequence[Typology], rows: EvaluationRows) -> list[Typology]:
    """The typologies that have something to judge: those of a business only where the shard has entries of it."""
    places = rows.book.places if rows.book is not None else frozenset()
    return [one for one in typologies if getattr(one, "business", "any") in ("any", *places)]


def may_fire(typologies: Sequence[Typology], rows: EvaluationRows, *, closer: bool = False) -> Any:
    """Rows on which any typology can fire that decides anything, by a few comparisons each.

    Nineteen rows in twenty end here. A typology says so by ``screen``; one without is asked about every row, except one of a
    business, which never fires where the business book has nothing, and one that counts beside others only. ``closer`` where
    the rows' counterparties have been asked.
    """
    may = np.zeros(len(rows), np.bool_)
    for one in heard(typologies, rows):
        screen = getattr(one, "screen", None)
        screen = getattr(one, "screen_closer", screen) if closer else screen
        if screen is not None:
            may |= screen(rows)
        elif getattr(one, "business", "any") != "any":
            may |= rows.business["place"] != 0
        elif one.key.partition("@")[0] not in _ONLY_BESIDE:
            return np.ones(len(rows), np.bool_)
    return may


def speak(typologies: Sequence[Typology], rows: EvaluationRows) -> list[Spoken]:
    """Evaluate every typology over the rows; those of a business only where the shard has entries of it."""
    masks = suppressed_families(rows.core)
    none = np.zeros(len(rows), np.bool_)
    spoken = [Spoken(one, one.evaluate(rows), masks.get(one.family, none)) for one in heard(typologies, rows)]
    return [_beside(one, spoken) if one.name in _ONLY_BESIDE else one for one in spoken]


def _beside(weak: Spoken, spoken: Sequence[Spoken]) -> Spoken:
    """The weak one counts only where another finding of its family does."""
    others = np.zeros(len(weak.suppressed), np.bool_)
    for one in spoken:
        if one.typology.family == weak.typology.family and one.name != weak.name:
            others |= one.counting
    return Spoken(weak.typology, weak.findings, weak.suppressed | ~others)


def _families(spoken: Sequence[Spoken], count: int) -> dict[str, Any]:
    hit = {family: np.zeros(count, np.bool_) for family in FAMILIES if family != "model"}
    told, deposits = np.zeros(count, np.bool_), np.zeros(count, np.bool_)
    for one in spoken:
        hit[one.typology.family] |= one.counting
        if one.name == _DEPOSITS:
            deposits |= one.counting
        elif one.typology.family == _DEPOSITS_ARE[0]:
            told |= one.counting
    hit[_DEPOSITS_ARE[1]] |= deposits & told
    return hit


def _confirmed(spoken: Sequence[Spoken], rows: EvaluationRows, rules: DecisionRules) -> Any:
    """P_conf: a payout pattern that confirms by itself, or strong return of money at legal scale.

    Return of money at that scale confirms beside text as well, strong or not: no licence, money back to who paid in, and the
    public are the three marks of what is forbidden (条例 737 art. 2).
    """
    confirmed, told = np.zeros(len(rows), np.bool_), np.zeros(len(rows), np.bool_)
    persons = share(rows.core["credited_by_persons"], rows.core["credited"])
    at_scale = (rows.core["payers"] >= rules.legal_persons) & (persons >= rules.least_person_share)
    for one in spoken:
        if one.typology.family == _DEPOSITS_ARE[0] and one.name != _DEPOSITS:
            told |= one.counting
    for one in spoken:
        if one.name == _RETURNED:
            confirmed |= one.counting & told & at_scale
        if one.name in _CONFIRMING:
            confirmed |= one.counting
        strong = getattr(one.typology, "strong", None)
        if strong is not None:
            confirmed |= one.counting & strong(rows) & at_scale
    return confirmed


def categories(spoken: Sequence[Spoken], rows: EvaluationRows, persisting: Any, rules: DecisionRules) -> Any:
    """Category code of every row (int8). ``persisting`` marks rows whose structure finding alone has lasted."""
    hit = _families(spoken, len(rows))
    number = sum(mask.astype(np.int8) for mask in hit.values())
    opening = np.logical_or.reduce([hit[family] for family in _OPENING])
    illegal = (_confirmed(spoken, rows, rules) & (number >= 2)) | ((number >= 3) & opening)
    suspicious = np.zeros(len(rows), np.bool_)
    for one in spoken:
        if one.name in _SUSPICIOUS or one.is_conduct:
            suspicious |= one.counting & (one.findings.strength >= rules.suspicious_strength)
    code = np.where((number >= 2) | persisting, OBSERVE, NONE)
    code = np.where(suspicious, SUSPICIOUS, code)
    code = np.where(illegal, ILLEGAL, code)
    return np.minimum(code, highest(spoken, rows)).astype(np.int8)


def highest(spoken: Sequence[Spoken], rows: EvaluationRows) -> Any:
    """The highest category that each row can have (int8): who raises from his own staff is looked at, not accused.

    Where a payday has not been seen yet, a firm is accused only by what it pays back; and where those who pay in have had wages
    since, not by that either as long as it pays as many others: wages and dividends are paid to who holds its shares.
    """
    paid_back = np.zeros(len(rows), np.bool_)
    for one in spoken:
        if one.typology.family == "payout":
            paid_back |= one.counting
    open_yet = may_be_staff(rows.core) & (~paid_back | (had_wages(rows.core) & pays_others(rows)))
    return np.where(staff_only(rows.core), OBSERVE, np.where(open_yet, SUSPICIOUS, ILLEGAL)).astype(np.int8)


class Weighed(Protocol):
    """What a finding weighs in a category."""

    @property
    def typology(self) -> str:
        """Name and version."""

    @property
    def family(self) -> str:
        """One of contract.flag.FAMILIES."""

    @property
    def strength(self) -> float:
        """In [0, 1]; 0 where its family does not count."""


def category_of(findings: Iterable[Weighed]) -> int:
    """Category code that findings of one account carry together, those of the last weeks included.

    A typology may fall just short on the day on which the next one fires; what an office is shown as one picture is
    judged as one. Suppressed findings have no strength and do not count.
    """
    counting = [finding for finding in findings if finding.strength > 0 and finding.family != "model"]
    families = {finding.family for finding in counting}
    of_text = {finding.typology.partition("@")[0] for finding in counting if finding.family == _DEPOSITS_ARE[0]}
    if _DEPOSITS in of_text and len(of_text) > 1:
        families.add(_DEPOSITS_ARE[1])
    confirmed = any(finding.typology.partition("@")[0] in _CONFIRMING for finding in counting)
    if (confirmed and len(families) >= 2) or (len(families) >= 3 and families & set(_OPENING)):
        return ILLEGAL
    return OBSERVE if len(families) >= 2 else NONE


def as_counted(findings: Sequence[Finding]) -> list[Finding]:
    """Findings under the families that they count for, so that a reader who adds them up comes to the category."""
    text, amount = _DEPOSITS_ARE
    counting = [one for one in findings if one.strength > 0]
    deposits = next((one for one in counting if one.typology.partition("@")[0] == _DEPOSITS), None)
    if deposits is None or not any(one.family == text for one in counting if one is not deposits):
        return list(findings)
    return [msgspec.structs.replace(one, family=amount) if one is deposits else one for one in findings]


def structure_alone(spoken: Sequence[Spoken], count: int) -> Any:
    """Where F01 or F03 fired, which alone raises ``observe`` once it has persisted."""
    mask = np.zeros(count, np.bool_)
    for one in spoken:
        if one.name in _PERSISTING:
            mask |= one.counting
    return mask


def inside_band(code: Any, spoken: Sequence[Spoken], model: Any) -> Any:
    """Where in its category's band each row stands, in [0, 1]: by findings and the models' order, by that alone below."""
    strengths = np.zeros(len(code))
    for one in spoken:
        strengths += np.where(one.counting, one.findings.strength, 0.0)
    return np.where(code > NONE, 0.7 * np.minimum(1.0, strengths / 4.0) + 0.3 * model, model)


def score(code: Any, inside: Any) -> Any:
    """Score of a category and a place inside its band; scalars or arrays, not rounded.

    >>> float(score(ILLEGAL, 0.5)), float(score(NONE, 1.0))
    (90.0, 39.9)
    """
    low, high = BANDS[code, 0], BANDS[code, 1]
    return np.clip(low + inside * (high - low), low, high)


def score_of(category: int, inside: float) -> float:
    """``score`` of one account, as plain numbers: ten times as fast.

    >>> score_of(ILLEGAL, 0.5), score_of(NONE, 1.0)
    (90.0, 39.9)
    """
    low, high = _BANDS[category]
    return min(max(low + inside * (high - low), low), high)


def severity(money_minor: int, persons: int) -> str:
    """Statutory tier of what an account absorbed in full and from how many (法释 2022).

    >>> severity(99_999_999, 149), severity(100_000_000, 1), severity(0, 500), severity(0, 5000)
    ('below', 'filing', 'huge', 'especially_huge')
    """
    tier = 0
    for money, people in zip(LEGAL_MONEY_MINOR, LEGAL_PERSONS, strict=True):
        if money_minor >= money or persons >= people:
            tier += 1
    return ("below", "filing", "huge", "especially_huge")[tier]
