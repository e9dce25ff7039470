"""Saving and borrowing with licensed firms: a fund and a lender."""

from __future__ import annotations

import numpy as np

from producers.simulate.flows import Flows, daytime, yuan
from producers.simulate.people import People
from producers.simulate.town import Town

SAVING = {
    "理财": 30,
    "理财认购": 20,
    "": 30,
    "认购": 10,
    "基金申购": 20,
    "投资": 3,
    "投资款": 2,
    "复投": 2,
    "私募": 2,
    "私募基金": 2,
    "基金认购": 4,
    "认购款": 3,
    "保单": 1,
    "平台充值": 1,
}
REDEMPTION = {"赎回": 6, "基金赎回": 3, "": 2, "收益": 1, "本息": 0.5}


def live(town: Town, people: People, flows: Flows, rng: np.random.Generator) -> None:
    """What persons do with licensed firms."""
    for part in (_fund, _loans):
        part(town, people, flows, rng)


def _fund(town: Town, people: People, flows: Flows, rng: np.random.Generator) -> None:
    """Round amounts, words of investing, money back with a gain."""
    count = len(people.persons) // 12
    who = rng.choice(people.persons, count, replace=False)
    day = town.calendar.draw(rng, count, "work")
    amount = rng.integers(1, 20, count) * rng.choice([1000, 5000, 10000], count)
    flows.add(
        day=day, ms_of_day=daytime(rng, count), payer=who, payee=people.fund, amount=yuan(amount),
        remark=flows.remarks.draw(rng, SAVING, count),
    )  # fmt: skip
    flows.add(
        day=day + rng.integers(7, 90, count), ms_of_day=daytime(rng, count), payer=people.fund, payee=who,
        amount=yuan(amount * rng.uniform(1.0, 1.02, count)), channel="online", remark=flows.remarks.draw(rng, REDEMPTION, count),
    )  # fmt: skip


def _loans(town: Town, people: People, flows: Flows, rng: np.random.Generator) -> None:
    who = rng.choice(people.employed, len(people.employed) // 15, replace=False)
    day, amount = rng.integers(-60, town.days, len(who)), rng.integers(5, 60, len(who)) * 1000
    flows.add(
        day=day, ms_of_day=daytime(rng, len(who)), payer=people.lender, payee=who, amount=yuan(amount),
        batch="loan_drawdown", channel="batch", remark=flows.remarks.code("放款"),
    )  # fmt: skip
    for month in range(1, 13):
        flows.add(
            day=day + 30 * month, ms_of_day=daytime(rng, len(who)), payer=who, payee=people.lender,
            amount=yuan(amount / 12 * 1.01), batch="loan_repayment", channel="batch", remark=flows.remarks.code("还款"),
        )  # fmt: skip
