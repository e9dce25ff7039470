"""What all shards have told by a day, side by side: candidate accounts, their holders, and who paid whom."""

from __future__ import annotations

from collections.abc import Set
from typing import Any, Final

import numpy as np
import pyarrow as pa

from contract.evidence import COUNTERPARTY, NAMES, Evidence, Names
from contract.hashing import hash64

NOBODY: Final = -1
_NOTHING: Final[frozenset[tuple[str, int]]] = frozenset()
MOST_SUBJECTS: Final = 50
"""A value that more share is a park's address or a bookkeeper's phone (regulation §2.1 F10)."""


def _hashes(words: list[str | None]) -> Any:
    return hash64(pa.array(words, pa.string()))


class Picture:
    """Accounts in order of institution and account id; newer evidence replaces older, older never newer.

    ``rows`` are all counterparty records one account after the other: ``starts[a]`` to ``starts[a + 1]`` are account ``a``'s,
    ``party`` is the one number of each counterparty, whichever name it went by, ``holder`` that of each account's holder, both
    in order of their keys; of them all, those of whom accounts were told have a place in ``holders`` as well (``node``). ``seen``
    (by party) are who holds an account at an institution that reports: of anybody else two accounts are two strangers.
    """

    def __init__(self) -> None:
        self.told: dict[tuple[str, str], Evidence] = {}
        self.names = np.zeros(0, NAMES)
        self.day = 0
        self.accounts: list[Evidence] = []
        self.changed_on: dict[tuple[str, str], int] = {}
        self._hashed: dict[tuple[str, str], tuple[int, int]] = {}
        self._having: dict[tuple[str, int], set[tuple[str, str]]] = {}

    def take(self, records: list[Evidence | Names], day: int) -> None:
        """Take what is read on ``day``."""
        names = [self.names]
        for record in records:
            if isinstance(record, Names):
                names.append(np.frombuffer(record.names, NAMES))
                continue
            key = (record.institution_code, record.account_id)
            before = self.told.get(key)
            if before is None or before.as_of < record.as_of:
                self.put(record if before is None else _with_events(record, before), day)
        if len(names) > 1:
            every = np.concatenate(names)
            _, first = np.unique(every["account"], return_index=True)
            self.names = every[first]

    def put(self, record: Evidence, day: int) -> None:
        """Set an account's evidence, read on ``day``."""
        key = (record.institution_code, record.account_id)
        before = self.told.get(key)
        self.told[key], self.changed_on[key] = record, day
        if before is None or before.links != record.links:
            for kind, value in before.links if before is not None else ():
                self._having.get((kind, value), set()).discard(key)
            for kind, value in record.links:
                if kind != "employer":
                    self._having.setdefault((kind, value), set()).add(key)

    def _hash_names(self) -> None:
        """Hash the names of accounts that are new, or whose holder is."""
        new = [key for key, one in self.told.items() if key not in self._hashed or (one.customer_id and not self._hashed[key][1])]
        accounts = _hashes([self.told[key].account_id for key in new]).tolist()
        customers = _hashes([self.told[key].customer_id for key in new]).tolist()
        self._hashed.update(zip(new, zip(accounts, customers, strict=True), strict=True))

    def lay_out(self, day: int) -> None:
        """Set the columns that groups are found and judged by on ``day``; about 0.2 µs a counterparty."""
        self.day = day
        self._hash_names()
        keys = sorted(self.told)
        self.number = {key: number for number, key in enumerate(keys)}
        self.accounts = [self.told[key] for key in keys]
        self.fresh = np.array([self.changed_on[key] == day for key in keys], np.bool_)
        parts = [one.counterparties for one in self.accounts]
        self.rows = np.frombuffer(b"".join(parts), COUNTERPARTY)
        counts = np.array([len(part) // COUNTERPARTY.itemsize for part in parts], np.int64)
        self.starts = np.concatenate([[0], np.cumsum(counts)])
        self.of = np.repeat(np.arange(len(keys)), counts)
        self._number_everybody(np.array([self._hashed[key] for key in keys], np.uint64).reshape(-1, 2))
        self._find_holders()
        kinds = np.array([one.holder_kind not in (None, "person") for one in self.accounts], np.bool_)
        # Of one whom any institution knows to be no person, none need guess.
        no_person = np.zeros(len(self._keys), np.bool_)
        no_person[self.holder[kinds]] = no_person[self.party[self.rows["kind"] > 1]] = True
        own = self.party == self.holder[self.of]
        self.person = (self.rows["kind"] <= 1) & ~no_person[self.party] & ~own
        self.other = ~own
        self._measure()
        self._share()

    def _number_everybody(self, names: Any) -> None:
        """Give all counterparties and holders one number each, in order of their keys: looking keys up again and again among
        the other keys took a third of a day. ``names`` are the hashed names of each account and its customer, 0 unknown.
        """
        told, place = np.unique(self.rows["key"], return_inverse=True)
        parties, holders = self._one_key(told), np.where(names[:, 1] != 0, names[:, 1], self._one_key(names[:, 0]))
        self._keys, number = np.unique(np.concatenate([parties, holders]), return_inverse=True)
        self.party, self.holder = number[: len(told)][place], number[len(told) :]
        self.seen = np.isin(self._keys, self.names["customer"])
        self.seen[self.holder] = True

    def _one_key(self, keys: Any) -> Any:
        """The holder's key where ``keys`` name an account whose holder is known, else the keys themselves."""
        if not len(self.names):
            return np.array(keys)
        at = np.minimum(np.searchsorted(self.names["account"], keys), len(self.names) - 1)
        return np.where(self.names["account"][at] == keys, self.names["customer"][at], keys)

    def keys_of(self, accounts: Any) -> Any:
        """The keys of the accounts' holders, by which others name them (employers)."""
        return self._keys[self.holder[accounts]]

    def number_of(self, parties: Any) -> Any:
        """Numbers of holders by party, NOBODY for those of whom nothing was told."""
        return self._node_of[parties]

    def _find_holders(self) -> None:
        """Number holders in order of their keys, and give each counterparty that is one its number."""
        self.holders = np.unique(self.holder)
        self._node_of = np.full(len(self._keys), NOBODY)
        self._node_of[self.holders] = np.arange(len(self.holders))
        self.node = self._node_of[self.holder]
        self._by_node = np.argsort(self.node, kind="stable")
        self.firm = np.zeros(len(self.holders), np.bool_)
        self.firm[self.node[np.array([one.holder_kind == "company" for one in self.accounts], np.bool_)]] = True
        self._node_starts = np.searchsorted(self.node[self._by_node], np.arange(len(self.holders) + 1))
        self.fresh_node = np.zeros(len(self.holders), np.bool_)
        self.fresh_node[self.node[self.fresh]] = True
        self._inside = np.zeros(len(self.holders) + 1, np.bool_)
        self.to = self.number_of(self.party)

    def _measure(self) -> None:
        """Each holder's persons: how many paid and were paid, and how much."""
        count, node = len(self.holders), self.node[self.of] if len(self.of) else self.of
        into = self.person & (self.rows["credits"] > 0)
        out = self.person & (self.rows["debits"] > 0)

        def summed(mask: Any, weights: Any | None = None) -> Any:
            return np.bincount(node[mask], None if weights is None else weights[mask], minlength=count)

        self.account_payers = np.bincount(self.of[into], minlength=len(self.accounts))
        self.account_in = np.bincount(self.of[into], self.rows["paid_in"][into].astype(np.float64), minlength=len(self.accounts))
        self.account_payees = np.bincount(self.of[out], minlength=len(self.accounts))
        self.account_payees_seen = np.bincount(self.of[out & self.seen[self.party]], minlength=len(self.accounts))
        self.payers = summed(into)
        self.payees = summed(out)
        self.persons_in = summed(into, self.rows["paid_in"].astype(np.float64))
        self.persons_out = summed(out, self.rows["paid_out"].astype(np.float64))

        self.everybody = len(np.unique(self.party[self.person]))
        self.in_trade = np.zeros(count, np.bool_)
        self.in_trade[self.node[np.array([not one.whole for one in self.accounts], np.bool_)]] = True

    def _share(self) -> None:
        """Holders by the value that they share, and values by holder. Who is that value himself has it too."""
        number = {key: k for k, key in enumerate(self._keys[self.holders].tolist())}
        node, found = self.node.tolist(), dict[tuple[str, int], set[int]]()
        for link, keys in self._having.items():
            itself = number.get(link[1])
            if len(keys) + (itself is not None) >= 2:
                who = {node[self.number[key]] for key in keys} | ({itself} if itself is not None else set())
                found[link] = {one for one in who if not self.in_trade[one]}
        self.sharing = {key: who for key, who in found.items() if 2 <= len(who) <= MOST_SUBJECTS}
        values: dict[int, set[tuple[str, int]]] = {}
        for key, who in self.sharing.items():
            for one in who:
                values.setdefault(one, set()).add(key)
        # Most share nothing.
        self.shared: list[Set[tuple[str, int]]] = [_NOTHING] * len(self.holders)
        for one, keys_of in values.items():
            self.shared[one] = keys_of

    def accounts_of(self, nodes: tuple[int, ...]) -> Any:
        """Accounts of the given holders, in order."""
        starts = self._node_starts
        return np.sort(np.concatenate([self._by_node[starts[node] : starts[node + 1]] for node in nodes]))

    def with_persons(self, accounts: Any) -> tuple[Any, Any]:
        """Places of the accounts' records with persons who are no member's holder, and whose of ``accounts`` each is."""
        counts = self.starts[accounts + 1] - self.starts[accounts]
        ends = np.cumsum(counts)
        places = np.arange(ends[-1]) + np.repeat(self.starts[accounts] - ends + counts, counts)
        members = self.node[accounts]
        self._inside[members] = True
        use = self.person[places] & ~self._inside[self.to[places]]
        self._inside[members] = False
        return places[use], np.repeat(np.arange(len(accounts)), counts)[use]


def _with_events(record: Evidence, before: Evidence) -> Evidence:
    """The newer evidence, with the newest events of both."""
    events = [*before.events, *record.events][-20:]
    return Evidence(**{name: getattr(record, name) for name in record.__struct_fields__} | {"events": events})
