"""P11: salesmen's personal accounts collect and pass everything to their employer's representative, who pays commission."""

from __future__ import annotations

from typing import Final

import numpy as np

from producers.simulate.flows import daytime, yuan
from producers.simulate.patterns import SCHEME, Label
from producers.simulate.patterns import _course as course
from producers.simulate.patterns._organise import organiser, payers, recruits
from producers.simulate.patterns._ring import Ring
from producers.simulate.patterns._scene import Deposits, Scene
from producers.simulate.patterns._transfers import forward

NAME, SORT = "P11", SCHEME
_IN: Final = {"": 45, "转账": 20, "理财": 10, "投资款": 5, "借款": 8, "还款": 6}
_OUT: Final = {"": 45, "利息": 10, "转账": 26, "收益": 5, "还款": 8}
_COMMISSION: Final = {"提成": 4, "奖金": 3, "": 3, "劳务费": 2}
MAY: Final = frozenset({"jittered", "irregular", "wordless", "misleading", "elsewhere", "ownaccount"})


def plant(scene: Scene, number: int) -> list[Label]:
    """Four to twelve salesmen with 5 to 25 customers each; the representative pays interest, the company the commission."""
    rng, town = scene.rng, scene.town
    start = scene.begins(0.35)
    company = organiser(scene, company=True, start=start, industries=("L7249",))
    chief = organiser(scene, company=False, start=start)
    town.legal[company] = town.customer[chief]
    staff = recruits(scene, int(rng.integers(4, 13)), start, fresh=0.1)
    for one in staff.tolist():
        town.employer[one] = town.customer[company]
    customers = rng.integers(5, 26, len(staff))
    ring = Ring(scene, NAME, number, hub=chief, start=start, payers=int(customers.sum()), may=MAY)
    ring.inlets, ring.more = staff, [company]
    who = payers(scene, ring.accounts, start, int(customers.sum()), elderly=12.0)
    served_by = np.repeat(staff, customers)[: len(who)]
    span = max(14, int((town.days - start) * rng.uniform(0.6, 0.9)))
    paid = course.joined(scene, who, start, span, unit=5000, most_units=20, jitter=ring.jitter(0.1), again=0.3)
    inlet = served_by[np.searchsorted(np.sort(who), paid.payer)]
    words = ring.words(_IN)
    scene.flows.add(
        day=paid.day, ms_of_day=daytime(rng, len(inlet)), payer=paid.payer, payee=inlet, amount=yuan(paid.amount),
        remark=scene.words(words, len(inlet), scene.taste(words)),
    )  # fmt: skip
    forward(scene, inlet, paid.day, paid.amount, chief, kept=0.05)
    _commission(scene, company, chief, inlet, paid)
    ring.pay_out(course.payouts(scene, paid, monthly=float(rng.choice([0.01, 0.015, 0.02])), every=30, turns=6, late=0.1), _OUT)
    ring.spend(paid, float(rng.uniform(0.2, 0.45)))
    return ring.labels()


def _commission(scene: Scene, company: int, chief: int, inlet: np.ndarray, paid: Deposits) -> None:
    """Each fortnight a share of what each brought in, out of what the representative puts into the company."""
    rate = scene.rng.uniform(0.03, 0.08)
    for first in range(int(paid.day.min()), scene.town.days, 15):
        within = (paid.day >= first) & (paid.day < first + 15)
        who, place = np.unique(inlet[within], return_inverse=True)
        if not len(who):
            continue
        earned = np.zeros(len(who))
        np.add.at(earned, place, paid.amount[within] * rate)
        scene.flows.add(
            day=first + 15, ms_of_day=32_400_000, payer=chief, payee=company,
            amount=yuan(np.ceil(earned.sum() / 100) * 100 + 5000), channel="online", remark=scene.flows.remarks.code("往来款"),
        )  # fmt: skip
        scene.flows.add(
            day=first + 16, ms_of_day=daytime(scene.rng, len(who)), payer=company, payee=who, amount=yuan(earned),
            channel="online", remark=scene.flows.remarks.draw(scene.rng, _COMMISSION, len(who)),
        )  # fmt: skip
