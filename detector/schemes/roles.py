"""What each member does in a scheme, and what passed over its own account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from contract.scheme import ROLES
from detector.schemes.judging import Judged, staff
from detector.schemes.picture import Picture


@dataclass(frozen=True, slots=True)
class Own:
    """An account's own movements with persons outside the scheme; minor units."""

    payers: int
    payees: int
    credited: int
    paid: int
    returned: int
    from_members: int = 0
    """Credited by holders of the scheme, the account's own among them."""


def roles_of(picture: Picture, judged: Judged) -> list[list[str]]:
    """Roles of each member in the contract's order."""
    part = judged.part
    columns = {
        "collects": part.collects,
        "pays_out": part.pays_out,
        "passes_on": part.passes_on,
        "gathers": part.gathers,
        "staff": staff(picture, part),
    }
    return [
        [name for name in ROLES if name in columns and bool(columns[name][k])] or ["linked"] for k in range(len(part.accounts))
    ]


def own_of(picture: Picture, judged: Judged) -> list[Own]:
    """Figures of each member."""
    u, rows = judged.union, picture.rows[judged.union.row]
    place = np.searchsorted(judged.part.accounts, picture.of[u.row])
    into, out = rows["credits"] > 0, (rows["debits"] > 0) & u.payee[u.person_of]
    back = out & u.returnee[u.person_of]

    def summed(mask: Any, values: Any | None = None) -> list[int]:
        weights = None if values is None else values[mask].astype(np.float64)
        found: list[int] = (
            np.rint(np.bincount(place[mask], weights, minlength=len(judged.part.accounts))).astype(np.int64).tolist()
        )
        return found

    columns = (
        summed(into), summed(out), summed(into, rows["paid_in"]), summed(out, rows["paid_out"]), summed(back, rows["paid_out"]),
    )  # fmt: skip
    return [Own(*values) for values in zip(*columns, _from_members(picture, judged.part.accounts), strict=True)]


def _from_members(picture: Picture, accounts: Any) -> list[int]:
    """What each account was paid by holders of the scheme."""
    holders = np.unique(picture.holder[accounts])
    found = []
    for account in accounts.tolist():
        rows = slice(int(picture.starts[account]), int(picture.starts[account + 1]))
        found.append(int(picture.rows["paid_in"][rows][np.isin(picture.party[rows], holders)].sum()))
    return found
