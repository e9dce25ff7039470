"""Payments of four kinds of ordinary life with laundering planted in them, in the form of the third parties' sets.

``python -m tests.quality.laundering_sets FOLDER`` writes ``FOLDER/<name>/tx.csv.gz`` and ``accounts.csv.gz``. What orders
accounts is chosen on these, on IBM's sample and on cities and towns with fund-raising, never on the sets that judge.
The eight kinds are those of IBM's AMLSim and AMLworld; none of their code or parameters is used.
"""

from __future__ import annotations

import csv
import gzip
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

START_S: Final = 1_704_067_200
DAY_S: Final = 86_400
KINDS: Final = ("fan_in", "fan_out", "cycle", "scatter_gather", "gather_scatter", "bipartite", "stack", "random_walk")


class Payment(NamedTuple):
    """Day from the start, payer, payee, amount."""

    day: int
    payer: int
    payee: int
    amount: float


class Life(NamedTuple):
    """A kind of ordinary life: its payments, and how many accounts there are."""

    payments: list[Payment]
    accounts: int


def _falling(rng: np.random.Generator, count: int, power: float) -> np.ndarray:
    weight = 1.0 / np.arange(1, count + 1) ** power
    rng.shuffle(weight)
    return np.asarray(weight / weight.sum())


def partners(rng: np.random.Generator, accounts: int = 8_000, days: int = 150) -> Life:
    """Everybody pays the same others again and again, each at its own rhythm, begun at any time."""
    count = 4 * accounts
    payer, payee = (rng.choice(accounts, count, p=_falling(rng, accounts, power)) for power in (0.5, 0.8))
    rhythm = rng.choice([3, 7, 14, 30, 60], count, p=[0.07, 0.2, 0.2, 0.38, 0.15])
    begins, lasts = rng.integers(-days // 2, days, count), rng.exponential(150, count) + 20
    usual = rng.uniform(50, 800, count)
    found = []
    for k in np.flatnonzero(payer != payee).tolist():
        at = np.arange(begins[k], min(begins[k] + lasts[k], days), rhythm[k]) + rng.integers(-1, 2)
        ends, within = (int(payer[k]), int(payee[k])), at[(at >= 0) & (at < days)].tolist()
        found += [Payment(int(day), *ends, usual[k] * rng.uniform(0.8, 1.2)) for day in within]
    return Life(found, accounts)


def town(rng: np.random.Generator, accounts: int = 9_000, days: int = 120) -> Life:
    """Wages, rents, friends, and shops that see new faces every day."""
    firms, shops = accounts // 100, accounts // 30
    people = np.arange(firms + shops, accounts)
    famous = _falling(rng, shops, 0.9)
    found = []
    for one in people.tolist():
        if rng.random() < 0.7:
            firm, wage = int(rng.integers(firms)), rng.lognormal(8.3, 0.4)
            found += [Payment(day, firm, one, wage) for day in range(5 + firm % 20, days, 30)]
        if rng.random() < 0.3:
            landlord, rent = int(rng.choice(people)), rng.lognormal(7.3, 0.3)
            found += [Payment(day, one, landlord, rent) for day in range(int(rng.integers(30)), days, 30)]
        friends, often = rng.choice(people, int(rng.integers(1, 6))), rng.gamma(1, 0.04)
        for day in np.flatnonzero(rng.random(days) < often).tolist():
            found.append(Payment(day, one, int(rng.choice(friends if rng.random() < 0.9 else people)), rng.lognormal(5.5, 1)))
        usual, often = rng.choice(shops, 4, p=famous), rng.gamma(0.8, 0.12)
        for day in np.flatnonzero(rng.random(days) < often).tolist():
            shop = rng.choice(usual) if rng.random() < 0.7 else rng.choice(shops, p=famous)
            found.append(Payment(day, one, firms + int(shop), rng.lognormal(4, 1)))
    return Life([one for one in found if one.payer != one.payee], accounts)


def strangers(rng: np.random.Generator, accounts: int = 10_000, days: int = 150) -> Life:
    """Nearly every payment goes to somebody new; activity comes and goes."""
    count = 6 * accounts
    payer, payee = (rng.choice(accounts, count, p=_falling(rng, accounts, power)) for power in (0.6, 0.7))
    day = np.clip(rng.uniform(0, days, accounts)[payer] + rng.normal(0, 25, count), 0, days - 1)
    rows = zip(day.astype(int).tolist(), payer.tolist(), payee.tolist(), rng.uniform(100, 600, count).tolist(), strict=True)
    return Life([Payment(*one) for one in rows if one[1] != one[2]], accounts)


def neighbours(rng: np.random.Generator, accounts: int = 7_000, days: int = 110) -> Life:
    """People who know each other send each other money; one payment in twelve goes to a stranger."""
    found = []
    for one in range(accounts):
        others = (one + rng.integers(-30, 31, int(rng.integers(2, 8)))) % accounts
        liked, usual = rng.dirichlet(np.ones(len(others)) * 0.7), rng.lognormal(6, 0.4)
        for day in np.flatnonzero(rng.random(days) < rng.gamma(0.7, 0.15)).tolist():
            other = int(rng.choice(others, p=liked)) if rng.random() < 0.92 else int(rng.integers(accounts))
            if other != one:
                found.append(Payment(day, one, other, usual * rng.lognormal(0, 0.4)))
    return Life(found, accounts)


LIVES: Final[dict[str, Callable[[np.random.Generator], Life]]] = {
    "partners": partners,
    "town": town,
    "strangers": strangers,
    "neighbours": neighbours,
}


def edges_of(kind: str, members: list[int], rng: np.random.Generator) -> list[tuple[int, int, int]]:
    """Payer, payee and step of every edge of one scheme."""
    first, *rest = members
    half, third = (len(members) + 1) // 2, max(len(members) // 3, 1)
    layers = [members[:third], members[third : 2 * third], members[2 * third :]]
    walk = [int(one) for one in rng.choice(members, int(1.3 * len(members)))]
    ring = [*members, first]
    found = {
        "fan_in": [(one, first, 0) for one in rest],
        "fan_out": [(first, one, 0) for one in rest],
        "cycle": [(ring[k], ring[k + 1], k) for k in range(len(members))],
        "scatter_gather": [(first, one, 0) for one in rest[1:]] + [(one, rest[0], 1) for one in rest[1:]],
        "gather_scatter": [(one, first, 0) for one in members[1:half]] + [(first, one, 1) for one in members[half:]],
        "bipartite": [(a, b, 0) for a in members[:half] for b in members[half:] if rng.random() < 0.7],
        "stack": [(a, b, k) for k in range(2) for a in layers[k] for b in layers[k + 1] if rng.random() < 0.7],
        "random_walk": [(a, b, k) for k, (a, b) in enumerate(pairwise(walk)) if a != b],
    }
    return found[kind]


def planted(rng: np.random.Generator, life: Life, share: float, *, high: bool) -> tuple[list[Payment], set[int]]:
    """Schemes until so many accounts are members: 4 to 15 of them over 4 to 30 days, with a twentieth kept at every step.

    Amounts are like ordinary ones, or three times as ``high``; half of the former differ within a scheme as much as others do.
    """
    amounts = np.array([one.amount for one in life.payments])
    seen = np.unique(np.array([(one.payer, one.payee) for one in life.payments]))
    days = max(one.day for one in life.payments) + 1
    found: list[Payment] = []
    members: set[int] = set()
    while len(members) < share * life.accounts:
        chosen = rng.choice(seen, int(rng.integers(4, 16)), replace=False).tolist()
        edges = edges_of(KINDS[int(rng.integers(len(KINDS)))], chosen, rng)
        span, steps = int(rng.integers(4, 31)), max((step for _, _, step in edges), default=0) + 1
        start = int(rng.integers(0, days - span))
        usual = 3.0 * float(np.quantile(amounts, 0.75)) if high else float(rng.choice(amounts))
        for payer, payee, step in edges:
            day = int(rng.uniform(start + span * step / steps, start + span * (step + 1) / steps))
            varied = float(rng.choice(amounts)) if not high and rng.random() < 0.5 else usual * rng.uniform(0.8, 1.1)
            found.append(Payment(day, payer, payee, max(varied * 0.95**step, 0.01)))
            members |= {payer, payee}
    return found, members


def sets() -> Iterator[tuple[str, list[Payment], int, set[int]]]:
    """Name, payments in order of day, number of accounts and members of schemes of every set."""
    for k, (name, live) in enumerate(LIVES.items()):
        for high, share in ((False, 0.08), (True, 0.04)):
            rng = np.random.default_rng(100 * (1 + high) + k)
            life = live(rng)
            schemes, members = planted(rng, life, share, high=high)
            payments = sorted([*life.payments, *schemes], key=lambda one: (one.day, rng.random()))
            yield f"{name}_{'high' if high else 'like'}", payments, life.accounts, members


def write(folder: Path) -> None:
    """Write all sets."""
    for name, payments, accounts, members in sets():
        (folder / name).mkdir(parents=True, exist_ok=True)
        with gzip.open(folder / name / "tx.csv.gz", "wt", newline="") as target:
            rows = csv.writer(target)
            rows.writerow(["tx_id", "ts", "src", "dst", "amount"])
            rows.writerows([k, START_S + one.day * DAY_S, *one[1:3], f"{one.amount:.2f}"] for k, one in enumerate(payments))
        with gzip.open(folder / name / "accounts.csv.gz", "wt", newline="") as target:
            rows = csv.writer(target)
            rows.writerow(["account", "label"])
            rows.writerows([one, int(one in members)] for one in range(accounts))


if __name__ == "__main__":
    write(Path(sys.argv[1]))
