"""P08: a loan platform pools its lenders' money without custody and lends it to its own firms."""

from __future__ import annotations

from typing import Final

import numpy as np

from producers.simulate.flows import daytime, yuan
from producers.simulate.patterns import SCHEME, Label
from producers.simulate.patterns import _course as course
from producers.simulate.patterns._organise import organiser, payers
from producers.simulate.patterns._ring import Ring
from producers.simulate.patterns._scene import Deposits, Scene

NAME, SORT = "P08", SCHEME
_IN: Final = {"": 45, "充值": 16, "出借": 4, "转账": 14, "投资": 6, "平台充值": 3, "标的": 2}
_OUT: Final = {"": 45, "提现": 16, "本息": 6, "转账": 14, "还款": 8, "债权转让": 2}
MAY: Final = frozenset({"jittered", "irregular", "wordless", "misleading", "elsewhere"})
COLLAPSES: Final = 0.2


def plant(scene: Scene, number: int) -> list[Label]:
    """150 to 900 lenders, most of them from all over the country; two thirds of the money go to five firms of its own."""
    rng, town = scene.rng, scene.town
    start = scene.begins(0.3)
    hub = organiser(scene, company=True, start=start, industries=("I6510", "L7249"))
    count = int(150 * 6 ** rng.uniform(0, 1))
    ring = Ring(scene, NAME, number, hub=hub, start=start, payers=count, may=MAY)
    who = payers(scene, ring.accounts, start, count, elderly=1.0, outside=0.75)
    span = max(14, int((town.days - start) * rng.uniform(0.7, 1.0)))
    unit, most = int(rng.choice([100, 500, 1000])), int(rng.integers(30, 120))
    peak = ring.collapses(span, COLLAPSES)
    lent = course.joined(scene, who, start, span, unit=unit, most_units=most, jitter=ring.jitter(0.3), again=0.4, peak=peak)
    lent = course.until(lent, ring.end)
    ring.pay_in(lent, _IN)
    every = int(rng.choice([15, 30]))
    ring.pay_out(
        course.payouts(scene, lent, monthly=float(rng.uniform(0.008, 0.014)), every=every, turns=3, late=0.05, end=ring.end), _OUT
    )
    _lend(scene, ring, lent)
    return ring.labels()


def _lend(scene: Scene, ring: Ring, lent: Deposits) -> None:
    """Round loans to five firms under the platform's own representative, little of which comes back."""
    rng, town = scene.rng, scene.town
    firms = rng.choice(scene.people.companies, 5, replace=False)
    for firm in firms[:3].tolist():
        town.legal[firm] = town.legal[ring.hub]
    count = int(rng.integers(15, 40))
    sums = (rng.dirichlet(np.ones(count)) * lent.amount.sum() * 0.66 / 10_000).round().clip(1) * 10_000
    day, firm = rng.integers(ring.start + 5, max(ring.start + 6, town.days), count), rng.choice(firms, count)
    scene.flows.add(
        day=day, ms_of_day=daytime(rng, count), payer=ring.hub, payee=firm, amount=yuan(sums), channel="online",
        remark=scene.flows.remarks.draw(rng, {"借款": 4, "": 4, "往来款": 2, "货款": 2}, count),
    )  # fmt: skip
    back = rng.random(count) < 0.25
    scene.flows.add(
        day=day[back] + 20, ms_of_day=daytime(rng, int(back.sum())), payer=firm[back], payee=ring.hub,
        amount=yuan(sums[back] * 1.02), channel="online", remark=scene.flows.remarks.code("还款"),
    )  # fmt: skip
