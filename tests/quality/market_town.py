"""A market town of a third hand: who collects for others there is honest, and its schemes pay in other ways than elsewhere.

``python -m tests.quality.market_town FOLDER --seed N``. It borrows the way of writing files from ``other_town`` and nothing of
its people, sums, growth or schemes. No threshold is chosen on it: it was first run when the typologies stood.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np

from tests.quality.other_town import DAYS, Town, write_town

ORDINARY_WORDS: Final = ("", "", "转账", "谢谢", "代付", "餐费", "还钱")
IN: Final = ("", "", "", "转账", "茶款", "会员", "认购", "周转", "合作")
OUT: Final = ("", "", "", "转账", "寄售款", "分成", "补贴", "货款")


# Ordinary life


def wages_and_errands(t: Town) -> None:
    """Wages by plain transfer at half of the firms, apps for shopping, small sums between neighbours, savings moved about."""
    staff = np.array_split(t.rng.permutation(t.people), len(t.firms))
    for firm, who in zip(t.firms.tolist(), staff, strict=True):
        wage, payday = t.rng.normal(5_200, 1_100, len(who)).clip(2_600), int(t.rng.integers(5, 26))
        how = {"batch_code": "payroll", "channel": "batch"} if t.rng.random() < 0.5 else {}
        for month in range(4):
            t.pay(payday + 30 * month, firm, who, wage.round(-1), ("工资", ""), **how)
        t.pay(t.rng.integers(0, DAYS, 30), firm, t.rng.choice(t.firms, 30), t.rng.lognormal(9.0, 1.2, 30), ("材料款", ""))
    for one in t.people.tolist():
        n = int(t.rng.poisson(18))
        t.pay(t.rng.integers(0, DAYS, n), one, t.rng.choice(t.apps, n), t.rng.gamma(1.3, 60, n), channel="third_party")
        near = (one + t.rng.integers(1, 12, 6)) % len(t.people)
        n = int(t.rng.poisson(7))
        t.pay(t.rng.integers(0, DAYS, n), one, t.people[t.rng.choice(near, n)], t.rng.gamma(1.0, 180, n).round(), ORDINARY_WORDS)


def stalls(t: Town) -> None:
    """Market stalls: many pay little, the wholesaler is paid twice a week."""
    wholesaler = t.open("company", industry="F5121")
    for _ in range(14):
        keeper, n = t.apart(), int(t.rng.integers(150, 420))
        t.pay(t.rng.integers(0, DAYS, n), t.rng.choice(t.people, n), keeper, t.rng.lognormal(3.6, 0.8, n).round(1), ("", "菜钱"))
        t.pay(np.arange(3, DAYS, 4), keeper, wholesaler, t.rng.lognormal(6.4, 0.3, len(range(3, DAYS, 4))), ("进货",))
        t.label([keeper], "stall", scheme=False)
    t.label([wholesaler], "wholesaler", scheme=False)


def _collectors(t: Town, hub: int, name: str, count: int, each: int, sums: Any, words: tuple[str, ...], *, span: int) -> None:
    """Honest people who take money for somebody else and hand it on as it comes."""
    helpers = [t.apart() for _ in range(count)]
    begins = int(t.rng.integers(0, DAYS - span - 3))
    for one in helpers:
        who = t.some(each)
        day, yuan = begins + t.rng.integers(0, span, len(who)), t.rng.choice(sums, len(who))
        t.pay(day, who, one, yuan, words)
        for at in np.unique(day).tolist():
            t.pay(at + 1, one, hub, float(yuan[day == at].sum()), words)
    t.label([hub, *helpers], name, scheme=False)


def honest_collectors(t: Town) -> None:
    """Driving instructors, class mothers, estate agents, couriers, chairmen of house committees: relays without a scheme."""
    _collectors(t, t.open("company", industry="P8391"), "driving_school", 6, 14, [3_980, 4_280], ("学车", "学费", ""), span=70)
    _collectors(t, t.open("company", industry="P8310"), "class_fees", 5, 40, [260, 780], ("班费", "校服", ""), span=12)
    rents = [1_500, 1_800, 2_000, 2_400, 3_000, 3_600, 4_500, 6_000]
    _collectors(t, t.open("company", industry="K7030"), "estate_agents", 7, 16, rents, ("押金", "房租", "定金", ""), span=90)
    _collectors(t, t.open("company", industry="G5431"), "couriers", 8, 60, np.arange(60, 900, 7), ("代收", ""), span=80)
    _collectors(t, t.apart(), "lift_fund", 4, 22, [2_000, 3_500, 5_000, 6_800, 8_200], ("加装电梯", ""), span=25)


def lenders_to_a_shop(t: Town) -> None:
    """A shopkeeper borrows of a dozen relatives and pays them all back with something on top after three months."""
    for _ in range(5):
        keeper, kin = t.apart(), t.some(int(t.rng.integers(6, 13)))
        lent, day = t.rng.choice([5_000, 10_000, 20_000, 30_000], len(kin)), t.rng.integers(0, 15, len(kin))
        t.pay(day, kin, keeper, lent, ("借款", ""))
        t.pay(day + 90, keeper, kin, lent * 1.02, ("还款", "谢谢"))
        t.label([keeper], "kin_loans", scheme=False)


def share_cooperative(t: Town) -> None:
    """Farmers sell fruit to their co-operative, buy boxes of it, and have a dividend by weight."""
    for _ in range(2):
        firm, who = t.open("company", industry="A0152"), t.some(int(t.rng.integers(70, 150)))
        t.pay(t.rng.integers(0, 60, len(who)), who, firm, t.rng.gamma(2.0, 300, len(who)), ("纸箱款", "农药", ""))
        fruit = t.rng.lognormal(8.7, 0.7, len(who))
        t.pay(t.rng.integers(20, 75, len(who)), firm, who, fruit, ("果款", ""))
        t.pay(80 + t.rng.integers(0, 3, len(who)), firm, who, fruit * 0.03, ("分红", "股金分红", "盈余返还"))
        t.label([firm], "share_cooperative", scheme=False)


def gym_that_refunds(t: Town) -> None:
    """A gym closes a branch and gives each member back what is left of his card; a choir's trip that did not happen."""
    for _ in range(3):
        firm, who = t.open("company", industry="R8930"), t.some(int(t.rng.integers(60, 160)))
        fee = t.rng.choice([1_200, 2_000, 3_600], len(who))
        t.pay(t.rng.integers(0, 60, len(who)), who, firm, fee, ("年卡", ""))
        t.pay(70 + t.rng.integers(0, 10, len(who)), firm, who, fee * t.rng.uniform(0.4, 0.9, len(who)), ("退卡", ""))
        t.label([firm], "gym", scheme=False)


# Schemes: a slow beginning, a fair that brings many at once, and then the friends of those


def _course(t: Town, low: int, high: int, **born: Any) -> tuple[Any, Any]:
    """Payers and the day on which each joins."""
    who = t.some(int(t.rng.integers(low, high)), **born)
    begins = int(t.rng.integers(2, 30))
    slow = begins + t.rng.integers(0, 30, len(who))
    fair = begins + 30 + t.rng.integers(0, 4, len(who))
    friends = begins + 34 + t.rng.gamma(2.0, 9.0, len(who)).astype(int)
    part = t.rng.random(len(who))
    return who, np.where(part < 0.3, slow, np.where(part < 0.5, fair, friends)).clip(0, DAYS - 1)


def _takes(t: Town, boss: int, day: Any, sums: Any) -> None:
    """The boss's own life and what he takes: wages of helpers, a car, cash."""
    for at in range(int(day.min()) + 12, DAYS, 15):
        part = float(sums[(day < at) & (day >= at - 15)].sum())
        t.pay(at, boss, int(t.rng.choice(t.firms)), part * 0.25 + 900, ("", "货款"))
        t.pay(at, boss, t.some(3), 2_500.0, ("辛苦费", ""))
        t.pay(at, boss, -1, max(2_000.0, round(part * 0.2, -3)), kind="cash", channel="counter")


def tea_buy_back(t: Town) -> None:
    """Tea by the crate is bought back in rounded monthly parts (商品回购)."""
    boss = t.open("company", industry="F5126")
    who, day = _course(t, 60, 220)
    sums = 9_800.0 * t.rng.choice([1, 1, 2, 3, 5], len(who))
    t.pay(day, who, boss, sums, IN)
    for turn in range(1, 5):
        t.pay(day + 25 * turn + t.rng.integers(-2, 3, len(who)), boss, who, (sums * 0.025).round(-1), OUT)
    _takes(t, boss, day, sums)
    t.label([boss], "tea_buy_back", scheme=True)


def recruiters(t: Town) -> None:
    """Recruiters take deposits on their own accounts and hand them on less their part; the boss's cousin pays monthly."""
    boss, cousin = t.apart(), t.apart()
    who, day = _course(t, 60, 200)
    team = np.array([t.apart() for _ in range(max(4, len(who) // 14))])
    sums, via = 1_000.0 * t.rng.integers(3, 60, len(who)), team[t.rng.integers(0, len(team), len(who))]
    t.pay(day, who, via, sums, IN)
    t.pay(day + 1, via, boss, sums * 0.93, ("", "转账"))
    for at in range(35, DAYS, 15):
        t.pay(at, boss, cousin, float(sums[day < at - 25].sum()) * 0.012 + 500, ("", "往来"))
    for turn in range(1, 4):
        t.pay(day + 30 * turn, cousin, who, sums * 0.02, OUT)
    _takes(t, boss, day, sums)
    t.label([boss, cousin, *team.tolist()], "recruiters", scheme=True)


def health_club(t: Town) -> None:
    """The old buy cards of a club that pays them something each week."""
    boss = t.apart()
    who, day = _course(t, 50, 160, born=(1940, 1965))
    sums = t.rng.choice([3_000, 6_000, 10_000, 30_000, 50_000], len(who)).astype(float)
    t.pay(day, who, boss, sums, ("会员卡", "", "养生"))
    for turn in range(1, 15):
        t.pay(day + 7 * turn, boss, who, sums * 0.01, ("补贴", "", "车马费"))
    _takes(t, boss, day, sums)
    t.label([boss], "health_club", scheme=True)


def three_firms(t: Town) -> None:
    """Two firms of one representative take, a third one pays half-monthly; all three trade as well."""
    rep = t.accounts[t.apart()]["holder"]
    firms = [t.open("company", industry="F5179", legal_representative_id=rep, age_days=200) for _ in range(3)]
    who, day = _course(t, 80, 220)
    sums = 5_000.0 * t.rng.integers(1, 12, len(who))
    t.pay(day, who, np.array(firms)[t.rng.integers(0, 2, len(who))], sums, IN)
    for turn in range(1, 7):
        t.pay(day + 15 * turn, firms[2], who, sums * 0.011, OUT)
    for firm in firms:
        t.pay(t.rng.integers(0, DAYS, 40), firm, t.rng.choice(t.firms, 40), t.rng.lognormal(8.5, 0.8, 40), ("货款", ""))
        t.pay(t.rng.integers(0, DAYS, 40), t.rng.choice(t.firms, 40), firm, t.rng.lognormal(8.5, 0.8, 40), ("货款", ""))
    t.label(firms, "three_firms", scheme=True)


def quiet_terms(t: Town) -> None:
    """Sixty-day terms without a word; principal and interest come back at the end, half of it is brought again."""
    boss = t.apart()
    who, day = _course(t, 50, 150)
    sums = 10_000.0 * t.rng.integers(1, 15, len(who))
    t.pay(day, who, boss, sums)
    t.pay(day + 60, boss, who, sums * 1.04)
    again = t.rng.random(len(who)) < 0.5
    t.pay(day[again] + 62, who[again], boss, sums[again])
    _takes(t, boss, day, sums)
    t.label([boss], "quiet_terms", scheme=True)


def three_accounts(t: Town) -> None:
    """One person collects on three accounts of his own at different banks and pays ten-daily from the first."""
    holder = 10_000_000 + t.schemes
    own = [t.open("person", born=1975, bank=bank, holder=holder, age_days=90) for bank in ("STOVE", "LANTERN", "KETTLE")]
    who, day = _course(t, 60, 180)
    sums = 2_000.0 * t.rng.integers(1, 25, len(who))
    t.pay(day, who, np.array(own)[t.rng.integers(0, 3, len(who))], sums, IN)
    for turn in range(1, 9):
        t.pay(day + 10 * turn, own[0], who, sums * 0.008, OUT)
    _takes(t, own[0], day, sums)
    t.label(own, "three_accounts", scheme=True)


LIFE: Final[tuple[Callable[[Town], None], ...]] = (
    wages_and_errands, stalls, honest_collectors, lenders_to_a_shop, share_cooperative, gym_that_refunds,
)  # fmt: skip
SCHEMES: Final[tuple[Callable[[Town], None], ...]] = (
    tea_buy_back, recruiters, health_club, three_firms, quiet_terms, three_accounts,
)  # fmt: skip


def built(seed: int) -> Town:
    """The town of a seed: everybody's life, those who are alike, and each kind of scheme three times."""
    town = Town(seed + 9_000)
    for part in (*LIFE, *SCHEMES, *SCHEMES, *SCHEMES):
        part(town)
    return town


def write(folder: Path, seed: int) -> Town:
    """Write ``movements.csv``, ``profiles.csv`` and ``labels.csv`` of a seed."""
    town = built(seed)
    write_town(folder, town)
    return town


def main() -> None:
    """Write one town."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    write(given.folder, given.seed)


if __name__ == "__main__":
    main()
