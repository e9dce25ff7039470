"""Money between holders: who pays whom how much, as either side's account reports it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from contract.evidence import BIT_PAYROLL
from detector.schemes.picture import NOBODY, Picture
from detector.schemes.relays import Relays


@dataclass(frozen=True, slots=True)
class Flows:
    """Edges between keys of holders, one each way a pair, in order; ``amount`` in minor units.

    A side that no institution reports is a key like any other. Wages by the institution's own batches are no flow.
    """

    payer: Any
    payee: Any
    amount: Any
    inside: Any  # payer's number * holders + payee's, sorted, of edges between holders of whom evidence was told
    inside_amount: Any
    holders: int
    relays: Relays

    def between(self, nodes: Any) -> Any:
        """Matrix of what each of these holders (numbers in the picture) paid each other."""
        keys = (nodes[:, None] * self.holders + nodes[None, :]).ravel()
        if not len(self.inside):
            return np.zeros((len(nodes), len(nodes)))
        at = np.minimum(np.searchsorted(self.inside, keys), len(self.inside) - 1)
        return np.where(self.inside[at] == keys, self.inside_amount[at], 0.0).reshape(len(nodes), len(nodes))

    def each(self, payer: Any, payee: Any) -> Any:
        """What each holder of ``payer`` paid the one beside him in ``payee`` (numbers in the picture)."""
        keys = payer * self.holders + payee
        if not len(self.inside):
            return np.zeros(len(keys))
        at = np.minimum(np.searchsorted(self.inside, keys), len(self.inside) - 1)
        return np.where(self.inside[at] == keys, self.inside_amount[at], 0.0)

    @classmethod
    def of(cls, picture: Picture) -> Flows:
        """All flows of the picture."""
        rows, holder = picture.rows, picture.holder[picture.of] if len(picture.of) else picture.holder
        out = picture.other & (rows["debits"] > 0)
        into = picture.other & (rows["credits"] > 0)
        paid, got = (holder[out], picture.party[out]), (picture.party[into], holder[into])
        payer, payee = np.concatenate([paid[0], got[0]]), np.concatenate([paid[1], got[1]])
        amount = np.concatenate([rows["paid_out"][out], rows["paid_in"][into]]).astype(np.int64)
        wages = np.concatenate([rows["bits"][out] & BIT_PAYROLL != 0, np.zeros(int(into.sum()), np.bool_)])
        reporter = np.concatenate([np.zeros(int(out.sum()), np.int8), np.ones(int(into.sum()), np.int8)])
        payer, payee, amount = _merged(payer, payee, amount, wages, reporter)
        a, b = picture.number_of(payer), picture.number_of(payee)
        both = (a != NOBODY) & (b != NOBODY)
        # In order of keys, and holders are numbered in order of theirs.
        inside = (a * len(picture.holders) + b)[both]
        relays = Relays.of(picture)
        return cls(payer, payee, amount, inside, amount[both].astype(np.float64), len(picture.holders), relays)


def _merged(payer: Any, payee: Any, amount: Any, wages: Any, reporter: Any) -> tuple[Any, Any, Any]:
    """One edge a pair: a holder's accounts add up, and what both sides tell is the larger of the two."""
    if not len(payer):
        return payer, payee, amount
    order = np.lexsort((reporter, payee, payer))
    payer, payee, amount, wages, reporter = (x[order] for x in (payer, payee, amount, wages, reporter))
    same = (payer[1:] == payer[:-1]) & (payee[1:] == payee[:-1])
    starts = np.flatnonzero(np.concatenate([[True], ~same]))
    told = np.add.reduceat(np.where(reporter == 0, amount, 0), starts)
    heard = np.add.reduceat(np.where(reporter == 1, amount, 0), starts)
    kept = ~np.logical_or.reduceat(wages, starts)
    return payer[starts][kept], payee[starts][kept], np.maximum(told, heard)[kept]
