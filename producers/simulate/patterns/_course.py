"""How a scheme grows and ends: who joins when, for how much, who comes again, and when it collapses."""

from __future__ import annotations

from typing import Any

import numpy as np

from producers.simulate.patterns._scene import Deposits, Scene


def joined(
    scene: Scene,
    who: Any,
    start: int,
    span: int,
    *,
    unit: int,
    most_units: int,
    jitter: float,
    again: float = 0.25,
    peak: float | None = None,
) -> Deposits:
    """Each payer joins once and a part comes again; a share ``jitter`` of amounts is off the unit.

    New payers come on a growing curve or, with ``peak`` in (0, 1), grow until that part of ``span`` and dwindle after it.
    """
    rng = scene.rng
    place = rng.random(len(who)) ** rng.uniform(0.4, 0.8) if peak is None else rng.triangular(0.0, peak, 1.0, len(who))
    day = start + (span * place).astype(np.int64)
    more = rng.random(len(who)) < again
    payer = np.concatenate([who, who[more]])
    days = np.concatenate([day, day[more] + rng.integers(10, 40, int(more.sum()))])
    units = 1 + np.floor(most_units * rng.beta(1.2, 4.0, len(payer))).astype(np.int64)
    amount = (units * unit).astype(np.float64)
    off = rng.random(len(payer)) < jitter
    amount[off] += rng.integers(-int(unit * 0.3), int(unit * 0.3) + 1, int(off.sum()))
    return Deposits(payer, days, np.maximum(amount, 100))


def until(deposits: Deposits, end: int | None) -> Deposits:
    """Without what would have come after a collapse: nobody joins what has stopped paying."""
    return deposits if end is None else deposits.only(deposits.day <= end)


def payouts(
    scene: Scene, deposits: Deposits, *, monthly: float, every: int, turns: int, late: float, end: int | None = None
) -> Deposits:
    """Interest of ``monthly`` a month on each deposit every so many days; after ``turns`` most get the principal back.

    A share ``late`` comes up to three days late and a few not at all. In the month before ``end`` ever more come late by up to
    half a period, and then none: the scheme has collapsed.
    """
    rng = scene.rng
    rate = monthly * every / 30
    who, days, amounts = [], [], []
    for turn in range(1, turns + 1):
        final = turn == turns
        count = len(deposits.day)
        day = deposits.day + turn * every + (rng.random(count) < late) * rng.integers(0, 4, count)
        if end is not None:
            strain = np.clip((day - (end - 30)) / 30, 0.0, 1.0)
            day = day + (rng.random(count) < strain) * rng.integers(1, max(2, every), count)
        paid = (day < scene.town.days) & (rng.random(count) > (0.3 if final else 0.03))
        if end is not None:
            paid &= day < end
        who.append(deposits.payer[paid])
        days.append(day[paid])
        amounts.append(deposits.amount[paid] * (rate + (1.0 if final else 0.0)))
    return Deposits(np.concatenate(who), np.concatenate(days), np.concatenate(amounts))
