"""Hand-made schemes in a log of three banks: mules who hand on to a hub that pays back, among shops, wages and families."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa

from contract.movement import MOVEMENT
from contract.profile import PROFILE
from contract.shanghai import parse_ms
from contract.stream import Item, Movements, Profiles, WatermarkItem
from tests.detector.shards import batch_of

START: Final = parse_ms("2026-03-02T00:00:00+08:00")
DAY_MS: Final = 86_400_000
BANKS: Final = ("B1", "B2", "B3")


@dataclass(frozen=True, slots=True)
class Transfer:
    """One transfer between two accounts; each bank that holds a side reports it."""

    day: int
    payer: str
    payee: str
    yuan: float
    fields: dict[str, Any]


def bank_of(account: str) -> str:
    """``hub@B1`` is held at B1; what has no bank is held elsewhere."""
    return account.rpartition("@")[2]


class Town:
    """Transfers and profiles that become one movement log a bank, in order of time."""

    def __init__(self, seed: int = 1) -> None:
        self.rng = np.random.default_rng(seed)
        self.transfers: list[Transfer] = []
        self.profiles: dict[str, dict[str, Any]] = {}

    def account(self, name: str, **profile: Any) -> str:
        """An account of its own holder, unless the profile names another."""
        self.profiles[name] = {"customer_id": f"c:{name.partition('@')[0]}", "holder_kind": "person"} | profile
        return name

    def pay(self, day: int, payer: str, payee: str, yuan: float, **fields: Any) -> None:
        """Book a transfer."""
        self.transfers.append(Transfer(day, payer, payee, yuan, fields))

    def people(self, count: int, name: str = "p") -> list[str]:
        """Ordinary people, spread over the banks."""
        return [self.account(f"{name}{k}@{BANKS[k % 3]}") for k in range(count)]

    def logs(self) -> dict[str, list[pa.RecordBatch | int]]:
        """Each bank's profiles, then each day's movements and the watermark that closes it."""
        rows: dict[str, list[dict[str, Any]]] = {bank: [] for bank in BANKS}
        rng = np.random.default_rng(99)
        for number, one in enumerate(sorted(self.transfers, key=lambda one: (one.day, one.payer, one.payee, one.yuan))):
            ms = START + one.day * DAY_MS + int(rng.integers(8 * 3_600_000, 20 * 3_600_000))
            for account, other, direction in ((one.payer, one.payee, "debit"), (one.payee, one.payer, "credit")):
                if bank_of(account) in BANKS:
                    rows[bank_of(account)].append(self._row(number, one, account, other, direction, ms))
        last = max(one.day for one in self.transfers)
        return {bank: self._log(bank, found, last) for bank, found in rows.items()}

    def _row(self, number: int, one: Transfer, account: str, other: str, direction: str, ms: int) -> dict[str, Any]:
        bank = bank_of(account)
        on_us = bank_of(other) == bank
        customer = self.profiles.get(other, {}).get("customer_id")
        return {
            "event_id": f"T{number}", "institution_code": bank, "institution_type": "bank", "account_id": f"a:{account}",
            "customer_id": self.profiles[account]["customer_id"], "branch_region": "341302", "direction": direction,
            "currency": "CNY", "kind": "transfer", "occurred_at": ms, "amount_minor": round(100 * one.yuan),
            "counterparty_id": f"a:{other}", "counterparty_customer_id": customer if on_us else None, **one.fields,
        }  # fmt: skip

    def _log(self, bank: str, rows: list[dict[str, Any]], last: int) -> list[pa.RecordBatch | int]:
        profiles = [
            {"account_id": f"a:{name}", "institution_code": bank, "institution_type": "bank", **profile}
            for name, profile in self.profiles.items()
            if bank_of(name) == bank
        ]
        log: list[pa.RecordBatch | int] = [batch_of(profiles, PROFILE)]
        for day in range(last + 1):
            low, high = START + day * DAY_MS, START + (day + 1) * DAY_MS
            today = sorted((row for row in rows if low <= row["occurred_at"] < high), key=lambda row: row["occurred_at"])
            log += [batch_of(today, MOVEMENT), high] if today else [high]
        return log


def items(log: list[pa.RecordBatch | int], bank: str) -> Iterator[Item]:
    """A bank's log as a replay reads it."""
    for entry in log:
        if isinstance(entry, int):
            yield WatermarkItem(bank, entry)
        elif entry.schema == PROFILE:
            yield Profiles(bank, 0, entry)
        else:
            yield Movements(bank, 0, entry, None, 0, entry.num_rows, np.arange(1, entry.num_rows + 1))


def day_by_day(logs: dict[str, list[pa.RecordBatch | int]]) -> list[Item]:
    """All banks' items, each day's together."""
    queues = {bank: list(items(log, bank)) for bank, log in logs.items()}
    at, mixed = dict.fromkeys(queues, 0), list[Item]()
    while any(at[bank] < len(queue) for bank, queue in queues.items()):
        for bank, queue in queues.items():
            while at[bank] < len(queue):
                item = queue[at[bank]]
                at[bank] += 1
                mixed.append(item)
                if isinstance(item, WatermarkItem):
                    break
    return mixed


def mule_ring(town: Town, *, mules: int = 6, payers: int = 7, pays_back: bool = True) -> list[str]:
    """Mules with a few payers each, at all banks, hand everything on to a hub that pays the payers interest; all accounts."""
    rng = town.rng
    hub = town.account("hub@B1")
    lent = [town.account(f"mule{k}@{BANKS[k % 3]}") for k in range(mules)]
    who = town.people(mules * payers, "victim")
    for k, payer in enumerate(who):
        mule, day, yuan = lent[k % mules], 2 + int(rng.integers(0, 14)), 1000.0 * int(rng.integers(6, 30))
        town.pay(day, payer, mule, yuan)
        town.pay(day + 1, mule, hub, yuan - 10)
        for turn in (1, 2) if pays_back else ():
            town.pay(day + 10 * turn, hub, payer, yuan * 0.03)
    return [hub, *lent]


def ordinary_life(town: Town, people: int = 60, days: int = 45) -> None:
    """An employer pays wages, a shop that many pay pays suppliers, families pay each other."""
    rng = town.rng
    everybody = town.people(people)
    employer = town.account("works@B2", holder_kind="company")
    shop = town.account("shop@B3", holder_kind="company")
    supplier = town.account("wholesale@B2", holder_kind="company")
    for day in range(days):
        for person in rng.choice(everybody, 12, replace=False).tolist():
            town.pay(day, person, shop, float(rng.integers(20, 900)))
        if day % 15 == 14:
            town.pay(day, shop, supplier, 30_000.0)
            for person in everybody:
                town.pay(day, employer, person, float(rng.integers(4_000, 9_000)), batch_code="payroll")
        a, b = rng.choice(everybody, 2, replace=False).tolist()
        town.pay(day, a, b, float(rng.integers(100, 3_000)))
