"""L22: a court, notary or relocation account: one payer, many persons paid what is theirs."""

from __future__ import annotations

from producers.simulate.patterns import LOOK_ALIKE, Label, _alike
from producers.simulate.patterns._scene import Scene
from producers.simulate.town import PUBLIC_BODY

NAME, SORT = "L22", LOOK_ALIKE


def plant(scene: Scene, number: int) -> list[Label]:  # noqa: ARG001
    """40 to 400 payees within weeks, sums of 3,000 to 600,000."""
    people, rng, days = scene.people, scene.rng, scene.town.days
    account = _alike.account_of(scene, kind=PUBLIC_BODY, licence="public_body", account_type="escrow", industry="S9421")
    payees = _alike.some(scene, people.persons, int(40 * 10 ** rng.uniform(0, 1)))
    amount = rng.lognormal(10.3, 0.9, len(payees)).clip(3000, 600_000).round(2)
    start = int(rng.integers(2, days // 2))
    _alike.move(scene, start, people.treasury, account, amount.sum(), {"拆迁款": 2, "案款": 1}, channel="online")
    _alike.move(
        scene,
        start + rng.integers(1, 30, len(payees)),
        account,
        payees,
        amount,
        {"拆迁款": 5, "案款": 2, "": 1},
        channel="online",
    )
    return _alike.label(scene, account, NAME)
