"""What others would score the same accounts by: anomaly models over an account's days, a count, and a published rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from pysad.models import LODA
from river import anomaly
from sklearn.ensemble import IsolationForest

WINDOW_DAYS = 30
PUBLISHED_TURNOVER = 2_000_000
PUBLISHED_MANY, PUBLISHED_FEW = 15, 2
"""Many in, few out, or the other way, with two million yuan in and out within 30 days (regulation §2.1 F01 B, F02 B)."""


@dataclass(frozen=True)
class Legs:
    """Movements as columns: account and other side as numbers, Shanghai day, whether a credit, yuan."""

    names: list[str]
    account: Any
    other: Any
    day: Any
    credit: Any
    amount: Any


@dataclass(frozen=True)
class AccountDays:
    """One row an account and day on which it moved, in order of day: features in [0, 1] and the sums behind them."""

    account: Any
    day: Any
    x: Any
    credits: Any
    debits: Any
    turnover: Any


def account_days(legs: Legs) -> AccountDays:
    """Counts, sums and distinct other sides of each account's day."""
    key = legs.day.astype(np.int64) * len(legs.names) + legs.account
    keys, at = np.unique(key, return_inverse=True)
    sides = []
    for credit in (True, False):
        own = legs.credit == credit
        count = np.bincount(at[own], minlength=len(keys))
        money = np.bincount(at[own], weights=legs.amount[own], minlength=len(keys))
        pairs = np.unique(np.stack([at[own], legs.other[own]]), axis=1)[0]
        sides.append((count, money, np.bincount(pairs, minlength=len(keys))))
    x = np.stack([np.log1p(part) for side in sides for part in side], axis=1)
    x = np.minimum(x / np.maximum(x.max(axis=0), 1e-9), 1.0)
    turnover = sides[0][1] + sides[1][1]
    return AccountDays(keys % len(legs.names), keys // len(legs.names), x, sides[0][0], sides[1][0], turnover)


def _best(days: AccountDays, score: Any, names: list[str], since: int) -> dict[str, float]:
    """Each account's highest score from day ``since`` on."""
    late = days.day >= since
    best = np.zeros(len(names))
    np.maximum.at(best, days.account[late], score[late])
    return dict(zip(names, best.tolist(), strict=True))


def _river(days: AccountDays) -> Any:
    model = anomaly.HalfSpaceTrees(n_trees=25, height=8, window_size=2000, seed=42)
    score = np.zeros(len(days.x))
    for k, row in enumerate(days.x.tolist()):
        x = dict(enumerate(row))
        score[k] = model.score_one(x)
        model.learn_one(x)
    return score


def _isolation_forest(days: AccountDays) -> Any:
    """Learned from the first 60 % of the rows, so that it is told nothing of what it scores; all rows are scored."""
    model = IsolationForest(random_state=0).fit(days.x[: int(0.6 * len(days.x))])
    return -model.score_samples(days.x)


def _loda(days: AccountDays) -> Any:
    model = LODA(random_state=0)
    score = np.fromiter((model.fit_score_partial(row) for row in days.x), np.float64, len(days.x))
    # What it has never seen has no density: the most anomalous there is.
    known = np.isfinite(score)
    return np.where(known, score, score[known].max()) - score[known].min()


def distinct_senders(legs: Legs, since: int) -> dict[str, float]:
    """How many others paid each account from day ``since`` on."""
    late = legs.credit & (legs.day >= since)
    pairs = np.unique(np.stack([legs.account[late], legs.other[late]]), axis=1)[0]
    return dict(zip(legs.names, np.bincount(pairs, minlength=len(legs.names)).astype(float).tolist(), strict=True))


def published_rule(legs: Legs, since: int) -> dict[str, float]:
    """1 for accounts that the published static rule hits in any 30 days that end from day ``since`` on, else 0."""
    days = account_days(legs)
    order = np.lexsort((days.day, days.account))
    account, day = days.account[order], days.day[order]
    sums = [np.concatenate([[0.0], np.cumsum(part[order])]) for part in (days.credits, days.debits, days.turnover)]
    stop = np.arange(1, len(order) + 1)
    start = np.searchsorted(account * 10**6 + day, account * 10**6 + day - WINDOW_DAYS + 1)
    into, out, turnover = (part[stop] - part[start] for part in sums)
    many = ((into >= PUBLISHED_MANY) & (out <= PUBLISHED_FEW)) | ((out >= PUBLISHED_MANY) & (into <= PUBLISHED_FEW))
    hit = many & (turnover >= PUBLISHED_TURNOVER) & (day >= since)
    found = np.zeros(len(legs.names))
    found[account[hit]] = 1.0
    return dict(zip(legs.names, found.tolist(), strict=True))


MODELS: dict[str, Callable[[AccountDays], Any]] = {
    "River half-space trees": _river,
    "scikit-learn isolation forest": _isolation_forest,
    "PySAD LODA": _loda,
}


def scored(legs: Legs, since: int = 0) -> Iterator[tuple[str, dict[str, float]]]:
    """Every baseline's name and each account's score; models see an account's days in order, all days are learned."""
    days = account_days(legs)
    for name, model in MODELS.items():
        yield name, _best(days, model(days), legs.names, since)
    yield "distinct senders", distinct_senders(legs, since)
    yield "published static rule", published_rule(legs, since)
