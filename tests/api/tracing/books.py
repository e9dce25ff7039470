"""Legs made by hand and by chance, for the tests of following money."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from api.tracing.legs import Book, Leg
from api.tracing.parties import Party
from api.tracing.purses import PAYERS

NOBODY = Party(None, None, None, None, None, None)


def party(name: str, **fields: Any) -> Party:
    """Somebody known by an account and nothing else."""
    return NOBODY._replace(account_id=name, **fields)


def came(at: int, minor: int, origin: int = PAYERS, *, who: str = "a:payer", peers: tuple[int, ...] = ()) -> Leg:
    """Money that came."""
    return Leg(at, True, minor, origin, "unknown", False, peers, party(who))


def went(at: int, minor: int, destination: str = "receiver", *, who: str = "a:shop", peers: tuple[int, ...] = ()) -> Leg:
    """Money that went."""
    return Leg(at, False, minor, PAYERS, "member" if peers else destination, not peers, peers, party(who))


def book(*legs: Leg, opening: int | None = None) -> Book:
    """An account of these legs."""
    return Book(list(legs), opening, None, 0)


@st.composite
def books(draw: st.DrawFn, *, skew: int = 0, most: int = 25, overdrafts: bool = False) -> list[Book]:
    """Up to four accounts with money from outside, to outside and between them; ``skew`` is how far clocks may lie apart."""
    accounts = draw(st.integers(1, 4))
    legs: list[list[Leg]] = [[] for _ in range(accounts)]
    for number in range(draw(st.integers(1, most))):
        at, minor, here = 10 * number, draw(st.integers(1, 9)), draw(st.integers(0, accounts - 1))
        there = draw(st.integers(0, accounts - 1))
        if there != here:
            # Many are alike, unless clocks differ: which of two alike the other bank booked nobody could tell then.
            minor = 30 * minor + number if skew else 1 + minor % 2
            later = at + 1 + draw(st.integers(-skew, skew))
            legs[here].append(went(at, minor, peers=(there,)))
            if draw(st.integers(0, 5)):
                legs[there].append(came(later, minor, origin=2, peers=(here,)))
        elif draw(st.booleans()):
            legs[here].append(came(at, minor, draw(st.integers(0, 2)), who=f"a:p{draw(st.integers(0, 3))}"))
        else:
            leg = went(at, minor, draw(st.sampled_from(("receiver", "cash"))), who=f"a:p{draw(st.integers(0, 5))}")
            legs[here].append(leg._replace(balance=draw(st.none() | st.integers(-12, 5)) if overdrafts else None))
    openings = [draw(st.none() | st.integers(-9, 9)) for _ in range(accounts)]
    return [book(*sorted(mine, key=lambda leg: leg.at_ms), opening=opening) for mine, opening in zip(legs, openings, strict=True)]
