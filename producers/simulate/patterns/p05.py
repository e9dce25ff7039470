"""P05: a pyramid's receiving accounts: opened, used for weeks, put to sleep, used again; balance nothing every evening."""

from __future__ import annotations

from typing import Final

import numpy as np

from producers.simulate.flows import NOBODY, daytime, yuan
from producers.simulate.institutions import some_bank
from producers.simulate.patterns import SCHEME, Label
from producers.simulate.patterns._organise import organiser, payers, recruits
from producers.simulate.patterns._pyramid import commissions, recruited
from producers.simulate.patterns._ring import Ring
from producers.simulate.patterns._scene import Deposits, Scene
from producers.simulate.patterns._transfers import forward

NAME, SORT = "P05", SCHEME
_IN: Final = {"": 60, "转账": 25, "货款": 8, "报单款": 3}
_OUT: Final = {"": 60, "转账": 25, "奖金": 5, "提成": 6}
FEES: Final = (2800, 3350, 3800, 6980, 69_800)
SLEEPS: Final = 32
AT_A_MACHINE: Final = 20_000
"""Yuan that a machine gives in a day; the organiser fetches more at the counter."""


def plant(scene: Scene, number: int) -> list[Label]:
    """Three to six receiving accounts in turn, one paying account, 60 to 260 members; half of what leaves does so in cash."""
    rng, town = scene.rng, scene.town
    start = scene.begins(0.15)
    hub = organiser(scene, company=False, start=start)
    count = int(60 * 4.5 ** rng.uniform(0, 1))
    ring = Ring(scene, NAME, number, hub=hub, start=start, payers=count, may=frozenset({"wordless", "misleading"}))
    ring.inlets = _receivers(scene, start, int(rng.integers(3, 7)))
    ring.outlet = int(recruits(scene, 1, start)[0])
    who = payers(scene, ring.accounts, start, count, elderly=1.5, outside=0.3)
    pyramid = recruited(scene, who, start, max(16, int(town.days * 0.75)))
    fee = float(rng.choice(FEES, p=[0.3, 0.2, 0.2, 0.2, 0.1]))
    paid = Deposits(who, pyramid.day, np.full(len(who), fee) * np.where(rng.random(len(who)) < 0.85, 1, 2))
    inlet = _in_turn(ring, paid.day, town.days)
    words = ring.words(_IN)
    scene.flows.add(
        day=paid.day, ms_of_day=daytime(rng, count := len(who)), payer=who, payee=inlet, amount=yuan(paid.amount),
        channel=rng.choice(["mobile", "counter", "atm"], count, p=[0.6, 0.25, 0.15]),
        remark=scene.words(words, count, scene.taste(words)),
    )  # fmt: skip
    _clear(scene, ring, inlet, paid)
    ring.pay_out(commissions(scene, pyramid, fee, (0.15, 0.1, 0.05, 0.03)), _OUT)
    return ring.labels()


def _receivers(scene: Scene, start: int, count: int) -> np.ndarray:
    """Accounts that holders opened for it days before."""
    town, rng = scene.town, scene.rng
    opened = []
    for holder in recruits(scene, count, start, fresh=0.0).tolist():
        account = town.add_for(rng, holder, institution=some_bank(rng))
        town.opened[account] = town.first_day + start - int(rng.integers(0, 6))
        opened.append(account)
    return np.array(opened)


def _in_turn(ring: Ring, day: np.ndarray, days: int) -> np.ndarray:
    """Some weeks on each account; after all had their turn, the first wakes again, asleep for a month and more."""
    turn = max(8, min(25, -(-(SLEEPS + 2) // max(1, len(ring.inlets) - 1)), days))
    return np.asarray(ring.inlets[(day - ring.start) // turn % len(ring.inlets)])


def _clear(scene: Scene, ring: Ring, inlet: np.ndarray, paid: Deposits) -> None:
    """Every evening's whole balance: in cash on some days, to the hub on others."""
    rng = scene.rng
    by_cash = rng.random(scene.town.days + 40)[paid.day] < 0.4
    forward(scene, inlet[~by_cash], paid.day[~by_cash], paid.amount[~by_cash], ring.hub, kept=0.0, next_day=0.0)
    keys, place = np.unique(inlet[by_cash] * 8192 + paid.day[by_cash], return_inverse=True)
    sums = np.zeros(len(keys))
    np.add.at(sums, place, paid.amount[by_cash])
    scene.flows.add(
        day=keys % 8192, ms_of_day=85_200_000 + rng.integers(0, 900_000, len(keys)), payer=keys // 8192, payee=NOBODY,
        amount=yuan(np.maximum(100, np.floor(sums / 100) * 100)), kind="cash",
        channel=np.where(sums > AT_A_MACHINE, "counter", "atm"), agent=np.where(sums > AT_A_MACHINE, scene.town.customer[ring.hub] + 1, 0),
    )  # fmt: skip
