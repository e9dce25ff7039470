"""P09: an early scheme, no payouts yet: 18 to 40 payers within ten working days, one unit price."""

from __future__ import annotations

from producers.simulate.patterns import Label
from producers.simulate.patterns import _scheme as scheme

NAME, SCHEME = "P09", True
_IN = {"": 35, "投资款": 15, "认购": 10, "入股": 10, "转账": 20, "项目款": 10}
TEN_WORKING_DAYS = 14


def plant(scene: scheme.Scene, number: int) -> list[Label]:
    """One early scheme of a person or a company; what happens after the first fortnight is not simulated."""
    rng, town = scene.rng, scene.town
    start = int(rng.integers(0, max(1, town.days - TEN_WORKING_DAYS - 2)))
    account = scheme.organiser(scene, company=bool(rng.random() < 0.5), start=start)
    who = scheme.payers(scene, account, start, int(rng.integers(18, 41)))
    unit, jitter = int(rng.choice([5000, 10000, 10000, 20000])), float(rng.uniform(0, 0.1))
    span = int(rng.integers(8, TEN_WORKING_DAYS))
    deposits = scheme.joined(scene, who, start, span, unit=unit, most_units=4, jitter=jitter, again=0.0)
    scheme.pay_in(scene, account, deposits, _IN)
    scheme.spend(scene, account, deposits, float(rng.uniform(0.0, 0.3)))
    return scheme.label(scene, account, NAME, number, start)
