"""Companies and shops buy from companies; shops bank their cash."""

from __future__ import annotations

import numpy as np

from producers.simulate.flows import NOBODY, Flows, daytime, yuan
from producers.simulate.people import People
from producers.simulate.town import Town

TRADE = {
    "货款": 50, "": 14, "材料款": 12, "服务费": 8, "工程款": 8, "运费": 6, "保证金": 2, "往来款": 4, "合作款": 1, "化肥款": 1, "粮款": 1,
    "投资款": 0.5, "项目款": 1, "借款": 0.7, "还款": 0.7, "利息": 0.4,
}  # fmt: skip


def live(town: Town, people: People, flows: Flows, rng: np.random.Generator) -> None:
    """Trade on working days; some customers are suppliers as well."""
    buyers = np.concatenate([people.companies, people.shops])
    buyer = np.repeat(np.arange(len(buyers)), rng.poisson(rng.lognormal(-2.4, 0.8, len(buyers)) * town.days))
    suppliers = rng.integers(0, len(people.companies), (len(buyers), 4))
    payee = people.companies[suppliers[buyer, rng.integers(0, 4, len(buyer))]]
    amount = np.clip(rng.lognormal(9.2, 1.1, len(buyer)), 100, 3_000_000)
    amount = np.where(rng.random(len(buyer)) < 0.35, np.maximum(1000, amount.round(-3)), amount)
    flows.add(
        day=town.calendar.draw(rng, len(buyer), "work"), ms_of_day=daytime(rng, len(buyer)), payer=buyers[buyer], payee=payee,
        amount=yuan(amount), channel=rng.choice(["online", "mobile", "counter"], len(buyer), p=[0.78, 0.07, 0.15]),
        remark=flows.remarks.draw(rng, TRADE, len(buyer)),
    )  # fmt: skip
    shops = np.repeat(people.shops, rng.poisson(0.06 * town.days, len(people.shops)))
    flows.add(
        day=town.calendar.draw(rng, len(shops), "work"), ms_of_day=daytime(rng, len(shops)), payer=NOBODY, payee=shops,
        amount=yuan(np.clip(rng.lognormal(8.4, 0.8, len(shops)), 100, 90000).round(-2)), kind="cash", channel="counter",
    )  # fmt: skip
    drawn = np.repeat(people.companies, rng.poisson(0.01 * town.days, len(people.companies)))
    flows.add(
        day=town.calendar.draw(rng, len(drawn), "work"), ms_of_day=daytime(rng, len(drawn)), payer=drawn, payee=NOBODY,
        amount=yuan(rng.integers(2, 150, len(drawn)) * 1000), kind="cash", channel="counter",
    )  # fmt: skip
