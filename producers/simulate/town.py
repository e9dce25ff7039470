"""Accounts of the city and their holders, as columns that grow while the city is settled."""

from __future__ import annotations

import base64
import hashlib
import zlib
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import numpy as np

from contract.shanghai import day_number
from producers.simulate.days import Days
from producers.simulate.drawing import Urn
from producers.simulate.institutions import REGIONS

PERSON, COMPANY, SOLE_TRADER, PUBLIC_BODY, FINANCIAL, PAYMENT = range(1, 7)
"""Codes of holder kinds: positions in HOLDER_KINDS plus one."""

MEAN_AGE_DAYS: Final = 1500
LIVES_ELSEWHERE: Final = 0.1
_REGION: Final = Urn(REGIONS)
_ANYWHERE: Final = Urn(dict.fromkeys(REGIONS, 1.0))


def pseudonym(prefix: str, seed: int, number: int) -> str:
    """A pseudonym of the contract's form; it tells nothing of what the account does.

    >>> len(pseudonym("a:", 1, 0)), pseudonym("a:", 1, 0) == pseudonym("a:", 2, 0)
    (28, False)
    """
    digest = hashlib.sha256(f"{seed}|{prefix}|{number}".encode()).digest()
    return prefix + base64.b32encode(digest).decode()[:26]


@dataclass(slots=True)
class Town:
    """Accounts as columns, one entry an account; ``opened`` in day numbers."""

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
    calendar: Days = field(init=False)

    def __post_init__(self) -> None:
        self.calendar = Days(self.start, self.days)

    @property
    def first_day(self) -> int:
        """Day number of the first simulated day."""
        return day_number(self.start)

    def __len__(self) -> int:
        return len(self.institution)

    def random(self, part: str, number: int = 0) -> np.random.Generator:
        """Randomness of one part of the city: a new part does not shift what others draw."""
        return np.random.default_rng([self.seed, zlib.crc32(part.encode()), number])

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
        region = _REGION.draw(rng)
        self.institution.append(institution)
        self.customer.append(customer)
        self.kind.append(kind)
        self.licence.append(licence)
        self.account_type.append(account_type)
        self.branch.append(region)
        self.subject.append(_ANYWHERE.draw(rng) if rng.random() < LIVES_ELSEWHERE else region)
        self.birth_year.append(birth_year)
        self.occupation.append(occupation)
        self.industry.append(industry)
        self.opened.append(self.first_day - int(rng.exponential(MEAN_AGE_DAYS)) - 3)
        return len(self) - 1

    def add_for(self, rng: np.random.Generator, account: int, *, institution: int, account_type: str = "current") -> int:
        """Open another account of the holder of ``account`` at an institution."""
        return self.add(
            rng,
            institution=institution,
            kind=self.kind[account],
            customer=self.customer[account],
            account_type=account_type,
            birth_year=self.birth_year[account],
            occupation=self.occupation[account],
            industry=self.industry[account],
        )

    def account_ids(self) -> list[str]:
        """Pseudonyms of all accounts."""
        return [pseudonym("a:", self.seed, k) for k in range(len(self))]

    def customer_ids(self) -> list[str]:
        """Pseudonyms of all holders."""
        return [pseudonym("c:", self.seed, k) for k in range(self.customers)]
