"""P02: a person takes deposits in multiples of 500 from the elderly and pays fixed interest (a reviewed STR case)."""

from __future__ import annotations

from typing import Final

from producers.simulate.patterns import SCHEME, Label
from producers.simulate.patterns import _course as course
from producers.simulate.patterns._organise import payers
from producers.simulate.patterns._ring import Ring
from producers.simulate.patterns._scene import Scene

NAME, SORT = "P02", SCHEME
_IN: Final = {"": 40, "复投": 10, "投资款": 6, "借款": 8, "转账": 20, "还款": 6, "理财": 5, "货款": 3}
_OUT: Final = {"": 45, "利息": 15, "转账": 25, "还款": 10, "收益": 5}
COLLAPSES: Final = 0.2


def plant(scene: Scene, number: int) -> list[Label]:
    """One scheme of 30 to 300 payers; interest each week to each month, terms of two to six payouts."""
    rng, town = scene.rng, scene.town
    start = scene.begins(0.45)
    count = int(30 * 10 ** rng.uniform(0, 1))
    ring = Ring(scene, NAME, number, start=start, payers=count)
    who = payers(scene, ring.accounts, start, count)
    span = int(rng.integers(max(12, town.days // 3), max(14, town.days - start)))
    unit, most = int(rng.choice([500, 1000, 2500])), int(rng.integers(10, 60))
    jitter = ring.jitter(float(rng.uniform(0, 0.15)))
    peak = ring.collapses(span, COLLAPSES)
    deposits = course.joined(scene, who, start, span, unit=unit, most_units=most, jitter=jitter, peak=peak)
    deposits = course.until(deposits, ring.end)
    ring.pay_in(deposits, _IN)
    monthly = float(rng.choice([0.01, 0.0125, 0.015, 0.0175, 0.02]))
    every, turns = int(rng.choice([7, 10, 15, 30])), int(rng.integers(2, 7))
    late = float(rng.uniform(0, 0.3))
    ring.pay_out(course.payouts(scene, deposits, monthly=monthly, every=every, turns=turns, late=late, end=ring.end), _OUT)
    ring.spend(deposits, float(rng.uniform(0.15, 0.5)))
    return ring.labels()
