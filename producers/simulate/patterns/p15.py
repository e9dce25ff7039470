"""P15: a "charity" without the certificate takes gifts in aid of the old and returns them with a "thank-you"."""

from __future__ import annotations

from typing import Final

from producers.simulate.patterns import SCHEME, Label
from producers.simulate.patterns import _course as course
from producers.simulate.patterns._organise import organiser, payers
from producers.simulate.patterns._ring import Ring
from producers.simulate.patterns._scene import Scene

NAME, SORT = "P15", SCHEME
_IN: Final = {"": 40, "捐款": 14, "爱心捐款": 6, "转账": 18, "众筹": 3, "互助金": 4}
_OUT: Final = {"": 45, "返还": 5, "转账": 22, "慰问金": 5, "奖金": 5}


def plant(scene: Scene, number: int) -> list[Label]:
    """40 to 250 givers of 1,000 to 20,000; a tenth and more comes back each ten days, five times and more."""
    rng, town = scene.rng, scene.town
    start = scene.begins(0.4)
    hub = organiser(scene, company=True, start=start, industries=("L7249", "I6510"))
    count = int(40 * 6 ** rng.uniform(0, 1))
    ring = Ring(scene, NAME, number, hub=hub, start=start, payers=count)
    who = payers(scene, ring.accounts, start, count, elderly=15.0)
    span = max(14, int((town.days - start) * rng.uniform(0.5, 0.9)))
    paid = course.joined(scene, who, start, span, unit=1000, most_units=20, jitter=ring.jitter(0.1), again=0.4)
    ring.pay_in(paid, _IN)
    monthly = float(rng.choice([0.3, 0.36, 0.45]))
    ring.pay_out(course.payouts(scene, paid, monthly=monthly, every=10, turns=int(rng.integers(5, 12)), late=0.1), _OUT)
    ring.spend(paid, float(rng.uniform(0.15, 0.4)))
    return ring.labels()
