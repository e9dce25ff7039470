"""What models of payments say of accounts: every leg scored once, and each account's strangest of late kept for its day's end."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

from detector.features.columns import UNVERIFIED, USED, Columns
from detector.features.days import day_of_ms
from detector.features.jit import loop
from detector.parts import part, under
from models.edge_rarity import NEW, EdgeRarity
from models.hashed_keys import mixed, mixed_many
from models.money_trail import MoneyTrail
from models.new_counterparties import NewCounterparties

LEG_MODELS: Final = ("edge_rarity", "money_trail", "new_counterparties", "new_company")
HALF_LIFE_DAYS: Final = 10.0
"""Days after which an account's strangest payment counts half: as long as money is followed."""
LEAST_NAMES: Final = 1 << 10
MOST_NAMES: Final = 1 << 18
"""Places for accounts whose customer is known, doubled as the stream grows; where two share a place the newer one has it."""


class Legs(NamedTuple):
    """Columns of legs."""

    movement: Any  # int64, its place in the block
    own: Any  # uint64
    other: Any  # uint64
    credit: Any  # uint8
    amount: Any  # float64, minor units
    day: Any  # int64


@loop
def _gather(x: Any, i: Any, stop: Any, status: Any, names: Any, holders: Any, known: Any, legs: Any) -> Any:
    """Gather the customers' movements from ``i`` on that have another side; comes back before one for which a table is full.

    A counterparty is named by its account or by its customer. Both must be one holder, to whom money can be followed: an
    account stands for the customer of whom a movement before has told.
    """
    mask = np.uint64(len(names) - 1)
    full = len(names) < MOST_NAMES
    while i < stop:
        if full and known[0] * 2 > len(names):
            return i
        if status[i] != USED and status[i] != UNVERIFIED:
            i += 1
            continue
        place = np.int64(mixed(x.account[i]) & mask)
        if x.customer[i] != 0:
            known[0] += names[place] == 0
            names[place] = x.account[i]
            holders[place] = x.customer[i]
        if x.excluded[i] == 0 and x.reversal_of[i] == 0 and x.counterparty[i] != 0:
            own = holders[place] if names[place] == x.account[i] else x.account[i]
            place = np.int64(mixed(x.counterparty[i]) & mask)
            other = holders[place] if names[place] == x.counterparty[i] else x.counterparty[i]
            if own != other:
                k = known[1]
                known[1] = k + 1
                legs.movement[k] = i
                legs.own[k] = own
                legs.other[k] = other
                legs.credit[k] = x.credit[i]
                legs.amount[k] = x.amount[i]
                legs.day[k] = day_of_ms(x.ms[i])
        i += 1
    return i


@loop
def _keep(rows: Any, days: Any, scores: Any, worth: Any, strangest: Any, since: Any, worths: Any) -> None:
    for k in range(len(rows)):
        row = rows[k]
        faded = 0.5 ** (max(days[k] - since[row], 0) / HALF_LIFE_DAYS)
        for model in range(scores.shape[0]):
            strangest[row, model] = max(strangest[row, model] * faded, scores[model, k])
        since[row] = max(since[row], days[k])
        worths[row] = worth[k]


class LegScores:
    """Scores the legs of a shard's movements in their order and remembers, by account, the strangest of late.

    Ordered by the stream alone: the same legs in whatever pieces leave the same behind.
    """

    def __init__(self) -> None:
        self.rarity = EdgeRarity()
        self.trail = MoneyTrail()
        self.company = NewCounterparties()
        self._strangest = np.zeros((0, len(LEG_MODELS)))
        self._since = np.zeros(0, np.int32)
        self._worth = np.zeros(0)
        self._names = np.zeros(LEAST_NAMES, np.uint64)
        self._holders = np.zeros(LEAST_NAMES, np.uint64)
        self._known = np.zeros(2, np.int64)  # names that are held, legs gathered last

    def add(self, x: Columns, start: int, stop: int, status: Any, rows: Any) -> None:
        """Take movements ``start`` to ``stop`` of a block; ``rows`` are their accounts' rows."""
        legs = self._gathered(x, start, stop, status)
        if not len(legs.own):
            return
        scores = np.empty((len(LEG_MODELS), len(legs.own)))
        scores[0], new = self.rarity.score_learn_legs(legs.own, legs.credit, legs.other)
        scores[1] = self.trail.score_learn_legs(legs.own, legs.amount, legs.credit, legs.day, new, legs.other)
        strangers = (new == NEW).astype(np.uint8)
        *scores[2:], worth = self.company.score_learn_legs(legs.own, legs.day, strangers, legs.other)
        row = rows[legs.movement]
        self._reserve(int(row.max()) + 1)
        _keep(row, legs.day, scores, worth, self._strangest, self._since, self._worth)

    def _gathered(self, x: Columns, start: int, stop: int, status: Any) -> Legs:
        room = stop - start
        legs = Legs(
            np.empty(room, np.int64), np.empty(room, np.uint64), np.empty(room, np.uint64), np.empty(room, np.uint8),
            np.empty(room), np.empty(room, np.int64),
        )  # fmt: skip
        self._known[1] = 0
        while (start := _gather(x, start, stop, status, self._names, self._holders, self._known, legs)) < stop:
            self._double()
        return Legs(*(column[: int(self._known[1])] for column in legs))

    def _double(self) -> None:
        """Twice the places; whoever had one keeps the one of two that is now his."""
        taken = np.flatnonzero(self._names)
        names, holders = np.zeros(2 * len(self._names), np.uint64), np.zeros(2 * len(self._names), np.uint64)
        place = (mixed_many(self._names[taken]) & np.uint64(len(names) - 1)).astype(np.int64)
        names[place], holders[place] = self._names[taken], self._holders[taken]
        self._names, self._holders = names, holders

    def _reserve(self, rows: int) -> None:
        """Make room for so many accounts."""
        if rows > len(self._since):
            # A power of two: the same room for the same accounts, whatever pieces they came in.
            room = max(1024, 1 << (rows - 1).bit_length())
            for name in ("_strangest", "_since", "_worth"):
                old = getattr(self, name)
                new = np.zeros((room, *old.shape[1:]), old.dtype)
                new[: len(old)] = old
                setattr(self, name, new)

    def of(self, rows: Any, as_of: Any) -> tuple[Any, Any]:
        """Faded scores, float64 of shape (rows, LEG_MODELS), as of each row's day, and what new company was worth then."""
        if len(rows):
            self._reserve(int(rows.max()) + 1)
        faded = 0.5 ** (np.maximum(as_of - self._since[rows], 0) / HALF_LIFE_DAYS)
        return self._strangest[rows] * faded[:, None], self._worth[rows]

    def nbytes(self) -> int:
        """Bytes of what is kept by account and of the models' tables."""
        return sum(int(part.nbytes) for part in self.state().values())

    def state(self) -> dict[str, Any]:
        """All that was learned and kept, by part."""
        kept = {"strangest": self._strangest, "since": self._since, "worth": self._worth}
        # How many legs were gathered last depends on the pieces that the stream came in, and means nothing after.
        named = {"names": self._names, "holders": self._holders, "known": self._known[:1]}
        rarity, trail, company = self.rarity.state(), self.trail.state(), self.company.state()
        return kept | named | under("rarity", rarity) | under("trail", trail) | under("company", company)

    def restore(self, parts: dict[str, Any]) -> None:
        """Take up what ``state`` gave."""
        self._strangest, self._since = np.array(parts["strangest"]), np.array(parts["since"])
        self._worth = np.array(parts["worth"])
        self._names, self._holders = np.array(parts["names"]), np.array(parts["holders"])
        self._known[0] = parts["known"][0]
        self.rarity.restore(part("rarity", parts))
        self.trail.restore(part("trail", parts))
        self.company.restore(part("company", parts))
