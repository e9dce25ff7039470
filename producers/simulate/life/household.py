"""Households: family and friends, gift money, rent, power and water, tuition, cash, moving money between own accounts."""

from __future__ import annotations

import numpy as np

from producers.simulate.days import season
from producers.simulate.flows import NOBODY, Flows, daytime, yuan
from producers.simulate.people import People
from producers.simulate.town import Town

FRIENDLY = {
    "": 40, "红包": 6, "还款": 6, "借款": 6, "生活费": 8, "转账": 14, "份子钱": 3, "房租": 3, "货款": 3, "谢谢": 4, "买菜": 3, "投资": 1.2,
    "投资款": 0.8, "利息": 1, "合作款": 1, "分红": 0.6, "本金": 0.6, "入股": 0.4, "理财": 0.7, "收益": 0.4, "本息": 0.3, "项目款": 0.4,
    "认购": 0.3, "股金": 0.3, "存款": 0.6, "化肥款": 0.5, "粮款": 0.8, "复投": 0.2,
    "佣金": 0.5, "返利": 0.3, "返还": 0.3, "出借": 0.25, "标的": 0.15, "配资": 0.15, "报单": 0.15, "养老": 0.4, "保单": 0.2, "保险": 0.6, "慰问金": 0.3,
    "充值": 1, "众筹": 0.3, "认购款": 0.2, "提现": 0.6, "私募": 0.2, "捐款": 0.4, "爱心捐款": 0.3, "首付": 0.3, "入会费": 0.15, "报单款": 0.15,
}  # fmt: skip
ROUND = np.array([100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000])
ROUND_SHARES = np.array([0.2, 0.2, 0.2, 0.16, 0.09, 0.07, 0.05, 0.02, 0.01])
COUNTER_FROM_YUAN = 20_000
"""What nobody draws from a machine."""

AT_THE_COUNTER = 0.12
"""Share of smaller cash that goes over the counter."""

BY_ANOTHER = 0.3
"""Share of cash at the counter that somebody else hands in or fetches."""


def live(town: Town, people: People, flows: Flows, rng: np.random.Generator) -> None:
    """All that households do beside earning and shopping."""
    for part in (_friends, _gifts, _rent, _utilities, _tuition, _cash, _own_accounts):
        part(town, people, flows, rng)


def _friends(town: Town, people: People, flows: Flows, rng: np.random.Generator) -> None:
    count = len(people.persons)
    circle = rng.integers(0, count, (count, 5))
    payer = np.repeat(np.arange(count), rng.poisson(people.liveliness * 0.045 * town.days))
    payee = circle[payer, rng.integers(0, 5, len(payer))]
    exact = np.clip(rng.lognormal(5.8, 1.3, len(payer)), 1, 80000)
    amount = np.where(rng.random(len(payer)) < 0.55, rng.choice(ROUND, len(payer), p=ROUND_SHARES), exact)
    flows.add(
        day=town.calendar.draw(rng, len(payer), "home"), ms_of_day=daytime(rng, len(payer)), payer=people.persons[payer],
        payee=people.persons[payee], amount=yuan(amount),
        channel=rng.choice(["mobile", "online", "counter"], len(payer), p=[0.8, 0.14, 0.06]),
        remark=flows.remarks.draw(rng, FRIENDLY, len(payer)),
    )  # fmt: skip


def _gifts(town: Town, people: People, flows: Flows, rng: np.random.Generator) -> None:
    """Weddings and entrance to university: guests within three days, then the banquet is paid."""
    for host in rng.choice(people.persons, rng.poisson(len(people.persons) * town.days / 250_000), replace=False):
        day = int(town.calendar.draw(rng, 1, "home")[0])
        guests = rng.choice(people.persons, int(rng.integers(12, 60)))
        gift = rng.choice([200, 300, 500, 600, 800, 1000], len(guests), p=[0.3, 0.15, 0.25, 0.1, 0.1, 0.1])
        flows.add(
            day=day + rng.integers(0, 3, len(guests)), ms_of_day=daytime(rng, len(guests)), payer=guests, payee=host,
            amount=yuan(gift), remark=flows.remarks.draw(rng, {"份子钱": 3, "": 4, "红包": 2, "恭喜": 1}, len(guests)),
        )  # fmt: skip
        flows.add(
            day=day + 3, ms_of_day=daytime(rng, 1), payer=host, payee=rng.choice(people.shops, 1),
            amount=yuan(gift.sum() * rng.uniform(0.5, 1.0)), remark=flows.remarks.code("酒席"),
        )  # fmt: skip


def _rent(town: Town, people: People, flows: Flows, rng: np.random.Generator) -> None:
    tenants = rng.choice(people.employed, len(people.employed) // 6, replace=False)
    owners = rng.choice(people.landlords, len(tenants))
    rent = rng.integers(6, 40, len(tenants)) * 100
    for day in town.calendar.monthly(rng, 5):
        flows.add(
            day=day + rng.integers(0, 4, len(tenants)), ms_of_day=daytime(rng, len(tenants)), payer=tenants, payee=owners,
            amount=yuan(rent), remark=flows.remarks.draw(rng, {"房租": 7, "": 3}, len(tenants)),
        )  # fmt: skip


def _utilities(town: Town, people: People, flows: Flows, rng: np.random.Generator) -> None:
    homes = rng.choice(people.persons, len(people.persons) // 2, replace=False)
    for day in town.calendar.monthly(rng, 20):
        flows.add(
            day=day + rng.integers(0, 8, len(homes)), ms_of_day=daytime(rng, len(homes)), payer=homes, payee=people.utility,
            amount=yuan(np.clip(rng.lognormal(4.8, 0.5, len(homes)), 10, 3000)), channel="online",
            remark=flows.remarks.code("水电费"),
        )  # fmt: skip


def _tuition(town: Town, people: People, flows: Flows, rng: np.random.Generator) -> None:
    """Parents pay one of a few fees within a fortnight of the term's start."""
    payers = rng.choice(people.parents, len(people.parents) // 8, replace=False)
    fee = rng.choice([850, 1260, 2400, 3900], len(payers))
    for month, day in ((2, 25), (9, 1)):
        start = season(town.start, town.days, month, day)
        if start is not None:
            flows.add(
                day=start + rng.integers(0, 14, len(payers)), ms_of_day=daytime(rng, len(payers)), payer=payers,
                payee=people.school, amount=yuan(fee), channel="online", remark=flows.remarks.code("学费"),
            )  # fmt: skip


def _cash(town: Town, people: People, flows: Flows, rng: np.random.Generator) -> None:
    who = np.repeat(people.persons, rng.poisson(people.liveliness * 0.015 * town.days))
    amount = np.where(rng.random(len(who)) < 0.97, rng.integers(1, 50, len(who)) * 100, rng.integers(20, 200, len(who)) * 1000)
    channel = np.where((amount < COUNTER_FROM_YUAN) & (rng.random(len(who)) > AT_THE_COUNTER), "atm", "counter")
    day, ms = town.calendar.draw(rng, len(who), "home"), daytime(rng, len(who))
    taken = rng.random(len(who)) < 0.7
    helped = (channel == "counter") & (rng.random(len(who)) < BY_ANOTHER)
    agent = np.where(helped, np.array(town.customer)[rng.choice(people.persons, len(who))] + 1, 0)
    flows.add(day=day, ms_of_day=ms, payer=np.where(taken, who, NOBODY), payee=np.where(taken, NOBODY, who),
              amount=yuan(amount), kind="cash", channel=channel, agent=agent)  # fmt: skip


def _own_accounts(town: Town, people: People, flows: Flows, rng: np.random.Generator) -> None:
    pairs = np.array([*people.second, *people.firms_second], np.int64).reshape(-1, 2)
    pairs = np.repeat(pairs, rng.poisson(0.04 * town.days, len(pairs)), axis=0)
    count = len(pairs)
    back = rng.random(count) < 0.4
    flows.add(
        day=town.calendar.draw(rng, count, "home"), ms_of_day=daytime(rng, count),
        payer=np.where(back, pairs[:, 1], pairs[:, 0]), payee=np.where(back, pairs[:, 0], pairs[:, 1]),
        amount=yuan(rng.choice([500, 1000, 2000, 3000, 5000, 10000, 20000], count)),
    )  # fmt: skip
