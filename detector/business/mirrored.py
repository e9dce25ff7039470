"""Trades of two accounts that mirror each other, over the entries of a whole shard (regulation §3 S06; Order 2006/2 art. 12(9)).

Two accounts trade one security in one quantity for one sum within two seconds, one buying and one selling. In a liquid
security that happens to strangers; to the same two again and again, with positions closed and money moved, it does not.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from detector.business import layout as lay
from detector.business.windows import ids_of, keys_of, sums

APART_MS: Final = 2_000
MATCH: Final = np.dtype(
    [
        ("buyer", "u8"),
        ("seller", "u8"),
        ("subject", "u8"),
        ("quantity", "i8"),
        ("amount", "i8"),
        ("day", "i4"),
    ],
    align=True,
)


def matches_of(entries: Any) -> Any:
    """Mirrored trades (MATCH) among single trades of any accounts; one that could be two is none."""
    trades = entries[(entries["kind"] == lay.TRADE) & (entries["bits"] & lay.MERGED == 0) & (entries["quantity"] > 0)]
    if len(trades) < 2:
        return np.zeros(0, MATCH)
    key = keys_of(trades["subject"], trades["quantity"], trades["amount"])
    order = np.lexsort((trades["ms"], key))
    trades, key = trades[order], key[order]
    a, b = trades[:-1], trades[1:]
    near = (key[1:] == key[:-1]) & (b["ms"] - a["ms"] <= APART_MS)
    found = near & (a["credit"] != b["credit"]) & (a["account"] != b["account"])
    found &= ~np.append(False, near[:-1]) & ~np.append(near[1:], False)
    a, b = a[found], b[found]
    made = np.zeros(len(a), MATCH)
    for name in ("subject", "quantity", "amount", "day"):
        made[name] = a[name]
    made["buyer"] = np.where(a["credit"] == 0, a["account"], b["account"])
    made["seller"] = np.where(a["credit"] == 0, b["account"], a["account"])
    return made


def partners(matches: Any) -> tuple[Any, Any]:
    """Accounts (sorted keys) with what their most frequent partner and they did: number, gain, and share left open."""
    one = np.concatenate([matches["buyer"], matches["seller"]])
    other = np.concatenate([matches["seller"], matches["buyer"]])
    bought = np.append(np.ones(len(matches), np.int64), -np.ones(len(matches), np.int64))
    amount, quantity = np.tile(matches["amount"], 2), np.tile(matches["quantity"], 2)
    subject = np.tile(matches["subject"], 2)
    pair, first = ids_of(one, other)
    held, first_held = ids_of(one, other, subject)
    open_quantity = np.abs(sums(held, len(first_held), bought * quantity))
    left = sums(pair[first_held], len(first), open_quantity) / np.maximum(sums(pair, len(first), quantity), 1)
    number, gain = sums(pair, len(first)), sums(pair, len(first), -bought * amount)
    order = np.lexsort((number, one[first]))
    last = order[np.append(one[first][order][1:] != one[first][order][:-1], True)] if len(order) else order
    told = np.zeros(len(last), [("mirrored", "i8"), ("mirrored_gain", "i8"), ("mirrored_open", "f8")])
    told["mirrored"], told["mirrored_gain"], told["mirrored_open"] = number[last], gain[last], left[last]
    return one[first][last], told
