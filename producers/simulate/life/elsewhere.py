"""Money from and to banks that do not report: migrants' remittances, online purchases, odd jobs, relatives abroad."""

from __future__ import annotations

import numpy as np

from producers.simulate.flows import NOBODY, Flows, daytime, yuan
from producers.simulate.people import People
from producers.simulate.town import PERSON, Town

HOMEWARD = {"": 40, "生活费": 12, "转账": 16, "工资": 8, "给家里": 4, "还款": 6, "借款": 4, "红包": 4, "房租": 2, "劳务费": 4, "货款": 6,
            "投资款": 0.6, "利息": 0.6, "入股": 0.3, "收益": 0.3, "理财": 0.3, "认购": 0.2, "本息": 0.2, "复投": 0.1}  # fmt: skip
ONLINE = {
    "": 20,
    "货款": 14,
    "定金": 4,
    "培训费": 3,
    "服务费": 5,
    "机票": 2,
    "会费": 1,
    "充值": 3,
    "加盟费": 0.4,
    "投资款": 0.4,
    "保证金": 0.6,
}


def live(town: Town, people: People, flows: Flows, rng: np.random.Generator) -> None:
    """What crosses the city's border."""
    _remittances(town, people, flows, rng)
    _firms(town, people, flows, rng)
    _abroad(town, people, flows, rng)


def _remittances(town: Town, people: People, flows: Flows, rng: np.random.Generator) -> None:
    """Each outsider knows one to four people of the city; money goes home, and some back."""
    count = len(people.outsiders)
    known = rng.choice(people.persons, (count, 4))
    who = np.repeat(np.arange(count), rng.poisson(rng.lognormal(-2.6, 1.0, count) * town.days))
    city = known[who, rng.integers(0, 4, len(who)) % (1 + who % 4)]
    home = rng.random(len(who)) < 0.65
    exact = np.clip(rng.lognormal(6.6, 1.2, len(who)), 5, 120_000)
    amount = np.where(rng.random(len(who)) < 0.6, np.maximum(100, exact.round(-2)), exact)
    out = people.outsiders[who]
    flows.add(
        day=town.calendar.draw(rng, len(who), "home"), ms_of_day=daytime(rng, len(who)), payer=np.where(home, out, city),
        payee=np.where(home, city, out), amount=yuan(amount),
        channel=rng.choice(["mobile", "online", "counter"], len(who), p=[0.8, 0.14, 0.06]),
        remark=flows.remarks.draw(rng, HOMEWARD, len(who)),
    )  # fmt: skip


def _firms(town: Town, people: People, flows: Flows, rng: np.random.Generator) -> None:
    """Purchases from firms elsewhere, and what they pay to firms and persons here."""
    buyers = np.concatenate([people.persons, people.companies, people.shops])
    lively = np.concatenate([people.liveliness * 0.012, np.full(len(buyers) - len(people.persons), 0.12)])
    payer = np.repeat(buyers, rng.poisson(lively * town.days))
    count = len(payer)
    large = np.array(town.kind)[payer] != PERSON
    firm = rng.choice(people.firms_outside, count)
    into = rng.random(count) < 0.45
    amount = np.clip(rng.lognormal(np.where(large, 9.3, 6.4), 1.2), 20, 2_900_000)
    flows.add(
        day=town.calendar.draw(rng, count, "work"), ms_of_day=daytime(rng, count), payer=np.where(into, firm, payer),
        payee=np.where(into, payer, firm),
        amount=yuan(np.where(rng.random(count) < 0.3, np.maximum(100, amount.round(-2)), amount)),
        channel=np.where(into | large, "online", rng.choice(["mobile", "online"], count, p=[0.8, 0.2])),
        remark=flows.remarks.draw(rng, ONLINE, count),
    )  # fmt: skip


def _abroad(town: Town, people: People, flows: Flows, rng: np.random.Generator) -> None:
    """Relatives abroad send yuan or dollars, and get tuition; dollars come on an account of their own and are changed."""
    count = rng.poisson(len(people.abroad) * town.days * 0.03)
    out, city = rng.choice(people.abroad, count), rng.choice(people.persons, count)
    into = rng.random(count) < 0.5
    flows.add(
        day=town.calendar.draw(rng, count, "work"), ms_of_day=daytime(rng, count), payer=np.where(into, out, city),
        payee=np.where(into, city, out), amount=yuan(np.clip(rng.lognormal(9.6, 1.1, count), 200, 600_000).round(-2)),
        channel="online", remark=flows.remarks.draw(rng, {"": 5, "学费": 2, "赡家款": 3}, count),
    )  # fmt: skip
    held = np.array(people.foreign, np.int64).reshape(-1, 2)
    day, amount = rng.integers(0, town.days, len(held)), yuan(np.clip(rng.lognormal(8.0, 1.0, len(held)), 100, 48_000).round(-1))
    flows.add(
        day=day, ms_of_day=daytime(rng, len(held)), payer=rng.choice(people.abroad, len(held)), payee=held[:, 1], amount=amount,
        channel="online", currency=1, remark=flows.remarks.code("赡家款"),
    )  # fmt: skip
    flows.add(
        day=day + 2, ms_of_day=daytime(rng, len(held)), payer=held[:, 1], payee=NOBODY, amount=amount, kind="other",
        channel="mobile", currency=1, remark=flows.remarks.code("结汇"),
    )  # fmt: skip
    flows.add(
        day=day + 2, ms_of_day=daytime(rng, len(held)), payer=NOBODY, payee=held[:, 0],
        amount=np.rint(amount * 7.1).astype(np.int64),
        kind="other", channel="mobile", remark=flows.remarks.code("结汇"),
    )  # fmt: skip
