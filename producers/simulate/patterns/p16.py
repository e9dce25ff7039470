"""P16: students pay into a "part-time job" or trading scheme of other students and get daily returns until it ends."""

from __future__ import annotations

from typing import Final

from producers.simulate.patterns import SCHEME, Label
from producers.simulate.patterns import _course as course
from producers.simulate.patterns._organise import some_of
from producers.simulate.patterns._ring import Ring
from producers.simulate.patterns._scene import Scene

NAME, SORT = "P16", SCHEME
_IN: Final = {"": 50, "充值": 10, "转账": 22, "投资": 3, "会费": 5, "押金": 4}
_OUT: Final = {"": 50, "提现": 12, "转账": 22, "佣金": 4, "收益": 3}


def plant(scene: Scene, number: int) -> list[Label]:
    """30 to 160 students of 200 to 4,000 yuan each; one to two parts in a hundred a day come back for weeks, then nothing."""
    rng, town = scene.rng, scene.town
    start = scene.begins(0.4)
    ring = Ring(scene, NAME, number, start=start, payers=60, may=frozenset({"jittered", "irregular", "wordless", "elsewhere"}))
    who = some_of(scene, scene.people.students, ring.accounts, start, int(rng.integers(30, 161)))
    span = max(14, int((town.days - start) * rng.uniform(0.5, 0.8)))
    ring.end = start + span + int(rng.integers(0, 10))
    paid = course.joined(scene, who, start, span, unit=200, most_units=20, jitter=ring.jitter(0.1), again=0.4, peak=0.6)
    paid = course.until(paid, ring.end)
    ring.pay_in(paid, _IN)
    monthly = float(rng.choice([0.3, 0.45, 0.6]))
    ring.pay_out(course.payouts(scene, paid, monthly=monthly, every=7, turns=12, late=0.05, end=ring.end), _OUT)
    ring.spend(paid, float(rng.uniform(0.3, 0.6)))
    return ring.labels()
