"""P07: a mutual-aid society takes savings of hundreds of households and pays them with interest (Xiangshui case)."""

from __future__ import annotations

from producers.simulate.patterns import Label
from producers.simulate.patterns import _scheme as scheme

NAME, SCHEME = "P07", True
_IN = {"": 45, "股金": 10, "入股": 6, "转账": 20, "存款": 8, "合作款": 6, "化肥款": 5}
_OUT = {"": 45, "本息": 8, "分红": 10, "转账": 25, "还款": 7, "粮款": 5}


def plant(scene: scheme.Scene, number: int) -> list[Label]:
    """One society of 80 to 400 households over most of the time; principal comes back after one to three payouts."""
    rng, town = scene.rng, scene.town
    start = int(rng.integers(0, max(1, town.days // 5)))
    account = scheme.organiser(scene, company=True, start=start)
    who = scheme.payers(scene, account, start, int(80 * 5 ** rng.uniform(0, 1)))
    unit, most = int(rng.choice([1000, 2000, 5000])), int(rng.integers(10, 40))
    span = max(14, int(town.days * rng.uniform(0.55, 0.8)))
    deposits = scheme.joined(scene, who, start, span, unit=unit, most_units=most, jitter=float(rng.uniform(0.05, 0.2)))
    scheme.pay_in(scene, account, deposits, _IN)
    monthly, every = float(rng.choice([0.006, 0.008, 0.01])), int(rng.choice([15, 30]))
    scheme.pay_out(scene, account, deposits, _OUT, monthly=monthly, every=every, turns=int(rng.integers(1, 4)), late=0.2)
    scheme.spend(scene, account, deposits, float(rng.uniform(0.2, 0.5)))
    return scheme.label(scene, account, NAME, number, start)
