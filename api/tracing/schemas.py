"""What the API says about where money went and sits."""

from __future__ import annotations

from typing import Any, Final, Literal

from pydantic import BaseModel, Field

from api.tracing.legs import DESTINATIONS
from api.tracing.outcome import Held, Receiver
from api.tracing.purses import ORIGINS, Rule, Sums
from api.tracing.service import Answer, Reading
from contract.money import minor_to_text
from contract.shanghai import text_ms

MOST_RECEIVERS: Final = 200
Destination = Literal["payers", "receiver", "own", "member", "unmatched", "institution", "cash", "bank", "unknown"]


class SumsOut(BaseModel):
    """Money by where it came from, in CNY."""

    payers: str = Field(description="Of those who paid in.")
    other: str = Field(description="Known to be none of theirs: wages, loans, interest, the holder's own.")
    unknown: str = Field(description="Nobody told: opening balances, cash, credits without a counterparty, members not read.")


class TracedAccountOut(BaseModel):
    """One member: what came in from outside and from members, what it sent to them and out, and what sits there."""

    institution_code: str
    account_id: str
    is_read: bool = Field(description="False where the approval does not reach it, or you may see no flag of it.")
    movements: int
    uncounted: int = Field(description="Movements without an amount in CNY, which are left out.")
    first_movement_at: str | None
    last_movement_at: str | None
    opening: str | None = Field(
        description="Before the first movement, as its institution told; negative: overdrawn, so that what comes first goes to "
        "`bank`; null: unknown, taken as nothing."
    )
    missing: str = Field(description="Went out though nothing shows that it had come; part of what came in, of unknown origin.")
    lent: str = Field(
        description="Overdrafts of the period, as its institution's balances tell; part of what came in, of other origin, and "
        "paid off to `bank` by what comes next."
    )
    balance: str | None = Field(description="After the last movement, as its institution told.")
    came_in: SumsOut
    received: SumsOut
    sent: SumsOut
    went_out: SumsOut
    sits: SumsOut


class BetweenOut(BaseModel):
    """Money that went from one member to another, by their place in `accounts`."""

    a: int
    b: int
    money: SumsOut


class WentOut(BaseModel):
    """What left the scheme's accounts for one kind of destination."""

    destination: Destination = Field(
        description="`member`: an account of the scheme that was not read. `unmatched`: one that was read and tells no credit "
        "that fits; what it may have got is there of unknown origin."
    )
    movements: int
    money: SumsOut


class ReceiverOut(BaseModel):
    """Somebody who got money, as the paying account's institution names account, holder and bank."""

    destination: Destination
    account_id: str | None
    customer_id: str | None
    kind: str | None
    institution: str | None
    region: str | None
    country: str | None
    movements: int
    first_movement_at: str
    last_movement_at: str
    money: SumsOut


class PeopleOut(BaseModel):
    """Those who paid in: what they paid, got back, are short of, and what some got over what they had paid."""

    payers: int
    paid_in: str
    paid_back: str
    owed: str
    beyond: str


class TracingOut(BaseModel):
    """Where the money of a scheme's payers went and sits, by a rule that is an assumption, not a finding.

    By origin, what `came_in` is what `went` and what `sits`, to the fen.
    """

    scheme_id: str | None = Field(description="Null where one account is followed by itself.")
    rule: Rule
    as_of: str | None = Field(description="The newest movement that was read.")
    came_in: SumsOut
    sits: SumsOut
    went: list[WentOut]
    accounts: list[TracedAccountOut] = Field(description="Members in the scheme's order.")
    between: list[BetweenOut]
    receivers: list[ReceiverOut] = Field(
        description="The 200 that got most of payers' money; nobody who paid in, then or later: what such people got as "
        "wages, or before they paid, is in `went` alone."
    )
    receivers_left_out: int
    people: PeopleOut
    unmatched: int = Field(
        description="Transfers between members that were read, of which no two sides fit (a fee kept, one told)."
    )


def told(answer: Answer) -> dict[str, Any]:
    """The answer's fields (``TracingOut``)."""
    found, readings = answer.traced, answer.readings
    newest = [one.last_ms for one in readings if one is not None and one.last_ms is not None]
    pairs = zip(answer.scheme["members"], readings, found.accounts, strict=True)
    people = found.people
    return {
        "scheme_id": answer.scheme["scheme_id"],
        "rule": found.rule,
        "as_of": text_ms(max(newest)) if newest else None,
        "came_in": _sums(found.came_in),
        "sits": _sums(found.sits),
        "went": [
            {"destination": name, "movements": found.movements[name], "money": _sums(found.went[name])} for name in DESTINATIONS
        ],
        "accounts": [_account(member, reading, held) for member, reading, held in pairs],
        "between": [{"a": a, "b": b, "money": _sums(sums)} for (a, b), sums in sorted(found.between.items())],
        "receivers": [_receiver(one) for one in found.receivers[:MOST_RECEIVERS]],
        "receivers_left_out": max(0, len(found.receivers) - MOST_RECEIVERS),
        "people": {
            "payers": people.payers,
            "paid_in": minor_to_text(people.paid_in),
            "paid_back": minor_to_text(people.paid_back),
            "owed": minor_to_text(people.owed),
            "beyond": minor_to_text(people.beyond),
        },
        "unmatched": found.unmatched,
    }


def _account(member: dict[str, Any], reading: Reading | None, held: Held) -> dict[str, Any]:
    book = None if reading is None else reading.book
    return {
        "institution_code": member["institution_code"],
        "account_id": member["account_id"],
        "is_read": reading is not None,
        "movements": 0 if reading is None else reading.movements,
        "uncounted": 0 if book is None else book.uncounted,
        "first_movement_at": _time(None if reading is None else reading.first_ms),
        "last_movement_at": _time(None if reading is None else reading.last_ms),
        "opening": _money(held.opening),
        "missing": minor_to_text(held.missing),
        "lent": minor_to_text(held.lent),
        "balance": _money(None if book is None else book.balance),
        "came_in": _sums(held.came_in),
        "received": _sums(held.received),
        "sent": _sums(held.sent),
        "went_out": _sums(held.went_out),
        "sits": _sums(held.sits),
    }


def _receiver(one: Receiver) -> dict[str, Any]:
    return {
        **one.party._asdict(),
        "destination": one.destination,
        "movements": one.movements,
        "first_movement_at": text_ms(one.first_ms),
        "last_movement_at": text_ms(one.last_ms),
        "money": _sums(one.sums),
    }


def _sums(sums: Sums) -> dict[str, str]:
    return {name: minor_to_text(minor) for name, minor in zip(ORIGINS, sums, strict=True)}


def _money(minor: int | None) -> str | None:
    return None if minor is None else minor_to_text(minor)


def _time(ms: int | None) -> str | None:
    return None if ms is None else text_ms(ms)
