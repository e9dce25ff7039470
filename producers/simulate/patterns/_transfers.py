"""What schemes do with money beside paying it back: pass it on, take it out, trade besides."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from producers.simulate.flows import NOBODY, daytime, yuan
from producers.simulate.patterns._scene import Deposits, Scene
from producers.simulate.town import PERSON

MOST_CASH_YUAN: Final = 200_000


def forward(scene: Scene, account: Any, day: Any, amount: Any, to: Any, *, kept: float, next_day: float = 0.4) -> None:
    """Pass on each account's sum of each day, in the evening or the next day; up to a share ``kept`` stays behind."""
    if not len(account):
        return
    rng = scene.rng
    keys, place = np.unique(np.asarray(account) * 8192 + np.asarray(day), return_inverse=True)
    sums = np.zeros(len(keys))
    np.add.at(sums, place, amount)
    later = rng.random(len(keys)) < next_day
    hours = np.where(later, rng.uniform(8, 12, len(keys)), rng.uniform(21, 23.7, len(keys)))
    scene.flows.add(
        day=keys % 8192 + later, ms_of_day=(hours * 3_600_000).astype(np.int64), payer=keys // 8192, payee=to,
        amount=yuan(np.maximum(1, np.floor(sums * (1 - rng.uniform(0, max(kept, 1e-9), len(keys)))))),
        channel=rng.choice(["mobile", "online"], len(keys), p=[0.8, 0.2]),
        remark=scene.flows.remarks.draw(rng, {"": 7, "转账": 2, "货款": 1}, len(keys)),
    )  # fmt: skip


def spend(
    scene: Scene, account: int, deposits: Deposits, share: float, *, cash: float = 0.2, parts: tuple[int, int] = (4, 16)
) -> None:
    """Take a share of the money out: to a company or two, and about ``cash`` of it in cash."""
    town, rng = scene.town, scene.rng
    count = int(rng.integers(*parts))
    sums = rng.dirichlet(np.ones(count)) * float(deposits.amount.sum()) * share
    first = int(np.min(deposits.day, initial=town.days))
    day = rng.integers(first + 3, max(first + 4, town.days), count)
    in_cash = rng.random(count) < cash
    to = rng.choice(scene.people.companies, 2)
    for mask, payee, kind in ((~in_cash, rng.choice(to, int((~in_cash).sum())), "transfer"), (in_cash, NOBODY, "cash")):
        number = int(mask.sum())
        words = {"货款": 4, "": 4, "往来款": 2} if kind == "transfer" else {"": 1}
        amount = sums[mask] if kind == "transfer" else np.minimum((sums[mask] / 1000).round() * 1000, MOST_CASH_YUAN)
        scene.flows.add(
            day=day[mask], ms_of_day=daytime(rng, number), payer=account, payee=payee, amount=yuan(amount), kind=kind,
            channel="counter" if kind == "cash" else scene.channels(account, number),
            remark=scene.flows.remarks.draw(rng, words, number),
        )  # fmt: skip


def mix_trade(scene: Scene, account: int, start: int, deposits: int) -> None:
    """A real business on the same account: a person's small sales by app, or a company's purchases and sales."""
    town, people, rng = scene.town, scene.people, scene.rng
    count = int(deposits * rng.uniform(0.5, 1.5)) + 10
    days = rng.integers(start, town.days, count)
    small = town.kind[account] == PERSON
    buyers = rng.choice(people.payment if small else np.concatenate([people.companies, people.firms_outside]), count)
    amount = np.clip(rng.lognormal(5.2 if small else 8.6, 1.0, count), 5, 400_000)
    scene.flows.add(
        day=days, ms_of_day=daytime(rng, count), payer=buyers, payee=account, amount=yuan(amount),
        channel="batch" if small else "online",
        remark=scene.flows.remarks.draw(rng, {"商户结算": 1} if small else {"货款": 6, "": 3, "服务费": 1}, count),
    )  # fmt: skip
    suppliers = max(3, count // 3)
    scene.flows.add(
        day=rng.integers(start, town.days, suppliers), ms_of_day=daytime(rng, suppliers), payer=account,
        payee=rng.choice(rng.choice(people.companies, 6), suppliers),
        amount=yuan(rng.dirichlet(np.ones(suppliers)) * amount.sum() * 0.8 + 1), channel="online", remark=scene.flows.remarks.draw(rng, {"货款": 6, "": 3, "运费": 1}, suppliers),
    )  # fmt: skip
