"""P04: a web of shell companies collects and pays, each of them ordinary alone (shell-company case)."""

from __future__ import annotations

from typing import Final

import numpy as np

from producers.simulate.flows import daytime, yuan
from producers.simulate.patterns import SCHEME, Label
from producers.simulate.patterns import _course as course
from producers.simulate.patterns._organise import payers, recruits
from producers.simulate.patterns._ring import Ring
from producers.simulate.patterns._scene import Scene

NAME, SORT = "P04", SCHEME
_IN: Final = {"": 45, "货款": 18, "合作款": 8, "转账": 16, "服务费": 6, "投资款": 3}
_OUT: Final = {"": 45, "货款": 10, "往来款": 14, "转账": 16, "还款": 10, "收益": 2}
MAY: Final = frozenset({"jittered", "irregular", "wordless", "misleading"})


def plant(scene: Scene, number: int) -> list[Label]:
    """10 to 40 shells under a few representatives and addresses; four to nine payers a shell, paid back by other shells."""
    rng, town = scene.rng, scene.town
    start = scene.begins(0.25)
    shells = recruits(scene, int(rng.integers(10, 41)), start, company=True)
    _link(scene, shells)
    ring = Ring(scene, NAME, number, hub=int(shells[0]), start=start, may=MAY)
    ring.more = shells[1:].tolist()
    who = payers(scene, shells, start, len(shells) * int(rng.integers(4, 10)), elderly=3.0, outside=0.15)
    span = max(14, int(town.days * rng.uniform(0.5, 0.8)))
    unit = int(rng.choice([5000, 10_000]))
    deposits = course.joined(scene, who, start, span, unit=unit, most_units=20, jitter=ring.jitter(0.25), again=0.35)
    receive = rng.permutation(shells)[: max(2, len(shells) * 6 // 10)]
    inlet = receive[np.unique(deposits.payer, return_inverse=True)[1] % len(receive)]
    count, words = len(deposits.payer), ring.words(_IN)
    scene.flows.add(
        day=deposits.day, ms_of_day=daytime(rng, count), payer=deposits.payer, payee=inlet, amount=yuan(deposits.amount),
        remark=scene.words(words, count, scene.taste(words)),
    )  # fmt: skip
    paid = course.payouts(scene, deposits, monthly=float(rng.uniform(0.008, 0.016)), every=30, turns=3, late=0.3)
    others = shells[~np.isin(shells, receive)]
    outlet = others[np.unique(paid.payer, return_inverse=True)[1] % len(others)]
    number_out, words = len(paid.payer), ring.words(_OUT)
    scene.flows.add(
        day=paid.day, ms_of_day=daytime(rng, number_out), payer=outlet, payee=paid.payer, amount=yuan(paid.amount),
        channel="online", remark=scene.words(words, number_out, scene.taste(words)),
    )  # fmt: skip
    _between(scene, shells, float(deposits.amount.sum()), start)
    return ring.labels()


def _link(scene: Scene, shells: np.ndarray) -> None:
    """A few nominees as representatives, a few addresses, one phone for most."""
    town, rng = scene.town, scene.rng
    nominees = recruits(scene, max(2, len(shells) // 6), 0, fresh=0.0)
    for place, shell in enumerate(shells.tolist()):
        town.legal[shell] = town.customer[int(nominees[place % len(nominees)])]
        town.address[shell] = town.customer[int(shells[place % max(2, len(shells) // 8)])]
        town.phone[shell] = town.customer[int(shells[0])] if rng.random() < 0.6 else town.phone[shell]


def _between(scene: Scene, shells: np.ndarray, total: float, start: int) -> None:
    """Money goes round the shells, as trade, several times over."""
    rng, town = scene.rng, scene.town
    count = len(shells) * int(rng.integers(6, 14))
    payer = rng.choice(shells, count)
    payee = shells[(np.searchsorted(np.sort(shells), payer) + rng.integers(1, len(shells), count)) % len(shells)]
    scene.flows.add(
        day=rng.integers(start + 2, max(start + 3, town.days), count), ms_of_day=daytime(rng, count), payer=payer, payee=payee,
        amount=yuan((rng.dirichlet(np.ones(count)) * total * rng.uniform(0.8, 2.0)).clip(1000).round(-2)), channel="online",
        remark=scene.flows.remarks.draw(rng, {"货款": 5, "往来款": 3, "": 4, "服务费": 2}, count),
    )  # fmt: skip
