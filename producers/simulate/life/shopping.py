"""Shopping by card and by app; payment institutions settle with shops the next day. Larger purchases go to companies."""

from __future__ import annotations

from typing import Any

import numpy as np

from producers.simulate.flows import Flows, daytime, yuan
from producers.simulate.life.income import zipf
from producers.simulate.people import People
from producers.simulate.town import Town

PURCHASES_A_DAY = 0.18
FEE_PER_MILLE = 6
LARGER = {
    "": 30, "货款": 15, "定金": 7, "装修款": 6, "修车": 5, "医药费": 4, "培训费": 5, "押金": 4, "家具": 4, "化肥款": 3, "会费": 2, "转账": 8,
    "往来款": 2, "保证金": 1, "加盟费": 0.6, "投资款": 0.8, "项目款": 0.8, "合作款": 1, "入股": 0.6, "认购": 0.5, "股金": 0.5, "存款": 0.5,
    "理财": 0.5, "借款": 1.5, "还款": 1.5, "复投": 0.2,
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
    flows.add(
        day=day[~by_app], ms_of_day=daytime(rng, int((~by_app).sum())), payer=buyers[~by_app], payee=shops[~by_app],
        amount=price[~by_app], kind="card", channel="pos",
    )  # fmt: skip
    app = rng.choice(people.payment, int(by_app.sum()))
    flows.add(
        day=day[by_app], ms_of_day=daytime(rng, len(app)), payer=buyers[by_app], payee=app, amount=price[by_app],
        channel="third_party", remark=flows.remarks.draw(rng, {"扫码支付": 5, "": 3, "消费": 2}, len(app)),
    )  # fmt: skip
    _settlement(len(town), flows, rng, shops[by_app], app, day[by_app], price[by_app])
    _larger(town, people, flows, rng)


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
