"""P02: a person takes deposits in multiples of 500 from the elderly and pays fixed interest (a reviewed STR case)."""

from __future__ import annotations

from producers.simulate.patterns import Label
from producers.simulate.patterns import _scheme as scheme

NAME, SCHEME = "P02", True
_IN = {"": 40, "复投": 10, "投资款": 6, "借款": 8, "转账": 20, "还款": 6, "理财": 5, "货款": 3}
_OUT = {"": 45, "利息": 15, "转账": 25, "还款": 10, "收益": 5}


def plant(scene: scheme.Scene, number: int) -> list[Label]:
    """One scheme of 30 to 300 payers; interest each week to each month, terms of two to six payouts."""
    rng, town = scene.rng, scene.town
    start = int(rng.integers(0, max(1, int(town.days * 0.45))))
    account = scheme.organiser(scene, company=False, start=start)
    who = scheme.payers(scene, account, start, int(30 * 10 ** rng.uniform(0, 1)))
    span = int(rng.integers(max(12, town.days // 3), max(14, town.days - start)))
    unit, most = int(rng.choice([500, 1000, 2500])), int(rng.integers(10, 60))
    deposits = scheme.joined(scene, who, start, span, unit=unit, most_units=most, jitter=float(rng.uniform(0, 0.15)))
    scheme.pay_in(scene, account, deposits, _IN)
    monthly = float(rng.choice([0.01, 0.0125, 0.015, 0.0175, 0.02]))
    every, turns = int(rng.choice([7, 10, 15, 30])), int(rng.integers(2, 7))
    scheme.pay_out(scene, account, deposits, _OUT, monthly=monthly, every=every, turns=turns, late=float(rng.uniform(0, 0.3)))
    scheme.spend(scene, account, deposits, float(rng.uniform(0.15, 0.5)))
    return scheme.label(scene, account, NAME, number, start)
