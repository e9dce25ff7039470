"""Copy all that typologies read of one account, at one moment, into an evaluation row."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from detector.features.jit import inner, loop
from detector.features.layout import CAUSE_DAY, CAUSE_LATE, CAUSE_RUNG, TODAY, TRADE_HALF
from detector.features.memory import ELDERLY, FIRST_DAY, KNOWN_AGES
from detector.features.model_inputs import from_lines, from_windows
from detector.features.past import sum_past
from detector.features.remembering import copy_remembered, terminals_of
from detector.features.rules import first_of_w10
from detector.features.walk import HUB_PAIRS, walk, worth_a_walk
from detector.features.windows import sum_windows

CLOSER: Final = (
    "walked",
    "terminals",
    "top3_out_w10",
    "top3_out_w30",
    "top3_in_w10",
    "top3_in_w30",
    "students",
    "known_occupations",
    "cities",
    "known_regions",
    "city_entropy",
    "text_in_payers",
    "text_strong_payers",
    "text_p2p_payers",
    "text_fund_payers",
    "text_policy_payers",
    "text_out_payees",
    "on_payroll",
    "payers_on_payroll",
    "both_sides",
    "periodic",
    "period",
    "late",
    "known_ages",
    "elderly",
    "paid_to_walked",
    "paid_to_returnees",
    "paid_to_payers",
    "large_payers",
    "large_staff",
    "large_on_payroll",
    "returns",
    "returned_twice",
    "returned_oftener",
    "oftener_mode",
    "returned_at_once",
    "joined_after",
    "joined_since",
    "due_money",
    "due_served",
    "rebated",
    "join_days",
    "tickets",
    "ticket_kinds",
    "ticket_mode",
    "deposits",
    "deposits_large",
    "deposits_round",
    "deposit_days",
    "deposit_kinds",
    "deposit_mode",
    "deposits_back",
    "deposits_served",
    "deposit_money",
    "deposit_money_back",
    "price",
    "price_fits",
    "price_known",
    "level_parts",
    "level_payouts",
    "level_known",
    "level_payees",
    "level_several",
    "level",
    "ticket_usual",
    "at_one_rate",
    "round_principals",
    "ratios",
    "in_proportion",
    "ratios_on_lattice",
    "lattice",
)
"""Fields of an evaluation row that are zero until it is looked at closer: no screen may read them."""
FORGETTING = 0.1
"""Weight of a new day in the account's usual inflow: about the last 20 active days."""


@inner
def _learn_usual(a: Any, value: Any) -> None:
    """Let a finished day's inflow (log yuan) into the account's own history."""
    if a.active_days <= 1:
        a.usual_in_mean = value
        a.usual_in_dev = 0.0
        return
    a.usual_in_dev += FORGETTING * (abs(value - a.usual_in_mean) - a.usual_in_dev)
    a.usual_in_mean += FORGETTING * (value - a.usual_in_mean)


@inner
def _evaluation(m: Any, a: Any, moment: Any, r: Any, windows: Any, rules: Any) -> None:
    """Fill an evaluation row that has been cleared, and its windows."""
    r.account = moment.account
    r.as_of = moment.as_of
    r.cause = moment.cause
    r.region = a.region
    r.subject_region = a.subject_region
    r.customer_at = a.customer_at
    r.customer_len = a.customer_len
    r.holder_kind = a.holder_kind
    r.licence = a.licence
    r.account_type = a.account_type
    r.institution_type = a.institution_type
    r.first_ms = a.first_ms
    r.last_ms = a.last_ms
    r.movements = a.movements
    r.active_days = a.active_days
    r.credits = a.credits
    r.credits_known = a.credits_known
    r.payers = a.payers
    r.payees = a.payees
    r.returnees = a.returnees
    r.credited = a.credited
    r.debited = a.debited
    r.credited_by_persons = a.credited_by_persons
    r.returned = a.returned
    r.usual_in_mean = a.usual_in_mean
    r.usual_in_dev = a.usual_in_dev
    r.industry = a.trade & (1 << TRADE_HALF) - 1
    r.sensitive = a.trade >> TRADE_HALF
    r.pretexts = a.pretexts
    r.opened = a.opened
    r.closed = a.closed
    r.moved = a.moved
    r.probed = a.probed
    r.woke = a.woke
    r.slept = a.slept
    r.span = a.span
    r.probes = a.probes
    r.probe_most = a.probe_most
    r.capital = a.capital
    r.usual_elderly = m.counters[ELDERLY] / max(m.counters[KNOWN_AGES], 1)
    r.spoken = a.spoken
    r.described = a.described
    r.away = a.away
    r.seen_days = moment.as_of - m.counters[FIRST_DAY] + 1
    sum_windows(m, r, windows, moment.as_of, rules)
    sum_past(m, a, r)


@inner
def _closer(m: Any, w: Any, rules: Any, out: Any) -> None:
    """Complete row ``w`` by what costs most: terminals, and the counterparty table where it says something."""
    r = out.rows[w]
    a, as_of = m.accounts[r.account], np.int64(r.as_of)
    r.terminals = terminals_of(m, a)
    if worth_a_walk(out.windows[w]) and a.met <= HUB_PAIRS:
        walk(m, r, as_of, first_of_w10(as_of, rules))


@inner
def _judged_within_its_day(out: Any, w: Any) -> Any:
    """Whether the account of row ``w`` may have moved since: the row was completed, movements and all, when it was made."""
    return out.rows[w].cause in (CAUSE_RUNG, CAUSE_LATE)


@loop
def look_closer(m: Any, chosen: Any, rules: Any, out: Any) -> None:
    """Complete the rows ``chosen`` (int64 places among those that the buffer holds) that are not so yet.

    Those accounts must not have moved since. A walk over the counterparty table costs about 0.1 µs a counterparty.
    """
    for k in range(len(chosen)):
        if not _judged_within_its_day(out, chosen[k]):
            _closer(m, chosen[k], rules, out)


@loop
def recall(m: Any, chosen: Any, out: Any) -> None:
    """Write out the remembered movements of the rows ``chosen`` beside them; those accounts must not have moved since.

    A flag shows them, and of a hundred rows that are looked at closer some fifteen are flagged.
    """
    for k in range(len(chosen)):
        if not _judged_within_its_day(out, chosen[k]):
            copy_remembered(m, m.accounts[out.rows[chosen[k]].account], out.evidence[chosen[k]])


@inner
def evaluate(m: Any, row: Any, as_of: Any, cause: Any, rules: Any, out: Any) -> None:
    """Append the account to ``out``, which must have room for one more.

    Every account gets what the models read. Only one that has movements remembered to show can be flagged, so only
    such a one gets an evaluation row: a walk over its day lines of 90 days (about 0.5 µs). What is to be said of its
    counterparties is left to ``look_closer``, as nineteen rows in twenty are of no interest to any typology; but an
    account that is judged within its day goes on moving, so its row is completed at once.
    """
    k = out.count[0]
    out.count[0] = k + 1
    a = m.accounts[row]
    moment = out.moments[k]
    moment.account = row
    moment.as_of = as_of
    moment.cause = cause
    moment.holder_kind = a.holder_kind
    moment.last_ms = a.last_ms
    own = out.own[k]
    own[0] = a.active_days
    own[1] = a.usual_in_dev
    own[2] = a.usual_in_mean
    start10 = first_of_w10(as_of, rules)
    if a.evidence < 0:
        moment.watched = -1
        today = from_lines(out.features[k], m, a, as_of, start10)
    else:
        w = out.count[1]
        out.count[1] = w + 1
        moment.watched = w
        out.rows[w] = out.blank_row[0]
        r, windows = out.rows[w], out.windows[w]
        for span in range(4):
            windows[span] = out.blank_window[0]
        _evaluation(m, a, moment, r, windows, rules)
        if cause in (CAUSE_RUNG, CAUSE_LATE):
            _closer(m, w, rules, out)
            copy_remembered(m, a, out.evidence[w])
        from_windows(out.features[k], windows, a)
        today = windows[TODAY].credited
    own[3] = math.log1p(today / 100.0)
    if cause == CAUSE_DAY:
        _learn_usual(a, own[3])
