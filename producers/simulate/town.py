"""Who lives in the city: institutions, holders and their accounts, as columns."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import numpy as np

from contract.movement import HOLDER_KINDS, OCCUPATIONS
from contract.profile import ACCOUNT_TYPES, LICENCES
from contract.shanghai import day_number

REGIONS: Final = ("341302", "341321", "341322", "341323", "341324", "341371", "341372", "340102", "341202")
_REGION_WEIGHTS: Final = np.array([30, 14, 14, 12, 12, 3, 5, 6, 4]) / 100.0


@dataclass(frozen=True, slots=True)
class Institution:
    """A reporting institution and which optional fields its systems know; none of it depends on what accounts do."""

    code: str
    kind: str
    weight: float
    gives_balance: bool
    knows_kind: bool
    knows_region: bool
    knows_ages: bool
    gives_channel: bool


INSTITUTIONS: Final = (
    Institution("C1010234001", "bank", 0.34, True, True, True, True, True),
    Institution("C1030134001", "bank", 0.26, False, True, True, True, True),
    Institution("C1095834013", "bank", 0.18, True, True, False, True, False),
    Institution("C1443234001", "bank", 0.12, False, True, True, False, True),
    Institution("Z2003434000", "payment", 0.05, True, True, False, False, True),
    Institution("Z2014111000", "payment", 0.03, False, True, True, False, True),
    Institution("S1005734000", "securities", 0.015, True, True, False, False, True),
    Institution("I1000134000", "insurance", 0.005, True, True, True, True, True),
)
BANKS: Final = tuple(k for k, one in enumerate(INSTITUTIONS) if one.kind == "bank")
PERSON, COMPANY, SOLE_TRADER, PUBLIC_BODY, FINANCIAL, PAYMENT = range(1, 7)
"""Codes of holder kinds: positions in HOLDER_KINDS plus one."""


def pseudonym(prefix: str, seed: int, number: int) -> str:
    """A pseudonym of the contract's form; it tells nothing of what the account does."""
    digest = hashlib.sha256(f"{seed}|{prefix}|{number}".encode()).digest()
    return prefix + base64.b32encode(digest).decode()[:26]


@dataclass(slots=True)
class Town:
    """Accounts as columns; grows while patterns add their own. All arrays have one entry an account."""

    seed: int
    start: date
    days: int
    institution: list[int] = field(default_factory=list)
    customer: list[int] = field(default_factory=list)
    kind: list[int] = field(default_factory=list)
    licence: list[str | None] = field(default_factory=list)
    account_type: list[str] = field(default_factory=list)
    branch: list[str] = field(default_factory=list)
    subject: list[str] = field(default_factory=list)
    birth_year: list[int] = field(default_factory=list)
    occupation: list[str | None] = field(default_factory=list)
    industry: list[str | None] = field(default_factory=list)
    opened: list[int] = field(default_factory=list)
    customers: int = 0

    @property
    def first_day(self) -> int:
        """Day number of the first simulated day."""
        return day_number(self.start)

    def __len__(self) -> int:
        return len(self.institution)

    def add(
        self,
        rng: np.random.Generator,
        *,
        institution: int,
        kind: int,
        customer: int | None = None,
        licence: str | None = None,
        account_type: str = "current",
        birth_year: int = 0,
        occupation: str | None = None,
        industry: str | None = None,
    ) -> int:
        """Open one account and return its number; a new holder unless ``customer`` is given."""
        if customer is None:
            customer = self.customers
            self.customers += 1
        region = REGIONS[int(rng.choice(len(REGIONS), p=_REGION_WEIGHTS))]
        assert HOLDER_KINDS[kind - 1] and (licence is None or licence in LICENCES)  # noqa: S101  our own words
        assert account_type in ACCOUNT_TYPES and (occupation is None or occupation in OCCUPATIONS)  # noqa: S101
        self.institution.append(institution)
        self.customer.append(customer)
        self.kind.append(kind)
        self.licence.append(licence)
        self.account_type.append(account_type)
        self.branch.append(region)
        self.subject.append(region if rng.random() < 0.9 else REGIONS[int(rng.integers(len(REGIONS)))])
        self.birth_year.append(birth_year)
        self.occupation.append(occupation)
        self.industry.append(industry)
        self.opened.append(self.first_day - int(rng.exponential(1500)) - 3)
        return len(self) - 1

    def account_ids(self) -> list[str]:
        """Pseudonyms of all accounts."""
        return [pseudonym("a:", self.seed, k) for k in range(len(self))]

    def customer_ids(self) -> list[str]:
        """Pseudonyms of all holders."""
        return [pseudonym("c:", self.seed, k) for k in range(self.customers)]


@dataclass(slots=True)
class People:
    """Accounts of the city by what their holders are, for life and patterns to choose from."""

    persons: Any
    employed: Any
    retired: Any
    students: Any
    companies: Any
    shops: Any
    landlords: Any
    utility: int
    treasury: int
    school: int
    payment: list[int]
    fund: int
    lender: int
    broker_accounts: list[tuple[int, int]]


_YEAR: Final = 2026


def _person(town: Town, rng: np.random.Generator, bank: int, customer: int | None = None) -> int:
    age = int(np.clip(rng.gamma(6.0, 7.5), 16, 92))
    occupation = (
        "retired"
        if age >= 60
        else "student"
        if age < 22
        else str(rng.choice(["employed", "farmer", "other"], p=[0.75, 0.15, 0.1]))
    )
    return town.add(rng, institution=bank, kind=PERSON, customer=customer, birth_year=_YEAR - age, occupation=occupation)


def settle(town: Town, rng: np.random.Generator, accounts: int) -> People:
    """Fill the city with about ``accounts`` accounts of ordinary holders."""
    weights = np.array([INSTITUTIONS[k].weight for k in BANKS])
    weights /= weights.sum()

    def bank() -> int:
        return BANKS[int(rng.choice(len(BANKS), p=weights))]

    persons = [_person(town, rng, bank()) for _ in range(int(accounts * 0.78))]
    for main in rng.choice(persons, int(accounts * 0.06), replace=False):
        # A second account of the same holder at another bank.
        other = town.add(
            rng, institution=bank(), kind=PERSON, customer=town.customer[main], birth_year=town.birth_year[main],
            occupation=town.occupation[main],
        )  # fmt: skip
        persons.append(other)
    companies = [
        town.add(rng, institution=bank(), kind=COMPANY, industry=str(rng.choice(["C2669", "F5179", "E4710", "I6510", "L7249"])))
        for _ in range(max(8, int(accounts * 0.07)))
    ]
    shops = [
        town.add(rng, institution=bank(), kind=SOLE_TRADER if rng.random() < 0.7 else COMPANY, industry="F5212")
        for _ in range(max(5, int(accounts * 0.06)))
    ]
    payment = [
        town.add(rng, institution=k, kind=PAYMENT, licence="payment", account_type="settlement", industry="J6930")
        for k, one in enumerate(INSTITUTIONS)
        if one.kind == "payment"
    ]
    broker = next(k for k, one in enumerate(INSTITUTIONS) if one.kind == "securities")
    occupations = np.array([town.occupation[k] for k in persons])
    people = np.array(persons)
    investors = rng.choice(people, int(accounts * 0.02), replace=False)
    return People(
        persons=people,
        employed=people[occupations == "employed"],
        retired=people[occupations == "retired"],
        students=people[occupations == "student"],
        companies=np.array(companies),
        shops=np.array(shops),
        landlords=rng.choice(people, max(3, int(accounts * 0.02)), replace=False),
        utility=town.add(rng, institution=bank(), kind=COMPANY, industry="D4420"),
        treasury=town.add(rng, institution=bank(), kind=PUBLIC_BODY, licence="public_body", industry="S9410"),
        school=town.add(rng, institution=bank(), kind=PUBLIC_BODY, licence="public_body", industry="P8331"),
        payment=payment,
        fund=town.add(
            rng, institution=bank(), kind=FINANCIAL, licence="fund", account_type="fund_collection", industry="J6720"
        ),
        lender=town.add(
            rng, institution=bank(), kind=FINANCIAL, licence="consumer_finance", account_type="settlement", industry="J6637"
        ),
        broker_accounts=[
            (
                int(k),
                town.add(
                    rng, institution=broker, kind=PERSON, customer=town.customer[int(k)], account_type="securities_cash",
                    birth_year=town.birth_year[int(k)], occupation=town.occupation[int(k)],
                ),
            )
            for k in investors
        ],
    )  # fmt: skip
