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
from producers.simulate.policies import Policies
from producers.simulate.regions import ANYWHERE_IN_CITY, IN_CITY

PERSON, COMPANY, SOLE_TRADER, PUBLIC_BODY, FINANCIAL, PAYMENT = range(1, 7)
"""Codes of holder kinds: positions in HOLDER_KINDS plus one."""

MEAN_AGE_DAYS: Final = 1500
LIVES_ELSEWHERE: Final = 0.1
NEVER: Final = 2**20
"""Day number on which an account closes that nobody closes."""


OF_THE_HOLDER: Final = (
    "subject", "birth_year", "occupation", "industry", "device", "legal", "address", "phone", "employer", "capital", "scope",
    "name_class",
)  # fmt: skip
"""What is the same for all accounts of a holder."""


def pseudonym(prefix: str, seed: int, number: int) -> str:
    """A pseudonym of the contract's form; it tells nothing of what the account does.

    >>> len(pseudonym("a:", 1, 0)), pseudonym("a:", 1, 0) == pseudonym("a:", 2, 0)
    (28, False)
    """
    digest = hashlib.sha256(f"{seed}|{prefix}|{number}".encode()).digest()
    return prefix + base64.b32encode(digest).decode()[:26]


@dataclass(slots=True)
class Town:
    """Accounts as columns, one entry an account; ``opened`` and ``closed`` in day numbers.

    ``country`` is empty at home. ``device`` and ``legal`` are customer numbers, ``employer`` too; −1 where there is none. Holders
    with one ``address`` or ``phone`` number share it. ``capital`` in yuan; ``name_class`` names the sensitive words in a name.
    """

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
    closed: list[int] = field(default_factory=list)
    country: list[str] = field(default_factory=list)
    device: list[int] = field(default_factory=list)
    legal: list[int] = field(default_factory=list)
    address: list[int] = field(default_factory=list)
    phone: list[int] = field(default_factory=list)
    employer: list[int] = field(default_factory=list)
    capital: list[int] = field(default_factory=list)
    scope: list[str | None] = field(default_factory=list)
    name_class: list[str | None] = field(default_factory=list)
    customers: int = 0
    policies: Policies = field(default_factory=Policies)
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
        region: str | None = None,
        country: str = "",
    ) -> int:
        """Open one account and return its number; a new holder unless ``customer`` is given, in the city unless ``region`` is."""
        if customer is None:
            customer = self.customers
            self.customers += 1
        branch = region or IN_CITY.draw(rng)
        lives = branch if region or rng.random() >= LIVES_ELSEWHERE else ANYWHERE_IN_CITY.draw(rng)
        opened = self.first_day - int(rng.exponential(MEAN_AGE_DAYS)) - 3
        row = {
            "institution": institution, "customer": customer, "kind": kind, "licence": licence, "account_type": account_type,
            "branch": branch, "subject": lives, "birth_year": birth_year, "occupation": occupation, "industry": industry,
            "opened": opened, "closed": NEVER, "country": country, "device": customer, "legal": -1, "address": customer,
            "phone": customer, "employer": -1, "capital": 0, "scope": None, "name_class": None,
        }  # fmt: skip
        for name, value in row.items():
            getattr(self, name).append(value)
        return len(self) - 1

    def add_for(self, rng: np.random.Generator, account: int, *, institution: int, account_type: str = "current") -> int:
        """Open another account of the holder of ``account`` at an institution."""
        other = self.add(
            rng, institution=institution, kind=self.kind[account], customer=self.customer[account], account_type=account_type
        )
        for name in OF_THE_HOLDER:
            column = getattr(self, name)
            column[other] = column[account]
        return other

    def account_ids(self) -> list[str]:
        """Pseudonyms of all accounts."""
        return self.pseudonyms("a:", len(self))

    def customer_ids(self) -> list[str]:
        """Pseudonyms of all holders."""
        return self.pseudonyms("c:", self.customers)

    def pseudonyms(self, prefix: str, count: int) -> list[str]:
        """Pseudonyms of the first ``count`` things of one sort."""
        return [pseudonym(prefix, self.seed, k) for k in range(count)]
