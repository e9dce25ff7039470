"""L24: somebody borrows from up to ten relatives and pays them interest and principal."""

from __future__ import annotations

from producers.simulate.patterns import LOOK_ALIKE, Label, _alike
from producers.simulate.patterns._scene import Scene

NAME, SORT = "L24", LOOK_ALIKE


def plant(scene: Scene, number: int) -> list[Label]:  # noqa: ARG001
    """4 to 10 lenders of 10,000 to 200,000; monthly interest to some, principal within the year."""
    people, rng, days = scene.people, scene.rng, scene.town.days
    account = _alike.person(scene, least=28, most=60)
    lenders = _alike.some(scene, people.persons, int(rng.integers(4, 11)), without=account)
    lent, day = rng.integers(1, 20, len(lenders)) * 10_000, rng.integers(0, days // 2, len(lenders))
    _alike.move(scene, day, lenders, account, lent, {"借款": 6, "": 4, "周转": 1})
    for month in range(1, 4):
        _alike.move(scene, day + 30 * month, account, lenders, lent * 0.01, {"利息": 4, "": 4, "还款": 3})
    back = rng.random(len(lenders)) < 0.3
    _alike.move(scene, day[back] + 45, account, lenders[back], lent[back], {"还款": 5, "还钱": 2, "": 2})
    seller = int(rng.choice(people.companies))
    _alike.move(scene, int(days // 2), account, seller, lent.sum() * 0.9, {"购房款": 3, "货款": 2, "": 1}, channel="counter")
    return _alike.label(scene, account, NAME)
