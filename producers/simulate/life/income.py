"""Income: wages by payroll batch, pensions, dividends and expenses that companies pay to persons."""

from __future__ import annotations

import numpy as np

from producers.simulate.flows import Flows, daytime, yuan
from producers.simulate.people import People
from producers.simulate.town import Town

FROM_COMPANIES = {
    "": 24, "报销": 20, "劳务费": 14, "奖金": 8, "退款": 8, "分红": 3, "粮款": 5, "提成": 3, "往来款": 3, "利息": 1.5, "还款": 3, "转账": 6,
    "本息": 0.8, "收益": 0.6, "借款": 1, "佣金": 3,
    "返利": 1.2, "返还": 1, "慰问金": 1.5, "提现": 1.5, "债权转让": 0.4,
}  # fmt: skip


def live(town: Town, people: People, flows: Flows, rng: np.random.Generator) -> None:
    """Wages around the 10th, pensions around the 15th, other payments of companies on working days."""
    _wages(town, people, flows, rng)
    _pensions(town, people, flows, rng)
    _from_companies(town, people, flows, rng)


def _wages(town: Town, people: People, flows: Flows, rng: np.random.Generator) -> None:
    wage = np.clip(rng.lognormal(8.6, 0.45, len(people.employed)), 2200, 60000)
    for employer in np.unique(people.employer):
        staff = np.flatnonzero(people.employer == employer)
        for day in town.calendar.monthly(rng, 10):
            pay = yuan(wage[staff] * rng.normal(1.0, 0.03, len(staff)))
            flows.add(
                day=day, ms_of_day=10 * 3_600_000 + rng.integers(0, 600_000, len(staff)), payer=employer,
                payee=people.employed[staff], amount=pay, channel="batch", batch="payroll", remark=flows.remarks.code("工资"),
            )  # fmt: skip


def _pensions(town: Town, people: People, flows: Flows, rng: np.random.Generator) -> None:
    count = len(people.retired)
    pension = np.clip(rng.lognormal(7.7, 0.5, count), 200, 12000)
    for day in town.calendar.monthly(rng, 15):
        flows.add(
            day=day, ms_of_day=9 * 3_600_000 + rng.integers(0, 3_600_000, count), payer=people.treasury, payee=people.retired,
            amount=yuan(pension), channel="batch", batch="pension", remark=flows.remarks.code("养老金"),
        )  # fmt: skip


def _from_companies(town: Town, people: People, flows: Flows, rng: np.random.Generator) -> None:
    payer = np.repeat(people.companies, rng.poisson(rng.lognormal(-3.0, 1.0, len(people.companies)) * town.days))
    count = len(payer)
    amount = np.clip(rng.lognormal(7.2, 1.2, count), 20, 200_000)
    amount = np.where(rng.random(count) < 0.4, np.maximum(100, amount.round(-2)), amount)
    flows.add(
        day=town.calendar.draw(rng, count, "work"), ms_of_day=daytime(rng, count), payer=payer,
        payee=rng.choice(people.persons, count), amount=yuan(amount),
        channel=rng.choice(["online", "mobile", "counter"], count, p=[0.8, 0.1, 0.1]),
        remark=flows.remarks.draw(rng, FROM_COMPANIES, count),
    )  # fmt: skip
