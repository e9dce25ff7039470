"""Which accounts of a shard are in contact with subjects of the watch list, as of the last turn of its day."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

from contract.shanghai import day_start_ms
from detector.features.memory import ACCOUNTS, Memory
from detector.sides.dealings import dealings_of, keys_of
from detector.sides.watched import Watched

CONTACT_DAYS: Final = 90
"""A contact counts while its newest movement is no older: the longest window of a typology."""

CONTACT: Final = np.dtype(
    [
        ("account", "i4"),
        ("holder", "i1"),  # the account or its holder is on the list: kind of the finding, 0 where not
        ("cleared", "i1"),  # was in contact until the list changed at the last turn, and is not any more
        ("parties", "i4"),  # counterparties on the list
        ("paid_in", "i8"),  # by them and to them, minor units
        ("paid_out", "i8"),
        ("moved", "i8"),  # all money in and out of the account by then
    ]
)
PARTY: Final = np.dtype([("account", "i4"), ("key", "u8")])
"""Who of the list an account is in contact with, the holder included."""


class Contacts(NamedTuple):
    """Who is in contact (CONTACT, one an account, in account order) and with whom (PARTY, in account order)."""

    accounts: Any
    parties: Any


NOBODY: Final = Contacts(np.zeros(0, CONTACT), np.zeros(0, PARTY))


def contacts_of(memory: Memory, watched: Watched, day: int) -> Contacts:
    """Contacts when ``day`` begins. Reads every key of the shard once: about 10 ns a counterparty and account."""
    if not len(watched):
        return NOBODY
    accounts = memory.accounts[: int(memory.counters[ACCOUNTS])]
    holders = np.union1d(watched.among(accounts["key"]), watched.among(accounts["customer_key"]))
    pairs = watched.among(keys_of(memory))
    dealings = dealings_of(memory, pairs)
    recent = dealings.last_ms >= day_start_ms(day - CONTACT_DAYS)
    rows = np.union1d(holders, dealings.account[recent])
    found = np.zeros(len(rows), CONTACT)
    found["account"] = rows
    found["moved"] = accounts["credited"][rows] + accounts["debited"][rows]
    at = np.searchsorted(rows, holders)
    found["holder"][at] = np.maximum(
        watched.kind_of(accounts["key"][holders]), watched.kind_of(accounts["customer_key"][holders])
    )
    at = np.searchsorted(rows, dealings.account[recent])
    np.add.at(found["parties"], at, 1)
    np.add.at(found["paid_in"], at, dealings.paid_in[recent])
    np.add.at(found["paid_out"], at, dealings.paid_out[recent])
    own = [(holders, accounts[name][holders]) for name in ("key", "customer_key")]
    return Contacts(found, _parties([*own, (dealings.account[recent], keys_of(memory)[pairs][recent])], watched))


def _parties(found: list[tuple[Any, Any]], watched: Watched) -> Any:
    """PARTY of accounts and keys, those on the list, each once."""
    whole = np.zeros(sum(len(accounts) for accounts, _ in found), PARTY)
    whole["account"] = np.concatenate([accounts for accounts, _ in found])
    whole["key"] = np.concatenate([keys for _, keys in found])
    return np.unique(whole[watched.kind_of(whole["key"]) > 0])


def parties_of(contacts: Contacts, account: int) -> Any:
    """Keys of the list that an account is in contact with."""
    first, last = np.searchsorted(contacts.parties["account"], [account, account + 1])
    return contacts.parties["key"][first:last]


def of_accounts(contacts: Any, accounts: Any) -> Any:
    """The CONTACT of each account, all zero for one without."""
    found = np.zeros(len(accounts), CONTACT)
    if len(contacts):
        at = np.minimum(np.searchsorted(contacts["account"], accounts), len(contacts) - 1)
        has = contacts["account"][at] == accounts
        found[has] = contacts[at[has]]
    return found


def with_cleared(before: Any, after: Any) -> Any:
    """``after`` with those of ``before`` marked that are in contact no more."""
    gone = before[~np.isin(before["account"], after["account"])]
    cleared = np.zeros(len(gone), CONTACT)
    cleared["account"], cleared["cleared"] = gone["account"], 1
    both = np.concatenate([after, cleared])
    return both[np.argsort(both["account"], kind="stable")]


def changed(before: Any, after: Any) -> Any:
    """Accounts (int32, ascending) whose contact came, went, or became another in kind or number."""
    rows = np.union1d(before["account"], after["account"])
    was, now = of_accounts(before, rows), of_accounts(after, rows)
    return rows[(was["holder"] != now["holder"]) | (was["parties"] != now["parties"])].astype(np.int32)
