"""What an account report says, as it is drafted from the account's flags and kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from api.reports.elements import NAMES, NOT_KNOWN, SUSPECTED
from api.reports.narrative import analysis, behaviour
from contract.flag import Finding, Flag
from contract.shanghai import date_of, day_of, parse_ms

_URGENT: Final = frozenset({"huge", "especially_huge"})
_HOLDS_THE_ACCOUNT: Final = "00"
_MOST_EVIDENCE: Final = 500
"""Movements named in one report; STNM counts them all."""


class FindingLine(msgspec.Struct, frozen=True):
    """A finding as the report repeats it."""

    typology: str
    window: str
    value: float
    threshold: float
    strength: float
    coverage: float
    zh: str
    en: str


class Narrative(msgspec.Struct, frozen=True):
    """A text in both languages."""

    zh: str
    en: str


class Content(msgspec.Struct, frozen=True):
    """A report's elements by group, its narratives, and the flags that it was drafted from."""

    report: dict[str, str]
    subject: dict[str, str]
    account: dict[str, str]
    stcb: Narrative
    aosp: Narrative
    features: list[str]
    findings: list[FindingLine]
    evidence: list[str]
    """TICD of movements, at most ``_MOST_EVIDENCE``."""
    flags: list[str]
    """Flag id and revision, ``id@3``."""
    severity: str | None


def drafted(flags: Sequence[Flag], *, preparer: str, trigger: str, other: str | None, crime: str | None) -> Content:
    """A report about the account of ``flags`` (newest first, one at least, all of one account and institution)."""
    newest = flags[0]
    findings = _findings(flags)
    evidence = list(dict.fromkeys(event for finding in findings for event in finding.evidence))
    first, last = min(flag.first_movement_at for flag in flags), max(flag.last_movement_at for flag in flags)
    known = {
        "RICD": newest.institution_code,
        "RLFC": _HOLDS_THE_ACCOUNT,
        "DETR": "02" if newest.severity in _URGENT else "01",
        "TORP": "1",
        "TPTR": trigger,
        "OTPR": other or NOT_KNOWN,
        "TOSC": crime or SUSPECTED,
        "SETN": "1",
        "STNM": str(len(evidence)),
        "SBDT": _date(first),
        "SEDT": _date(last),
        "RPNM": preparer,
    }
    return Content(
        report=_filled("report", known, without=("STCB", "AOSP", "STCR")),
        subject=_filled("subject", {"CSNM": newest.customer_id or NOT_KNOWN}),
        account=_filled("account", {"CTAC": newest.account_id, "TRCD": "CHN" + newest.branch_region}),
        stcb=Narrative(*behaviour(newest, first, last)),
        aosp=Narrative(*analysis(newest, findings)),
        features=[finding.typology for finding in findings],
        findings=[FindingLine(f.typology, f.window, f.value, f.threshold, f.strength, f.coverage, f.zh, f.en) for f in findings],
        evidence=evidence[:_MOST_EVIDENCE],
        flags=[f"{flag.flag_id}@{flag.revision}" for flag in flags],
        severity=newest.severity,
    )


def _findings(flags: Sequence[Flag]) -> list[Finding]:
    """Every typology once, as the newest flag that has it tells it; the strongest first."""
    found: dict[str, Finding] = {}
    for flag in flags:
        for finding in flag.findings:
            found.setdefault(finding.typology, finding)
    return sorted(found.values(), key=lambda finding: (-finding.strength, finding.typology))


def _filled(group: str, known: dict[str, str], *, without: Sequence[str] = ()) -> dict[str, str]:
    names = NAMES[group]  # type: ignore[index]
    return {code: known.get(code, NOT_KNOWN) for code in names if code not in without}


def _date(moment: str) -> str:
    return date_of(day_of(parse_ms(moment))).isoformat()
