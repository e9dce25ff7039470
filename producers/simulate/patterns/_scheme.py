"""What fund-raising schemes share: an organiser among the people, who pays in, what is paid back, what is taken out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from producers.simulate.flows import NOBODY, Flows, daytime, yuan
from producers.simulate.patterns import Label
from producers.simulate.people import People
from producers.simulate.town import PERSON, Town

OPENED_FOR_IT: Final = 0.35
"""Share of schemes that collect on an account opened not long before."""

MOST_CASH_YUAN: Final = 200_000
LARGEST_FIRMS: Final = 10
"""One in so many companies is too large an employer to be one person's front."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a scheme is planted: the city, its people, its transfers, and the scheme's own randomness."""

    town: Town
    people: People
    flows: Flows
    rng: np.random.Generator

    def words(self, weights: Mapping[str, float], count: int, taste: Any) -> Any:
        """Remarks in a scheme's own mixture: ``taste`` scales each word's weight."""
        own = {word: weight * factor for (word, weight), factor in zip(weights.items(), taste, strict=True)}
        return self.flows.remarks.draw(self.rng, own, count)

    def taste(self, weights: Mapping[str, float]) -> Any:
        """How this scheme prefers each word."""
        return self.rng.lognormal(0.0, 0.5, len(weights))


@dataclass(frozen=True, slots=True)
class Deposits:
    """Money paid in: one entry a deposit, amounts in yuan, days from the first simulated day."""

    payer: Any
    day: Any
    amount: Any


def organiser(scene: Scene, *, company: bool, start: int) -> int:
    """An account of somebody who lives an ordinary life as well; some were opened shortly before ``start``."""
    town, people, rng = scene.town, scene.people, scene.rng
    if company:
        able = people.companies[len(people.companies) // LARGEST_FIRMS :]
    else:
        age = town.start.year - np.array([town.birth_year[k] for k in people.persons])
        able = people.persons[(age >= 28) & (age <= 60)]
    able = np.array([k for k in able if int(k) not in people.organisers])
    account = int(rng.choice(able))
    people.organisers.add(account)
    begins = town.first_day + start
    fresh = begins - int(rng.integers(0, 40))
    town.opened[account] = fresh if rng.random() < OPENED_FOR_IT else min(town.opened[account], begins)
    return account


def payers(scene: Scene, account: int, start: int, count: int) -> Any:
    """Persons who can be drawn in at ``start``, most of them 50 to 75, at all banks."""
    town, persons = scene.town, scene.people.persons
    able = np.array([k != account and town.opened[k] <= town.first_day + start for k in persons])
    age = town.start.year - np.array([town.birth_year[k] for k in persons])[able]
    weights = np.where((age >= 50) & (age <= 75), 6.0, 1.0)
    return scene.rng.choice(persons[able], min(count, len(age) // 3), replace=False, p=weights / weights.sum())


def joined(
    scene: Scene, who: Any, start: int, span: int, *, unit: int, most_units: int, jitter: float, again: float = 0.25
) -> Deposits:
    """Each payer joins once on a growing curve and a part comes again; a share ``jitter`` of amounts is off the unit."""
    rng = scene.rng
    growth = rng.uniform(0.4, 0.8)
    day = start + (span * rng.random(len(who)) ** growth).astype(np.int64)
    more = rng.random(len(who)) < again
    payer = np.concatenate([who, who[more]])
    days = np.concatenate([day, day[more] + rng.integers(10, 40, int(more.sum()))])
    units = 1 + np.floor(most_units * rng.beta(1.2, 4.0, len(payer))).astype(np.int64)
    amount = (units * unit).astype(np.float64)
    off = rng.random(len(payer)) < jitter
    amount[off] += rng.integers(-int(unit * 0.3), int(unit * 0.3) + 1, int(off.sum()))
    return Deposits(payer, days, np.maximum(amount, 100))


def pay_in(scene: Scene, account: int, deposits: Deposits, words: Mapping[str, float]) -> None:
    """Book the deposits."""
    count, rng = len(deposits.payer), scene.rng
    scene.flows.add(
        day=deposits.day, ms_of_day=daytime(rng, count), payer=deposits.payer, payee=account, amount=yuan(deposits.amount),
        channel=rng.choice(["mobile", "online", "counter"], count, p=[0.72, 0.16, 0.12]),
        remark=scene.words(words, count, scene.taste(words)),
    )  # fmt: skip


def pay_out(
    scene: Scene,
    account: int,
    deposits: Deposits,
    words: Mapping[str, float],
    *,
    monthly: float,
    every: int,
    turns: int,
    late: float,
) -> None:
    """Interest of ``monthly`` a month on each deposit every so many days; after ``turns`` most get the principal back.

    A share ``late`` of payouts comes up to three days late, and a few do not come at all.
    """
    town, rng, taste = scene.town, scene.rng, scene.taste(words)
    rate = monthly * every / 30
    for turn in range(1, turns + 1):
        final = turn == turns
        count = len(deposits.day)
        day = deposits.day + turn * every + (rng.random(count) < late) * rng.integers(0, 4, count)
        paid = (day < town.days) & (rng.random(count) > (0.3 if final else 0.03))
        number = int(paid.sum())
        amount = deposits.amount * (rate + (1.0 if final else 0.0))
        scene.flows.add(
            day=day[paid], ms_of_day=daytime(rng, number), payer=account, payee=deposits.payer[paid], amount=yuan(amount[paid]),
            channel=_channels(scene, account, number), remark=scene.words(words, number, taste),
        )  # fmt: skip


def _channels(scene: Scene, account: int, count: int) -> Any:
    """Persons pay by mobile and online, companies online and over the counter, as in ordinary life."""
    mobile = 0.8 if scene.town.kind[account] == PERSON else 0.1
    return scene.rng.choice(["mobile", "online", "counter"], count, p=[mobile, 0.9 - mobile, 0.1])


def spend(scene: Scene, account: int, deposits: Deposits, share: float) -> None:
    """Take a share of the money out: to a company or two and in cash."""
    town, rng = scene.town, scene.rng
    count = int(rng.integers(4, 16))
    parts = rng.dirichlet(np.ones(count)) * float(deposits.amount.sum()) * share
    first = int(np.min(deposits.day))
    day = rng.integers(first + 3, max(first + 4, town.days), count)
    cash = rng.random(count) < 0.2
    to = rng.choice(scene.people.companies, 2)
    for mask, payee, kind in ((~cash, rng.choice(to, int((~cash).sum())), "transfer"), (cash, NOBODY, "cash")):
        number = int(mask.sum())
        words = {"货款": 4, "": 4, "往来款": 2} if kind == "transfer" else {"": 1}
        amount = parts[mask] if kind == "transfer" else np.minimum((parts[mask] / 1000).round() * 1000, MOST_CASH_YUAN)
        scene.flows.add(
            day=day[mask], ms_of_day=daytime(rng, number), payer=account, payee=payee, amount=yuan(amount), kind=kind,
            channel="counter" if kind == "cash" else _channels(scene, account, number),
            remark=scene.flows.remarks.draw(rng, words, number),
        )  # fmt: skip


def label(scene: Scene, account: int, name: str, number: int, start: int) -> list[Label]:
    """The label of a scheme's only account."""
    return [Label(account, 1, f"{name}-{number}", name, start, scene.town.days - 1)]
