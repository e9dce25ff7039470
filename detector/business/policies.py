"""What is settled of an account at an insurer: premiums, who pays them, surrenders, claims and loans in windows."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from detector.business import layout as lay
from detector.business import windows
from detector.business.view import View

HESITATION_DAYS: Final = 15
EARLY_DAYS: Final = 365
LOAN_DAYS: Final = 30
"""Regulation §3 I05, I12: days of hesitation, a policy's first year, a loan soon after issue."""
NEAR_LINES: Final = ((40_000_000, 50_000_000), (160_000_000, 200_000_000))
"""Below but close to the lines of 0503 and 0502: from 80 % to under them (Order 2006/2 art. 20; [PUB] k = 0.80)."""
OVERPAID: Final = 1.5
"""Regulation §3 I06: paid over due."""


def settle(view: View, out: Any) -> dict[str, Any]:
    """Fill the insurance fields of ``out`` (layout.BUSINESS, one a group); returns masks of entries by typology."""
    r = view.records
    here, credit = r["place"] == lay.INSURANCE, r["credit"] == 1
    premiums = here & credit & (view.is_kind(lay.PREMIUM) | (view.is_kind(lay.CASH) & (r["subject"] != 0)))
    surrenders, loans = here & ~credit & view.is_kind(lay.SURRENDER), here & ~credit & view.is_kind(lay.LOAN)
    age = np.where(r["issued"] > 0, r["day"] - r["issued"], -1)
    asked = (surrenders | loans) & view.within(90)
    out["issued_asked"], out["issued_known"] = view.sum(asked), view.sum(asked & (age >= 0))
    out["payout_sum"] = view.sum(here & ~credit & view.within(90), "amount")
    hesitant = surrenders & view.short & (age >= 0) & (age <= HESITATION_DAYS)
    out["hesitant"], out["hesitant_sum"] = view.sum(hesitant), view.sum(hesitant, "amount")
    marks = {"hesitation_period_surrenders": hesitant}
    third = _third(view, premiums)
    marks["early_surrender_to_third_party"] = _early(view, surrenders & third, age, out)
    marks["overpaid_premium_refund"] = _overpaid(view, premiums, here, out)
    marks |= _payers(view, premiums, out)
    marks["cash_premiums_and_third_party_claims"] = _cash_and_claims(view, premiums, here & ~credit & third, out)
    marks["frequent_payouts_to_one_payee"] = _near(view, surrenders | (here & ~credit & view.is_kind(lay.CLAIM)), out)
    marks["policy_loan_cash_out"] = _lent(view, loans, age, out)
    marks["policies_bought_apart_surrendered_together"] = (premiums & view.within(90)) | (surrenders & view.short)
    return marks


def _third(view: View, premiums: Any) -> Any:
    """Entries to somebody who is neither holder, nor of his people, nor ever paid a premium (a changed card is his own)."""
    said = np.isin(view.records["relation"], (lay.AGENT, lay.OTHER))
    related = np.isin(view.records["relation"], (lay.SELF, lay.RELATED, lay.EMPLOYER, lay.PROVIDER))
    stranger = (said & ~view.has(lay.OWN)) | (~related & view.to_others(premiums))
    return stranger & ~view.paid_by(premiums & ~said) & ~view.has(lay.NO_PARTY)


def _early(view: View, surrenders: Any, age: Any, out: Any) -> Any:
    early = surrenders & view.within(30) & (age >= 0) & (age <= EARLY_DAYS)
    out["early_third"] = view.sum(early, "amount")
    youngest = np.full(view.count, EARLY_DAYS, np.int64)
    np.minimum.at(youngest, view.group[early], age[early])
    out["early_third_age"] = np.where(out["early_third"] > 0, youngest, 0)
    return early


def _overpaid(view: View, premiums: Any, here: Any, out: Any) -> Any:
    """Premiums of half as much again as due, and what went back on the same policies (or on none that is named)."""
    r = view.records
    due = r["due"] > 0
    out["premiums"], out["premium_sum"] = view.sum(premiums & view.within(90)), view.sum(premiums & view.within(90), "amount")
    out["dues_known"] = view.sum(premiums & due & view.within(90))
    much = premiums & view.short & due & (r["amount"] >= OVERPAID * r["due"])
    back = here & (r["credit"] == 0) & view.is_kind(lay.TRANSFER, lay.PREMIUM, lay.CASH) & view.short
    back &= (r["subject"] == 0) | windows.among((view.group, r["subject"]), (view.group[much], r["subject"][much]))
    back &= view.sum(much)[view.group] > 0
    out["overpaid"], out["overpaid_due"] = view.sum(much, "amount"), view.sum(much, "due")
    out["overpaid_back"] = view.sum(back, "amount")
    return much | back


def _payers(view: View, premiums: Any, out: Any) -> dict[str, Any]:
    """Premiums whose payer is nobody of the holder's, and those that an agent paid."""
    w90 = premiums & view.within(90)
    out["relations_known"] = view.sum(w90 & (view.records["relation"] > 0))
    unrelated = w90 & (view.records["relation"] == lay.OTHER) & ~view.has(lay.OWN) & ~view.has(lay.AGENT_PAYS)
    out["unrelated"] = view.sum(unrelated, "amount")
    by_agent = premiums & view.within(30) & view.has(lay.AGENT_PAYS)
    return {"unrelated_premium_payer": unrelated, "agent_paid_premiums": by_agent}


def _cash_and_claims(view: View, premiums: Any, third: Any, out: Any) -> Any:
    cash = premiums & view.within(30) & view.has(lay.COUNTER_CASH)
    # What a hospital or garage is paid for the insured is paid to a firm.
    claims = third & view.is_kind(lay.CLAIM) & view.within(90) & ~view.has(lay.COMPANY)
    out["cash_premiums"], out["claims_third"] = view.sum(cash, "amount"), view.sum(claims, "amount")
    return cash | claims


def _near(view: View, payouts: Any, out: Any) -> Any:
    """Payouts just below a reporting line to one payee: most on a day and longest run of working days, of any payee."""
    r = view.records
    below = np.zeros(len(r), np.bool_)
    for low, line in NEAR_LINES:
        below |= (r["amount"] >= low) & (r["amount"] < line)
    near = payouts & view.short & below
    at = np.flatnonzero(near)
    if len(at):
        payee, first = windows.ids_of(view.group[at], r["other"][at])
        holder = view.group[at][first]
        day = windows.most_on_a_day(payee, len(first), r["day"][at])
        run = windows.longest_run(payee, len(first), r["day"][at], view.calendar)
        out["near_day"], out["near_run"] = windows.most(holder, view.count, day), windows.most(holder, view.count, run)
        out["near_sum"] = windows.most(holder, view.count, windows.sums(payee, len(first), r["amount"][at]))
    return near


def _lent(view: View, loans: Any, age: Any, out: Any) -> Any:
    r = view.records
    lent = loans & view.within(30) & (age >= 0) & (age <= LOAN_DAYS) & (r["value"] > 0)
    out["loan"], out["loan_value"] = view.sum(lent, "amount"), windows.most(view.group[lent], view.count, r["value"][lent])
    out["loan_age"] = windows.most(view.group[lent], view.count, age[lent])
    return lent
