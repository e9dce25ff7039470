"""How rare a payment is given both its ends: a new counterparty between two that seldom have new ones."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
from numba import njit

from models.hashed_keys import keys_of, mixed
from models.kernels import inner
from models.known_edges import LEAST_BUCKETS, WAYS, doubled, is_known, note
from models.leg_model import LegModel

NEW_AT_FIRST: Final = 2.0
"""Payments that an end is thought to have made to new counterparties before its first: nothing is strange about a beginning."""
STILL_NEW: Final = 0.5
"""How much a past new counterparty speaks for a further one, the discount of a Pitman-Yor process."""
COLUMNS: Final = ("account", "credit", "other")
LEAST_WIDTH: Final = 1 << 10
MOST_BUCKETS: Final = 1 << 18
MOST_ENDS: Final = 1 << 18
"""Sizes of the tables, which double as the stream grows up to these: two million edges, 12 MiB at most."""
LOAD: Final = 4
"""The sketch of ends is doubled when it knows more than a fourth of its width."""
KNOWN, NEW_THIS_WAY, NEW = range(3)
"""Whether a payment's two ends were seen together before: in this direction, in the other alone, or never."""
CHECK_COLUMNS = {"account": (1000.0, 1.0, 1003.0), "credit": (1.0, 0.0, 1.0), "other": (2000.0, 1.0, 1997.0)}
"""What models/checks.py may try: everybody pays everybody, and two that are seldom met were never seen together."""
LIMITS = (
    "Says little where all have new counterparties every day. Takes no part in the order of accounts; weighs hands "
    "of a trail. Errs towards ends with more payments as their sketch fills."
)
"""What the model cannot say, for its card."""


@inner
def _end(ends: Any, h: Any) -> Any:
    """Row of the sketch that was hit less by others: its count of payments is the better one."""
    mask = np.uint64(ends.shape[1] - 1)
    at0, at1 = np.int64(h & mask), np.int64((h >> np.uint64(32)) & mask)
    return (0, at0) if ends[0, at0, 0] <= ends[1, at1, 0] else (1, at1)


@inner
def _chance_of_new(ends: Any, h: Any) -> Any:
    """Chance that this end's next payment has a new counterparty (Pitman-Yor), and its payments so far."""
    row, at = _end(ends, h)
    payments, others = ends[row, at, 0], ends[row, at, 1]
    return min((NEW_AT_FIRST + STILL_NEW * others) / (payments + NEW_AT_FIRST), 1.0), payments


@inner
def _note(ends: Any, h: Any, is_new: Any) -> None:
    mask = np.uint64(ends.shape[1] - 1)
    for row in range(2):
        at = np.int64((h >> np.uint64(32 * row)) & mask)
        ends[row, at, 0] += np.float32(1.0)
        if is_new:
            ends[row, at, 1] += np.float32(1.0)


@inner
def _edge(account: Any, other: Any, side: Any) -> Any:
    """Mixed keys of the account and of the other as ends of their side, and of the edge between them."""
    own, across = mixed(account ^ mixed(side)), mixed(other ^ mixed(side + np.uint64(2)))
    return own, across, mixed(own ^ (across >> np.uint64(1)))


@njit(cache=True, nogil=True)
def _walk(
    account: Any, credit: Any, other: Any, start: Any, edges: Any, most: Any, ends: Any, known: Any, learn: Any, result: Any,
    new: Any,
) -> Any:  # fmt: skip
    """Score legs from ``start`` on and, if ``learn``, note them; comes back at a leg before which a table is full, one of
    edges when it holds more than ``most``.
    """
    for i in range(start, len(account)):
        if learn and (known[0] > most or known[1] * LOAD > ends.shape[1]):
            return i
        result[i], new[i] = 0.0, KNOWN
        if other[i] == 0:
            continue
        side = np.uint64(2 + (credit[i] != 0))
        own, across, h = _edge(account[i], other[i], side)
        is_new = not is_known(edges, h)
        if is_new:
            new[i] = NEW_THIS_WAY if is_known(edges, _edge(account[i], other[i], np.uint64(5) - side)[2]) else NEW
            chance, own_payments = _chance_of_new(ends, own)
            chance_across, payments_across = _chance_of_new(ends, across)
            surprise = -math.log(chance * chance_across)
            result[i] = surprise / (surprise + 2.0)
            if learn:
                known[1] += int(own_payments == 0) + int(payments_across == 0)
        if learn:
            known[0] += note(edges, h)
            _note(ends, own, is_new)
            _note(ends, across, is_new)
    return len(account)


class EdgeRarity(LegModel):
    """Surprise at a first payment between an account and another, from how often either end has new counterparties.

    A payment along a known edge scores 0, and so does the first of an end of which nothing is known. Else the chances of
    a new counterparty at both ends are multiplied, each ``(2 + others / 2) / (2 + payments)``, and minus the logarithm is
    squashed into [0, 1). Edges are remembered by fingerprint, two million at most, and the one unused longest is forgotten
    first. Ends stand in a count-min sketch of two rows, which doubles as the stream grows and halves all counts when it is
    full at its largest. About 0.03 µs a leg.

    Columns of ``X``, in sorted order: ``account``, ``credit`` (1 where ``other`` pays the account, else 0), ``other``; ids
    are whole numbers below 2⁵³, other id 0 is unknown and scores 0.

    References
    ----------
    .. [1] Heard, Rubin-Delanchy, "Network-wide anomaly detection via the Dirichlet process", IEEE ISI 2016.
    .. [2] Bhatia et al., "MIDAS: Microcluster-Based Detector of Anomalies in Edge Streams", AAAI 2020: edges in sketches.
    """

    columns = COLUMNS

    def __init__(self) -> None:
        self._edges = np.zeros((LEAST_BUCKETS, WAYS), np.uint32)
        self._ends = np.zeros((2, LEAST_WIDTH, 2), np.float32)
        self._known = np.zeros(2, np.int64)

    def score_learn_legs(self, account: Any, credit: Any, other: Any) -> tuple[Any, Any]:
        """Scores (float64) of legs in order, each scored before it is learned, and how new its edge is (uint8).

        Keys are uint64, ``credit`` uint8.
        """
        result, new = np.zeros(len(account)), np.zeros(len(account), np.uint8)
        at = 0
        while at < len(account):
            at = _walk(account, credit, other, at, self._edges, self._most, self._ends, self._known, True, result, new)
            if at < len(account):
                self._make_room()
        return result, new

    @property
    def _most(self) -> int:
        """Edges beyond which their table is doubled; at its largest it forgets instead."""
        return self._edges.size // 4 if len(self._edges) < MOST_BUCKETS else self._edges.size

    def _make_room(self) -> None:
        if self._known[0] > self._most:
            self._edges = doubled(self._edges)
        if self._known[1] * LOAD > self._ends.shape[1]:
            if self._ends.shape[1] < MOST_ENDS:
                # A key's place in the longer table is its old one, or as far into the second half: both say what it said.
                self._ends = np.concatenate([self._ends, self._ends], axis=1)
            else:
                self._ends *= np.float32(0.5)
                self._ends[self._ends < 1.0] = 0.0
                self._known[1] = np.count_nonzero(self._ends[0, :, 0])

    def score_many(self, X: Any) -> Any:
        """Scores of legs, nothing learned."""
        account, credit, other = keys_of(X, len(COLUMNS))
        result, new = np.zeros(len(account)), np.zeros(len(account), np.uint8)
        _walk(account, credit.astype(np.uint8), other, 0, self._edges, self._most, self._ends, self._known, False, result, new)
        return result

    def score_learn_many(self, X: Any) -> Any:
        """Scores of legs, each scored before it is learned."""
        account, credit, other = keys_of(X, len(COLUMNS))
        return self.score_learn_legs(account, credit.astype(np.uint8), other)[0]

    def state(self) -> dict[str, Any]:
        """All that was learned, as arrays."""
        return {"edges": self._edges, "ends": self._ends, "known": self._known}

    def restore(self, state: dict[str, Any]) -> None:
        """Take up what ``state`` gave."""
        self._edges, self._ends = np.array(state["edges"]), np.array(state["ends"])
        self._known = np.array(state["known"])


def build(seed: int) -> EdgeRarity:  # noqa: ARG001  nothing random in it
    """The model as it stands by default."""
    return EdgeRarity()
