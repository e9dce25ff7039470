"""Families: those who live together, children who support parents, pocket money, red packets around festivals."""

from __future__ import annotations

from typing import Any

import numpy as np

from producers.simulate.days import NEW_YEAR
from producers.simulate.flows import Flows, daytime, yuan
from producers.simulate.people import People
from producers.simulate.town import Town

HOME = {"": 45, "生活费": 15, "转账": 10, "买菜": 6, "孩子学费": 3, "药费": 3, "家用": 8, "还信用卡": 4, "零花钱": 6}
LUCKY = np.array([6.66, 8.88, 18.88, 66.0, 66.66, 88.0, 88.88, 100.0, 166.0, 188.0, 200.0, 500.0, 520.0, 666.0, 888.0, 1000.0])
PACKETS_A_PERSON = 1.5


def live(town: Town, people: People, flows: Flows, rng: np.random.Generator) -> None:
    """Money within families and red packets."""
    order = np.argsort(people.family, kind="stable")
    first, second = order[:-1], order[1:]
    together = people.family[first] == people.family[second]
    pairs = np.stack([people.persons[first[together]], people.persons[second[together]]], axis=1)
    _within(town, flows, rng, pairs)
    _support(town, people, flows, rng)
    _packets(town, people, flows, rng)


def _within(town: Town, flows: Flows, rng: np.random.Generator, pairs: Any) -> None:
    both = np.repeat(pairs, rng.poisson(rng.lognormal(-4.2, 1.0, len(pairs)) * town.days), axis=0)
    count = len(both)
    back = rng.random(count) < 0.35
    amount = np.where(rng.random(count) < 0.7, rng.choice([100, 200, 300, 500, 1000, 2000, 3000], count),
                      np.clip(rng.lognormal(6.0, 1.2, count), 5, 100_000))  # fmt: skip
    flows.add(
        day=town.calendar.draw(rng, count, "home"), ms_of_day=daytime(rng, count), payer=np.where(back, both[:, 1], both[:, 0]),
        payee=np.where(back, both[:, 0], both[:, 1]), amount=yuan(amount), remark=flows.remarks.draw(rng, HOME, count),
    )  # fmt: skip


def _support(town: Town, people: People, flows: Flows, rng: np.random.Generator) -> None:
    """Some of the elderly get a round sum each month from a child, some students from a parent."""
    for taker, giver, share, sums in (
        (people.retired, people.employed, 0.12, [300, 500, 800, 1000, 1500]),
        (people.students, people.parents, 0.5, [800, 1000, 1200, 1500, 2000]),
    ):
        taken = rng.choice(taker, int(len(taker) * share), replace=False)
        given, amount = rng.choice(giver, len(taken)), rng.choice(sums, len(taken))
        for day in town.calendar.monthly(rng, int(rng.integers(1, 12))):
            flows.add(
                day=day + rng.integers(0, 6, len(taken)), ms_of_day=daytime(rng, len(taken)), payer=given, payee=taken,
                amount=yuan(amount), remark=flows.remarks.draw(rng, {"生活费": 5, "": 4, "转账": 1}, len(taken)),
            )  # fmt: skip


def _packets(town: Town, people: People, flows: Flows, rng: np.random.Generator) -> None:
    """Red packets all year, many on the eve and the first days of the year: through an app or straight to relatives."""
    count = rng.poisson(people.liveliness.sum() * 0.02 * town.days)
    days = [town.calendar.draw(rng, count, "home")]
    for year in NEW_YEAR:
        eve = (year - town.start).days - 1
        if 0 <= eve < town.days:
            days.append(eve + np.minimum(rng.geometric(0.5, int(len(people.persons) * PACKETS_A_PERSON)) - 1, 14))
    day = np.concatenate(days)
    count = len(day)
    payer, by_app = rng.choice(people.persons, count), rng.random(count) < 0.6
    amount = yuan(np.where(rng.random(count) < 0.6, rng.choice(LUCKY, count), np.clip(rng.lognormal(3.2, 1.0, count), 0.5, 200)))
    to = np.where(by_app, rng.choice(people.payment, count), rng.choice(people.persons, count))
    evening = rng.normal(20.0, 2.0, count).clip(7.0, 23.9) * 3_600_000
    flows.add(
        day=day, ms_of_day=evening.astype(np.int64), payer=payer, payee=to, amount=amount,
        channel=np.where(by_app, "third_party", "mobile"),
        remark=np.where(by_app, flows.remarks.code("微信红包"), flows.remarks.draw(rng, {"红包": 5, "新年快乐": 2, "": 3}, count)),
    )  # fmt: skip
    cash_out = by_app & (rng.random(count) < 0.15)
    number = int(cash_out.sum())
    flows.add(
        day=day[cash_out] + rng.integers(1, 9, number), ms_of_day=daytime(rng, number), payer=to[cash_out],
        payee=rng.choice(people.persons, number), amount=np.maximum(amount[cash_out] * rng.integers(1, 6, number), 100),
        channel="third_party", remark=flows.remarks.code("零钱提现"),
    )  # fmt: skip
