"""Money between holders: who pays whom how much, as either side's account reports it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from contract.evidence import BIT_PAYROLL
from detector.schemes.onward import Onward
from detector.schemes.picture import NOBODY, Picture
from detector.schemes.relays import Relays
from detector.schemes.webs import Webs


@dataclass(frozen=True, slots=True)
class Flows:
    """Edges between parties (numbers in the picture), one each way a pair, in order; ``amount`` in minor units.

    A side that no institution reports is a party like any other. Wages by the institution's own batches are no flow.
    """

    payer: Any
    payee: Any
    amount: Any
    inside: Any  # payer's number * holders + payee's, sorted, of edges between holders of whom evidence was told
    inside_amount: Any
    inside_times: Any
    holders: int
    relays: Relays
    webs: Webs
    onward: Onward

    def between(self, nodes: Any) -> tuple[Any, Any]:
        """Matrices of what each of these holders (numbers in the picture) paid each other, and how many times."""
        keys, shape = (nodes[:, None] * self.holders + nodes[None, :]).ravel(), (len(nodes), len(nodes))
        money, times = self._at(keys)
        return money.reshape(shape), times.reshape(shape)

    def each(self, payer: Any, payee: Any) -> tuple[Any, Any]:
        """What each holder of ``payer`` paid the one beside him in ``payee`` (numbers in the picture), and how many times."""
        return self._at(payer * self.holders + payee)

    def _at(self, keys: Any) -> tuple[Any, Any]:
        if not len(self.inside):
            return np.zeros(len(keys)), np.zeros(len(keys))
        at = np.minimum(np.searchsorted(self.inside, keys), len(self.inside) - 1)
        here = self.inside[at] == keys
        return np.where(here, self.inside_amount[at], 0.0), np.where(here, self.inside_times[at], 0)

    @classmethod
    def of(cls, picture: Picture) -> Flows:
        """All flows of the picture."""
        rows, holder = picture.rows, picture.holder[picture.of] if len(picture.of) else picture.holder
        out = picture.other & (rows["debits"] > 0)
        into = picture.other & (rows["credits"] > 0)
        paid, got = (holder[out], picture.party[out]), (picture.party[into], holder[into])
        payer, payee = np.concatenate([paid[0], got[0]]), np.concatenate([paid[1], got[1]])
        amount = np.concatenate([rows["paid_out"][out], rows["paid_in"][into]]).astype(np.int64)
        times = np.concatenate([rows["debits"][out], rows["credits"][into]]).astype(np.int64)
        wages = np.concatenate([rows["bits"][out] & BIT_PAYROLL != 0, np.zeros(int(into.sum()), np.bool_)])
        reporter = np.concatenate([np.zeros(int(out.sum()), np.int8), np.ones(int(into.sum()), np.int8)])
        payer, payee, amount, times = _merged(payer, payee, amount, times, wages, reporter)
        a, b = picture.number_of(payer), picture.number_of(payee)
        both = (a != NOBODY) & (b != NOBODY)
        # In order of parties, and holders are numbered in the same order.
        inside = (a * len(picture.holders) + b)[both]
        return cls(
            payer, payee, amount, inside, amount[both].astype(np.float64), times[both], len(picture.holders),
            Relays.of(picture), Webs.of(picture), Onward.of(picture),
        )  # fmt: skip


def _merged(payer: Any, payee: Any, amount: Any, times: Any, wages: Any, reporter: Any) -> tuple[Any, Any, Any, Any]:
    """One edge a pair: a holder's accounts add up, and what both sides tell is the larger of the two."""
    if not len(payer):
        return payer, payee, amount, times
    order = np.argsort((payer * (int(payee.max()) + 1) + payee) * 2 + reporter, kind="stable")
    payer, payee, amount, times, wages, reporter = (x[order] for x in (payer, payee, amount, times, wages, reporter))
    same = (payer[1:] == payer[:-1]) & (payee[1:] == payee[:-1])
    starts = np.flatnonzero(np.concatenate([[True], ~same]))

    def larger(values: Any) -> Any:
        sides = (np.add.reduceat(np.where(reporter == side, values, 0), starts) for side in (0, 1))
        return np.maximum(*sides)[kept]

    kept = ~np.logical_or.reduceat(wages, starts)
    return payer[starts][kept], payee[starts][kept], larger(amount), larger(times)
