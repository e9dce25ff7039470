"""One account's movements as legs: what came from whom and what went where, before any rule is applied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from api.accounts.payers import NOT_PAYERS
from api.tracing.parties import Circle, Party
from api.tracing.purses import OTHER, PAYERS, UNKNOWN
from contract.movement import INSTITUTIONS_OWN_KINDS

DESTINATIONS: Final = ("payers", "receiver", "own", "member", "unmatched", "institution", "cash", "bank", "unknown")
"""Back to who had paid in; to somebody else; to the holder's account elsewhere; to an account of the scheme that was not
read; to one that was read and tells no such credit; to payment, financial and public bodies, merchants and for securities or
policies; cash; the bank's own fees; and where nobody is named."""
_BUSINESS: Final = ("securities_trade", "securities_transfer", "premium", "surrender", "claim", "policy_loan")
_WAGES: Final = "payroll"
_COLUMNS: Final = (
    "event_id",
    "direction",
    "kind",
    "reversal_of",
    "own_name",
    "counterparty_id",
    "counterparty_customer_id",
    "counterparty_kind",
    "counterparty_institution",
    "counterparty_region",
    "counterparty_country",
    "batch_code",
    "merchant_code",
    "balance_after_minor",
)


class Leg(NamedTuple):
    """One movement that counts; ``peers`` are places of members that the other side may be.

    ``origin`` holds for a credit, ``destination`` for a debit, both as far as the movement alone tells, which knows of no
    member's books: to one is ``member``;
    ``may_return`` says of a debit that it is a return if its receiver had paid in.
    """

    at_ms: int
    is_credit: bool
    minor: int
    origin: int
    destination: str
    may_return: bool
    peers: tuple[int, ...]
    party: Party
    balance: int | None = None
    """What the account held after it, as its institution told."""


@dataclass(frozen=True, slots=True)
class Book:
    """One account's legs in the order of its institution; balances are what its institution told, None where it did not.

    ``opening`` is what it held before the first movement (negative: overdrawn), ``balance`` after the last one. ``uncounted``
    movements have no amount in CNY.
    """

    legs: list[Leg]
    opening: int | None
    balance: int | None
    uncounted: int


def book_of(table: pa.Table, place: int, circle: Circle) -> Book:
    """Read the movements (schema ``HISTORY``, in order) of the member at ``place``; what was reversed never was."""
    rows = list(_rows(table))
    undone = _undone(rows)
    legs, uncounted = [], 0
    for at, row in enumerate(rows):
        if at in undone:
            continue
        if row["minor"] is None:
            uncounted += 1
        else:
            legs.append(_leg(row, place, circle))
    return Book(legs, _opening(rows), _balance(rows), uncounted)


def _rows(table: pa.Table) -> Iterator[dict[str, Any]]:
    cny = pc.if_else(pc.equal(table["currency"], "CNY"), table["amount_minor"], table["cny_amount_minor"])
    columns = {name: table[name].to_pylist() for name in _COLUMNS}
    columns |= {"minor": cny.to_pylist(), "at_ms": table["occurred_at"].cast(pa.int64()).to_pylist()}
    columns |= {"is_cny": pc.equal(table["currency"], "CNY").to_pylist()}
    for values in zip(*columns.values(), strict=True):
        yield dict(zip(columns, values, strict=True))


def _undone(rows: list[dict[str, Any]]) -> frozenset[int]:
    """Places of reversals and of what they took back, whole as the detector takes it back."""
    known = {(row["event_id"], row["direction"]): at for at, row in enumerate(rows) if row["reversal_of"] is None}
    undone: set[int] = set()
    for at, row in enumerate(rows):
        if row["reversal_of"] is None:
            continue
        other = "debit" if row["direction"] == "credit" else "credit"
        for side in (other, row["direction"]):
            origin = known.get((row["reversal_of"], side))
            if origin is not None and origin not in undone:
                undone |= {at, origin}
                break
    return frozenset(undone)


def _leg(row: Mapping[str, Any], place: int, circle: Circle) -> Leg:
    party = Party(row["counterparty_id"], row["counterparty_customer_id"], row["counterparty_kind"],
                  row["counterparty_institution"], row["counterparty_region"], row["counterparty_country"])  # fmt: skip
    is_credit, is_banks = row["direction"] == "credit", row["kind"] in INSTITUTIONS_OWN_KINDS
    peers = () if is_banks else circle.peers(party, place)
    is_own = row["own_name"] is True or circle.is_holder(party) or circle.is_itself(party, place)
    return Leg(
        row["at_ms"],
        is_credit,
        row["minor"],
        UNKNOWN if peers else _origin(row, party, is_own=is_own),
        "member" if peers else _destination(row, party, is_own=is_own),
        not is_banks and not is_own and not peers and row["batch_code"] != _WAGES,
        peers,
        party,
        row["balance_after_minor"] if row["is_cny"] else None,
    )


def _origin(row: Mapping[str, Any], party: Party, *, is_own: bool) -> int:
    if row["kind"] in INSTITUTIONS_OWN_KINDS or row["kind"] in _BUSINESS or row["batch_code"] is not None or is_own:
        return OTHER
    if row["reversal_of"] is not None or (party.account_id is None and party.customer_id is None) or party.kind == "payment":
        # Who pays through a payment institution is not told; what an unknown movement took back, neither.
        return UNKNOWN
    return OTHER if party.kind in NOT_PAYERS else PAYERS


def _destination(row: Mapping[str, Any], party: Party, *, is_own: bool) -> str:
    if row["kind"] in INSTITUTIONS_OWN_KINDS:
        return "bank"
    if is_own:
        return "own"
    if row["kind"] == "cash":
        return "cash"
    if party.kind in NOT_PAYERS or row["kind"] in _BUSINESS or row["merchant_code"] is not None:
        return "institution"
    return "unknown" if party.account_id is None and party.customer_id is None else "receiver"


def _opening(rows: list[dict[str, Any]]) -> int | None:
    """What stood there before: the first balance that is told, less all that had moved by then."""
    moved = 0
    for row in rows:
        if row["minor"] is None or not row["is_cny"]:
            return None
        moved += row["minor"] if row["direction"] == "credit" else -row["minor"]
        if row["balance_after_minor"] is not None:
            opening: int = row["balance_after_minor"] - moved
            return opening
    return None


def _balance(rows: list[dict[str, Any]]) -> int | None:
    """The balance after the newest movement."""
    if not rows or not rows[-1]["is_cny"]:
        return None
    told: int | None = rows[-1]["balance_after_minor"]
    return told
