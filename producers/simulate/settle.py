"""Settles the city: persons, companies, shops, the public purse, licensed firms, and who is known from elsewhere."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from producers.simulate.drawing import Urn, zipf
from producers.simulate.institutions import ELSEWHERE, of_kind, some_bank
from producers.simulate.links import linked
from producers.simulate.people import People
from producers.simulate.regions import ABROAD, IN_COUNTRY
from producers.simulate.town import COMPANY, FINANCIAL, PAYMENT, PERSON, PUBLIC_BODY, SOLE_TRADER, Town

INDUSTRIES: Final = (
    "C2669", "F5179", "F5179", "E4710", "I6510", "I6510", "L7249", "L7249", "L7249", "A0190", "K7020", "C3670", "G5430", "O8111",
)  # fmt: skip
"""Of companies, as often as they stand here."""
TRADES: Final = ("F5212", "H6210", "O8111")
_WORKING: Final = Urn({"employed": 0.7, "farmer": 0.16, "unemployed": 0.04, "other": 0.1})
PERSONS, COMPANIES, SHOPS, SECOND, INVESTORS, INSURED = 0.73, 0.07, 0.06, 0.06, 0.02, 0.05
"""Shares of the city's accounts. SECOND is another bank account of a holder; INVESTORS and INSURED are accounts at the
securities firm and the insurer."""

OUTSIDERS, FIRMS_OUTSIDE, ABROAD_SHARE = 0.2, 0.02, 0.04
"""Accounts at banks that do not report, per account of the city, and how many of the persons among them live abroad."""

FOREIGN: Final = 0.004
"""Share of accounts that hold dollars."""

FOUND_BEFORE: Final = 0.001
"""Holders, per account of the city, whom an office has found before; most of them do nothing of the kind now."""

CLOSED_MEANWHILE: Final = 0.12
"""Share of second accounts that are closed within 90 days."""

OPENED_MEANWHILE: Final = 0.03
"""Share of current accounts that open within the simulated time."""


def _person(town: Town, rng: np.random.Generator) -> int:
    age = int(np.clip(rng.gamma(6.0, 7.5), 16, 92))
    occupation = "retired" if age >= 60 else "student" if age < 22 else _WORKING.draw(rng)
    return town.add(rng, institution=some_bank(rng), kind=PERSON, birth_year=town.start.year - age, occupation=occupation)


def _firm(town: Town, rng: np.random.Generator, kind: int, industry: str, **verified: Any) -> int:
    return town.add(rng, institution=some_bank(rng), kind=kind, industry=industry, **verified)


def _open_some_meanwhile(town: Town, rng: np.random.Generator) -> None:
    for account in np.flatnonzero(rng.random(len(town)) < OPENED_MEANWHILE):
        town.opened[account] = town.first_day + int(rng.integers(0, town.days))


def _close_some(town: Town, rng: np.random.Generator, accounts: list[int]) -> None:
    """Some further accounts are closed in the simulated time: ``CLOSED_MEANWHILE`` of all of them in 90 days."""
    for account, chance in zip(accounts, rng.random(len(accounts)).tolist(), strict=True):
        if chance < CLOSED_MEANWHILE * town.days / 90:
            town.closed[account] = town.first_day + int(rng.integers(5, town.days))


def _more(town: Town, rng: np.random.Generator, accounts: Any, share: int, kind: str, **said: Any) -> list[tuple[int, int]]:
    """Further accounts of some holders, as pairs with the account that they have already."""
    held = rng.choice(accounts, share, replace=False)
    places = of_kind(kind)
    return [
        (int(k), town.add_for(rng, int(k), institution=some_bank(rng) if kind == "bank" else places[0], **said)) for k in held
    ]


def _elsewhere(town: Town, rng: np.random.Generator, persons: int, firms: int) -> dict[str, Any]:
    """Accounts at banks that do not report: persons in the country, persons abroad, companies."""
    away = [ABROAD[int(rng.integers(len(ABROAD)))] for _ in range(max(4, int(persons * ABROAD_SHARE)))]
    return {
        "outsiders": np.array([_outside(town, rng, PERSON, region=IN_COUNTRY.draw(rng)) for _ in range(persons)]),
        "abroad": np.array([_outside(town, rng, PERSON, country=country) for country in away]),
        "firms_outside": np.array([_outside(town, rng, COMPANY, region=IN_COUNTRY.draw(rng)) for _ in range(firms)]),
    }


def _outside(town: Town, rng: np.random.Generator, kind: int, **place: str) -> int:
    return town.add(rng, institution=ELSEWHERE, kind=kind, region=place.get("region"), country=place.get("country", ""))


def settle(town: Town, accounts: int) -> People:
    """Fill the city with about ``accounts`` accounts of ordinary holders."""
    rng = town.random("settle")
    first = np.array([_person(town, rng) for _ in range(int(accounts * PERSONS))])
    companies = np.array([_company(town, rng) for _ in range(max(10, int(accounts * COMPANIES)))])
    shops = np.array([_shop(town, rng) for _ in range(max(8, int(accounts * SHOPS)))])
    second = _more(town, rng, first, int(accounts * SECOND), "bank")
    _close_some(town, rng, [other for _, other in second])
    _open_some_meanwhile(town, rng)
    persons = np.concatenate([first, np.array([other for _, other in second], np.int64)])
    occupation = np.array([str(town.occupation[k]) for k in persons])
    employed = persons[occupation == "employed"]
    employer = rng.choice(companies, len(employed), p=zipf(len(companies), 0.9))
    family = linked(town, rng, first, companies, shops, employed, employer)
    age = town.start.year - np.array([town.birth_year[k] for k in persons])
    return People(
        persons=persons,
        liveliness=rng.lognormal(-0.6, 1.1, len(persons)),
        age=age,
        family=np.concatenate([family, family[np.searchsorted(first, np.array([k for k, _ in second], np.int64))]]),
        employed=employed,
        employer=employer,
        retired=persons[occupation == "retired"],
        farmers=persons[occupation == "farmer"],
        students=persons[occupation == "student"],
        parents=persons[(age >= 28) & (age <= 52)],
        companies=companies,
        shops=shops,
        landlords=rng.choice(persons, max(3, int(accounts * 0.02)), replace=False),
        second=second,
        firms_second=_more(town, rng, companies, max(3, len(companies) // 6), "bank"),
        investors=_more(town, rng, first, int(accounts * INVESTORS), "securities", account_type="securities_cash"),
        insured=_more(town, rng, first, int(accounts * INSURED), "insurance"),
        foreign=_more(town, rng, first, max(2, int(accounts * FOREIGN)), "bank"),
        found=rng.choice(persons, max(2, int(accounts * FOUND_BEFORE)), replace=False).tolist(),
        **_elsewhere(town, rng, max(60, int(accounts * OUTSIDERS)), max(12, int(accounts * FIRMS_OUTSIDE))),
        **_licensed(town, rng),
    )


def _company(town: Town, rng: np.random.Generator) -> int:
    return _firm(town, rng, COMPANY, INDUSTRIES[int(rng.integers(len(INDUSTRIES)))])


def _shop(town: Town, rng: np.random.Generator) -> int:
    return _firm(town, rng, SOLE_TRADER if rng.random() < 0.7 else COMPANY, TRADES[int(rng.integers(len(TRADES)))])


def _licensed(town: Town, rng: np.random.Generator) -> dict[str, Any]:
    """Public bodies, payment institutions, a fund and a lender."""
    return {
        "utility": _firm(town, rng, COMPANY, "D4420"),
        "treasury": _firm(town, rng, PUBLIC_BODY, "S9410", licence="public_body"),
        "school": _firm(town, rng, PUBLIC_BODY, "P8331", licence="public_body"),
        "hospital": _firm(town, rng, PUBLIC_BODY, "Q8411", licence="public_body"),
        "payment": [
            town.add(rng, institution=k, kind=PAYMENT, licence="payment", account_type="settlement", industry="J6930")
            for k in of_kind("payment")
        ],
        "fund": _firm(town, rng, FINANCIAL, "J6720", licence="fund", account_type="fund_collection"),
        "lender": _firm(town, rng, FINANCIAL, "J6637", licence="consumer_finance", account_type="settlement"),
    }
