"""Who lives in the city: persons with ages and occupations, companies, shops, the public purse and licensed firms."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from producers.simulate.drawing import Urn
from producers.simulate.institutions import of_kind, some_bank
from producers.simulate.town import COMPANY, FINANCIAL, PAYMENT, PERSON, PUBLIC_BODY, SOLE_TRADER, Town

INDUSTRIES: Final = ("C2669", "F5179", "E4710", "I6510", "L7249", "A0190", "K7020", "C3670", "G5430", "O8111")
TRADES: Final = ("F5212", "H6210", "O8111")
_WORKING: Final = Urn({"employed": 0.7, "farmer": 0.16, "unemployed": 0.04, "other": 0.1})
PERSONS, COMPANIES, SHOPS, SECOND, INVESTORS, INSURED = 0.73, 0.07, 0.06, 0.06, 0.02, 0.05
"""Shares of the city's accounts. SECOND is another bank account of a holder; INVESTORS and INSURED are accounts at the
securities firm and the insurer."""

OPENED_MEANWHILE: Final = 0.03
"""Share of current accounts that open within the simulated time."""


@dataclass(slots=True)
class People:
    """Account numbers by what their holders are, for life and patterns to choose from.

    ``liveliness`` (mean about 1) says how much each of ``persons`` does; a few do very much.
    """

    persons: Any
    liveliness: Any
    employed: Any
    retired: Any
    parents: Any
    companies: Any
    shops: Any
    landlords: Any
    second: list[tuple[int, int]]
    investors: list[tuple[int, int]]
    insured: list[tuple[int, int]]
    utility: int
    treasury: int
    school: int
    payment: list[int]
    fund: int
    lender: int
    organisers: set[int] = field(default_factory=set)


def _person(town: Town, rng: np.random.Generator) -> int:
    age = int(np.clip(rng.gamma(6.0, 7.5), 16, 92))
    occupation = "retired" if age >= 60 else "student" if age < 22 else _WORKING.draw(rng)
    return town.add(rng, institution=some_bank(rng), kind=PERSON, birth_year=town.start.year - age, occupation=occupation)


def _firm(town: Town, rng: np.random.Generator, kind: int, industry: str, **verified: Any) -> int:
    return town.add(rng, institution=some_bank(rng), kind=kind, industry=industry, **verified)


def _open_some_meanwhile(town: Town, rng: np.random.Generator) -> None:
    for account in np.flatnonzero(rng.random(len(town)) < OPENED_MEANWHILE):
        town.opened[account] = town.first_day + int(rng.integers(0, town.days))


def _more(town: Town, rng: np.random.Generator, accounts: Any, share: int, kind: str, **said: Any) -> list[tuple[int, int]]:
    """Further accounts of some holders, as pairs with the account that they have already."""
    held = rng.choice(accounts, share, replace=False)
    places = of_kind(kind)
    return [
        (int(k), town.add_for(rng, int(k), institution=some_bank(rng) if kind == "bank" else places[0], **said)) for k in held
    ]


def settle(town: Town, accounts: int) -> People:
    """Fill the city with about ``accounts`` accounts of ordinary holders."""
    rng = town.random("settle")
    first = np.array([_person(town, rng) for _ in range(int(accounts * PERSONS))])
    companies = np.array(
        [
            _firm(town, rng, COMPANY, INDUSTRIES[int(rng.integers(len(INDUSTRIES)))])
            for _ in range(max(10, int(accounts * COMPANIES)))
        ]
    )
    shops = np.array(
        [
            _firm(town, rng, SOLE_TRADER if rng.random() < 0.7 else COMPANY, TRADES[int(rng.integers(len(TRADES)))])
            for _ in range(max(8, int(accounts * SHOPS)))
        ]
    )
    second = _more(town, rng, first, int(accounts * SECOND), "bank")
    _open_some_meanwhile(town, rng)
    persons = np.concatenate([first, np.array([other for _, other in second], np.int64)])
    occupation = np.array([str(town.occupation[k]) for k in persons])
    age = town.start.year - np.array([town.birth_year[k] for k in persons])
    liveliness = rng.lognormal(-0.6, 1.1, len(persons))
    return People(
        persons=persons,
        liveliness=liveliness,
        employed=persons[occupation == "employed"],
        retired=persons[occupation == "retired"],
        parents=persons[(age >= 28) & (age <= 52)],
        companies=companies,
        shops=shops,
        landlords=rng.choice(persons, max(3, int(accounts * 0.02)), replace=False),
        second=second,
        investors=_more(town, rng, first, int(accounts * INVESTORS), "securities", account_type="securities_cash"),
        insured=_more(town, rng, first, int(accounts * INSURED), "insurance"),
        utility=_firm(town, rng, COMPANY, "D4420"),
        treasury=_firm(town, rng, PUBLIC_BODY, "S9410", licence="public_body"),
        school=_firm(town, rng, PUBLIC_BODY, "P8331", licence="public_body"),
        payment=[
            town.add(rng, institution=k, kind=PAYMENT, licence="payment", account_type="settlement", industry="J6930")
            for k in of_kind("payment")
        ],
        fund=_firm(town, rng, FINANCIAL, "J6720", licence="fund", account_type="fund_collection"),
        lender=_firm(town, rng, FINANCIAL, "J6637", licence="consumer_finance", account_type="settlement"),
    )
