"""What a scheme's members add up to: totals, distance to the statutory lines, and how far its life has gone."""

from __future__ import annotations

from typing import Final

from contract.flag import SEVERITIES
from contract.money import minor_to_text
from contract.scheme import Line, Totals
from contract.shanghai import date_of
from detector.legal_scale import LEGAL_MONEY_MINOR, LEGAL_PERSONS
from detector.schemes.judging import Judged
from detector.schemes.measures import Measures
from detector.schemes.scheme_book import Day

LEGAL_LOSS_MINOR: Final = (50_000_000, 250_000_000, 2_500_000_000)
"""Direct loss of 0.5 m, 2.5 m, 25 m yuan (法释 2022 arts 3–5): law, not configuration."""
PACE_DAYS: Final = 30
MOST_AHEAD_DAYS: Final = 3_650
STRAINED_COVERAGE: Final = 0.9
LATE_SHARE: Final = 0.2
LEAST_PERIODIC: Final = 5
"""F18: payouts eat what new payers bring; a fifth of those paid at intervals are late by half of one."""


def loss_of(judged: Judged) -> int:
    """Unpaid principal where principal repaid alone is taken off, minor units."""
    return max(0, judged.measures.absorbed - judged.measures.principal_back)


def severity_of(judged: Judged) -> str:
    """Statutory tier of what the members absorbed in full, from how many, and of what is lost."""
    m, tier = judged.measures, 0
    for money, people, loss in zip(LEGAL_MONEY_MINOR, LEGAL_PERSONS, LEGAL_LOSS_MINOR, strict=True):
        tier += m.absorbed >= money or m.payers >= people or loss_of(judged) >= loss
    return SEVERITIES[tier]


def day_of_figures(judged: Judged, day: int) -> Day:
    """The day's cumulative figures."""
    m = judged.measures
    return Day(day, m.absorbed, m.returned, m.payers, loss_of(judged))


def _coverage(m: Measures, history: list[Day]) -> float | None:
    """Newest 30 days' payouts to earlier payers over money from new payers; null before 30 days are known or without these."""
    before = [one for one in history if one.day <= history[-1].day - PACE_DAYS] if history else []
    if not before or m.new_30d_money <= 0:
        return None
    return round(max(0, m.returned - before[-1].returned) / m.new_30d_money, 4)


def _missed(m: Measures) -> bool:
    return m.periodic >= LEAST_PERIODIC and m.late >= LATE_SHARE * m.periodic


def stage_of(m: Measures, history: list[Day]) -> str:
    """Failing when payouts are missed or all has stopped for 30 days, strained when payouts eat the new money, else growing."""
    coverage = _coverage(m, history)
    before = [one for one in history if one.day <= history[-1].day - PACE_DAYS] if history else []
    stopped = bool(before) and m.new_30d == 0 and m.returned == before[-1].returned
    if _missed(m) or stopped:
        return "failing"
    return "strained" if coverage is not None and coverage >= STRAINED_COVERAGE else "growing"


def totals_of(judged: Judged, history: list[Day]) -> Totals:
    """Totals as the wire has them; the elderly only where ages of enough payers are known."""
    m, u = judged.measures, judged.union
    known = m.known_ages >= 20 and m.known_ages >= 0.3 * m.payers
    owed = (u.paid_in - u.paid_out)[u.payer]
    return Totals(
        payers=m.payers,
        payees=m.payees,
        elderly_payers=m.elderly if known else None,
        absorbed=minor_to_text(m.absorbed),
        returned=minor_to_text(m.returned),
        unpaid_principal=minor_to_text(loss_of(judged)),
        unpaid_after_interest=minor_to_text(int(owed[owed > 0].sum())),
        payout_coverage=_coverage(m, history),
        new_payers_30d=m.new_30d,
        first_missed_payout=date_of(m.first_missed).isoformat() if _missed(m) else None,
    )


def lines_of(history: list[Day]) -> list[Line]:
    """Distance to each line of money, persons and loss, with the date of crossing at the pace of the newest 30 days."""
    now = history[-1]
    earlier = [one for one in history if one.day >= now.day - PACE_DAYS]
    first = earlier[0]
    lines = []
    for of, values, value, was in (
        ("money", LEGAL_MONEY_MINOR, now.absorbed, first.absorbed),
        ("persons", LEGAL_PERSONS, now.payers, first.payers),
        ("loss", LEGAL_LOSS_MINOR, now.loss, first.loss),
    ):
        pace = (value - was) / (now.day - first.day) if now.day > first.day else 0.0
        for severity, at in zip(SEVERITIES[1:], values, strict=True):
            missing = max(0, at - value)
            ahead = missing / pace if pace > 0 else float("inf")
            on = date_of(now.day + int(-(-missing // pace))).isoformat() if 0 < ahead <= MOST_AHEAD_DAYS else None
            text = str if of == "persons" else minor_to_text
            lines.append(Line(of=of, severity=severity, at=text(at), missing=text(missing), projected_on=on))
    return lines
