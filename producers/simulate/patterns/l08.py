"""L08: a licensed insurer collects premiums and pays claims and annuities to its policyholders: payees were payers."""

from __future__ import annotations

import numpy as np

from producers.simulate.flows import daytime, yuan
from producers.simulate.patterns import LOOK_ALIKE, Label, _alike
from producers.simulate.patterns._scene import Scene
from producers.simulate.town import FINANCIAL

NAME, SORT = "L08", LOOK_ALIKE
PREMIUMS = (1000, 2000, 3650, 5000, 6000, 10000, 12000)


def plant(scene: Scene, number: int) -> list[Label]:  # noqa: ARG001
    """One insurer's premium account at a bank; only licence and account type tell it from a scheme."""
    people, flows, rng, days = scene.people, scene.flows, scene.rng, scene.town.days
    account = _alike.account_of(scene, kind=FINANCIAL, licence="insurer", account_type="premium_collection", industry="J6812")
    count = min(len(people.persons) // 4, int(150 * 5 ** rng.uniform(0, 1)))
    holders = rng.choice(people.persons, count, replace=False)
    premium = rng.choice(PREMIUMS, count).astype(np.float64)
    first = rng.integers(0, max(1, days // 2), count)
    for turn in range(0, days, 30):
        flows.add(
            day=first + turn, ms_of_day=daytime(rng, count), payer=holders, payee=account, channel="online",
            amount=yuan(premium / 12 if turn else premium), remark=flows.remarks.draw(rng, {"保费": 7, "": 3}, count),
        )  # fmt: skip
    annuity = np.flatnonzero(rng.random(count) < 0.35)
    for turn in range(30, days, 30):
        flows.add(
            day=first[annuity] + turn, ms_of_day=daytime(rng, len(annuity)), payer=account, payee=holders[annuity],
            amount=yuan(premium[annuity] * 0.02), channel="batch",
            remark=flows.remarks.draw(rng, {"年金": 5, "": 2, "分红": 1}, len(annuity)),
        )  # fmt: skip
    claim = np.flatnonzero(rng.random(count) < 0.06)
    flows.add(
        day=first[claim] + rng.integers(5, 60, len(claim)), ms_of_day=daytime(rng, len(claim)), payer=account,
        payee=holders[claim], amount=yuan(rng.lognormal(7.8, 0.8, len(claim))), channel="batch", remark=flows.remarks.code("理赔款"),
    )  # fmt: skip
    return _alike.label(scene, account, NAME)
