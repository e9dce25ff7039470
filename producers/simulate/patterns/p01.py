"""P01: a person's new card takes large sums from the elderly, pays monthly interest, and is emptied in cash (Jin case)."""

from __future__ import annotations

from typing import Final

from producers.simulate.patterns import SCHEME, Label
from producers.simulate.patterns import _course as course
from producers.simulate.patterns._organise import organiser, payers
from producers.simulate.patterns._ring import Ring
from producers.simulate.patterns._scene import Scene
from producers.simulate.patterns._transfers import spend

NAME, SORT = "P01", SCHEME
_IN: Final = {"": 50, "借款": 10, "转账": 20, "投资": 6, "理财": 8, "存款": 4}
_OUT: Final = {"": 50, "利息": 14, "转账": 26, "还款": 8}
YEARLY: Final = (0.12, 0.15)


def plant(scene: Scene, number: int) -> list[Label]:
    """60 to 240 deposits of 20,000 to 300,000; a quarter leaves in cash, what is left in one sum at the end."""
    rng, town = scene.rng, scene.town
    start = scene.begins(0.35)
    hub = organiser(scene, company=False, start=start, fresh=0.9)
    count = int(40 * 4 ** rng.uniform(0, 1))
    ring = Ring(scene, NAME, number, hub=hub, start=start, payers=count)
    who = payers(scene, ring.accounts, start, count, elderly=25.0, ages=(60, 85))
    deposits = course.joined(
        scene, who, start, max(14, town.days - start - 12), unit=10_000, most_units=30, jitter=ring.jitter(0.1), again=0.3
    )
    ring.pay_in(deposits, _IN)
    monthly = float(rng.choice(YEARLY)) / 12
    ring.pay_out(course.payouts(scene, deposits, monthly=monthly, every=30, turns=12, late=0.1), _OUT)
    ring.spend(deposits, float(rng.uniform(0.22, 0.3)), cash=1.0, parts=(8, 24))
    last = course.until(deposits, town.days - 6)
    spend(scene, hub, last, float(rng.uniform(0.4, 0.55)), cash=0.0, parts=(1, 2))
    return ring.labels()
