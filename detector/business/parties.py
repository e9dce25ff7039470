"""Accounts of one insurer's shard that share who pays or handles them: agents' clients, policies surrendered together.

Holders stand in shards by their pseudonym: of a party whose clients are in several shards each sees its own part.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from detector.business import layout as lay
from detector.business.windows import among, ids_of, sums

LEAST_GROUP: Final = 3
"""Fewer accounts are no group (regulation §2.1 F10: three subjects)."""


def by_agents(entries: Any, as_of: int) -> tuple[Any, Any, Any]:
    """Accounts whose premiums an agent paid within 30 days: key, clients of that agent, and what he paid for them all."""
    paid = entries[(entries["kind"] == lay.PREMIUM) & (entries["bits"] & lay.AGENT_PAYS != 0) & (entries["day"] > as_of - 30)]
    paid = paid[(paid["credit"] == 1) & ((paid["other"] != 0) | (paid["agent"] != 0))]
    # The agent's own account where it is named, else the agent.
    party, first = ids_of(np.where(paid["other"] != 0, paid["other"], paid["agent"]))
    at = ids_of(party, paid["account"])[1]
    clients = sums(party[at], len(first))
    money = sums(party, len(first), paid["amount"])
    return paid["account"][at], clients[party[at]], money[party[at]]


def surrendered_together(entries: Any, start: int, as_of: int) -> tuple[Any, Any, Any, Any]:
    """Accounts with a surrender from day ``start`` on that share a party: key, policies of that party surrendered to its two
    most frequent payees, their share of its policies, their sum.

    A party is who paid premiums for them within 90 days without being of their people, who handled them, or who was paid.
    """
    gone = entries[(entries["kind"] == lay.SURRENDER) & (entries["credit"] == 0) & (entries["day"] >= start)]
    if not len(gone):
        return np.zeros(0, np.uint64), np.zeros(0, np.int64), np.zeros(0), np.zeros(0, np.int64)
    party, place = _edges(entries, gone, as_of)
    number, first = ids_of(party)
    accounts_at = ids_of(number, gone["account"][place])[1]
    wide = sums(number[accounts_at], len(first)) >= LEAST_GROUP
    keep = wide[number]
    number, place = number[keep], place[keep]
    policy = ids_of(number, gone["account"][place], gone["subject"][place])[1]
    payee, payee_at = ids_of(number[policy], gone["other"][place][policy])
    counts = np.bincount(payee, minlength=len(payee_at))
    rank = _rank_within(number[policy][payee_at], counts)
    top = rank[payee] < 2
    policies, together = sums(number[policy], len(first)), sums(number[policy][top], len(first))
    money = sums(number[policy][top], len(first), gone["amount"][place][policy][top])
    best = np.lexsort((together[number], gone["account"][place]))
    owner = gone["account"][place][best]
    last = best[np.append(owner[1:] != owner[:-1], True)] if len(best) else best
    chosen = number[last]
    return gone["account"][place][last], together[chosen], together[chosen] / np.maximum(policies[chosen], 1), money[chosen]


def _edges(entries: Any, gone: Any, as_of: int) -> tuple[Any, Any]:
    """Party of each surrender (key) and the surrender's place; one surrender may have several parties."""
    premiums = entries[(entries["kind"] == lay.PREMIUM) & (entries["day"] > as_of - 90) & (entries["other"] != 0)]
    near = np.isin(premiums["relation"], (lay.SELF, lay.RELATED, lay.EMPLOYER)) | (
        premiums["bits"] & (lay.OWN | lay.NO_PARTY) != 0
    )
    # A firm that pays without a word of who it is pays for its staff.
    near |= (premiums["relation"] == 0) & (premiums["bits"] & lay.COMPANY != 0)
    premiums = premiums[~near]
    premiums = premiums[np.isin(premiums["account"], gone["account"])]
    premiums = premiums[ids_of(premiums["account"], premiums["other"])[1]]
    order = np.argsort(gone["account"], kind="stable")
    low = np.searchsorted(gone["account"][order], premiums["account"])
    count = np.searchsorted(gone["account"][order], premiums["account"], side="right") - low
    joined = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + np.repeat(low, count)
    handled, paid = (
        np.flatnonzero(gone["agent"] != 0),
        np.flatnonzero((gone["other"] != 0) & (gone["bits"] & (lay.OWN | lay.NO_PARTY) == 0)),
    )
    party = np.concatenate([np.repeat(premiums["other"], count), gone["agent"][handled], gone["other"][paid]])
    return party, np.concatenate([order[joined], handled, paid])


def _rank_within(group: Any, size: Any) -> Any:
    """Place of each row among its group's, the largest first, 0-based."""
    order = np.lexsort((-size, group))
    starts = np.append(True, group[order][1:] != group[order][:-1])
    rank = np.empty(len(group), np.int64)
    rank[order] = np.arange(len(group)) - np.maximum.accumulate(np.where(starts, np.arange(len(group)), 0))
    return rank


def touched_with(entries: Any, came: Any) -> Any:
    """Keys of accounts that share a paying agent, a payee or a handler with what came today: their picture changed too."""
    agents = came[(came["kind"] == lay.PREMIUM) & (came["bits"] & lay.AGENT_PAYS != 0)]
    gone = came[came["kind"] == lay.SURRENDER]
    found = np.zeros(len(entries), np.bool_)
    for part in (agents, gone):
        if len(part):
            same = among((entries["other"],), (part["other"][part["other"] != 0],))
            same |= among((entries["agent"],), (part["agent"][part["agent"] != 0],))
            found |= same & np.isin(entries["kind"], (lay.PREMIUM, lay.SURRENDER))
    if len(gone):
        payers = entries[np.isin(entries["account"], gone["account"]) & (entries["kind"] == lay.PREMIUM)]
        known = payers["other"][(payers["other"] != 0) & (payers["bits"] & lay.NO_PARTY == 0)]
        found |= np.isin(entries["other"], known) & (entries["kind"] == lay.PREMIUM)
    return np.unique(entries["account"][found])
