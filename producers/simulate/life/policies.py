"""The insurer's customers: premiums each month, now and then a claim, a surrender, a loan on the policy."""

from __future__ import annotations

from typing import Any

import numpy as np

from producers.simulate.flows import Flows, daytime, yuan
from producers.simulate.people import People
from producers.simulate.policies import RELATIONS
from producers.simulate.town import Town

SELF = RELATIONS.index("self") + 1
PREMIUMS = (120, 200, 305.5, 500, 1000, 1688)
SHARES = {"motor": 0.2, "health": 0.25, "life": 0.35, "annuity": 0.1, "universal": 0.1}


def live(town: Town, people: People, flows: Flows, rng: np.random.Generator) -> None:
    """A policy for each insured account; children and spouses pay some of them."""
    held = np.array(people.insured, np.int64).reshape(-1, 2)
    count = len(held)
    due = yuan(rng.choice(PREMIUMS, count))
    policy = np.zeros(count, np.int64)
    product = rng.choice(list(SHARES), count, p=list(SHARES.values()))
    issued = -rng.integers(20, 2500, count)
    for name in SHARES:
        mine = product == name
        policy[mine] = town.policies.add(issued[mine], name, due[mine], due[mine] * 20)
    payer = held[:, 0]
    relation = np.where(rng.random(count) < 0.9, SELF, rng.choice([2, 3, 4], count))
    agent = np.where(
        rng.random(count) < 0.3, np.array(town.customer)[rng.choice(people.employed[: max(3, count // 40)], count)] + 1, 0
    )
    for day in town.calendar.monthly(rng, 18):
        flows.add(
            day=day + rng.integers(0, 6, count), ms_of_day=daytime(rng, count), payer=payer, payee=held[:, 1], amount=due,
            kind="premium", channel="batch", policy=policy, relation=relation, agent=agent, remark=flows.remarks.code("保费"),
        )  # fmt: skip
    for kind, rate, around, word in (
        ("claim", 0.002, 7.6, "理赔款"),
        ("surrender", 0.0006, 9.2, "退保"),
        ("policy_loan", 0.0004, 9.0, ""),
    ):
        at = np.repeat(np.arange(count), rng.poisson(rate * town.days, count))
        _paid(town, flows, rng, held[at], policy[at], kind, around, word)


def _paid(
    town: Town, flows: Flows, rng: np.random.Generator, held: Any, policy: Any, kind: str, around: float, word: str
) -> None:
    """What the insurer pays to the holder's bank account."""
    flows.add(
        day=town.calendar.draw(rng, len(held), "work"), ms_of_day=daytime(rng, len(held)), payer=held[:, 1], payee=held[:, 0],
        amount=yuan(rng.lognormal(around, 0.7, len(held))), kind=kind, channel="batch", policy=policy, relation=SELF,
        remark=flows.remarks.code(word),
    )  # fmt: skip
