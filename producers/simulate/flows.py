"""Transfers of the city as columns: who pays whom, when, how much, and what is written on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from contract.movement import BATCH_CODES, CHANNELS, KINDS
from contract.shanghai import DAY_MS, day_start_ms

NOBODY: Final = -1
"""The side that has no account: cash, and an institution's own interest and fees."""

COLUMNS: Final = ("ms", "payer", "payee", "amount", "kind", "channel", "batch", "remark")
DETAILS: Final = (
    "agent", "terminal", "currency", "tag", "reverses", "instrument", "quantity", "policy", "relation",
)  # fmt: skip
"""What few transfers have, 0 for none: the handler's customer number plus one; a point of sale; a place in
CURRENCIES; a number that a later transfer ``reverses``; a security and how many of it; a policy; a place in RELATIONS
plus one."""

CURRENCIES: Final = ("CNY", "USD", "HKD", "EUR")


@dataclass(slots=True)
class Remarks:
    """Texts by number; 0 is none."""

    texts: list[str] = field(default_factory=lambda: [""])
    _place: dict[str, int] = field(default_factory=lambda: {"": 0})

    def code(self, text: str) -> int:
        """Number of a text."""
        if text not in self._place:
            self._place[text] = len(self.texts)
            self.texts.append(text)
        return self._place[text]

    def draw(self, rng: np.random.Generator, weights: Mapping[str, float], count: int) -> Any:
        """``count`` texts drawn by weight."""
        codes = np.array([self.code(text) for text in weights])
        chances = np.array(list(weights.values()))
        return rng.choice(codes, count, p=chances / chances.sum())


@dataclass(slots=True)
class Flows:
    """A growing set of transfers; times in epoch ms, amounts in fen."""

    first_day: int
    remarks: Remarks = field(default_factory=Remarks)
    _parts: list[dict[str, Any]] = field(default_factory=list)
    _tags: int = 0

    def tags(self, count: int) -> Any:
        """Numbers by which transfers can be reversed later, never given twice."""
        self._tags += count
        return np.arange(self._tags - count, self._tags) + 1

    def add(
        self,
        *,
        day: Any,
        ms_of_day: Any,
        payer: Any,
        payee: Any,
        amount: Any,
        kind: str = "transfer",
        channel: Any = "mobile",
        batch: str | None = None,
        remark: Any = 0,
        **details: Any,
    ) -> None:
        """Add transfers; arrays of one length, or scalars. ``day`` counts from the first simulated day; details are DETAILS."""
        days = np.atleast_1d(np.asarray(day, np.int64))
        shape = np.broadcast_shapes(*(np.shape(np.atleast_1d(x)) for x in (days, payer, payee, amount)))
        channels = np.array([CHANNELS.index(c) + 1 for c in np.atleast_1d(channel)], np.int8)
        base = day_start_ms(self.first_day)
        part = {
            "ms": base + np.broadcast_to(days, shape) * DAY_MS + np.broadcast_to(ms_of_day, shape),
            "payer": np.broadcast_to(payer, shape).astype(np.int32),
            "payee": np.broadcast_to(payee, shape).astype(np.int32),
            "amount": np.broadcast_to(amount, shape).astype(np.int64),
            "kind": np.full(shape, KINDS.index(kind), np.int8),
            "channel": np.broadcast_to(channels, shape),
            "batch": np.full(shape, BATCH_CODES.index(batch) + 1 if batch else 0, np.int8),
            "remark": np.broadcast_to(remark, shape).astype(np.int32),
        }
        part |= {name: np.broadcast_to(values, shape).astype(np.int32) for name, values in details.items()}
        self._parts.append(part)

    def _column(self, name: str) -> Any:
        none = np.zeros(1, np.int32)
        return np.concatenate([part[name] if name in part else np.broadcast_to(none, part["ms"].shape) for part in self._parts])

    def sorted(self, days: int, opened: Any, closed: Any) -> dict[str, Any]:
        """Transfers of the simulated days in order of time, each while both accounts are open (day numbers, both included).

        Ties are ordered by amount and then as nobody can read from the outside, not by who made them.
        """
        whole = {name: self._column(name) for name in COLUMNS + DETAILS}
        open_from = np.append(day_start_ms(0) + np.asarray(opened, np.int64) * DAY_MS, -(2**62))  # the last one is NOBODY's
        open_to = np.append(day_start_ms(1) + np.asarray(closed, np.int64) * DAY_MS, 2**62)
        keep = (whole["ms"] >= day_start_ms(self.first_day)) & (whole["ms"] < day_start_ms(self.first_day + days))
        for side in ("payer", "payee"):
            keep &= (whole["ms"] >= open_from[whole[side]]) & (whole["ms"] < open_to[whole[side]])
        keep &= (whole["amount"] > 0) & (whole["payer"] != whole["payee"])
        # Nothing is taken back that was not booked.
        keep &= (whole["reverses"] == 0) | np.isin(whole["reverses"], whole["tag"][keep & (whole["tag"] > 0)])
        whole = {name: column[keep] for name, column in whole.items()}
        order = np.lexsort((whole["payee"], whole["payer"], whole["amount"], whole["ms"]))
        return {name: column[order] for name, column in whole.items()}


def daytime(rng: np.random.Generator, count: int) -> Any:
    """Times of day (ms) as people act: two humps, a few at night."""
    hours = np.where(rng.random(count) < 0.55, rng.normal(11.0, 2.2, count), rng.normal(18.5, 2.5, count))
    night = rng.random(count) < 0.02
    hours = np.where(night, rng.uniform(0, 6, count), np.clip(hours, 6.0, 23.6))
    return (hours * 3_600_000).astype(np.int64) + rng.integers(0, 1000, count)


def yuan(values: Any) -> Any:
    """Yuan to fen, rounded to the fen."""
    return np.rint(np.asarray(values, np.float64) * 100).astype(np.int64)
