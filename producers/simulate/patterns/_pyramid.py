"""Pyramids: who brought whom in, and what goes up the line for each newcomer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from producers.simulate.patterns._scene import Deposits, Scene


@dataclass(frozen=True, slots=True)
class Pyramid:
    """Members in order of joining: ``sponsor`` is the place of who brought each in (−1 for the first), ``day`` when."""

    who: Any
    sponsor: Any
    day: Any


def recruited(scene: Scene, who: Any, start: int, span: int) -> Pyramid:
    """Members bring in members: the early and the busy ones more, so that lines grow three and more levels deep."""
    rng = scene.rng
    count = len(who)
    day = start + np.sort(span * rng.random(count) ** 0.6).astype(np.int64)
    zeal = rng.lognormal(0.0, 1.2, count)
    sponsor = np.full(count, -1, np.int64)
    for place in range(1, count):
        edges = np.cumsum(zeal[:place])
        sponsor[place] = np.searchsorted(edges, rng.random() * edges[-1])
    return Pyramid(who, sponsor, day)


def commissions(scene: Scene, pyramid: Pyramid, fee: float, shares: tuple[float, ...]) -> Deposits:
    """What newcomers' uplines get within a week: a share of the fee a level."""
    rng = scene.rng
    who, day, amount = [], [], []
    above = pyramid.sponsor.copy()
    for share in shares:
        there = above >= 0
        who.append(pyramid.who[above[there]])
        day.append(pyramid.day[there] + rng.integers(1, 8, int(there.sum())))
        amount.append(np.full(int(there.sum()), fee * share))
        above = np.where(there, pyramid.sponsor[above], -1)
    paid = Deposits(np.concatenate(who), np.concatenate(day), np.concatenate(amount))
    return paid.only(paid.day < scene.town.days)
