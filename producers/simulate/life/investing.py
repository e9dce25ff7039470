"""Saving, borrowing and insuring with licensed firms: a fund, a lender, the securities firm, the insurer."""

from __future__ import annotations

from typing import Any

import numpy as np

from producers.simulate.flows import Flows, daytime, yuan
from producers.simulate.people import People
from producers.simulate.town import Town

SAVING = {"理财": 30, "理财认购": 20, "": 30, "认购": 10, "基金申购": 20, "投资": 3, "投资款": 2, "复投": 2}
REDEMPTION = {"赎回": 6, "基金赎回": 3, "": 2, "收益": 1, "本息": 0.5}


def live(town: Town, people: People, flows: Flows, rng: np.random.Generator) -> None:
    """What persons do with licensed firms."""
    for part in (_fund, _loans, _securities, _policies):
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


def _between(
    town: Town, rng: np.random.Generator, pairs: list[tuple[int, int]], rate: float, into: float
) -> tuple[Any, Any, Any]:
    """Days, payers and payees of movements between a bank account and the same holder's account at another firm."""
    both = np.array(pairs, np.int64).reshape(-1, 2)
    both = np.repeat(both, rng.poisson(rate * town.days, len(both)), axis=0)
    there = rng.random(len(both)) < into
    day = town.calendar.draw(rng, len(both), "work")
    return day, np.where(there, both[:, 0], both[:, 1]), np.where(there, both[:, 1], both[:, 0])


def _securities(town: Town, people: People, flows: Flows, rng: np.random.Generator) -> None:
    day, payer, payee = _between(town, rng, people.investors, 0.05, 0.6)
    flows.add(
        day=day, ms_of_day=9 * 3_600_000 + rng.integers(0, 6 * 3_600_000, len(day)), payer=payer, payee=payee,
        amount=yuan(rng.integers(1, 80, len(day)) * 500), kind="securities_transfer", channel="online",
    )  # fmt: skip


def _policies(town: Town, people: People, flows: Flows, rng: np.random.Generator) -> None:
    """Premiums each month; now and then a claim, a surrender or a loan on the policy."""
    held = np.array(people.insured, np.int64).reshape(-1, 2)
    premium = rng.choice([120, 200, 305.5, 500, 1000, 1688], len(held))
    for day in town.calendar.monthly(rng, 18):
        flows.add(
            day=day + rng.integers(0, 6, len(held)), ms_of_day=daytime(rng, len(held)), payer=held[:, 0], payee=held[:, 1],
            amount=yuan(premium), kind="premium", channel="batch", remark=flows.remarks.code("保费"),
        )  # fmt: skip
    for kind, rate, around, word in (
        ("claim", 0.002, 7.6, "理赔款"),
        ("surrender", 0.0004, 9.2, "退保"),
        ("policy_loan", 0.0004, 9.0, ""),
    ):
        day, payer, payee = _between(town, rng, people.insured, rate, 0.0)
        flows.add(
            day=day, ms_of_day=daytime(rng, len(day)), payer=payer, payee=payee, amount=yuan(rng.lognormal(around, 0.7, len(day))),
            kind=kind, channel="batch", remark=flows.remarks.code(word),
        )  # fmt: skip
