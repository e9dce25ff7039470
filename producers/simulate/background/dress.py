"""Puts a third party's shape onto a settled city: hubs become firms, the others persons, and transfers get what banks know."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from contract.shanghai import DAY_MS, day_of, day_start_ms
from producers.simulate.background.shape import EXTERNAL, Shape
from producers.simulate.flows import Flows, daytime
from producers.simulate.life.household import FRIENDLY
from producers.simulate.life.income import FROM_COMPANIES
from producers.simulate.life.shopping import LARGER, terminals
from producers.simulate.life.trade import TRADE
from producers.simulate.people import People
from producers.simulate.settle import settle
from producers.simulate.town import NEVER, Town

OF_ALL_ACCOUNTS: Final = 0.92
"""Share of a city's accounts that are persons', companies' and shops': the set's accounts are these."""

ROUNDED_AWAY: Final = 10
"""More than a city's shares lose by rounding."""

BY_CARD: Final = 0.6
"""Share of persons' payments to firms that go by card."""


def dressed(town: Town, shape: Shape, flows: Flows) -> People:
    """Settle a city large enough for the set's accounts and book the set's transfers in it."""
    people = settle(town, math.ceil(shape.accounts / OF_ALL_ACCOUNTS) + ROUNDED_AWAY)
    rng = town.random("background")
    account = _accounts(people, shape, rng)
    _stay_open(town, shape, account)
    ms_of_day = (shape.ms - day_start_ms(0)) % DAY_MS
    booking = _Booking(town, people, flows, rng, day_of(shape.ms) - town.first_day, ms_of_day, shape.amount)
    if shape.by_the_day:
        booking.ms_of_day = daytime(rng, len(shape.ms))
    booking.book(_side(account, shape.payer), _side(account, shape.payee))
    return people


def _side(account: Any, number: Any) -> Any:
    return np.where(number == EXTERNAL, EXTERNAL, account[number])


def _accounts(people: People, shape: Shape, rng: np.random.Generator) -> Any:
    """The city's account of each of the set's: those that most others pay are firms."""
    inside = (shape.payer != EXTERNAL) & (shape.payee != EXTERNAL)
    pairs = np.unique(shape.payee[inside] * shape.accounts + shape.payer[inside])
    senders = np.bincount(pairs // shape.accounts, minlength=shape.accounts)
    firms = rng.permutation(np.concatenate([people.companies, people.shops]))
    persons = rng.permutation(people.persons)
    order = np.lexsort((rng.random(shape.accounts), -senders))
    many = min(len(firms), max(shape.accounts - len(persons), len(firms) * shape.accounts // (len(firms) + len(persons))))
    account = np.empty(shape.accounts, np.int64)
    account[order[:many]] = firms[:many]
    account[order[many:]] = persons[: shape.accounts - many]
    return account


def _stay_open(town: Town, shape: Shape, account: Any) -> None:
    """The set's accounts are open for as long as it lasts."""
    for one in account.tolist():
        town.opened[one] = min(town.opened[one], shape.first_day)
        town.closed[one] = NEVER


class _Booking:
    """Books transfers with channels, kinds and remarks by who is on their sides, as ordinary life has them."""

    def __init__(
        self, town: Town, people: People, flows: Flows, rng: np.random.Generator, day: Any, ms_of_day: Any, amount: Any
    ) -> None:
        self._people, self._flows, self._rng = people, flows, rng
        self.day, self.ms_of_day, self.amount = day, ms_of_day, amount
        self._firm = np.zeros(len(town), np.bool_)
        self._firm[np.concatenate([people.companies, people.shops])] = True

    def book(self, payer: Any, payee: Any) -> None:
        """Accounts of the city, or ``EXTERNAL``."""
        people, rng = self._people, self._rng
        inside = (payer != EXTERNAL) & (payee != EXTERNAL)
        firm_pays, firm_gets = self._firm[payer], self._firm[payee]
        card = inside & ~firm_pays & firm_gets & (rng.random(len(payer)) < BY_CARD)
        self._add(card, payer, payee, {"": 1}, "pos", kind="card", terminal=terminals(rng, payee[card]))
        for mask, words, channel in (
            (~firm_pays & ~firm_gets, FRIENDLY, "mobile"),
            (~firm_pays & firm_gets & ~card, LARGER, "mobile"),
            (firm_pays & ~firm_gets, FROM_COMPANIES, "online"),
            (firm_pays & firm_gets, TRADE, "online"),
        ):
            self._add(inside & mask, payer, payee, words, channel)
        spent, earned = (payee == EXTERNAL) & (payer != EXTERNAL), (payer == EXTERNAL) & (payee != EXTERNAL)
        self._add(spent, payer, rng.choice(people.payment, len(payer)), {"扫码支付": 5, "": 3, "消费": 2}, "third_party")
        self._add(earned, self._employers(payee), payee, {"工资": 1}, "batch", batch="payroll")

    def _employers(self, payee: Any) -> Any:
        """Who pays wages: an employed person's employer, and one firm for each of the others."""
        employer = self._people.companies[np.arange(len(self._firm)) % len(self._people.companies)]
        employer[self._people.employed] = self._people.employer
        return employer[payee]

    def _add(self, mask: Any, payer: Any, payee: Any, words: dict[str, float], channel: str, **more: Any) -> None:
        self._flows.add(
            day=self.day[mask], ms_of_day=self.ms_of_day[mask], payer=payer[mask], payee=payee[mask], amount=self.amount[mask],
            channel=channel, remark=self._flows.remarks.draw(self._rng, words, int(mask.sum())), **more,
        )  # fmt: skip
