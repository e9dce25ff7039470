"""The securities firm's customers: money in from their bank, trades, money back to the same bank."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from producers.simulate.flows import NOBODY, Flows, yuan
from producers.simulate.people import People
from producers.simulate.town import Town

STOCKS: Final = 300
REPO: Final = 204001
"""A security that only parks money overnight: what looks like money in and out without trades has these."""

OPEN_MS: Final = 34_200_000
SESSION_MS: Final = 5 * 3_600_000


def live(town: Town, people: People, flows: Flows, rng: np.random.Generator) -> None:
    """Some trade often, most seldom, a few park money in repos, a quarter has been idle for long."""
    pairs = np.array(people.investors, np.int64).reshape(-1, 2)
    busy = np.where(rng.random(len(pairs)) < 0.25, 0.0, rng.lognormal(-3.0, 1.0, len(pairs)))
    held = np.repeat(np.arange(len(pairs)), rng.poisson(busy * town.days))
    day = town.calendar.draw(rng, len(held), "work")
    amount = yuan(rng.integers(1, 80, len(held)) * rng.choice([500, 1000, 5000], len(held), p=[0.6, 0.3, 0.1]))
    transfer(flows, rng, day, pairs[held, 0], pairs[held, 1], amount)
    trade(flows, rng, day, pairs[held, 1], amount, buy=True)
    sold = rng.random(len(held)) < 0.7
    back = day[sold] + rng.integers(1, 30, int(sold.sum()))
    gain = np.rint(amount[sold] * rng.normal(1.0, 0.06, int(sold.sum())).clip(0.6, 1.5)).astype(np.int64)
    trade(flows, rng, back, pairs[held[sold], 1], gain, buy=False)
    out = rng.random(len(back)) < 0.7
    transfer(flows, rng, back[out] + 1, pairs[held[sold][out], 1], pairs[held[sold][out], 0], gain[out])


def transfer(flows: Flows, rng: np.random.Generator, day: Any, payer: Any, payee: Any, amount: Any) -> None:
    """Between the bank and the securities account, in trading hours."""
    flows.add(
        day=day, ms_of_day=OPEN_MS + rng.integers(0, SESSION_MS, len(day)), payer=payer, payee=payee, amount=amount,
        kind="securities_transfer", channel="online",
    )  # fmt: skip


def trade(flows: Flows, rng: np.random.Generator, day: Any, account: Any, amount: Any, *, buy: bool, stock: Any = None) -> None:
    """Purchases (debits) or sales of one security each, in hundreds; the amount is quantity times price."""
    count = len(day)
    price = np.clip(np.rint(rng.lognormal(7.0, 0.7, count)), 150, 30_000).astype(np.int64)
    lots = np.maximum(np.asarray(amount) // (price * 100), 1)
    chosen = 600_000 + rng.integers(0, STOCKS, count) if stock is None else stock
    flows.add(
        day=day, ms_of_day=OPEN_MS + rng.integers(0, SESSION_MS, count), payer=account if buy else NOBODY,
        payee=NOBODY if buy else account, amount=lots * 100 * price, kind="securities_trade", channel="online", instrument=chosen,
        quantity=lots * 100,
    )  # fmt: skip
