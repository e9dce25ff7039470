"""P12: one holder opens account after account, uses each for days with large sums, and closes it."""

from __future__ import annotations

from typing import Final

import numpy as np

from producers.simulate.flows import daytime, yuan
from producers.simulate.institutions import some_bank
from producers.simulate.patterns import SCHEME, Label
from producers.simulate.patterns import _course as course
from producers.simulate.patterns._organise import organiser, payers
from producers.simulate.patterns._ring import Ring
from producers.simulate.patterns._scene import Scene
from producers.simulate.patterns._transfers import forward

NAME, SORT = "P12", SCHEME
_IN: Final = {"": 50, "转账": 20, "投资款": 8, "借款": 8, "认购": 4, "货款": 8}
_OUT: Final = {"": 55, "转账": 25, "利息": 6, "还款": 8}
USED_DAYS: Final = 6


def plant(scene: Scene, number: int) -> list[Label]:
    """Seven to ten accounts, six days each, closed within days; what they collect is gathered and partly paid back."""
    rng, town = scene.rng, scene.town
    turns = min(int(rng.integers(7, 11)), max(2, (town.days - 2) // USED_DAYS))
    start = int(rng.integers(0, max(1, town.days - turns * USED_DAYS)))
    hub = organiser(scene, company=False, start=start)
    ring = Ring(scene, NAME, number, hub=hub, start=start, may=frozenset({"jittered", "wordless", "misleading", "elsewhere"}))
    ring.inlets = np.array([_account(scene, hub, start + turn * USED_DAYS) for turn in range(turns)])
    who = payers(scene, ring.accounts, start, int(turns * rng.integers(8, 22)), elderly=4.0)
    paid = course.joined(scene, who, start, turns * USED_DAYS - 1, unit=10_000, most_units=12, jitter=ring.jitter(0.1), again=0.2)
    paid = course.until(paid, start + turns * USED_DAYS - 2)
    inlet = ring.inlets[(paid.day - start) // USED_DAYS]
    ring.inlets = np.unique(inlet)
    words = ring.words(_IN)
    scene.flows.add(
        day=paid.day, ms_of_day=daytime(rng, len(inlet)), payer=paid.payer, payee=inlet, amount=yuan(paid.amount),
        remark=scene.words(words, len(inlet), scene.taste(words)),
    )  # fmt: skip
    forward(scene, inlet, paid.day, paid.amount, hub, kept=0.01, next_day=0.2)
    ring.pay_out(course.payouts(scene, paid, monthly=float(rng.choice([0.015, 0.02])), every=15, turns=4, late=0.1), _OUT)
    ring.spend(paid, float(rng.uniform(0.3, 0.6)), cash=0.5)
    return ring.labels()


def _account(scene: Scene, hub: int, first: int) -> int:
    """An account of the holder for days from ``first`` on; the last forwards come a day after."""
    town, rng = scene.town, scene.rng
    account = town.add_for(rng, hub, institution=some_bank(rng))
    town.opened[account] = town.first_day + first - int(rng.integers(0, 3))
    town.closed[account] = town.first_day + first + USED_DAYS + int(rng.integers(1, 6))
    return account
