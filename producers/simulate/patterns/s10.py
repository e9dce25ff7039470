"""S10: collected money goes into the stock market within days: a scheme whose hub feeds a securities account of its own."""

from __future__ import annotations

from typing import Final

import numpy as np

from producers.simulate.flows import yuan
from producers.simulate.institutions import of_kind
from producers.simulate.life.securities import trade, transfer
from producers.simulate.patterns import SCHEME, Label
from producers.simulate.patterns import _course as course
from producers.simulate.patterns._organise import payers
from producers.simulate.patterns._ring import Ring
from producers.simulate.patterns._scene import Deposits, Scene

NAME, SORT = "S10", SCHEME
_IN: Final = {"": 45, "投资款": 10, "理财": 8, "转账": 20, "配资": 2, "借款": 8}
_OUT: Final = {"": 45, "收益": 10, "分红": 6, "转账": 25, "还款": 6}
SHARE: Final = 0.7


def plant(scene: Scene, number: int) -> list[Label]:
    """40 to 200 payers of 10,000 and more; most of each ten days' money is at the securities firm within three days."""
    rng, town = scene.rng, scene.town
    start = scene.begins(0.4)
    count = int(40 * 5 ** rng.uniform(0, 1))
    ring = Ring(scene, NAME, number, start=start, payers=count)
    stocks = town.add_for(rng, ring.hub, institution=of_kind("securities")[0], account_type="securities_cash")
    ring.more = [stocks]
    who = payers(scene, ring.accounts, start, count, elderly=2.0)
    span = max(14, int((town.days - start) * rng.uniform(0.6, 0.9)))
    paid = course.joined(scene, who, start, span, unit=10_000, most_units=25, jitter=ring.jitter(0.1))
    ring.pay_in(paid, _IN)
    ring.pay_out(course.payouts(scene, paid, monthly=float(rng.choice([0.02, 0.03])), every=30, turns=6, late=0.1), _OUT)
    _invest(scene, ring.hub, stocks, paid)
    return ring.labels()


def _invest(scene: Scene, hub: int, stocks: int, paid: Deposits) -> None:
    days = np.arange(int(paid.day.min()) + 5, scene.town.days, 10)
    sums = np.array([paid.amount[(paid.day >= day - 10) & (paid.day < day)].sum() for day in days]) * SHARE
    days, amount = days[sums > 0], yuan((sums[sums > 0] / 1000).round() * 1000)
    transfer(scene.flows, scene.rng, days, np.full(len(days), hub), np.full(len(days), stocks), amount)
    trade(scene.flows, scene.rng, days + 1, np.full(len(days), stocks), amount, buy=True)
