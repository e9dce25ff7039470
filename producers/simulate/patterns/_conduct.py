"""What patterns at the securities firm and the insurer share: customers, policies, working days, labels."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from producers.simulate.days import is_weekend
from producers.simulate.flows import NOBODY, daytime
from producers.simulate.institutions import BANKS, of_kind
from producers.simulate.patterns import Label
from producers.simulate.patterns._organise import recruits
from producers.simulate.patterns._scene import Scene
from producers.simulate.policies import RELATIONS


def investor(scene: Scene, *, opened_days_ago: int = 900) -> tuple[int, int]:
    """A person's bank account and his securities account, which nothing else happens on."""
    town, rng = scene.town, scene.rng
    bank = int(recruits(scene, 1, 0, fresh=0.0)[0])
    stocks = town.add_for(rng, bank, institution=of_kind("securities")[0], account_type="securities_cash")
    town.opened[stocks] = town.first_day - opened_days_ago
    return bank, stocks


def other_bank_account(scene: Scene, account: int) -> int:
    """Another account of the holder, at another bank."""
    others = [k for k in BANKS if k != scene.town.institution[account]]
    return scene.town.add_for(scene.rng, account, institution=int(scene.rng.choice(others)))


def policyholders(scene: Scene, count: int, *, company: bool = False) -> tuple[Any, Any]:
    """Bank accounts of holders and their accounts at the insurer."""
    banks = recruits(scene, count, 0, company=company, fresh=0.0)
    insurer = of_kind("insurance")[0]
    return banks, np.array([scene.town.add_for(scene.rng, bank, institution=insurer) for bank in banks.tolist()])


def premiums(scene: Scene, day: Any, payer: Any, account: Any, amount: Any, policy: Any, relation: str, **more: Any) -> None:
    """Premiums from a bank account, or in cash over the counter where the payer is ``NOBODY``."""
    count, cash = len(np.atleast_1d(day)), np.ndim(payer) == 0 and payer == NOBODY
    scene.flows.add(
        day=day, ms_of_day=daytime(scene.rng, count), payer=payer, payee=account, amount=amount, kind="premium",
        channel="counter" if cash else "online", policy=policy, relation=RELATIONS.index(relation) + 1,
        remark=scene.flows.remarks.code("保费"), **more,
    )  # fmt: skip


def paid_out(
    scene: Scene, day: Any, account: Any, payee: Any, amount: Any, policy: Any, kind: str, relation: str = "self"
) -> None:
    """A surrender, claim, loan or refund paid by the insurer."""
    count = len(np.atleast_1d(day))
    words = {"surrender": "退保", "claim": "理赔款", "other": "退费"}
    scene.flows.add(
        day=day, ms_of_day=daytime(scene.rng, count), payer=account, payee=payee, amount=amount, kind=kind, channel="counter",
        policy=policy, relation=RELATIONS.index(relation) + 1, batch="refund" if kind == "other" else None,
        remark=scene.flows.remarks.code(words.get(kind, "")),
    )  # fmt: skip


def working(scene: Scene, first: int, count: int) -> Any:
    """The next ``count`` days from ``first`` on that are no weekends."""
    days = [day for day in range(first, first + 2 * count + 7) if not is_weekend(scene.town.first_day + day)]
    return np.array(days[:count])


def labels(scene: Scene, accounts: Iterable[int], name: str, number: int, start: int) -> list[Label]:
    """Each account should be flagged, as one case."""
    return [Label(int(k), 1, f"{name}-{number}", name, start, scene.town.days - 1) for k in accounts]
