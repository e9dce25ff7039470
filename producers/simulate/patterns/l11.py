"""L11: a licensed lender collects instalments from those it has paid before."""

from __future__ import annotations

from producers.simulate.patterns import LOOK_ALIKE, Label, _alike
from producers.simulate.patterns._scene import Scene
from producers.simulate.town import FINANCIAL

NAME, SORT = "L11", LOOK_ALIKE


def plant(scene: Scene, number: int) -> list[Label]:  # noqa: ARG001
    """80 to 500 borrowers get 2,000 to 60,000 first and pay a twelfth and interest each month."""
    people, rng, days = scene.people, scene.rng, scene.town.days
    account = _alike.account_of(scene, kind=FINANCIAL, licence="consumer_finance", account_type="settlement", industry="J6637")
    who = _alike.some(scene, people.employed, int(80 * 6 ** rng.uniform(0, 1)))
    lent, day = rng.integers(2, 60, len(who)) * 1000, rng.integers(-50, max(1, days - 30), len(who))
    _alike.move(scene, day, account, who, lent, {"放款": 3, "": 1}, channel="batch", batch="loan_drawdown")
    for month in range(1, 13):
        _alike.move(
            scene,
            day + 30 * month,
            who,
            account,
            lent / 12 + lent * 0.01,
            {"还款": 4, "贷款还款": 2, "": 2},
            channel="batch",
            batch="loan_repayment",
        )
    return _alike.label(scene, account, NAME)
