"""From transfers to each institution's movements and profiles, with only the fields that its systems know."""

from __future__ import annotations

import hashlib
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from contract.movement import BATCH_CODES, CHANNELS, HOLDER_KINDS, KINDS
from contract.shanghai import date_of
from producers.simulate.city import City
from producers.simulate.flows import NOBODY
from producers.simulate.town import INSTITUTIONS

ON_US_AGES: Final = 0.85
"""Share of an institution's own customers whose age its systems know."""


def _words(codes: Any, words: tuple[str, ...]) -> pa.Array:
    """Words by code, 0 for none."""
    return pa.array(["", *words]).take(pa.array(codes))


def _money(fen: Any) -> pa.Array:
    whole, part = fen // 100, fen % 100
    cents = pa.array([f".{k:02d}" for k in range(100)]).take(pa.array(part))
    return pc.binary_join_element_wise(pc.cast(pa.array(whole), pa.string()), cents, "")


def _event_ids(seed: int, count: int) -> pa.Array:
    """References of one form that tell nothing: a keyed shuffle of the movement's number."""
    key = int.from_bytes(hashlib.sha256(f"{seed}|events".encode()).digest()[:8], "big")
    numbers = (np.arange(count, dtype=np.uint64) + np.uint64(key)) * np.uint64(0x9E3779B97F4A7C15)
    numbers ^= numbers >> np.uint64(29)
    numbers *= np.uint64(0xBF58476D1CE4E5B9)
    numbers ^= numbers >> np.uint64(32)
    return pc.binary_join_element_wise(pa.scalar("T"), pc.cast(pa.array(numbers), pa.string()), "")


def _balances(accounts: Any, signed: Any, total: int, seed: int) -> Any:
    """Balance after each movement, never negative: every account starts with what it will ever need and some more."""
    order = np.argsort(accounts, kind="stable")
    sums = np.cumsum(signed[order])
    first = np.searchsorted(accounts[order], np.arange(total))
    base = np.concatenate([[0], sums])[first]
    running = sums - base[accounts[order]]
    lowest = np.zeros(total, np.int64)
    np.minimum.at(lowest, accounts[order], running)
    spare = (np.random.default_rng([seed, 7]).lognormal(8.0, 1.5, total) * 100).astype(np.int64)
    result = np.empty(len(accounts), np.int64)
    result[order] = running - lowest[accounts[order]] + spare[accounts[order]]
    return result


def movements(city: City) -> pa.Table:
    """All movements of all institutions in order of time, columns as in ``movements.csv``, empty text where unknown."""
    t, town = city.transfers, city.town
    count = len(t["ms"])
    account = np.stack([t["payer"], t["payee"]], axis=1).reshape(-1)
    other = np.stack([t["payee"], t["payer"]], axis=1).reshape(-1)
    credit = np.tile(np.array([False, True]), count)
    held = account != NOBODY
    source = np.repeat(np.arange(count), 2)[held]
    account, other, credit = account[held], other[held], credit[held]
    amount = t["amount"][source]
    institution = np.array(town.institution)[account]
    known = _Known(city, account, other, institution)
    balance = _balances(account, np.where(credit, amount, -amount), len(town), town.seed)
    gives_balance = known.flag("gives_balance")
    ids, holders = pa.array(town.account_ids()), pa.array(town.customer_ids())
    customer = pa.array(np.array(town.customer))
    channel = np.where(known.flag("gives_channel"), t["channel"][source], 0)
    return pa.table(
        {
            "event_id": _event_ids(town.seed, len(account)),
            "institution_code": pa.array([one.code for one in INSTITUTIONS]).take(pa.array(institution)),
            "institution_type": pa.array([one.kind for one in INSTITUTIONS]).take(pa.array(institution)),
            "account_id": ids.take(pa.array(account)),
            "customer_id": holders.take(customer.take(pa.array(account))),
            "branch_region": pa.array(town.branch).take(pa.array(account)),
            "occurred_at": pc.strftime(pa.array(t["ms"][source], pa.timestamp("ms", "UTC")), format="%Y-%m-%dT%H:%M:%SZ"),
            "direction": pa.array(["debit", "credit"]).take(pa.array(credit.astype(np.int8))),
            "amount": _money(amount),
            "currency": pa.repeat(pa.scalar("CNY"), len(account)),
            "kind": pa.array(KINDS).take(pa.array(t["kind"][source])),
            "own_name": _words(known.own_name(), ("true", "false")),
            "counterparty_id": pc.if_else(pa.array(known.somebody), ids.take(pa.array(known.other)), ""),
            "counterparty_customer_id": pc.if_else(pa.array(known.on_us), holders.take(customer.take(pa.array(known.other))), ""),
            "counterparty_kind": _words(known.kind(), HOLDER_KINDS),
            "counterparty_region": pc.if_else(
                pa.array(known.flag("knows_region") & known.somebody), pa.array(town.branch).take(pa.array(known.other)), ""
            ),
            "counterparty_birth_year": known.birth_year(),
            "channel": _words(channel, CHANNELS),
            "batch_code": _words(t["batch"][source], BATCH_CODES),
            "remark": pa.array(city.flows.remarks.texts).take(pa.array(t["remark"][source])),
            "balance_after": pc.if_else(pa.array(gives_balance), _money(balance), ""),
        }
    )


class _Known:
    """What an account's institution knows of the other side: most of its own customers, little of others'."""

    def __init__(self, city: City, account: Any, other: Any, institution: Any) -> None:
        self._town = city.town
        self.somebody = other != NOBODY
        self.other = np.where(self.somebody, other, 0)
        self._institution = institution
        self._account = account
        self.on_us = self.somebody & (np.array(city.town.institution)[self.other] == institution)

    def flag(self, name: str) -> Any:
        """A property of the reporting institution, a movement each."""
        return np.array([getattr(one, name) for one in INSTITUTIONS])[self._institution]

    def kind(self) -> Any:
        """Kind of the other side: always for payment and financial institutions, which the clearing names."""
        kind = np.array(self._town.kind, np.int8)[self.other]
        seen = self.somebody & ((kind >= 5) | self.flag("knows_kind"))
        return np.where(seen, kind, 0)

    def own_name(self) -> Any:
        """1 both sides are one holder, 2 they are not, 0 not compared (other institutions' customers)."""
        holders = np.array(self._town.customer)
        same = holders[self.other] == holders[self._account]
        return np.where(self.on_us | (self.somebody & same), np.where(same, 1, 2), 0).astype(np.int8)

    def birth_year(self) -> pa.Array:
        """Birth years of own customers, as far as the institution's systems know ages."""
        years = np.array(self._town.birth_year, np.int64)[self.other]
        known = np.random.default_rng([self._town.seed, 8]).random(len(self._town)) < ON_US_AGES
        shown = self.on_us & self.flag("knows_ages") & (years > 0) & known[self.other]
        return pc.if_else(pa.array(shown), pc.cast(pa.array(years), pa.string()), "")


def profiles(city: City) -> pa.Table:
    """One profile an account, columns as in ``profiles.csv``."""
    town = city.town
    holders = town.customer_ids()
    table = pa.table(
        {
            "account_id": town.account_ids(),
            "institution_code": [INSTITUTIONS[k].code for k in town.institution],
            "institution_type": [INSTITUTIONS[k].kind for k in town.institution],
            "customer_id": [holders[k] for k in town.customer],
            "holder_kind": [HOLDER_KINDS[k - 1] for k in town.kind],
            "holder_licence": [one or "" for one in town.licence],
            "account_type": town.account_type,
            "branch_region": town.branch,
            "subject_region": town.subject,
            "opened_on": [date_of(day).isoformat() for day in town.opened],
            "birth_year": [str(year) if year else "" for year in town.birth_year],
            "occupation": [one or "" for one in town.occupation],
            "industry": [one or "" for one in town.industry],
        }
    )
    # In the order of pseudonyms: the order of opening would tell who was planted last.
    return table.sort_by("account_id")


def labels(city: City) -> pa.Table:
    """Who should be flagged and who must not be, columns as in ``labels.csv``."""
    ids, town = city.town.account_ids(), city.town
    return pa.table(
        {
            "account_id": [ids[one.account] for one in city.labels],
            "label": [str(one.label) for one in city.labels],
            "scheme_id": [one.scheme_id for one in city.labels],
            "pattern": [one.pattern for one in city.labels],
            "active_from": [date_of(town.first_day + one.active_from).isoformat() for one in city.labels],
            "active_to": [date_of(town.first_day + one.active_to).isoformat() for one in city.labels],
        }
    ).sort_by("account_id")
