"""A small town of another hand than the simulator's: ordinary life, look-alikes and schemes, for checking only.

``python -m tests.quality.other_town FOLDER --seed N`` writes movements, profiles and labels. Nothing here is shared with
``producers.simulate``: other banks, other growth, other sums, other words. No threshold is chosen on it.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np

FIRST_DAY: Final = date(2026, 3, 2)
DAYS: Final = 110
PEOPLE: Final = 1800
FIRMS: Final = 90
REGIONS: Final = ("341202", "341225", "341302", "340104")
BANKS: Final = {"STOVE": 0.45, "LANTERN": 0.35, "KETTLE": 0.2}
"""STOVE tells everything; LANTERN gives no remarks, ages or channels; KETTLE tells holders in profiles alone, of nine in ten."""
COLUMNS: Final = (
    "event_id", "institution_code", "institution_type", "account_id", "customer_id", "branch_region", "occurred_at", "direction",
    "amount", "currency", "kind", "counterparty_id", "counterparty_customer_id", "counterparty_kind", "counterparty_birth_year",
    "channel", "batch_code", "remark", "own_name",
)  # fmt: skip
PROFILE: Final = (
    "account_id", "institution_code", "institution_type", "customer_id", "holder_kind", "holder_licence", "branch_region",
    "opened_on", "birth_year", "industry", "legal_representative_id", "address_id", "phone_id",
)  # fmt: skip


def _hash(prefix: str, *parts: object) -> str:
    return prefix + hashlib.blake2b("|".join(map(str, parts)).encode(), digest_size=10).hexdigest()


class Town:
    """Holders with one account each (number = row), and transfers between them; -1 is cash, no other side."""

    def __init__(self, seed: int) -> None:
        self.seed, self.rng = seed, np.random.default_rng([seed, 77])
        self.accounts: list[dict[str, Any]] = []
        self.moves: list[tuple[Any, ...]] = []
        self.labels: list[tuple[int, int, str, str]] = []
        self.schemes = 0
        self.people = np.array([self.open("person", born=int(self.rng.integers(1938, 2007))) for _ in range(PEOPLE)])
        self.firms = np.array([self.open("company", industry=self.one("C2669", "F5137", "L7291", "E4790")) for _ in range(FIRMS)])
        self.apps = [self.open("payment", bank="PAYRIVER", licence="payment") for _ in range(2)]
        self.state = self.open("public_body", licence="public_body")
        self.used: set[int] = set()

    def one(self, *words: Any) -> Any:
        """One of the words."""
        return words[int(self.rng.integers(len(words)))]

    def open(self, kind: str, *, bank: str = "", born: int = 0, age_days: int = 0, **known: Any) -> int:
        """A new holder's account; ``age_days`` is how long before the first day it was opened (0: years)."""
        number = len(self.accounts)
        bank = bank or str(self.rng.choice(list(BANKS), p=list(BANKS.values())))
        opened = FIRST_DAY - timedelta(days=age_days or int(self.rng.integers(300, 4000)))
        holder = _hash("c:", self.seed, "holder", known.pop("holder", number))
        made = {
            "kind": kind,
            "bank": bank,
            "born": born,
            "opened": opened,
            "id": _hash("a:", self.seed, number),
            "holder": holder,
        }
        self.accounts.append({**made, "region": self.one(*REGIONS), **known})
        return number

    def some(self, count: int, *, born: tuple[int, int] = (1940, 2004)) -> Any:
        """That many different persons of these years of birth."""
        able = [k for k in self.people.tolist() if born[0] <= self.accounts[k]["born"] <= born[1] and k not in self.used]
        return self.rng.choice(able, min(count, len(able)), replace=False)

    def apart(self, *, born: tuple[int, int] = (1960, 2000)) -> int:
        """A person who has no other special part."""
        who = int(self.some(1, born=born)[0])
        self.used.add(who)
        return who

    def pay(self, day: Any, payer: Any, payee: Any, yuan: Any, words: Sequence[str] = ("",), **more: str) -> None:
        """Transfers, broadcast over days, sides and sums; days outside the town's time do not happen."""
        day, payer, payee, yuan = np.broadcast_arrays(*map(np.atleast_1d, (day, payer, payee, yuan)))
        second = self.rng.integers(7 * 3600, 23 * 3600, len(day))
        word = self.rng.integers(0, len(words), len(day))
        for d, a, b, y, s, w in zip(*(x.tolist() for x in (day, payer, payee, yuan, second, word)), strict=True):
            if 0 <= d < DAYS and y >= 0.01 and a != b:
                self.moves.append((int(d) * 86400 + s, a, b, round(y * 100), words[w], more))

    def label(self, accounts: Sequence[int], pattern: str, *, scheme: bool) -> None:
        """Remember what accounts are; a scheme's accounts get one scheme id."""
        self.schemes += scheme
        name = f"{pattern}-{self.schemes}" if scheme else ""
        self.labels += [(one, int(scheme), name, pattern) for one in accounts]


# Ordinary life


def household(t: Town) -> None:
    """Wages, half of them by payroll batch; shopping by app; rent, family, cash."""
    rng, per = t.rng, max(1, len(t.people) // len(t.firms))
    for k, firm in enumerate(t.firms.tolist()):
        staff = t.people[k * per : k * per + int(rng.integers(3, per + 1))]
        wage = rng.lognormal(8.5, 0.35, len(staff))
        batch = {"batch_code": "payroll", "channel": "batch"} if rng.random() < 0.6 else {"channel": "online"}
        for day in range(int(rng.integers(2, 28)), DAYS, 30):
            t.pay(day, firm, staff, wage * rng.normal(1, 0.02, len(staff)), ("工资", "工资", ""), **batch)
        others = rng.choice(t.firms, 4)
        t.pay(rng.integers(0, DAYS, 24), firm, rng.choice(others, 24), rng.lognormal(9.5, 1.0, 24), ("货款", "服务费", ""))
    for one in t.people.tolist():
        n = int(rng.poisson(22))
        t.pay(rng.integers(0, DAYS, n), one, rng.choice(t.apps, n), rng.lognormal(3.6, 1.0, n), channel="third_party")
        friends = rng.choice(t.people, 4)
        n = int(rng.poisson(5))
        t.pay(rng.integers(0, DAYS, n), one, rng.choice(friends, n), rng.choice([50, 100, 200, 500, 1000], n), ("", "", "转账"))
        n = int(rng.poisson(1.5))
        t.pay(rng.integers(0, DAYS, n), one, -1, rng.choice([500, 1000, 2000, 5000], n), kind="cash", channel="atm")


def landlords(t: Town) -> None:
    """Landlords of up to a dozen tenants; a deposit comes back whole."""
    for _ in range(25):
        owner, tenants = t.apart(), t.some(int(t.rng.integers(1, 13)))
        rent, begins = t.rng.integers(8, 30, len(tenants)) * 100.0, t.rng.integers(-40, 40, len(tenants))
        t.pay(begins, tenants, owner, rent * 2, ("押金", "房租", ""))
        for month in range(5):
            t.pay(begins + 30 * month, tenants, owner, rent, ("房租", "房租", ""))
        gone = t.rng.random(len(tenants)) < 0.2
        t.pay(begins[gone] + 80, owner, tenants[gone], rent[gone] * 2, ("退押金", ""))


def gifts(t: Town) -> None:
    """Weddings and funerals: two days of gifts, then the restaurant."""
    for _ in range(14):
        host, day = t.apart(), int(t.rng.integers(2, DAYS - 5))
        guests = t.some(int(t.rng.integers(25, 110)))
        sums = t.rng.choice([200, 300, 500, 600, 800, 1000, 2000], len(guests), p=[0.2, 0.1, 0.3, 0.12, 0.1, 0.15, 0.03])
        t.pay(day + t.rng.integers(-1, 2, len(guests)), guests, host, sums, ("份子", "恭喜", ""))
        t.pay(day + 3, host, int(t.rng.choice(t.firms)), float(sums.sum()) * 0.8, ("酒席", ""))
        t.label([host], "gifts", scheme=False)


def circles(t: Town) -> None:
    """Friends' rotating savings: eight to twelve pay one head each month, who hands the pot to one of them."""
    for _ in range(8):
        head, friends = t.apart(), t.some(int(t.rng.integers(8, 13)))
        part, begins = float(t.one(1000, 2000, 3000)), int(t.rng.integers(0, 20))
        for month in range(4):
            t.pay(begins + 30 * month, friends, head, part, ("会款", "", "转账"))
            t.pay(begins + 30 * month + 1, head, friends[month], part * len(friends), ("会款", ""))
        t.label([head], "rotating_savings", scheme=False)


def house_loans(t: Town) -> None:
    """A family borrows of relatives and friends for a flat, round sums of each one's choice; some have it back."""
    for _ in range(6):
        buyer, lenders = t.apart(), t.some(int(t.rng.integers(10, 25)))
        day = int(t.rng.integers(0, 50)) + t.rng.integers(0, 21, len(lenders))
        lent = t.rng.choice([5, 10, 20, 30, 50, 80, 100], len(lenders))
        t.pay(day, lenders, buyer, lent * 1000.0, ("借款", "", "借款"))
        t.pay(day.max() + 2, buyer, int(t.rng.choice(t.firms)), float(lent.sum()) * 1000, ("首付", "购房"))
        back = t.rng.random(len(lenders)) < 0.4
        t.pay(day[back] + 45, buyer, lenders[back], lent[back] * 1000.0, ("还款", ""))
        t.label([buyer], "house_loans", scheme=False)


def tours(t: Town) -> None:
    """Somebody arranges journeys: one price a journey, many persons, a part given back to who stays at home."""
    for _ in range(4):
        one, price = t.apart(), float(t.one(3980, 5000, 6800, 10_000))
        who = t.some(int(t.rng.integers(25, 70)))
        day = t.rng.integers(0, 75, len(who))
        t.pay(day, who, one, price, ("团费", "旅游", ""))
        ill = t.rng.random(len(who)) < 0.08
        t.pay(day[ill] + 9, one, who[ill], price * 0.7, ("退团费", ""))
        t.label([one], "tours", scheme=False)


def reunion(t: Town) -> None:
    """A class's fund: all pay alike, what was not spent is given back in one go, a few hundredths of what was paid."""
    for _ in range(5):
        host, guests, day = t.apart(), t.some(int(t.rng.integers(18, 60))), int(t.rng.integers(5, 60))
        fee = float(t.one(800, 1000, 1500, 2000))
        t.pay(day + t.rng.integers(0, 8, len(guests)), guests, host, fee, ("聚会", "班费", ""))
        t.pay(day + 12, host, int(t.rng.choice(t.firms)), fee * len(guests) * 0.9, ("场地", "餐费"))
        t.pay(day + 14, host, guests, fee * float(t.rng.uniform(0.03, 0.1)), ("退余款", ""))
        t.label([host], "reunion", scheme=False)


def group_buying(t: Town) -> None:
    """A neighbour orders for many each week and pays the wholesaler; a few are given a little back."""
    for _ in range(6):
        leader, wholesaler = t.apart(), int(t.rng.choice(t.firms))
        buyers = t.some(int(t.rng.integers(40, 160)))
        for day in range(int(t.rng.integers(0, 7)), DAYS, 7):
            now = t.rng.choice(buyers, len(buyers) // 2, replace=False)
            sums = t.rng.uniform(15, 180, len(now)).round(1)
            t.pay(day, now, leader, sums, ("团购", "", "鸡蛋"))
            t.pay(day + 1, leader, wholesaler, float(sums.sum()) * 0.85, ("货款",))
            t.pay(day + 2, leader, now[: len(now) // 12], sums[: len(now) // 12] * 0.3, ("退差价",))
        t.label([leader], "group_buying", scheme=False)


def cash_back(t: Town) -> None:
    """A dealer in appliances gives each buyer the same part of the price back some days later."""
    for _ in range(4):
        shop = t.open("company", industry="F5274")
        buyers = t.some(int(t.rng.integers(50, 140)))
        day, price = t.rng.integers(0, DAYS - 10, len(buyers)), t.rng.choice([1299, 2199, 2899, 3499, 5200, 7999], len(buyers))
        t.pay(day, buyers, shop, price, ("空调", "货款", ""))
        t.pay(day + 7, shop, buyers, price * float(t.one(0.03, 0.05, 0.08)), ("返现", "", "以旧换新"))
        t.pay(np.arange(5, DAYS, 9), shop, int(t.rng.choice(t.firms)), float(price.sum()) / 15, ("货款",))
        t.label([shop], "cash_back", scheme=False)


def schools(t: Town) -> None:
    """Training centres and a public school: fees in few sizes, some given back in part."""
    for public in (False, False, False, True):
        school = t.open("public_body", licence="public_body") if public else t.open("company", industry="P8391")
        parents = t.some(int(t.rng.integers(80, 250)), born=(1975, 1995))
        fee = t.rng.choice([2400, 3600, 4800], len(parents))
        day = t.one(0, 20, 70) + t.rng.integers(0, 14, len(parents))
        t.pay(day, parents, school, fee, ("学费", "培训费", ""))
        gone = t.rng.random(len(parents)) < 0.06
        t.pay(day[gone] + 25, school, parents[gone], fee[gone] * t.rng.uniform(0.3, 0.95, int(gone.sum())), ("退费",))
        t.label([school], "school", scheme=False)


def dues(t: Town) -> None:
    """Condominiums' dues by floor area; a clinic's fees; a gym's cards."""
    homes, clinic, gym = (
        ("K7020", 220, 400, 3200, "物业费"),
        ("Q8421", 260, 80, 1500, "诊费"),
        ("R8930", 150, 1200, 3600, "年卡"),
    )
    for industry, count, low, high, word in (homes, clinic, gym):
        for _ in range(2):
            firm, who = t.open("company", industry=industry), t.some(count)
            t.pay(t.rng.integers(0, DAYS, len(who)), who, firm, t.rng.uniform(low, high, len(who)), (word, ""))
            t.pay(np.arange(9, DAYS, 10), firm, int(t.rng.choice(t.firms)), count * low / 20, ("工程款", ""))
            t.label([firm], "dues", scheme=False)


def pre_sale(t: Town) -> None:
    """A developer's deposits: whole back to who drew no flat, a first payment from the others."""
    for _ in range(3):
        firm, who = t.open("company", industry="K7010"), t.some(int(t.rng.integers(80, 220)))
        begins = int(t.rng.integers(5, 60))
        deposit = float(t.one(20_000, 50_000))
        t.pay(begins + t.rng.integers(0, 14, len(who)), who, firm, deposit, ("认筹金", "认购", ""))
        won = t.rng.random(len(who)) < 0.4
        t.pay(begins + 20, firm, who[~won], deposit, ("退认筹", ""))
        t.pay(
            begins + 22 + t.rng.integers(0, 9, int(won.sum())),
            who[won],
            firm,
            t.rng.uniform(180e3, 420e3, int(won.sum())),
            ("首付",),
        )
        t.label([firm], "pre_sale", scheme=False)


def franchise(t: Town) -> None:
    """A brand takes deposits of franchisees; whole or less a fee they come back to who leaves, and goods are bought meanwhile."""
    for _ in range(3):
        firm, who = t.open("company", industry="L7229"), t.some(int(t.rng.integers(25, 70)))
        day, deposit = t.rng.integers(-20, 60, len(who)), t.rng.choice([10_000, 20_000, 30_000], len(who))
        t.pay(day, who, firm, deposit, ("加盟费", "保证金", ""))
        for month in range(1, 4):
            t.pay(day + 25 * month, who, firm, t.rng.lognormal(8.6, 0.6, len(who)), ("货款", ""))
        gone = t.rng.random(len(who)) < 0.35
        kept = np.where(t.rng.random(len(who)) < 0.5, 1.0, t.rng.uniform(0.6, 0.95, len(who)))
        t.pay(day[gone] + 45, firm, who[gone], (deposit * kept)[gone], ("退保证金", ""))
        t.label([firm], "franchise", scheme=False)


def staff_loans(t: Town) -> None:
    """A firm borrows from its own staff and pays monthly interest; its first wages in the data come early or late."""
    for first_wage in (4, 16, 27, 27):
        firm, staff = t.open("company", industry="C3311"), t.some(int(t.rng.integers(30, 90)))
        wage = t.rng.uniform(3500, 8000, len(staff))
        for payday in range(first_wage, DAYS, 30):
            t.pay(payday, firm, staff, wage, ("工资",), batch_code="payroll", channel="batch")
        lenders = staff[: int(len(staff) * 0.8)]
        lent, day = t.rng.integers(1, 16, len(lenders)) * 5000.0, t.rng.integers(0, 25, len(lenders))
        t.pay(day, lenders, firm, lent, ("借款", "内部借款", ""))
        for month in range(1, 4):
            t.pay(day + 30 * month, firm, lenders, lent * 0.006, ("利息", ""))
        t.label([firm], "staff_loans", scheme=False)


def cooperative(t: Town) -> None:
    """Farmers buy fertiliser of their co-operative, sell it grain and are paid a dividend by what they sold."""
    for _ in range(3):
        firm, farmers = t.open("company", industry="A0514"), t.some(int(t.rng.integers(60, 180)), born=(1945, 1985))
        t.pay(t.rng.integers(0, 45, len(farmers)), farmers, firm, t.rng.lognormal(7.2, 0.6, len(farmers)), ("化肥款", "种子", ""))
        sold = t.rng.lognormal(9.2, 0.6, len(farmers))
        t.pay(t.rng.integers(60, 100, len(farmers)), firm, farmers, sold, ("粮款", ""))
        t.pay(50, firm, farmers, t.rng.lognormal(6.2, 0.7, len(farmers)), ("分红", "股金分红"))
        t.pay(t.rng.integers(40, DAYS, 6), int(t.rng.choice(t.firms)), firm, float(sold.sum()) / 5, ("粮款",))
        t.label([firm], "cooperative", scheme=False)


def dealers(t: Town) -> None:
    """Used cars bought from and sold to persons; decorators paid in three parts; goods collected for others on delivery."""
    for _ in range(6):
        dealer, who = t.apart(), t.some(int(t.rng.integers(15, 45)))
        day, price = t.rng.integers(0, DAYS, len(who)), t.rng.lognormal(10.4, 0.5, len(who)).round(-2)
        sells = t.rng.random(len(who)) < 0.55
        t.pay(day[sells], who[sells], dealer, price[sells], ("车款", ""))
        t.pay(day[~sells], dealer, who[~sells], price[~sells], ("车款", ""))
        t.label([dealer], "used_cars", scheme=False)
    for _ in range(5):
        firm, who = t.apart(), t.some(int(t.rng.integers(12, 30)))
        day, price = t.rng.integers(-30, 90, len(who)), t.rng.lognormal(10.8, 0.4, len(who)).round(-3)
        for part, later in ((0.3, 0), (0.4, 20), (0.3, 45)):
            t.pay(day + later, who, firm, price * part, ("装修款", "工程款", ""))
        t.pay(np.arange(3, DAYS, 4), firm, t.rng.choice(t.people, len(range(3, DAYS, 4))), t.rng.uniform(800, 6000), ("工钱", ""))
        t.label([firm], "decorator", scheme=False)
    for _ in range(3):
        carrier, sellers, buyers = t.apart(), t.some(12), t.some(150)
        day, price = t.rng.integers(0, DAYS, 400), t.rng.lognormal(6.0, 0.8, 400)
        t.pay(day, t.rng.choice(buyers, 400), carrier, price, ("代收货款", ""))
        t.pay(day + 3, carrier, t.rng.choice(sellers, 400), price * 0.97, ("货款",))
        t.label([carrier], "collects_on_delivery", scheme=False)


def appeals(t: Town) -> None:
    """A certified charity, and a sick person whom many help at once."""
    charity, givers = t.open("company", industry="Q8521", licence="charity"), t.some(300)
    t.pay(t.rng.integers(0, DAYS, 300), givers, charity, t.rng.choice([10, 20, 50, 100, 500], 300), ("捐款", ""))
    t.pay(np.arange(20, DAYS, 6), charity, t.rng.choice(t.people, len(range(20, DAYS, 6))), 1500, ("救助",))
    t.label([charity], "charity", scheme=False)
    for _ in range(3):
        ill, givers, day = t.apart(), t.some(int(t.rng.integers(50, 160))), int(t.rng.integers(3, 90))
        sums = t.rng.choice([50, 100, 200, 500, 1000, 5000], len(givers), p=[0.2, 0.3, 0.2, 0.2, 0.08, 0.02])
        t.pay(day + t.rng.integers(0, 9, len(givers)), givers, ill, sums, ("早日康复", "", "捐款"))
        t.pay(day + np.array([4, 9, 14]), ill, t.state, float(sums.sum()) / 3.2, ("医药费",))
        t.label([ill], "help_for_the_sick", scheme=False)


def consultants(t: Town) -> None:
    """A tutor, a matchmaker, an agent for visas: persons pay one person some thousands each, and get nothing back."""
    for _ in range(8):
        one, who = t.apart(), t.some(int(t.rng.integers(20, 55)))
        t.pay(
            t.rng.integers(0, DAYS, len(who)),
            who,
            one,
            t.rng.choice([1200, 2000, 3000, 5000, 6800], len(who)),
            ("学费", "服务费", ""),
        )
        t.label([one], "consultant", scheme=False)


# Schemes: word of mouth, each payer brings others


def joins(t: Town, who: Any, begins: int, span: int) -> Any:
    """Days on which payers join: few at first, each week more than the last, with quiet days between."""
    week = t.rng.uniform(1.15, 1.6) ** np.arange(max(1, span // 7 + 1))
    days = begins + 7 * t.rng.choice(len(week), len(who), p=week / week.sum()) + t.rng.integers(0, 7, len(who))
    return np.sort(days)


def _organiser(t: Town) -> int:
    """A person's own account, a new one, or a firm's."""
    if t.rng.random() < 0.35:
        return t.open("company", industry=t.one("L7249", "F5179", "R9053", "I6510"))
    return t.apart() if t.rng.random() < 0.6 else t.open("person", born=1978, age_days=int(t.rng.integers(1, 60)))


def _scheme(t: Town, *, elderly: bool = False) -> tuple[int, Any, Any, Any]:
    """Organiser, payers, days and sums of a scheme of 40 to 200 people."""
    boss = _organiser(t)
    who = t.some(int(t.rng.integers(40, 201)), born=(1938, 1964) if elderly else (1945, 2000))
    begins = int(t.rng.integers(3, 40))
    day = joins(t, who, begins, int(t.rng.integers(40, DAYS - begins)))
    unit = float(t.one(1000, 3000, 5000, 10_000, 20_000))
    sums = unit * (1 + t.rng.geometric(0.45, len(who)))
    odd = t.rng.random(len(who)) < float(t.one(0.0, 0.1, 0.5))
    return boss, who, day, np.where(odd, (sums * t.rng.uniform(0.8, 1.2, len(who))).round(), sums)


def _keeps(t: Town, boss: int, day: Any, sums: Any) -> None:
    """What the organiser takes for himself: a few payments a month, some in cash."""
    for at in range(int(day.min()) + 9, DAYS, 11):
        got = float(sums[(day < at) & (day >= at - 11)].sum())
        cash = t.rng.random() < 0.3
        to = -1 if cash else int(t.rng.choice(t.firms))
        t.pay(at, boss, to, got * float(t.rng.uniform(0.2, 0.6)), ("", "货款"), **({"kind": "cash"} if cash else {}))


IN: Final = ("", "", "", "转账", "投资", "入股", "合作款", "项目款", "借款", "货款")
OUT: Final = ("", "", "", "转账", "分红", "利息", "收益", "货款", "还款")


def _interest(t: Town, payer: int, who: Any, day: Any, sums: Any, *, rate: float, every: int, principal: int = 0) -> None:
    """Returns at one rate each so many days; with ``principal`` all comes back at that turn."""
    for turn in range(1, DAYS // every + 1):
        if principal and turn > principal:
            return
        last = turn == principal
        t.pay(day + turn * every + (t.rng.random(len(who)) < 0.1), payer, who, sums * (rate + last), OUT)


def returns(name: str, rate: Sequence[float], every: int, principal: int = 0) -> Callable[[Town], None]:
    """A scheme whose organiser pays returns from where he collects."""

    def plant(t: Town) -> None:
        boss, who, day, sums = _scheme(t)
        t.pay(day, who, boss, sums, IN)
        _interest(t, boss, who, day, sums, rate=float(t.one(*rate)), every=every, principal=principal)
        _keeps(t, boss, day, sums)
        t.label([boss], name, scheme=True)

    return plant


def second_bank(t: Town) -> None:
    """One account collects, another person's at another bank pays."""
    boss, who, day, sums = _scheme(t)
    payer = t.apart()
    t.pay(day, who, boss, sums, IN)
    rate = float(t.one(0.01, 0.02, 0.03))
    for at in range(int(day.min()) + 9, DAYS, 10):
        t.pay(at, boss, payer, float(sums[day < at].sum()) * rate * 1.1, ("", "往来款"))
    _interest(t, payer, who, day, sums, rate=rate, every=10)
    _keeps(t, boss, day, sums)
    t.label([boss, payer], "second_bank", scheme=True)


def mules(t: Town) -> None:
    """Lent accounts of a few payers each hand all on; the organiser pays returns."""
    boss, who, day, sums = _scheme(t)
    lent = np.array([t.apart() for _ in range(max(4, len(who) // 9))])
    via = lent[np.arange(len(who)) % len(lent)]
    t.pay(day, who, via, sums, IN)
    t.pay(day + 1, via, boss, sums * 0.98, ("", "转账"))
    _interest(t, boss, who, day, sums, rate=float(t.one(0.02, 0.04)), every=10)
    _keeps(t, boss, day, sums)
    t.label([boss, *lent.tolist()], "mules", scheme=True)


def shells(t: Town) -> None:
    """A dozen companies of two representatives: some collect, others pay, and money goes round between them as trade."""
    _, who, day, sums = _scheme(t)
    common = {
        "legal_representative_id": _hash("c:", t.seed, len(t.moves), "rep"),
        "address_id": _hash("d:", t.seed, len(t.moves)),
    }
    firms = np.array([t.open("company", industry="F5179", age_days=int(t.rng.integers(20, 300)), **common) for _ in range(11)])
    collect, pay = firms[:7], firms[7:]
    t.pay(day, who, collect[np.arange(len(who)) % 7], sums, IN)
    for one in range(4):
        mine = np.arange(len(who)) % 4 == one
        _interest(t, int(pay[one]), who[mine], day[mine], sums[mine], rate=0.015, every=15)
    n = 90
    t.pay(
        t.rng.integers(int(day.min()), DAYS, n),
        t.rng.choice(collect, n),
        t.rng.choice(firms, n),
        t.rng.uniform(5e3, 8e4, n),
        ("货款", ""),
    )
    t.label(firms.tolist(), "shells", scheme=True)


def pyramid(t: Town) -> None:
    """One entry fee; who brought a payer gets a part of it within days, and his own sponsor a smaller one."""
    boss, who, day, _ = _scheme(t)
    fee = float(t.one(2980, 3800, 6800))
    t.pay(day, who, boss, fee, ("", "会费", "货款", "加盟"))
    for k in range(2, len(who)):
        sponsor = int(t.rng.integers(0, k))
        above = int(t.rng.integers(0, max(1, sponsor)))
        t.pay(day[k] + 2, boss, who[sponsor], fee * 0.2, ("奖金", "", "推荐奖"))
        t.pay(day[k] + 2, boss, who[above], fee * 0.08, ("奖金", ""))
    _keeps(t, boss, day, np.full(len(who), fee))
    t.label([boss], "pyramid", scheme=True)


def pension_home(t: Town) -> None:
    """A home sells memberships to the old and pays them a monthly "allowance"."""
    firm = t.open("company", industry="Q8514")
    _, who, day, _ = _scheme(t, elderly=True)
    sums = t.rng.choice([20_000, 30_000, 50_000, 100_000], len(who))
    t.pay(day, who, firm, sums, ("床位费", "会员费", "", "预定金"))
    _interest(t, firm, who, day, sums, rate=0.008, every=30)
    _keeps(t, firm, day, sums)
    t.label([firm], "pension_home", scheme=True)


def not_yet(t: Town) -> None:
    """A scheme that has only collected: nobody was promised anything before the data end."""
    boss, who, _, sums = _scheme(t)
    day = joins(t, who, DAYS - 32, 30)
    t.pay(day, who, boss, sums, IN)
    _keeps(t, boss, day, sums)
    t.label([boss], "nothing_back_yet", scheme=True)


LIFE: Final = (
    household, landlords, gifts, circles, house_loans, tours, reunion, group_buying, cash_back, schools, dues, pre_sale,
    franchise, staff_loans, cooperative, dealers, appeals, consultants,
)  # fmt: skip
SCHEMES: Final = (
    returns("daily_returns", (0.01, 0.015, 0.02), 1), returns("weekly_returns", (0.02, 0.03), 7),
    returns("monthly_interest", (0.01, 0.015, 0.02), 30), returns("maturities", (0.03, 0.05), 30, 1),
    second_bank, mules, shells, pyramid, pension_home, not_yet,
)  # fmt: skip


# Files


def _legs(t: Town) -> list[list[str]]:
    rows = []
    midnight = datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day, tzinfo=UTC) - timedelta(hours=8)
    for n, (second, a, b, fen, words, more) in enumerate(sorted(t.moves, key=lambda move: move[0])):
        moment = (midnight + timedelta(seconds=second, milliseconds=n % 1000)).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
        for own, other, side in ((a, b, "debit"), (b, a, "credit")):
            if own >= 0:
                rows.append(_leg(t, n, moment, own, other, side, fen, words, more))
    return rows


def _leg(t: Town, n: int, moment: str, own: int, other: int, side: str, fen: int, words: str, more: dict[str, str]) -> list[str]:
    """One bank's side of a transfer, with what this bank knows and gives."""
    mine, theirs = t.accounts[own], t.accounts[other] if other >= 0 else {}
    bank = mine["bank"]
    same = bool(theirs) and theirs["holder"] == mine["holder"]
    tells_words, tells_holders = bank != "LANTERN", bank != "KETTLE"
    row = {
        "event_id": f"{bank}{n:08d}{side[0]}",
        "institution_code": bank,
        "institution_type": "payment" if bank == "PAYRIVER" else "bank",
        "account_id": mine["id"],
        "customer_id": mine["holder"] if tells_holders else "",
        "branch_region": mine["region"],
        "occurred_at": moment,
        "direction": side,
        "amount": f"{fen / 100:.2f}",
        "currency": "CNY",
        "kind": more.get("kind", "transfer"),
        "counterparty_id": theirs.get("id", ""),
        "counterparty_customer_id": theirs.get("holder", "") if tells_holders else "",
        "counterparty_kind": theirs.get("kind", ""),
        "counterparty_birth_year": str(theirs["born"]) if theirs.get("born") and bank == theirs["bank"] and tells_words else "",
        "channel": more.get("channel", "mobile") if tells_words else "",
        "batch_code": more.get("batch_code", ""),
        "remark": words if tells_words else "",
        "own_name": "true" if same else "",
    }
    return [row[name] for name in COLUMNS]


def _profiles(t: Town) -> list[list[str]]:
    rows = []
    for n, one in enumerate(t.accounts):
        if one["bank"] == "KETTLE" and n % 10 == 0:
            continue
        known = {
            "account_id": one["id"], "institution_code": one["bank"], "customer_id": one["holder"], "holder_kind": one["kind"],
            "institution_type": "payment" if one["bank"] == "PAYRIVER" else "bank", "holder_licence": one.get("licence", ""),
            "branch_region": one["region"], "opened_on": one["opened"].isoformat(), "birth_year": str(one["born"] or ""),
            "industry": one.get("industry", ""),
        }  # fmt: skip
        shared = {} if one["bank"] == "KETTLE" else {name: one.get(name, "") for name in PROFILE[-3:]}
        rows.append([{**shared, **known}.get(name, "") for name in PROFILE])
    return rows


def built(seed: int) -> Town:
    """The town of a seed: everybody's life, look-alikes, and each kind of scheme twice."""
    town = Town(seed)
    for part in (*LIFE, *SCHEMES, *SCHEMES):
        part(town)
    return town


def write(folder: Path, seed: int) -> Town:
    """Write ``movements.csv``, ``profiles.csv`` and ``labels.csv`` of a seed."""
    town = built(seed)
    write_town(folder, town)
    return town


def write_town(folder: Path, town: Town) -> None:
    """Write the three files of a town."""
    folder.mkdir(parents=True, exist_ok=True)
    last = FIRST_DAY + timedelta(days=DAYS - 1)
    labels = [
        [town.accounts[one]["id"], label, scheme, pattern, FIRST_DAY.isoformat(), last.isoformat()]
        for one, label, scheme, pattern in town.labels
    ]
    heads = ("account_id", "label", "scheme_id", "pattern", "active_from", "active_to")
    files = {"movements": (COLUMNS, _legs(town)), "profiles": (PROFILE, _profiles(town)), "labels": (heads, labels)}
    for name, (head, rows) in files.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as target:
            csv.writer(target).writerows([head, *rows])


def main() -> None:
    """Write one town."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    write(given.folder, given.seed)


if __name__ == "__main__":
    main()
