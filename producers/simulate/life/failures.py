"""Payments that fail or are taken back: transfers to a wrong number come back, bookings are reversed."""

from __future__ import annotations

import numpy as np

from producers.simulate.flows import Flows, daytime, yuan
from producers.simulate.people import People
from producers.simulate.town import Town

A_DAY = 0.0012


def live(town: Town, people: People, flows: Flows, rng: np.random.Generator) -> None:
    """A reversal refers to what it takes back; of those who paid the wrong one, some are paid back by hand."""
    payers = np.concatenate([people.persons, people.companies])
    count = rng.poisson(len(payers) * town.days * A_DAY)
    payer, payee = rng.choice(payers, count), rng.choice(np.concatenate([payers, people.outsiders]), count)
    day, ms, tags = town.calendar.draw(rng, count, "home"), daytime(rng, count), flows.tags(count)
    amount = yuan(
        np.where(rng.random(count) < 0.5, rng.integers(1, 100, count) * 100, rng.lognormal(6.5, 1.3, count).clip(1, 90_000))
    )
    flows.add(day=day, ms_of_day=ms, payer=payer, payee=payee, amount=amount, tag=tags,
              remark=flows.remarks.draw(rng, {"": 5, "转账": 3, "货款": 2}, count))  # fmt: skip
    reversed_ = rng.random(count) < 0.6
    number = int(reversed_.sum())
    flows.add(
        day=day[reversed_], ms_of_day=ms[reversed_] + rng.integers(60_000, 7_000_000, number), payer=payee[reversed_],
        payee=payer[reversed_], amount=amount[reversed_], channel="batch", reverses=tags[reversed_],
        remark=flows.remarks.code("退汇"),
    )  # fmt: skip
    by_hand = ~reversed_ & (rng.random(count) < 0.5)
    number = int(by_hand.sum())
    flows.add(
        day=day[by_hand] + rng.integers(0, 3, number), ms_of_day=daytime(rng, number), payer=payee[by_hand], payee=payer[by_hand],
        amount=amount[by_hand], remark=flows.remarks.draw(rng, {"退款": 4, "": 3, "转错了": 2}, number),
    )  # fmt: skip
