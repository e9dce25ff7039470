"""L20: a wholesaler or forwarder turns its whole money over every day; customers are suppliers too."""

from __future__ import annotations

import numpy as np

from producers.simulate.flows import yuan
from producers.simulate.patterns import LOOK_ALIKE, Label, _alike
from producers.simulate.patterns._scene import Scene
from producers.simulate.town import COMPANY, SOLE_TRADER

NAME, SORT = "L20", LOOK_ALIKE


def plant(scene: Scene, number: int) -> list[Label]:  # noqa: ARG001
    """8 to 30 payments a day between businesses, not round, nearly all of it out again by the evening."""
    people, rng, days = scene.people, scene.rng, scene.town.days
    account = _alike.account_of(scene, kind=SOLE_TRADER if rng.random() < 0.5 else COMPANY, industry="F5179")
    partners = rng.choice(np.concatenate([people.companies, people.shops, people.firms_outside]), int(rng.integers(25, 90)))
    also = partners[: max(4, len(partners) // 4)]
    day = np.repeat(np.arange(days), rng.poisson(rng.integers(8, 30) * scene.town.calendar.share("work")))
    amount = rng.lognormal(7.8, 1.0, len(day))
    _alike.move(
        scene,
        day,
        rng.choice(partners, len(day)),
        account,
        amount,
        {"货款": 7, "": 3, "代收货款": 1, "运费": 1},
        channel="online",
    )
    for one in np.unique(day).tolist():
        total, parts = amount[day == one].sum() * rng.uniform(0.9, 0.99), int(rng.integers(2, 7))
        scene.flows.add(
            day=one, ms_of_day=72_000_000 + rng.integers(0, 12_000_000, parts), payer=account, payee=rng.choice(also, parts),
            amount=yuan(rng.dirichlet(np.ones(parts)) * total + 1), channel="online",
            remark=scene.flows.remarks.draw(rng, {"货款": 7, "": 3}, parts),
        )  # fmt: skip
    return _alike.label(scene, account, NAME)
