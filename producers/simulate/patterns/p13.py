"""P13: lent accounts are tried with a few yuan, then take large deposits at once and pass them on."""

from __future__ import annotations

from typing import Final

import numpy as np

from producers.simulate.flows import daytime, yuan
from producers.simulate.institutions import some_bank
from producers.simulate.patterns import SCHEME, Label
from producers.simulate.patterns import _course as course
from producers.simulate.patterns._organise import organiser, payers, recruits
from producers.simulate.patterns._ring import Ring
from producers.simulate.patterns._scene import Scene
from producers.simulate.patterns._transfers import forward

NAME, SORT = "P13", SCHEME
_IN: Final = {"": 55, "转账": 25, "投资款": 6, "充值": 6, "理财": 4}
_OUT: Final = {"": 60, "转账": 25, "收益": 4, "提现": 6}


def plant(scene: Scene, number: int) -> list[Label]:
    """Five to fourteen new accounts of others, 6 to 18 payers each; the hub pays some returns."""
    rng, town = scene.rng, scene.town
    start = scene.begins(0.45)
    hub = organiser(scene, company=False, start=start)
    ring = Ring(scene, NAME, number, hub=hub, start=start, may=frozenset({"jittered", "irregular", "wordless", "misleading"}))
    ring.inlets = np.array(
        [_lent(scene, holder, hub, start) for holder in recruits(scene, int(rng.integers(5, 15)), start).tolist()]
    )
    _try_out(scene, hub, ring.inlets)
    count = len(ring.inlets)
    who = payers(scene, ring.accounts, start, count * int(rng.integers(6, 19)), elderly=2.0, outside=0.3)
    inlet_of = np.repeat(ring.inlets, -(-len(who) // count))[: len(who)]
    paid = course.joined(
        scene, who, start + 3, max(6, int((town.days - start) * 0.6)), unit=1000, most_units=60, jitter=ring.jitter(0.2)
    )
    inlet = inlet_of[np.searchsorted(np.sort(who), paid.payer)]
    words = ring.words(_IN)
    scene.flows.add(
        day=paid.day, ms_of_day=daytime(rng, len(inlet)), payer=paid.payer, payee=inlet, amount=yuan(paid.amount),
        remark=scene.words(words, len(inlet), scene.taste(words)),
    )  # fmt: skip
    forward(scene, inlet, paid.day, paid.amount, hub, kept=0.02)
    ring.pay_out(course.payouts(scene, paid, monthly=float(rng.choice([0.03, 0.05])), every=10, turns=5, late=0.1), _OUT)
    ring.spend(paid, float(rng.uniform(0.3, 0.6)), cash=0.4)
    return ring.labels()


def _try_out(scene: Scene, hub: int, accounts: np.ndarray) -> None:
    """A few yuan there, some back, a few there again, on the first three days of each account."""
    town, rng = scene.town, scene.rng
    first = np.array(town.opened)[accounts] - town.first_day
    for turn in range(3):
        there = turn != 1
        scene.flows.add(
            day=first + turn, ms_of_day=daytime(rng, len(accounts)), payer=hub if there else accounts, payee=accounts if there else hub,
            amount=yuan(rng.integers(1, 60, len(accounts))),
        )  # fmt: skip


def _lent(scene: Scene, holder: int, hub: int, start: int) -> int:
    """A new account of another, which the hub's holder uses on his own phone."""
    town, rng = scene.town, scene.rng
    account = town.add_for(rng, holder, institution=some_bank(rng))
    town.opened[account] = town.first_day + start + int(rng.integers(-3, 1))
    town.device[account] = town.customer[hub]
    return account
