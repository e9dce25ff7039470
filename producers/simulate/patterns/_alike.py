"""What look-alikes share: an account of their own at some bank, collecting and paying, running costs, the label."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from producers.simulate.flows import daytime, yuan
from producers.simulate.institutions import some_bank
from producers.simulate.links import CAPITALS, describe
from producers.simulate.patterns import Label
from producers.simulate.patterns._scene import Scene
from producers.simulate.town import NEVER


def account_of(scene: Scene, **verified: Any) -> int:
    """Open the look-alike's account; ``verified`` is what its bank has verified: kind, licence, account type, industry."""
    account = scene.town.add(scene.rng, institution=some_bank(scene.rng), **verified)
    if verified.get("industry"):
        describe(scene.town, account, 1.0)
        scene.town.capital[account] = int(scene.rng.choice(list(CAPITALS), p=list(CAPITALS.values())))
    return account


def person(scene: Scene, *, least: int = 25, most: int = 65) -> int:
    """Somebody of the city between two ages, who has no part in any other pattern and goes on living as before."""
    people = scene.people
    able = people.persons[(people.age >= least) & (people.age <= most)]
    lasting = np.array(scene.town.closed)[able] == NEVER
    free = able[lasting & ~np.isin(able, list(people.organisers))]
    account = int(scene.rng.choice(free if len(free) else able))
    people.organisers.add(account)
    scene.town.opened[account] = min(scene.town.opened[account], scene.town.first_day)
    return account


def some(scene: Scene, accounts: Any, count: int, *, without: Any = -1) -> Any:
    """Up to ``count`` of the accounts that are open all the time, never more than a third of them."""
    town = scene.town
    lasting = (np.array(town.closed)[accounts] == NEVER) & (np.array(town.opened)[accounts] <= town.first_day)
    able = accounts[lasting & ~np.isin(accounts, without)]
    return scene.rng.choice(able, max(1, min(count, len(able) // 3)), replace=False)


def move(
    scene: Scene,
    day: Any,
    payer: Any,
    payee: Any,
    amount: Any,
    words: Mapping[str, float],
    *,
    channel: str = "mobile",
    **more: Any,
) -> None:
    """Transfers in yuan at people's times of day, with remarks drawn by weight."""
    count = len(np.broadcast_to(day, np.broadcast_shapes(*(np.shape(np.atleast_1d(x)) for x in (day, payer, payee, amount)))))
    scene.flows.add(
        day=day, ms_of_day=daytime(scene.rng, count), payer=payer, payee=payee, amount=yuan(amount), channel=channel,
        remark=scene.flows.remarks.draw(scene.rng, words, count), **more,
    )  # fmt: skip


def wages(scene: Scene, account: int, staff: Any, *, low: float = 2500, high: float = 7000) -> None:
    """Monthly wages by payroll batch."""
    rng = scene.rng
    wage = rng.uniform(low, high, len(staff))
    for day in range(int(rng.integers(5, 15)), scene.town.days, 30):
        scene.flows.add(
            day=day, ms_of_day=36_000_000 + rng.integers(0, 300_000, len(staff)), payer=account, payee=staff,
            amount=yuan(wage * rng.normal(1.0, 0.03, len(staff))), channel="batch", batch="payroll",
            remark=scene.flows.remarks.code("工资"),
        )  # fmt: skip


def costs(scene: Scene, account: int, total: float, *, words: Mapping[str, float] | None = None, every: int = 10) -> None:
    """Spend ``total`` yuan on a handful of firms, some every few days."""
    rng, days = scene.rng, scene.town.days
    count = max(3, days // every)
    firms = rng.choice(scene.people.companies, int(rng.integers(2, 6)))
    move(
        scene, rng.integers(1, days, count), account, rng.choice(firms, count), rng.dirichlet(np.ones(count)) * total + 1,
        words or {"货款": 5, "服务费": 2, "": 3}, channel="online",
    )  # fmt: skip


def label(scene: Scene, account: int, name: str) -> list[Label]:
    """Must not be flagged, all the time."""
    return [Label(account, 0, "", name, 0, scene.town.days - 1)]
