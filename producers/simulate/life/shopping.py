"""Shopping by card and by app; payment institutions settle with shops the next day. Larger purchases go to companies."""

from __future__ import annotations

from typing import Any

import numpy as np

from producers.simulate.drawing import zipf
from producers.simulate.flows import Flows, daytime, yuan
from producers.simulate.people import People
from producers.simulate.town import Town

PURCHASES_A_DAY = 0.18
FEE_PER_MILLE = 6
TERMINALS = 64
"""Room for points of sale of one account in their numbers."""

VOIDED, GIVEN_BACK = 0.002, 0.006
LARGER = {
    "": 30, "货款": 15, "定金": 7, "装修款": 6, "修车": 5, "医药费": 4, "培训费": 5, "押金": 4, "家具": 4, "化肥款": 3, "会费": 2, "转账": 8,
    "往来款": 2, "保证金": 1, "加盟费": 0.6, "投资款": 0.8, "项目款": 0.8, "合作款": 1, "入股": 0.6, "认购": 0.5, "股金": 0.5, "存款": 0.5,
    "理财": 0.5, "借款": 1.5, "还款": 1.5, "复投": 0.2,
    "入会费": 1, "报单款": 0.6, "平台充值": 1, "债权转让": 0.5, "保险": 2, "保单": 1, "养老": 1, "基金认购": 0.6, "认购款": 0.8, "众筹": 0.5, "出借": 0.5,
    "标的": 0.5, "充值": 3, "租金": 2, "捐款": 1.5, "爱心捐款": 1, "购房款": 0.6, "首付": 0.6, "器材款": 1, "报单": 0.4, "私募": 0.4,
}  # fmt: skip


def live(town: Town, people: People, flows: Flows, rng: np.random.Generator) -> None:
    """Purchases as lively as each person is, most at a few shops."""
    counts = rng.poisson(people.liveliness * PURCHASES_A_DAY * town.days)
    buyers = np.repeat(people.persons, counts)
    total = len(buyers)
    shops = rng.choice(people.shops, total, p=zipf(len(people.shops), 1.0))
    day = town.calendar.draw(rng, total, "shopping")
    price = yuan(np.clip(rng.lognormal(3.7, 1.1, total), 1, 20000))
    by_app = rng.random(total) < 0.6
    _by_card(flows, rng, buyers[~by_app], shops[~by_app], day[~by_app], price[~by_app])
    app = rng.choice(people.payment, int(by_app.sum()))
    flows.add(
        day=day[by_app], ms_of_day=daytime(rng, len(app)), payer=buyers[by_app], payee=app, amount=price[by_app],
        channel="third_party", remark=flows.remarks.draw(rng, {"扫码支付": 5, "": 3, "消费": 2}, len(app)),
    )  # fmt: skip
    _settlement(len(town), flows, rng, shops[by_app], app, day[by_app], price[by_app])
    _larger(town, people, flows, rng)
    _homes(town, people, flows, rng)


def terminals(rng: np.random.Generator, shops: Any, most: int = 3) -> Any:
    """Points of sale of the shops where something was bought: most have one, some up to ``most``."""
    return shops * TERMINALS + 1 + np.minimum(rng.integers(0, most, len(shops)), shops % most)


def _by_card(flows: Flows, rng: np.random.Generator, buyers: Any, shops: Any, day: Any, price: Any) -> None:
    """Card payments; some are voided at once, some are given back days later."""
    count = len(buyers)
    at, ms, tags = terminals(rng, shops), daytime(rng, count), flows.tags(count)
    flows.add(
        day=day, ms_of_day=ms, payer=buyers, payee=shops, amount=price, kind="card", channel="pos", terminal=at, tag=tags,
    )  # fmt: skip
    what = rng.random(count)
    void, back = what < VOIDED, (what >= VOIDED) & (what < VOIDED + GIVEN_BACK)
    flows.add(
        day=day[void], ms_of_day=ms[void] + rng.integers(20_000, 300_000, int(void.sum())), payer=shops[void], payee=buyers[void],
        amount=price[void], kind="card", channel="pos", terminal=at[void], reverses=tags[void],
    )  # fmt: skip
    flows.add(
        day=day[back] + rng.integers(1, 10, int(back.sum())), ms_of_day=daytime(rng, int(back.sum())), payer=shops[back],
        payee=buyers[back], amount=price[back], kind="card", channel="pos", batch="refund", terminal=at[back],
    )  # fmt: skip


def _settlement(accounts: int, flows: Flows, rng: np.random.Generator, shops: Any, app: Any, day: Any, price: Any) -> None:
    """A sum for each shop, app and day, fee taken."""
    keys, place = np.unique((day * accounts + shops) * accounts + app, return_inverse=True)
    sums = np.zeros(len(keys), np.int64)
    np.add.at(sums, place, price)
    flows.add(
        day=keys // (accounts * accounts) + 1, ms_of_day=7 * 3_600_000 + rng.integers(0, 3_600_000, len(keys)),
        payer=keys % accounts, payee=keys // accounts % accounts, amount=np.maximum(sums * (1000 - FEE_PER_MILLE) // 1000, 1),
        channel="batch", remark=flows.remarks.code("商户结算"),
    )  # fmt: skip


def _larger(town: Town, people: People, flows: Flows, rng: np.random.Generator) -> None:
    """Furniture, repairs, courses, deposits: straight to companies and shops, often in round sums."""
    payer = np.repeat(people.persons, rng.poisson(people.liveliness * 0.008 * town.days))
    count = len(payer)
    sellers = np.concatenate([people.companies, people.shops])
    amount = np.clip(rng.lognormal(7.6, 1.2, count), 50, 150_000)
    amount = np.where(rng.random(count) < 0.5, np.maximum(500, (amount / 500).round() * 500), amount)
    flows.add(
        day=town.calendar.draw(rng, count, "shopping"), ms_of_day=daytime(rng, count), payer=payer,
        payee=rng.choice(sellers, count), amount=yuan(amount),
        channel=rng.choice(["mobile", "online", "counter"], count, p=[0.7, 0.2, 0.1]),
        remark=flows.remarks.draw(rng, LARGER, count),
    )  # fmt: skip


def _homes(town: Town, people: People, flows: Flows, rng: np.random.Generator) -> None:
    """A home or a car is paid in one sum; a few buyers change their mind and get it back."""
    count = rng.poisson(len(people.persons) * town.days * 1e-4)
    who = rng.choice(people.persons[people.age >= 24], count)
    sellers = rng.choice(people.companies, max(2, len(people.companies) // 60))
    seller, day = rng.choice(sellers, count), town.calendar.draw(rng, count, "shopping")
    amount = yuan(np.clip(rng.lognormal(12.0, 0.7, count), 30_000, 2_500_000).round(-3))
    flows.add(
        day=day, ms_of_day=daytime(rng, count), payer=who, payee=seller, amount=amount, channel="counter",
        remark=flows.remarks.draw(rng, {"购房款": 4, "首付": 2, "车款": 3, "": 3, "定金": 1}, count),
    )  # fmt: skip
    back = rng.random(count) < 0.06
    flows.add(
        day=day[back] + rng.integers(5, 40, int(back.sum())), ms_of_day=daytime(rng, int(back.sum())), payer=seller[back],
        payee=who[back], amount=amount[back], channel="online", remark=flows.remarks.code("退款"),
    )  # fmt: skip
