"""How far money can be followed: passed on within days, nearly whole, from hand to hand, back to where it came from."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
from numba import njit

from models.hashed_keys import keys_of, mixed
from models.kernels import inner
from models.leg_model import LegModel, roomier

HORIZON_DAYS: Final = 10
"""Money that rests longer is not followed (regulation §2.1: passed on within ten working days at most)."""
LEAST_KEPT: Final = 0.85
"""What is passed on is at least this part of what came in: our assumption of what a mule and charges take off at most."""
CHANCE_AT_FIRST: Final = (1.0, 20.0)
"""Fits and tries that stand for a stream of which nothing is known: one in twenty amounts fits a credit by chance."""
CHANCE_MEMORY: Final = 65_536.0
COMPARED: Final = 64
RENEWED: Final = 16
"""Past credits that each new one is compared with in turn, to learn how often amounts fit by chance; one in sixteen rounds
renews them, so that a payroll's equal amounts do not meet each other alone."""
BEATEN_TRACK: Final = 0.25
"""What a hand counts that pays whom it has paid before: wages come in and rent goes out in every month."""
CIRCLE: Final = 2.0
GATHERED: Final = 1.0
"""Hands' worth that a circle, and each other hand through which money of one origin comes together, adds to its last hand."""
HALFWAY: Final = 6.0
"""Length, in nats, at which the score is a half."""
RECENT: Final = 8
"""Newest credits that are remembered of a holder. One who has more within the horizon is a hub, through which no single
sum can be followed: a shop, a gateway, an employer."""
WAYS: Final = 4
LEAST_BUCKETS: Final = 1 << 6
MOST_BUCKETS: Final = 1 << 15
"""Buckets of four holders, doubled as the stream grows up to these, 34 MiB; beyond it who was credited longest ago goes."""
COLUMNS: Final = ("account", "amount", "credit", "day", "new", "other")
CHECK_COLUMNS = {
    "account": (100.0, 30.0, 160.0),
    "amount": (1000.0, 5.0, 990.0),
    "credit": (1.0, 0.0, 0.0),
    "day": (1000.0, 1.0, 1003.0),
    "new": (1.0, 0.0, 1.0),
    "other": (500.0, 30.0, 900.0),
}
"""What models/checks.py may try: money that comes in and stays; stranger is to pay on at once what came in."""

CREDITS: Final = np.dtype(
    [
        ("amount", "f8", (RECENT,)),
        ("payer", "u8", (RECENT,)),
        ("origin", "u8", (RECENT,)),  # who first paid what came here through others
        ("day", "i4", (RECENT,)),
        ("length", "f4", (RECENT,)),  # of the trail that it came by
        ("count", "i4"),
        ("spare", "i4"),  # no bytes between records that nobody sets: equal states are equal byte for byte
    ],
    align=True,
)
LIMITS = (
    "Sees the credits of one shard: a trail through another institution or partition begins anew. Not through hubs, "
    "not through sums that are split or put together, not where charges exceed 15 %. Where amounts are alike a long "
    "trail says little, and the calibrated score is held to that. Takes no part in the order of accounts."
)
"""What the model cannot say, for its card."""


@inner
def _place(keys: Any, h: Any, key: Any) -> Any:
    """Place of a holder, or -1."""
    first = WAYS * np.int64(h & np.uint64(len(keys) // WAYS - 1))
    for at in range(first, first + WAYS):
        if keys[at] == key:
            return at
    return np.int64(-1)


@inner
def _newest_day(credits: Any) -> Any:
    return credits.day[(credits.count - 1) % RECENT]


@inner
def _place_for(keys: Any, held: Any, known: Any, key: Any) -> Any:
    """Place of a holder, made where there is none: a free one of its bucket, else that of who was credited longest ago."""
    h = mixed(key)
    at = _place(keys, h, key)
    if at >= 0:
        return at
    first = WAYS * np.int64(h & np.uint64(len(keys) // WAYS - 1))
    at = first
    for one in range(first, first + WAYS):
        if keys[one] == 0:
            at = one
            break
        if _newest_day(held[one]) < _newest_day(held[at]):
            at = one
    if keys[at] == 0:
        known[0] += 1
    keys[at] = key
    held[at].count = 0
    return at


@inner
def _follow(credits: Any, payee: Any, amount: Any, day: Any) -> Any:
    """Which remembered credit an amount paid to ``payee`` passes on, the one with the longest trail, or -1; and out of how
    many that one was found.
    """
    best, recent = -1, 0
    if credits.count >= RECENT and credits.day[credits.count % RECENT] >= day - HORIZON_DAYS:
        return best, recent
    for k in range(min(credits.count, RECENT)):
        if not day - HORIZON_DAYS <= credits.day[k] <= day:
            continue
        recent += 1
        whole = credits.amount[k]
        # Paid straight back to who paid it is a refund or a loan between two; around others it is a circle.
        if not LEAST_KEPT * whole <= amount <= whole or credits.payer[k] == payee:
            continue
        if best < 0 or credits.length[k] >= credits.length[best]:
            best = k
    return best, recent


@inner
def _learn_chance(past: Any, amount: Any) -> None:
    """Compare a credit with one that has nothing to do with it; ``past`` ends in fits, tries and credits so far."""
    at = np.int64(past[COMPARED + 2]) % COMPARED
    if past[at] > 0.0:
        past[COMPARED] += LEAST_KEPT * past[at] <= amount <= past[at]
        past[COMPARED + 1] += 1.0
        if past[COMPARED + 1] > CHANCE_MEMORY:
            past[COMPARED] *= 0.5
            past[COMPARED + 1] *= 0.5
    if past[COMPARED + 2] // COMPARED % RENEWED == 0.0:
        past[at] = amount
    past[COMPARED + 2] += 1.0


@inner
def _step(past: Any, recent: Any, new: Any) -> Any:
    """What one hand adds to a trail: the surprise, in nats, that one of so many credits fits, were all by chance."""
    chance = (past[COMPARED] + CHANCE_AT_FIRST[0]) / (past[COMPARED + 1] + CHANCE_AT_FIRST[1])
    return -math.log(1.0 - (1.0 - chance) ** recent) * (1.0 if new else BEATEN_TRACK)


@inner
def _common(credits: Any, origin: Any, payer: Any, day: Any) -> Any:
    """Other hands through which money of one origin came here: what was scattered is gathered again."""
    count = 0
    for k in range(min(credits.count, RECENT)):
        recent = day - HORIZON_DAYS <= credits.day[k] <= day
        if recent and credits.length[k] > 0.0 and credits.origin[k] == origin and credits.payer[k] != payer:
            count += 1
    return count


@njit(cache=True, nogil=True)
def _walk(
    account: Any, amount: Any, credit: Any, day: Any, new: Any, other: Any, start: Any,
    keys: Any, held: Any, known: Any, past: Any, learn: Any, result: Any,
) -> Any:  # fmt: skip
    """Score legs from ``start`` on and, if ``learn``, remember credits; comes back at a leg before which the table is full."""
    for i in range(start, len(account)):
        if learn and known[0] * 2 > len(keys):
            return i
        result[i] = 0.0
        if other[i] == 0 or account[i] == 0 or amount[i] <= 0.0:
            continue
        payer, payee = (other[i], account[i]) if credit[i] != 0 else (account[i], other[i])
        origin, length, step, more = payer, 0.0, 0.0, 0.0
        at = _place(keys, mixed(payer), payer)
        if at >= 0:
            k, recent = _follow(held[at], payee, amount[i], day[i])
            if k >= 0:
                origin = held[at].origin[k]
                step = _step(past, recent, new[i] != 0)
                length = held[at].length[k] + step
                more = CIRCLE * step if origin == payee else 0.0
        if credit[i] != 0 and length > 0.0:
            to = _place(keys, mixed(payee), payee)
            if to >= 0:
                more += GATHERED * step * _common(held[to], origin, payer, day[i])
        result[i] = (length + more) / (length + more + HALFWAY)
        if learn and credit[i] != 0:
            _learn_chance(past, amount[i])
            credits = held[_place_for(keys, held, known, payee)]
            place = credits.count % RECENT
            credits.amount[place] = amount[i]
            credits.payer[place] = payer
            credits.origin[place] = origin
            credits.day[place] = day[i]
            credits.length[place] = min(length, 1e6)
            # The count keeps its remainder and that it is full, however long the account lives.
            credits.count = credits.count + 1 if credits.count < 2 * RECENT - 1 else RECENT
    return len(account)


def length_of(scores: Any) -> Any:
    """Length of trails, in nats, from their scores below 1; ``exp(-length)`` is the chance that all of it is by chance.

    >>> float(length_of(0.5))
    6.0
    """
    return HALFWAY * scores / (1.0 - scores)


class MoneyTrail(LegModel):
    """Length of the trail that ends in a payment, from the newest eight credits of each holder.

    A debit passes a credit on where it is 0.85 to 1 times as much, within ten days, to another than who paid it. A trail
    gets longer by each hand that passes it on, by as much as that is a surprise: by minus the logarithm of the chance that
    one of its recent credits fits, learned from credits that have nothing to do with each other; by a quarter of that where
    the hand has paid the same payee before. That hand counts thrice where the trail comes back to its origin (a circle),
    and once more for each other hand through which money of the same origin came to the payee (scattered and gathered).
    ``length / (length + 6)`` is the score. Hubs are not followed through. Only credits that the shard sees are known: a
    trail through another institution begins anew. About 0.1 µs a leg.

    Columns of ``X``, in sorted order: ``account``, ``amount``, ``credit`` (1 where ``other`` pays the account, else 0),
    ``day``, ``new`` (1 where the two were never seen together, else 0), ``other``; ids are whole numbers below 2⁵³, 0 is
    unknown and scores 0.

    References
    ----------
    .. [1] FATF, "Professional Money Laundering", 2018: layering through networks of mule accounts.
    .. [2] Suzumura, Kanezashi, "Anti-Money Laundering Datasets" (IBM/AMLSim), 2021: circles, scattering and gathering.
    """

    columns = COLUMNS

    def __init__(self) -> None:
        self._keys = np.zeros(WAYS * LEAST_BUCKETS, np.uint64)
        self._held = np.zeros(WAYS * LEAST_BUCKETS, CREDITS)
        self._known = np.zeros(1, np.int64)
        self._past = np.zeros(COMPARED + 3)

    def score_learn_legs(self, account: Any, amount: Any, credit: Any, day: Any, new: Any, other: Any) -> Any:
        """Scores (float64) of legs in order, each scored before it is learned.

        Keys are uint64, ``amount`` float64 in any one unit, ``credit`` and ``new`` uint8, ``day`` int64.
        """
        result = np.zeros(len(account))
        at = 0
        while True:
            at = _walk(
                account, amount, credit, day, new, other, at, self._keys, self._held, self._known, self._past, True, result
            )
            if at == len(account):
                return result
            self._make_room()

    def _make_room(self) -> None:
        newest = self._held["day"][np.arange(len(self._held)), (self._held["count"] - 1) % RECENT]
        self._keys, self._held, self._known[0] = roomier(self._keys, self._held, newest, WAYS, MOST_BUCKETS)

    def score_many(self, X: Any) -> Any:
        """Scores of legs, nothing learned."""
        legs = _legs_of(X)
        result = np.zeros(len(legs[0]))
        _walk(*legs, 0, self._keys, self._held, self._known, self._past, False, result)
        return result

    def score_learn_many(self, X: Any) -> Any:
        """Scores of legs, each scored before it is learned."""
        return self.score_learn_legs(*_legs_of(X))

    def state(self) -> dict[str, Any]:
        """All that was learned, as arrays."""
        return {"keys": self._keys, "held": self._held, "known": self._known, "past": self._past}

    def restore(self, state: dict[str, Any]) -> None:
        """Take up what ``state`` gave."""
        self._keys, self._held = np.array(state["keys"]), np.array(state["held"])
        self._known, self._past = np.array(state["known"]), np.array(state["past"])


def _legs_of(X: Any) -> tuple[Any, Any, Any, Any, Any, Any]:
    account, _, credit, day, new, other = keys_of(X, len(COLUMNS))
    amount = np.nan_to_num(np.asarray(X, np.float64)[:, 1])
    return account, amount, credit.astype(np.uint8), day.astype(np.int64), new.astype(np.uint8), other


def build(seed: int) -> MoneyTrail:  # noqa: ARG001  nothing random in it
    """The model as it stands by default."""
    return MoneyTrail()
