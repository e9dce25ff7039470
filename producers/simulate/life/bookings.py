"""What institutions and the tax office book by themselves: interest each quarter, fees, taxes."""

from __future__ import annotations

import numpy as np

from contract.shanghai import date_of
from producers.simulate.flows import NOBODY, Flows, yuan
from producers.simulate.people import People
from producers.simulate.town import Town

INTEREST_MONTHS = (3, 6, 9, 12)
INTEREST_DAY = 21


def live(town: Town, people: People, flows: Flows, rng: np.random.Generator) -> None:
    """Interest on the 21st of each quarter's last month, a fee now and then, companies' taxes around the 14th."""
    everyone = np.concatenate([people.persons, people.companies, people.shops])
    for day in range(town.days):
        date = date_of(town.first_day + day)
        if date.month in INTEREST_MONTHS and date.day == INTEREST_DAY:
            flows.add(
                day=day, ms_of_day=rng.integers(0, 1_800_000, len(everyone)), payer=NOBODY, payee=everyone,
                amount=np.maximum(1, yuan(rng.exponential(3.0, len(everyone)))), kind="interest", channel="batch",
                remark=flows.remarks.code("结息"),
            )  # fmt: skip
    charged = rng.choice(everyone, len(everyone) // 8, replace=False)
    flows.add(
        day=rng.integers(0, town.days, len(charged)), ms_of_day=rng.integers(0, 3_600_000, len(charged)), payer=charged,
        payee=NOBODY, amount=yuan(rng.choice([1, 2, 3, 10], len(charged))), kind="fee", channel="batch",
    )  # fmt: skip
    firms = np.concatenate([people.companies, people.shops])
    for day in town.calendar.monthly(rng, 14):
        tax = yuan(rng.lognormal(7.5, 1.0, len(firms)))
        flows.add(
            day=day, ms_of_day=10 * 3_600_000 + rng.integers(0, 7_200_000, len(firms)), payer=firms, payee=people.treasury,
            amount=tax, kind="tax", channel="batch", remark=flows.remarks.code("税款"),
        )  # fmt: skip
