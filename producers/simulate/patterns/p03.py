"""P03: a company has dozens of cards opened for "staff" and runs a pyramid over them (Anhui 8·26 case)."""

from __future__ import annotations

from typing import Final

import numpy as np

from producers.simulate.flows import yuan
from producers.simulate.institutions import some_bank
from producers.simulate.patterns import SCHEME, Label
from producers.simulate.patterns._organise import organiser, payers, recruits
from producers.simulate.patterns._pyramid import commissions, recruited
from producers.simulate.patterns._ring import Ring
from producers.simulate.patterns._scene import Deposits, Scene
from producers.simulate.patterns._transfers import forward

NAME, SORT = "P03", SCHEME
_IN: Final = {"": 40, "转账": 20, "货款": 10, "会费": 8, "报单": 5, "入会费": 4}
_OUT: Final = {"": 40, "转账": 20, "提成": 12, "奖金": 8, "返利": 4, "佣金": 6}
FEES: Final = (998, 1980, 2980, 3900, 6800)
CAPITAL_YUAN: Final = 100_000_000


def plant(scene: Scene, number: int) -> list[Label]:
    """Up to 67 cards of staff that are never paid wages; half take fees, the others pay what the lines earn."""
    rng, town = scene.rng, scene.town
    start = scene.begins(0.4)
    hub = organiser(scene, company=True, start=start, industries=("L7249", "I6510", "F5179"))
    town.capital[hub] = CAPITAL_YUAN
    count = int(120 * 6 ** rng.uniform(0, 1))
    ring = Ring(scene, NAME, number, hub=hub, start=start, payers=count, may=frozenset({"wordless", "misleading"}))
    cards = _cards(scene, hub, start, int(np.clip(count // 8, 12, 67)))
    ring.inlets, outlets = cards[: len(cards) // 2], cards[len(cards) // 2 :]
    ring.more = outlets.tolist()
    who = payers(scene, ring.accounts, start, count, elderly=2.0, outside=0.2)
    pyramid = recruited(scene, who, start, max(14, int(town.days * 0.55)))
    fee = float(rng.choice(FEES))
    units = np.where(rng.random(len(who)) < 0.75, 1, rng.integers(2, 6, len(who)))
    paid = Deposits(who, pyramid.day, fee * units)
    _collect(scene, ring, paid)
    _pay(scene, ring, outlets, commissions(scene, pyramid, fee, (0.2, 0.1, 0.05)))
    ring.spend(paid, float(rng.uniform(0.2, 0.5)))
    return ring.labels()


def _cards(scene: Scene, hub: int, start: int, count: int) -> np.ndarray:
    """New accounts of persons, opened within days of each other; the company calls them its staff and keeps the phone."""
    town, rng = scene.town, scene.rng
    cards = []
    for holder in recruits(scene, count, start, fresh=0.0).tolist():
        card = town.add_for(rng, holder, institution=some_bank(rng))
        town.employer[card] = town.customer[hub]
        town.phone[card] = town.customer[hub] if rng.random() < 0.5 else town.phone[card]
        town.device[card] = town.customer[hub] if rng.random() < 0.7 else town.device[card]
        town.opened[card] = town.first_day + start - int(rng.integers(0, 9))
        cards.append(card)
    return np.array(cards)


def _collect(scene: Scene, ring: Ring, paid: Deposits) -> None:
    card = ring.inlets[scene.rng.integers(0, len(ring.inlets), len(paid.payer))]
    words = ring.words(_IN)
    scene.flows.add(
        day=paid.day, ms_of_day=scene.rng.integers(30_000_000, 80_000_000, len(paid.day)), payer=paid.payer, payee=card,
        amount=yuan(paid.amount), remark=scene.words(words, len(paid.day), scene.taste(words)),
    )  # fmt: skip
    forward(scene, card, paid.day, paid.amount, ring.hub, kept=0.01)


def _pay(scene: Scene, ring: Ring, outlets: np.ndarray, paid: Deposits) -> None:
    """Each day the paying cards are filled with what they will pay."""
    card = outlets[scene.rng.integers(0, len(outlets), len(paid.payer))]
    keys, place = np.unique(card * 8192 + paid.day, return_inverse=True)
    sums = np.zeros(len(keys))
    np.add.at(sums, place, paid.amount)
    scene.flows.add(
        day=keys % 8192, ms_of_day=30_600_000, payer=ring.hub, payee=keys // 8192, amount=yuan(sums), channel="online"
    )
    words = ring.words(_OUT)
    scene.flows.add(
        day=paid.day, ms_of_day=scene.rng.integers(34_000_000, 80_000_000, len(paid.day)), payer=card, payee=paid.payer,
        amount=yuan(paid.amount), remark=scene.words(words, len(paid.day), scene.taste(words)),
    )  # fmt: skip
