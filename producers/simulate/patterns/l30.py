"""L30: deposits before a sale of homes or new shares: who draws a blank gets exactly his sum back."""

from __future__ import annotations

from producers.simulate.patterns import LOOK_ALIKE, Label, _alike
from producers.simulate.patterns._scene import Scene
from producers.simulate.town import COMPANY

NAME, SORT = "L30", LOOK_ALIKE


def plant(scene: Scene, number: int) -> list[Label]:  # noqa: ARG001
    """80 to 500 payers of one round sum within two weeks; two thirds are refunded to the fen."""
    people, rng, days = scene.people, scene.rng, scene.town.days
    account = _alike.account_of(scene, kind=COMPANY, industry="K7010")
    who = _alike.some(scene, people.persons, int(80 * 6 ** rng.uniform(0, 1)))
    amount = float(rng.choice([10_000, 20_000, 50_000, 100_000]))
    start = int(rng.integers(0, max(1, days - 40)))
    day = start + rng.integers(0, 14, len(who))
    _alike.move(scene, day, who, account, amount, {"认筹金": 4, "定金": 4, "": 4, "认购": 2, "购房款": 1})
    lost = rng.random(len(who)) < 0.67
    _alike.move(
        scene,
        start + 18 + rng.integers(0, 10, int(lost.sum())),
        account,
        who[lost],
        amount,
        {"退款": 5, "退认筹金": 3},
        channel="online",
    )
    _alike.costs(scene, account, float(amount * (~lost).sum()) * 0.7, words={"工程款": 4, "": 2}, every=12)
    return _alike.label(scene, account, NAME)
