"""L19: a platform pays its drivers, riders and hosts every week."""

from __future__ import annotations

from producers.simulate.patterns import LOOK_ALIKE, Label, _alike
from producers.simulate.patterns._scene import Scene
from producers.simulate.town import COMPANY

NAME, SORT = "L19", LOOK_ALIKE


def plant(scene: Scene, number: int) -> list[Label]:  # noqa: ARG001
    """80 to 600 payees, sums that vary by more than a third; a deposit comes in from some, once."""
    people, rng, days = scene.people, scene.rng, scene.town.days
    account = _alike.account_of(scene, kind=COMPANY, industry="I6440")
    payees = _alike.some(scene, people.persons, int(80 * 7 ** rng.uniform(0, 1)))
    usual = rng.lognormal(6.8, 0.5, len(payees))
    held = rng.random(len(payees)) < 0.2
    _alike.move(
        scene,
        rng.integers(0, days // 2, int(held.sum())),
        payees[held],
        account,
        rng.choice([200, 500], int(held.sum())),
        {"押金": 4, "": 1},
    )
    for day in range(int(rng.integers(1, 7)), days, 7):
        here = rng.random(len(payees)) < 0.9
        pay = usual[here] * rng.lognormal(0, 0.5, int(here.sum()))
        _alike.move(scene, day - 1, int(rng.choice(people.payment)), account, pay.sum() * 1.2, {"商户结算": 1}, channel="batch")
        _alike.move(scene, day, account, payees[here], pay, {"结算款": 4, "劳务费": 3, "提现": 3, "": 3}, channel="online")
    return _alike.label(scene, account, NAME)
