"""What is settled of a securities account: flows and trades in windows, idleness, passages, custody transfers."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from detector.business import layout as lay
from detector.business import windows
from detector.business.view import View

PASSAGE_DAYS: Final = 3
"""Regulation §3 S07: out through another account within three days."""


def settle(view: View, first_day: int, last_before: Any, out: Any) -> dict[str, Any]:
    """Fill the securities fields of ``out`` (layout.BUSINESS, one a group); returns masks of entries by typology.

    ``last_before`` is the newest trade day that is no longer an entry (0 none), ``first_day`` the book's first.
    """
    r, w90, short = view.records, view.within(90), view.short
    firm = r["place"] == lay.SECURITIES
    trades, flows = firm & view.is_kind(lay.TRADE), firm & view.is_kind(lay.TRANSFER, lay.CASH)
    credit = r["credit"] == 1
    paid = view.to_others(flows & credit) & flows & ~credit & w90 & ~view.is_kind(lay.CASH)
    out["deposits"], out["withdrawals"] = (view.sum(flows & side & w90, "amount") for side in (credit, ~credit))
    out["trades"], out["turnover"] = view.sum(trades & w90, "count"), view.sum(trades & w90, "amount")
    out["turnover_w30"] = view.sum(trades & view.within(30), "amount")
    out["paid_others"], out["paid_others_count"] = view.sum(paid, "amount"), view.sum(paid)
    now, recent = flows & short, trades & short
    out["flow_w10"] = view.sum(now, "amount")
    out["flow_day"] = windows.most_on_a_day(view.group[now], view.count, r["day"][now])
    out["flow_run"] = windows.longest_run(view.group[now], view.count, r["day"][now], view.calendar)
    out["turnover_w10"], out["trades_w10"] = view.sum(recent, "amount"), view.sum(recent, "count")
    _idleness(view, trades, first_day, last_before, out)
    passing = _passages(view, now, out)
    moved = _custody(view, firm, out)
    return {
        "third_party_payout_without_trading": paid,
        "idle_account_large_flows": now,
        "idle_account_sudden_trading": recent,
        "rapid_trading_then_closing": trades & w90,
        "securities_cash_structuring": flows & short & view.is_kind(lay.CASH),
        "transfer_without_trading": passing,
        "repeated_custody_transfers": moved,
        "matched_trades_moving_money": recent,
    }


def settle_bank(view: View, out: Any) -> dict[str, Any]:
    """Fill what a bank's accounts sent to securities accounts; returns the mask of those entries."""
    sent = (view.records["place"] == lay.BANK) & view.within(30)
    out["to_securities"] = view.sum(sent, "amount")
    return {"securities_funding_after_collection": sent}


def _idleness(view: View, trades: Any, first_day: int, last_before: Any, out: Any) -> None:
    """Days between the last trade before the window and the first one in it, or today where there is none."""
    r, start = view.records, view.first_of_w10
    before = trades & (r["day"] < start[view.group])
    last = np.maximum(windows.most(view.group[before], view.count, r["day"][before]), last_before)
    now = trades & view.short
    begun = view.as_of.copy()
    np.minimum.at(begun, view.group[now], r["day"][now])
    out["idle_whole"] = last > 0
    since = np.minimum(first_day, start) if first_day else start
    out["idle"] = np.maximum(begun - np.where(last > 0, last, since), 0)


def _passages(view: View, now: Any, out: Any) -> Any:
    """Sums that came from one account and left for another within three days; at most as many as came."""
    r, credit = view.records, view.records["credit"] == 1
    known = now & view.is_kind(lay.TRANSFER) & (r["other"] != 0)
    into, gone = known & credit, known & ~credit
    near = _in_reach(view, into, gone, view.group)
    same = _in_reach(view, into, gone, windows.keys_of(view.group, r["other"]))
    passing = np.zeros(len(r), np.bool_)
    passing[np.flatnonzero(gone)[near > same]] = True
    out["passages"] = np.minimum(view.sum(passing), view.sum(into))
    out["passed"] = np.minimum(view.sum(passing, "amount"), view.sum(into, "amount"))
    return passing | (into & (out["passages"][view.group] > 0))


def _in_reach(view: View, into: Any, gone: Any, key: Any) -> Any:
    """For each entry of ``gone``, how many of ``into`` with its key came on its day or in the three days before."""
    number = np.unique(key[into | gone], return_inverse=True)[1]
    place = np.zeros(len(key), np.int64)
    place[into | gone] = number
    stamp = place << 24 | view.records["day"]
    came, left = np.sort(stamp[into]), stamp[gone]
    return np.searchsorted(came, left, side="right") - np.searchsorted(came, left - PASSAGE_DAYS)


def _custody(view: View, firm: Any, out: Any) -> Any:
    """Moves of one security between custodians without a lawful reason: a firm's change of system moves each but once."""
    r = view.records
    moved = firm & view.is_kind(lay.CUSTODY) & view.within(30) & ~view.has(lay.ALLOWED)
    at = np.flatnonzero(moved)
    if len(at):
        number, first = windows.ids_of(view.group[at], r["subject"][at])
        out["custody_moves"] = windows.most(view.group[at][first], view.count, np.bincount(number))
    return moved
