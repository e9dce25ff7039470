"""A dense log of a securities firm, an insurer and a bank between them: conduct of all kinds, late, reversed; from a seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, Final

import numpy as np

from tests.detector.dense_stream import DAY_MS, START, Log, in_partitions

Rows = Iterator[dict[str, Any]]
DAYS: Final = 40
PLACES: Final = {"S1": "securities", "I1": "insurance", "B9": "bank"}


class Life:
    """One account's rows: names of events, times within a day, what all of its rows say."""

    def __init__(self, institution: str, k: int, rng: np.random.Generator) -> None:
        self.k, self.rng, self.account = k, rng, f"a:{institution}.{k}"
        self.said = {
            "institution_code": institution, "institution_type": PLACES[institution], "account_id": self.account,
            "branch_region": "341302", "currency": "CNY", "customer_id": f"c:{institution}.{k}",
        }  # fmt: skip
        self.made = 0

    def row(self, day: int, yuan: float, direction: str, kind: str, other: str | None, **fields: Any) -> dict[str, Any]:
        """One movement at some time of a day, or at ``at`` milliseconds of it."""
        self.made += 1
        at = fields.pop("at", int(self.rng.integers(0, DAY_MS)))
        return {
            **self.said, "event_id": f"{self.account}-{self.made}", "occurred_at": START + day * DAY_MS + at,
            "amount_minor": round(100 * yuan), "direction": direction, "kind": kind, "counterparty_id": other, **fields,
        }  # fmt: skip

    def some(self, low: int, high: int) -> int:
        """A number from ``low`` to under ``high``."""
        return int(self.rng.integers(low, high))


def _investor(life: Life) -> Rows:
    """By its number: passages, payouts to others, cash, custody moves, mirrored trades, plain trading."""
    first, bank = life.some(0, 12), f"a:bank{life.k}"
    for day in range(first, first + 8):
        into = life.row(day, 70_000 + life.some(0, 9), "credit", "securities_transfer", bank, own_name=True)
        yield into
        if life.k % 6 == 0:
            yield life.row(day + 1, 70_000, "debit", "securities_transfer", f"{bank}b", own_name=True)
        if life.k % 7 == 1:
            yield life.row(day, 43_000 + life.some(0, 6_000), "credit", "cash", None, channel="counter")
        if life.k % 6 == 2:
            yield life.row(day, 60_000, "debit", "other", None, instrument_code="160001", quantity="900")
        if life.k % 9 == 4:
            yield life.row(day, 70_000, "debit", "correction", None, reversal_of=into["event_id"])
    if life.k % 5 == 1:
        yield life.row(first + 10, 500_000, "debit", "transfer", "a:stranger", own_name=False)
    yield from _trades(life, first)


def _trades(life: Life, first: int) -> Rows:
    said = {"quantity": "1000", "price": "50.00"}
    if life.k % 4 == 3:
        pair = life.k // 8
        for day in range(4, 10):
            sides = ("debit", "credit") if life.k % 8 == 3 else ("credit", "debit")
            for at, side, yuan in ((36_000_000, sides[0], 50_000 + pair), (37_000_000, sides[1], 45_000 + pair)):
                yield life.row(day, yuan, side, "securities_trade", None, at=at, instrument_code=f"IF{pair}", **said)
    if life.k % 3 == 2:
        for day in range(first, first + 6):
            side = "debit" if day % 2 else "credit"
            yield life.row(day, 400_000 + life.k, side, "securities_trade", None, instrument_code="600001", **said)


def _holder(life: Life) -> Rows:
    """By its number: paid for by an agent or a stranger, overpaid, in cash, surrendered early, together or to others, lent."""
    first, bank, policy = life.some(0, 10), f"a:bank{life.k}", f"p{life.k}"
    issued = date.fromordinal(date(2026, 3, 9).toordinal() + first).isoformat()
    fact = {"policy_id": policy, "policy_issued_on": issued, "premium_due": "60000.00", "cash_value": "60000.00"}
    payer, relation = ("a:agent", "agent") if life.k % 3 == 0 else ("a:odd", "other") if life.k % 3 == 1 else (bank, "self")
    cash = life.k % 5 == 2
    yield life.row(
        first, 150_000 if life.k % 4 == 1 else 60_000, "credit", "premium", None if cash else payer,
        payer_relation=relation, channel="counter" if cash else "online", **fact,
    )  # fmt: skip
    if life.k % 4 == 1:
        yield life.row(first + 2, 80_000, "debit", "other", payer, **fact)
    if life.k % 4 == 2:
        back = life.row(
            14 + life.some(0, 5), 58_000, "debit", "surrender", f"a:common{life.k % 2}", payer_relation="other", **fact
        )
        yield back
        if life.k % 12 == 6:
            yield life.row(20, 58_000, "credit", "correction", None, reversal_of=back["event_id"])
    if life.k % 7 == 3:
        yield life.row(first + 8, 55_000, "debit", "policy_loan", bank, payer_relation="self", **fact)
    if life.k % 6 == 5:
        for day in range(12, 17):
            yield life.row(day, 450_000, "debit", "claim", bank, payer_relation="self", **fact)
    if life.k % 8 == 7:
        yield life.row(first + 5, 350_000, "debit", "surrender", bank, payer_relation="self", **fact)
        yield life.row(first + 6, 350_000, "debit", "surrender", bank, payer_relation="self", **fact)


def _collector(life: Life) -> Rows:
    """A bank account that collects from many and sends it to a securities firm."""
    for p in range(life.some(12, 24)):
        yield life.row(p % 9, 100_000, "credit", "transfer", f"a:payer{life.k}.{p}")
    yield life.row(12, 1_200_000, "debit", "securities_transfer", f"a:firm{life.k}", own_name=True)


_LIVES: Final[dict[str, Callable[[Life], Rows]]] = {"S1": _investor, "I1": _holder, "B9": _collector}


def business_logs(accounts: int, partitions: int = 1, seed: int = 1) -> list[Log]:
    """Logs of the three institutions; the bank has a quarter as many accounts."""
    made = []
    for number, (institution, live) in enumerate(_LIVES.items()):
        rng, count = np.random.default_rng([seed, number]), accounts // 4 if institution == "B9" else accounts
        lives = [Life(institution, k, rng) for k in range(count)]
        rows = [row for one in lives for row in live(one)]
        profiles = [
            {**_known(one.said), "holder_kind": "person", "opened_on": date(2024, 1, 1 + one.k % 28)}
            for one in lives
            if one.k % 5
        ]
        made += in_partitions(institution, rows, profiles, partitions, rng)
    return made


def _known(said: dict[str, Any]) -> dict[str, Any]:
    return {name: said[name] for name in ("account_id", "institution_code", "institution_type", "customer_id")}
