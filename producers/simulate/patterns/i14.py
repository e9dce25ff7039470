"""I14: elderly customers are talked into surrendering policies and pay the money to one account for a "better product"."""

from __future__ import annotations

from typing import Final

import numpy as np

from producers.simulate.flows import daytime, yuan
from producers.simulate.institutions import of_kind
from producers.simulate.patterns import SCHEME, Label
from producers.simulate.patterns import _course as course
from producers.simulate.patterns._organise import payers
from producers.simulate.patterns._ring import Ring
from producers.simulate.patterns._scene import Deposits, Scene
from producers.simulate.policies import RELATIONS

NAME, SORT = "I14", SCHEME
_IN: Final = {"": 45, "理财": 16, "转账": 22, "投资": 5, "认购": 5}
_OUT: Final = {"": 45, "收益": 14, "转账": 25, "利息": 8}
MAY: Final = frozenset({"wordless", "misleading", "irregular", "ownaccount", "elsewhere"})
SELF: Final = RELATIONS.index("self") + 1


def plant(scene: Scene, number: int) -> list[Label]:
    """15 to 60 customers; each surrender is paid out at a loss and passed on within three days; monthly returns follow."""
    rng, town = scene.rng, scene.town
    start = scene.begins(0.4)
    count = int(15 * 4 ** rng.uniform(0, 1))
    ring = Ring(scene, NAME, number, start=start, payers=count, may=MAY)
    who = payers(scene, ring.accounts, start, count, elderly=40.0, ages=(60, 85))
    span = max(14, int((town.days - start) * rng.uniform(0.6, 0.9)))
    value = rng.integers(20, 250, len(who)) * 1000.0
    day = start + rng.integers(0, span, len(who))
    _surrender(scene, who, day, value)
    paid = Deposits(who, day + rng.integers(0, 4, len(who)), np.floor(value * rng.uniform(0.9, 1.0, len(who)) / 1000) * 1000)
    ring.pay_in(paid, _IN)
    ring.pay_out(course.payouts(scene, paid, monthly=float(rng.choice([0.008, 0.01])), every=30, turns=12, late=0.1), _OUT)
    ring.spend(paid, float(rng.uniform(0.3, 0.6)))
    return ring.labels()


def _surrender(scene: Scene, who: np.ndarray, day: np.ndarray, value: np.ndarray) -> None:
    """Each customer's policy account at the insurer pays him its cash value, less than he has paid in."""
    town, rng = scene.town, scene.rng
    insurer = of_kind("insurance")[0]
    accounts = np.array([town.add_for(rng, holder, institution=insurer) for holder in who.tolist()])
    policies = town.policies.add(-rng.integers(200, 1500, len(who)), "universal", yuan(value / 4), yuan(value))
    scene.flows.add(
        day=day, ms_of_day=daytime(rng, len(who)), payer=accounts, payee=who, amount=yuan(value), kind="surrender",
        channel="counter", policy=policies, relation=SELF, remark=scene.flows.remarks.code("退保"),
    )  # fmt: skip
