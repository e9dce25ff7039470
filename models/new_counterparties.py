"""How many new counterparties a holder has of late, against its own past; and the same of those whom it newly deals with."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
from numba import njit

from models.hashed_keys import keys_of, mixed
from models.kernels import inner
from models.leg_model import LegModel, roomier

HALF_LIFE_DAYS: Final = 10.0
"""Days after which a new counterparty counts half: as long as money is followed (models/money_trail.py)."""
EFFECTIVE_DAYS: Final = HALF_LIFE_DAYS / math.log(2.0)
"""Days of full weight that a faded count is worth."""
NEW_DAYS: Final = 30
"""Days for which a counterparty is new company: three half-lives."""
USUAL_DAYS: Final = 30.0
"""Days of past that the stream's own share of new counterparties stands for, until an account has a past itself."""
LEAST_EXPECTED: Final = 1e-3
COMPANY: Final = 8
"""Newest counterparties that are remembered of a holder."""
FEW: Final = 5.0
"""New counterparties up to which a holder's surprise is its company's in full: a hub's is its own, for whom it meets is
anybody. Beyond them it counts by the square less."""
HALFWAY: Final = (4.0, 10.0)
"""Surprise, in nats, at which the holder's own and its company's score are a half."""
SHARE_MEMORY: Final = 65_536.0
"""Payments from which the stream's share of new counterparties is learned."""
WAYS: Final = 8
LEAST_BUCKETS: Final = 1 << 5
MOST_BUCKETS: Final = 1 << 15
"""Buckets of eight holders, doubled as the stream grows up to these, 32 MiB; beyond it who moved longest ago goes."""
COLUMNS: Final = ("account", "day", "new", "other")
CHECK_COLUMNS = {
    "account": (1000.0, 8.0, 1001.0),
    "day": (1000.0, 1.0, 1003.0),
    "new": (0.0, 0.4, 1.0),
    "other": (1000.0, 60.0, 1000.0),
}
"""What models/checks.py may try: nearly all payments go along known edges; stranger is a new one to who has new ones himself."""
LIMITS = (
    "Says little where nearly all payments go to somebody new, and its calibrated score is held to that. New is who was never "
    "met in this shard: with a new bank everybody is, and a person with two accounts elsewhere is two."
)
"""What the model cannot say, for its card."""

HELD: Final = np.dtype(
    [
        ("other", "u8", (COMPANY,)),
        ("day", "i4", (COMPANY,)),
        ("recent", "f4"),  # new counterparties, faded as of ``newest``
        ("ever", "f4"),
        ("payments", "f4"),
        ("first", "i4"),
        ("newest", "i4"),
        ("count", "i4"),
    ],
    align=True,
)
_FADED: Final = 0.5 ** (np.arange(4 * NEW_DAYS) / HALF_LIFE_DAYS)


@inner
def _faded(days: Any) -> Any:
    return _FADED[min(max(days, 0), len(_FADED) - 1)]


@inner
def _first_of(keys: Any, key: Any) -> Any:
    return WAYS * np.int64(mixed(key) & np.uint64(len(keys) // WAYS - 1))


@inner
def _place(keys: Any, key: Any) -> Any:
    """Place of a holder, or -1."""
    first = _first_of(keys, key)
    for at in range(first, first + WAYS):
        if keys[at] == key:
            return at
    return np.int64(-1)


@inner
def _place_for(keys: Any, held: Any, known: Any, key: Any, day: Any) -> Any:
    """Place of a holder, made where there is none: a free one of its bucket, else that of who moved longest ago."""
    at = _place(keys, key)
    if at >= 0:
        return at
    first = _first_of(keys, key)
    at = first
    for one in range(first, first + WAYS):
        if keys[one] == 0:
            at = one
            break
        if held[one].newest < held[at].newest:
            at = one
    known[0] += keys[at] == 0
    keys[at] = key
    new = held[at]
    new.recent, new.ever, new.payments, new.count = 0.0, 0.0, 0.0, 0
    new.first, new.newest = day, day
    return at


@inner
def _surprise(recent: Any, older: Any, payments: Any, age: Any, share: Any) -> Any:
    """Surprise, in nats, at so many recent new counterparties: the deviance of a Poisson count from the rate of the past,
    which begins as the stream's share of the holder's payments.
    """
    usual = share * payments / (age + USUAL_DAYS)
    expected = EFFECTIVE_DAYS * (max(older, 0.0) + usual * USUAL_DAYS) / (max(age - EFFECTIVE_DAYS, 0.0) + USUAL_DAYS)
    expected = max(expected, LEAST_EXPECTED)
    return recent * math.log(recent / expected) - (recent - expected) if recent > expected else 0.0


@inner
def _own(held: Any, at: Any, day: Any, is_new: Any, share: Any) -> Any:
    """Surprise at the holder itself, this payment counted; ``at`` is its place, or -1."""
    if at < 0:
        return _surprise(1.0, 0.0, 1.0, 0, share) if is_new else 0.0
    one = held[at]
    recent = one.recent * _faded(day - one.newest) + is_new
    return _surprise(recent, one.ever + is_new - recent, one.payments + 1.0, max(day - one.first, 0), share)


@inner
def _of_one(keys: Any, held: Any, other: Any, day: Any, since: Any, share: Any) -> Any:
    """What one new counterparty adds: its own surprise but for this very edge, less the longer it is known."""
    at = _place(keys, other)
    if at < 0:
        return 0.0
    one, weight = held[at], _faded(day - since)
    recent = one.recent * _faded(day - one.newest) - weight
    if recent <= 0.0:
        return 0.0
    if recent > FEW:
        weight *= (FEW / recent) ** 2
    return weight * _surprise(recent, one.ever - 1.0 - recent, one.payments, max(day - one.first, 0), share)


@inner
def _company(keys: Any, held: Any, at: Any, other: Any, day: Any, is_new: Any, share: Any) -> Any:
    """Surprise at all new counterparties of the holder at ``at`` (or -1), the other end of this payment among them if new."""
    total = _of_one(keys, held, other, day, day, share) if is_new else 0.0
    if at >= 0:
        one = held[at]
        # The oldest makes room for a new one.
        gone = one.count % COMPANY if is_new and one.count >= COMPANY else -1
        for k in range(min(one.count, COMPANY)):
            if k != gone and day - one.day[k] <= NEW_DAYS:
                total += _of_one(keys, held, one.other[k], day, one.day[k], share)
    return total


@inner
def _learn(one: Any, other: Any, day: Any, is_new: Any) -> None:
    one.recent = one.recent * _faded(day - one.newest) + is_new
    one.newest = max(one.newest, day)
    one.payments += 1.0
    one.ever += is_new
    if is_new:
        place = one.count % COMPANY
        one.other[place], one.day[place] = other, day
        # The count keeps its remainder and that it is full, however long the account lives.
        one.count = one.count + 1 if one.count < 2 * COMPANY - 1 else COMPANY


@njit(cache=True, nogil=True)
def _walk(
    account: Any, day: Any, new: Any, other: Any, start: Any,
    keys: Any, held: Any, known: Any, past: Any, learn: Any, result: Any,
) -> Any:  # fmt: skip
    """Score legs from ``start`` on into the holder's own score, its company's and what they are worth, and, if ``learn``, note
    them; comes back at a leg before which the table is full.
    """
    for i in range(start, len(account)):
        if learn and known[0] * 2 > len(keys):
            return i
        share = (past[0] + 1.0) / (past[1] + 1.0)
        result[0, i], result[1, i], result[2, i] = 0.0, 0.0, 1.0 - share
        if account[i] == 0 or other[i] == 0:
            continue
        is_new = np.int64(new[i] != 0)
        at = _place(keys, account[i])
        own = _own(held, at, day[i], is_new, share)
        company = _company(keys, held, at, other[i], day[i], is_new, share)
        result[0, i], result[1, i] = own / (own + HALFWAY[0]), company / (company + HALFWAY[1])
        if learn:
            _learn(held[_place_for(keys, held, known, account[i], day[i])], other[i], day[i], is_new)
            past[0] += is_new
            past[1] += 1.0
            if past[1] > SHARE_MEMORY:
                past[0] *= 0.5
                past[1] *= 0.5
    return len(account)


class NewCounterparties(LegModel):
    """Surprise at how many new counterparties an account has of late, against its own past.

    Ordinary payments go again and again between the same two; who collects or moves money for others meets somebody new
    every few days. The count of new counterparties, faded by half in ten days, is compared with the account's own past rate,
    which begins as the stream's share of its payments: the deviance of a Poisson count, ``deviance / (deviance + 4)``,
    is the score. About 0.3 µs a leg, with the score of ``new_company``.

    Columns of ``X``, in sorted order: ``account``, ``day``, ``new`` (1 where the two never paid each other, else 0),
    ``other``; ids are whole numbers below 2⁵³, 0 is unknown and scores 0.

    References
    ----------
    .. [1] Neill, "Expectation-based scan statistics for monitoring spatial time series data", International Journal of
       Forecasting 2009: counts against their own baselines.
    """

    columns = COLUMNS
    _told = 0
    """Which of the kernel's scores is this model's."""

    def __init__(self) -> None:
        self._keys = np.zeros(WAYS * LEAST_BUCKETS, np.uint64)
        self._held = np.zeros(WAYS * LEAST_BUCKETS, HELD)
        self._known = np.zeros(1, np.int64)
        self._past = np.zeros(2)

    def score_learn_legs(self, account: Any, day: Any, new: Any, other: Any) -> Any:
        """Scores of legs in order, each scored before it is learned: float64 of shape (3, legs).

        Its own, its company's (``models/new_company.py``), and what both are worth: the share of the stream's payments along
        known edges. Where that is nought, nothing new says anything. Keys are uint64, ``new`` uint8, ``day`` int64.
        """
        result, at = np.zeros((3, len(account))), 0
        while True:
            at = _walk(account, day, new, other, at, self._keys, self._held, self._known, self._past, True, result)
            if at == len(account):
                return result
            self._make_room()

    def _make_room(self) -> None:
        self._keys, self._held, self._known[0] = roomier(self._keys, self._held, self._held["newest"], WAYS, MOST_BUCKETS)

    def score_many(self, X: Any) -> Any:
        """Scores of legs, nothing learned."""
        legs = _legs_of(X)
        result = np.zeros((3, len(legs[0])))
        _walk(*legs, 0, self._keys, self._held, self._known, self._past, False, result)
        return result[self._told]

    def score_learn_many(self, X: Any) -> Any:
        """Scores of legs, each scored before it is learned."""
        return self.score_learn_legs(*_legs_of(X))[self._told]

    def state(self) -> dict[str, Any]:
        """All that was learned, as arrays."""
        return {"keys": self._keys, "held": self._held, "known": self._known, "past": self._past}

    def restore(self, state: dict[str, Any]) -> None:
        """Take up what ``state`` gave."""
        self._keys, self._held = np.array(state["keys"]), np.array(state["held"])
        self._known, self._past = np.array(state["known"]), np.array(state["past"])


def _legs_of(X: Any) -> tuple[Any, Any, Any, Any]:
    account, day, new, other = keys_of(X, len(COLUMNS))
    return account, day.astype(np.int64), new.astype(np.uint8), other


def build(seed: int) -> NewCounterparties:  # noqa: ARG001  nothing random in it
    """The model as it stands by default."""
    return NewCounterparties()
