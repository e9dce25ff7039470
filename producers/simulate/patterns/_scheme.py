"""What fund-raising schemes share: who is drawn in, what is paid in, and how payers are chosen in the city."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from producers.simulate.flows import Flows, daytime, yuan
from producers.simulate.town import BANKS, COMPANY, PERSON, People, Town


@dataclass(frozen=True, slots=True)
class Deposits:
    """Money paid in: one entry a deposit, amounts in yuan, days from the first simulated day."""

    payer: Any
    day: Any
    amount: Any


def collector(town: Town, rng: np.random.Generator, *, company: bool) -> int:
    """A fresh or long-held account of an organiser, like any other of its kind."""
    bank = BANKS[int(rng.integers(len(BANKS)))]
    if company:
        return town.add(rng, institution=bank, kind=COMPANY, industry=str(rng.choice(["L7249", "I6510", "A0190"])))
    return town.add(
        rng,
        institution=bank,
        kind=PERSON,
        birth_year=2026 - int(rng.integers(28, 60)),
        occupation=str(rng.choice(["employed", "other"])),
    )


def elderly(town: Town, people: People, rng: np.random.Generator, count: int) -> Any:
    """Payers of whom most are 50 to 75."""
    birth = np.array([town.birth_year[k] for k in people.persons])
    weights = np.where((birth >= 1951) & (birth <= 1976), 6.0, 1.0)
    return rng.choice(people.persons, min(count, len(people.persons) // 3), replace=False, p=weights / weights.sum())


def joined(rng: np.random.Generator, payers: Any, start: int, span: int, unit: int, most_units: int, jitter: float) -> Deposits:
    """Each payer joins once on a growing curve, some come again; a part of the amounts is off the unit."""
    day = start + (span * np.sqrt(rng.random(len(payers)))).astype(np.int64)
    again = rng.random(len(payers)) < 0.25
    payer = np.concatenate([payers, payers[again]])
    days = np.concatenate([day, day[again] + rng.integers(10, 40, int(again.sum()))])
    units = 1 + np.floor(most_units * rng.beta(1.2, 4.0, len(payer))).astype(np.int64)
    amount = (units * unit).astype(np.float64)
    off = rng.random(len(payer)) < jitter
    amount[off] += rng.integers(-int(unit * 0.3), int(unit * 0.3) + 1, int(off.sum()))
    return Deposits(payer, days, np.maximum(amount, 100))


def pay_in(flows: Flows, rng: np.random.Generator, account: int, deposits: Deposits, words: dict[str, float]) -> None:
    """Book the deposits."""
    count = len(deposits.payer)
    flows.add(
        day=deposits.day, ms_of_day=daytime(rng, count), payer=deposits.payer, payee=account, amount=yuan(deposits.amount),
        channel=rng.choice(["mobile", "online", "counter"], count, p=[0.7, 0.15, 0.15]), remark=flows.remarks.draw(rng, words, count),
    )  # fmt: skip


def pay_out(
    town: Town, flows: Flows, rng: np.random.Generator, account: int, deposits: Deposits, *, rate: float, every: int,
    term: int, words: dict[str, float], irregular: float,
) -> None:  # fmt: skip
    """Interest at a rate of each deposit every so many days, and principal at the end of its term."""
    last = int(np.max(deposits.day)) + term
    for turn in range(1, term // every + 1):
        due = deposits.day + turn * every
        late = (rng.random(len(due)) < irregular) * rng.integers(0, 4, len(due))
        final = turn == term // every
        amount = deposits.amount * (rate + (1.0 if final else 0.0))
        paid = (due + late < min(town.days, last + 1)) & (rng.random(len(due)) > (0.3 if final else 0.03))
        flows.add(
            day=(due + late)[paid], ms_of_day=daytime(rng, int(paid.sum())), payer=account, payee=deposits.payer[paid],
            amount=yuan(amount[paid]), channel="online", remark=flows.remarks.draw(rng, words, int(paid.sum())),
        )  # fmt: skip


def spend(
    town: Town, people: People, flows: Flows, rng: np.random.Generator, account: int, deposits: Deposits, share: float
) -> None:
    """The organiser takes money out: to an own company, to goods, some in cash."""
    company = int(rng.choice(people.companies))
    total = float(deposits.amount.sum()) * share
    count = max(2, int(rng.integers(4, 16)))
    parts = rng.dirichlet(np.ones(count)) * total
    first = int(np.min(deposits.day))
    day = rng.integers(first + 3, max(first + 4, town.days), count)
    cash = rng.random(count) < 0.2
    flows.add(
        day=day[~cash], ms_of_day=daytime(rng, int((~cash).sum())), payer=account, payee=company, amount=yuan(parts[~cash]),
        channel="online", remark=flows.remarks.draw(rng, {"货款": 4, "": 4, "往来款": 2}, int((~cash).sum())),
    )  # fmt: skip
    flows.add(
        day=day[cash], ms_of_day=daytime(rng, int(cash.sum())), payer=account, payee=-1,
        amount=yuan(np.minimum(parts[cash], 200_000)), kind="cash", channel="counter",
    )  # fmt: skip
