"""Flags and scores against labels: what was found, how small it was, and what was flagged wrongly."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from sklearn.metrics import average_precision_score, roc_auc_score

from contract.flag import LARGE_VALUE, Flag
from contract.shanghai import DAY_MS, parse_ms

ILLEGAL: Final = "illegal_fundraising"
SUSPICIOUS: Final = "suspicious"
RESAMPLES: Final = 200
SIZES: Final = (50, 500)
"""Bounds of the size classes, in people who paid in: a first flag is asked to come early relative to them."""


@dataclass(frozen=True, slots=True)
class Label:
    """One labelled account; ``label`` 1 should be flagged, 0 must not be."""

    account_id: str
    label: int
    scheme_id: str
    pattern: str


@dataclass(slots=True)
class Detected:
    """A scheme at its first ``illegal_fundraising`` revision: payers and money that had come in by then."""

    pattern: str
    at_ms: int | None = None
    payers: set[str] = field(default_factory=set)
    all_payers: set[str] = field(default_factory=set)
    money: int = 0
    all_money: int = 0
    first_ms: int | None = None
    last_ms: int | None = None
    accounts: int = 0
    accused: int = 0

    @property
    def lead_days(self) -> float | None:
        """Days from the flag to the last credit: how much earlier it came than the scheme's own end."""
        return None if self.at_ms is None or self.last_ms is None else (self.last_ms - self.at_ms) / DAY_MS


def first_flagged(flags: list[Flag]) -> dict[str, int]:
    """Account to the time of its first revision of category ``illegal_fundraising``."""
    found: dict[str, int] = {}
    for flag in flags:
        if flag.category == ILLEGAL:
            at = parse_ms(flag.updated_at)
            found[flag.account_id] = min(at, found.get(flag.account_id, at))
    return found


class SchemeMeter:
    """Adds up credits to schemes' accounts from outside them, before and after their flag; fed batch by batch."""

    def __init__(self, labels: list[Label], flagged: dict[str, int]) -> None:
        self._scheme_of = {one.account_id: one.scheme_id for one in labels if one.label == 1 and one.scheme_id}
        self.schemes: dict[str, Detected] = {}
        for one in labels:
            if one.account_id in self._scheme_of:
                scheme = self.schemes.setdefault(one.scheme_id, Detected(one.pattern))
                at = flagged.get(one.account_id)
                scheme.accounts += 1
                scheme.accused += at is not None
                if at is not None:
                    scheme.at_ms = at if scheme.at_ms is None else min(at, scheme.at_ms)

    def of(self, accounts: set[str]) -> set[str]:
        """Schemes that any of the accounts belongs to."""
        return {self._scheme_of[account] for account in accounts if account in self._scheme_of}

    def add(self, account: str, other: str | None, ms: int, amount: int) -> None:
        """One credit to ``account`` from ``other`` at ``ms``, minor units."""
        scheme_id = self._scheme_of.get(account)
        if scheme_id is None or (other is not None and self._scheme_of.get(other) == scheme_id):
            return
        scheme = self.schemes[scheme_id]
        scheme.first_ms = ms if scheme.first_ms is None else min(ms, scheme.first_ms)
        scheme.last_ms = ms if scheme.last_ms is None else max(ms, scheme.last_ms)
        scheme.all_money += amount
        if other:
            scheme.all_payers.add(other)
        if scheme.at_ms is not None and ms <= scheme.at_ms:
            scheme.money += amount
            if other:
                scheme.payers.add(other)


def _ranking(truth: Any, score: Any) -> dict[str, Any]:
    """PR-AUC and ROC-AUC of the scores, with a 95 % bootstrap interval of the former (200 resamples, seed 0)."""
    if truth.min(initial=1) == truth.max(initial=0):
        return {"pr_auc": None, "roc_auc": None, "pr_auc_interval": None}
    rng = np.random.default_rng(0)
    samples = []
    for _ in range(RESAMPLES):
        at = rng.integers(0, len(truth), len(truth))
        if truth[at].any():
            samples.append(average_precision_score(truth[at], score[at]))
    return {
        "pr_auc": round(float(average_precision_score(truth, score)), 4),
        "roc_auc": round(float(roc_auc_score(truth, score)), 4),
        "pr_auc_interval": [round(float(x), 4) for x in np.percentile(samples, [2.5, 97.5])],
    }


@dataclass(frozen=True, slots=True)
class Evaluated:
    """Figures ready for JSON, and what pictures of them are drawn from: every account's truth and score, every scheme."""

    figures: dict[str, Any]
    truth: Any
    score: Any
    schemes: list[Detected]


def evaluated(labels: list[Label], flags: list[Flag], scores: dict[str, float], meter: SchemeMeter) -> Evaluated:
    """All figures of a replay by labels.

    Accounts without a label count as accounts that should not be flagged.
    """
    flagged = first_flagged(flags)
    positive = {one.account_id for one in labels if one.label == 1}
    names = sorted(set(scores) | positive)
    truth = np.array([name in positive for name in names])
    right = len(positive & set(flagged))
    wrong = Counter(one.pattern for one in labels if one.label == 0 and one.account_id in flagged)
    found = {key: one for key, one in meter.schemes.items() if one.at_ms is not None}
    suspected = {flag.account_id for flag in flags if flag.category == SUSPICIOUS} - set(flagged)
    as_suspicious = meter.of(suspected) - set(found)
    score = np.array([scores.get(name, 0.0) for name in names])
    figures = {
        "accounts": len(names),
        "labelled_positive": len(positive),
        "flagged_illegal_fundraising": len(flagged),
        "precision": round(right / len(flagged), 4) if flagged else None,
        "recall": round(right / len(positive), 4) if positive else None,
        **_ranking(truth, score),
        "other_flags": dict(Counter(f.category for f in {f.flag_id: f for f in flags}.values() if f.category != ILLEGAL)),
        "schemes": len(meter.schemes),
        "schemes_found": len(found),
        "schemes_found_as_suspicious": len(as_suspicious),
        "false_flags_by_look_alike": dict(wrong),
        "suspicious_by_look_alike": dict(
            Counter(one.pattern for one in labels if one.label == 0 and one.account_id in suspected)
        ),
        "false_flags_unlabelled": len(set(flagged) - {one.account_id for one in labels}),
        "by_pattern": _grouped(meter, as_suspicious, lambda _, scheme: [scheme.pattern]),
        "by_people": _grouped(meter, as_suspicious, lambda _, scheme: [size_class(len(scheme.all_payers))]),
        "by_evasion": _grouped(meter, as_suspicious, lambda key, _: key.split("+")[1:] or ["none"]),
        "large_value_flags": len({flag.flag_id for flag in flags if flag.category == LARGE_VALUE}),
    }
    return Evaluated(figures, truth, score, list(meter.schemes.values()))


def size_class(people: int) -> str:
    """Class of a scheme by how many paid into it over its whole time.

    >>> size_class(49), size_class(50), size_class(500), size_class(501)
    ('below_50', '50_to_500', '50_to_500', 'above_500')
    """
    return "below_50" if people < SIZES[0] else "50_to_500" if people <= SIZES[1] else "above_500"


def _grouped(meter: SchemeMeter, as_suspicious: set[str], groups_of: Callable[[str, Detected], list[str]]) -> dict[str, Any]:
    """Figures by group; a scheme may be in several."""
    groups: dict[str, list[str]] = defaultdict(list)
    for key, scheme in meter.schemes.items():
        for name in groups_of(key, scheme):
            groups[name].append(key)
    return {
        name: _group([meter.schemes[key] for key in keys], len(as_suspicious & set(keys)))
        for name, keys in sorted(groups.items())
    }


def _group(schemes: list[Detected], as_suspicious: int) -> dict[str, Any]:
    found = [one for one in schemes if one.at_ms is not None]

    def median(values: list[float]) -> float | None:
        return round(float(np.median(values)), 3) if values else None

    return {
        "schemes": len(schemes),
        "found": len(found),
        "found_as_suspicious": as_suspicious,
        "accounts": sum(one.accounts for one in schemes),
        "accounts_accused": sum(one.accused for one in schemes),
        "median_payers_at_flag": median([len(one.payers) for one in found]),
        "median_share_of_money_at_flag": median([one.money / one.all_money for one in found if one.all_money]),
        "median_days_from_first_credit": median(
            [(one.at_ms - one.first_ms) / DAY_MS for one in found if one.at_ms and one.first_ms]
        ),
        "median_lead_days": median([one.lead_days for one in found if one.lead_days is not None]),
    }
