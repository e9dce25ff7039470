"""Following payers' money through a scheme's accounts: pure, exact to the fen, and the same for the same movements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from api.tracing.legs import DESTINATIONS, Book, Leg
from api.tracing.outcome import Held, Receiver, Traced, Way
from api.tracing.pairing import Place, Unmatched, pairs_of
from api.tracing.payers import Register
from api.tracing.purses import OTHER, PURSES, UNKNOWN, Portion, Purse, Rule, Sums, add, nothing

NAMED: Final = ("receiver", "own", "member", "unmatched", "institution")
"""Destinations of which it is told who got how much, unless it is one who paid in: payers are counted, never listed."""


def traced(books: Sequence[Book | None], rule: Rule) -> Traced:
    """Follow the money of the accounts of one scheme (None: not read); a transfer between them carries what it was taken of.

    Each account is followed in the order of its own institution; it waits for a transfer to it until that one has left.
    """
    run = _Run(books, rule)
    run.all()
    return run.told()


_Key = tuple[str, str | None, str | None, str | None]


class _Run:
    """The state of one following: a purse an account, and what is on its way between two."""

    def __init__(self, books: Sequence[Book | None], rule: Rule) -> None:
        self.rule: Rule = rule
        self.books = [[] if book is None else book.legs for book in books]
        self.is_read = [book is not None for book in books]
        self.purses: list[Purse] = [PURSES[rule]() for _ in books]
        self.accounts = [Held(opening=None if book is None else book.opening) for book in books]
        self.register = Register(self.books)
        self.credit_of = pairs_of(self.books)
        self.debit_of = {credit: debit for debit, credit in self.credit_of.items()}
        self.on_the_way: dict[Place, Portion] = {}
        self.next = [0] * len(books)
        self.between: dict[tuple[int, int], Sums] = {}
        self.went = {name: nothing() for name in DESTINATIONS}
        self.movements = dict.fromkeys(DESTINATIONS, 0)
        self.receivers: dict[_Key, Receiver] = {}
        self.ways: dict[tuple[int, str, _Key | None], Sums] = {}
        self.unmatched = Unmatched()
        self.overdrawn = [max(0, -(held.opening or 0)) for held in self.accounts]
        for account, held in enumerate(self.accounts):
            if held.opening is not None and held.opening > 0:
                self._in(account, ((UNKNOWN, held.opening),))

    def all(self) -> None:
        """Follow every account to its end."""
        while True:
            moved = [self._advance(account) for account in range(len(self.books))]
            if any(moved):
                continue
            waits = [account for account, at in enumerate(self.next) if at < len(self.books[account])]
            if not waits:
                return
            # Two banks' clocks cross: each account waits for the other. The oldest one goes on without, of two alike the first.
            account = min(waits, key=lambda one: (self.books[one][self.next[one]].at_ms, one))
            debit = self.debit_of.pop(Place(account, self.next[account]))
            del self.credit_of[debit]

    def told(self) -> Traced:
        """What came out; largest receivers of payers' money first."""
        for held, purse in zip(self.accounts, self.purses, strict=True):
            held.sits, held.missing = purse.held(), purse.missing
            held.came_in[UNKNOWN] += purse.missing
        order = sorted(self.receivers.items(), key=lambda one: (*(-minor for minor in one[1].sums), *map(str, one[0])))
        place = {key: at for at, (key, _) in enumerate(order)}
        ways = [
            Way(account, destination, None if key is None else place[key], sums)
            for (account, destination, key), sums in self.ways.items()
        ]
        return Traced(
            self.rule,
            self.accounts,
            self.between,
            self.went,
            self.movements,
            [receiver for _, receiver in order],
            ways,
            self.register.people(),
            self.unmatched.transfers(),
        )

    def _advance(self, account: int) -> bool:
        """Go on to the end or to a transfer that has not left yet; whether anything moved."""
        legs, began = self.books[account], self.next[account]
        while self.next[account] < len(legs):
            place = Place(account, self.next[account])
            leg = legs[place.leg]
            if leg.is_credit:
                debit = self.debit_of.get(place)
                if debit is not None and debit not in self.on_the_way:
                    break
                self._credit(place, leg, debit)
            else:
                self._debit(place, leg)
            self.next[account] += 1
        return self.next[account] > began

    def _credit(self, place: Place, leg: Leg, debit: Place | None) -> None:
        if debit is None:
            self.unmatched.note(place.account, self._read_peer(leg), is_credit=True)
            self._in(place.account, ((leg.origin, leg.minor),))
        else:
            portion = self.on_the_way.pop(debit)
            add(self.accounts[place.account].received, portion)
            self.purses[place.account].put(portion)
        if self.overdrawn[place.account]:
            self._repay(place.account, leg.minor)

    def _debit(self, place: Place, leg: Leg) -> None:
        self._borrow(place.account, leg)
        portion = self.purses[place.account].take(leg.minor)
        credit = self.credit_of.get(place)
        if credit is not None:
            self.on_the_way[place] = portion
            add(self.accounts[place.account].sent, portion)
            add(self.between.setdefault((place.account, credit.account), nothing()), portion)
            return
        peer = self._read_peer(leg)
        self.unmatched.note(place.account, peer, is_credit=False)
        destination = "payers" if self.register.returned(leg) else leg.destination if peer is None else "unmatched"
        self.movements[destination] += 1
        is_told = destination in NAMED and not self.register.knows(leg.party)
        key = self._received(destination, leg, portion) if is_told else None
        self._out(place.account, destination, key, portion)

    def _borrow(self, account: int, leg: Leg) -> None:
        """What a debit takes beyond what is there is the bank's money, as far as the balance after it is below nothing."""
        if leg.balance is None or leg.balance >= 0:
            return
        short = leg.minor - sum(self.purses[account].held())
        lent = min(short, -leg.balance - self.overdrawn[account])
        if lent > 0:
            self.accounts[account].lent += lent
            self.overdrawn[account] += lent
            self._in(account, ((OTHER, lent),))

    def _repay(self, account: int, minor: int) -> None:
        """What comes to an overdrawn account is the bank's first: it sits nowhere."""
        part = min(minor, self.overdrawn[account])
        self.overdrawn[account] -= part
        self._out(account, "bank", None, self.purses[account].take(part))

    def _read_peer(self, leg: Leg) -> int | None:
        """The first member that was read of those that the other side may be."""
        return next((peer for peer in leg.peers if self.is_read[peer]), None)

    def _received(self, destination: str, leg: Leg, portion: Portion) -> _Key:
        party = leg.party
        key = (destination, party.account_id, party.customer_id, party.institution)
        known = self.receivers.setdefault(key, Receiver(destination, party, leg.at_ms, leg.at_ms))
        if known.party.region is None:
            known.party = party
        known.first_ms, known.last_ms = min(known.first_ms, leg.at_ms), max(known.last_ms, leg.at_ms)
        known.movements += 1
        add(known.sums, portion)
        return key

    def _in(self, account: int, portion: Portion) -> None:
        add(self.accounts[account].came_in, portion)
        self.purses[account].put(portion)

    def _out(self, account: int, destination: str, key: _Key | None, portion: Portion) -> None:
        add(self.accounts[account].went_out, portion)
        add(self.went[destination], portion)
        add(self.ways.setdefault((account, destination, key), nothing()), portion)
