"""Money that is followed is neither made nor lost, and goes in the order that the rule says."""

from __future__ import annotations

from collections import Counter, deque
from itertools import permutations
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.tracing.following import traced
from api.tracing.legs import Book
from api.tracing.outcome import Traced
from api.tracing.purses import ORIGINS, OTHER, PAYERS, UNKNOWN, Mixture, Rule, split
from tests.api.tracing.books import book, books, came, went

RULES = get_args(Rule)


def _sums(found: Traced) -> list[list[int]]:
    """What came in and where it is, by origin."""
    out = [found.sits, *found.went.values()]
    return [found.came_in, [sum(column) for column in zip(*out, strict=True)]]


@pytest.mark.parametrize("rule", RULES)
@given(given_books=books(skew=40, overdrafts=True))
def test_of_every_origin_what_came_in_went_out_or_sits(rule: Rule, given_books: list[Book]) -> None:
    found = traced(given_books, rule)
    came_in, out = _sums(found)
    assert came_in == out
    for number, held in enumerate(found.accounts):
        into = [a + b for a, b in zip(held.came_in, held.received, strict=True)]
        assert into == [a + b + c for a, b, c in zip(held.sent, held.went_out, held.sits, strict=True)]
        assert min(*held.sits, *held.sent, *held.went_out) >= 0
        credits = sum(leg.minor for leg in given_books[number].legs if leg.is_credit)
        assert sum(into) == credits + max(0, held.opening or 0) + held.missing + held.lent
    assert sorted(found.went.items()) == sorted(
        (
            name,
            [sum(column) for column in zip([0, 0, 0], *(way.sums for way in found.ways if way.destination == name), strict=True)],
        )
        for name in found.went
    )
    got = [[0, 0, 0] for _ in found.receivers]
    for way in found.ways:
        if way.receiver is not None:
            got[way.receiver] = [a + b for a, b in zip(got[way.receiver], way.sums, strict=True)]
    assert got == [one.sums for one in found.receivers]
    paid = {leg.party for one in given_books for leg in one.legs if leg.is_credit and not leg.peers and leg.origin == PAYERS}
    assert paid.isdisjoint(one.party for one in found.receivers)


@given(given_books=books())
def test_first_in_first_out_is_a_queue_of_single_fen(given_books: list[Book]) -> None:
    queues = [deque(UNKNOWN for _ in range(one.opening or 0)) for one in given_books]
    overdrawn = [max(0, -(one.opening or 0)) for one in given_books]
    on_the_way: dict[tuple[int, int, int], list[int]] = {}
    gone: Counter[int] = Counter()
    order = sorted((leg.at_ms, place, leg) for place, one in enumerate(given_books) for leg in one.legs)
    heard = {(leg.peers[0], place, leg.at_ms) for _, place, leg in order if leg.is_credit and leg.peers}
    for at, place, leg in order:
        if leg.is_credit and leg.peers:
            queues[place].extend(on_the_way[leg.peers[0], place, leg.minor])
        elif leg.is_credit:
            queues[place].extend([leg.origin] * leg.minor)
        if leg.is_credit:
            while overdrawn[place] and queues[place]:
                overdrawn[place] -= 1
                gone[queues[place].popleft()] += 1
        else:
            taken = [queues[place].popleft() if queues[place] else UNKNOWN for _ in range(leg.minor)]
            if leg.peers and (place, leg.peers[0], at + 1) in heard:
                on_the_way[place, leg.peers[0], leg.minor] = taken
            else:
                gone.update(taken)
    found = traced(given_books, "fifo")
    assert [[queue.count(origin) for origin in range(len(ORIGINS))] for queue in queues] == [one.sits for one in found.accounts]
    assert [gone[origin] for origin in range(len(ORIGINS))] == [sum(column) for column in zip(*found.went.values(), strict=True)]


@given(minor=st.integers(0, 10**6), shares=st.lists(st.integers(0, 10**6), min_size=3, max_size=3))
def test_a_part_is_its_exact_share_to_less_than_a_fen_and_never_more_than_there_is(minor: int, shares: list[int]) -> None:
    minor = min(minor, sum(shares))
    parts = split(minor, shares)
    assert sum(parts) == minor
    for part, share in zip(parts, shares, strict=True):
        assert 0 <= part <= share
        assert abs(part * sum(shares) - minor * share) < max(1, sum(shares))


@pytest.mark.parametrize("rule", RULES)
@given(given_books=books(skew=5, most=12))
def test_the_order_in_which_accounts_are_named_changes_nothing(rule: Rule, given_books: list[Book]) -> None:
    # Clocks differ by less than what lies between two movements, so that no two accounts wait for each other.
    if len(given_books) > 3:
        return
    first = traced(given_books, rule)
    for order in permutations(range(len(given_books))):
        place = {old: new for new, old in enumerate(order)}
        moved = [
            Book([leg._replace(peers=tuple(place[one] for one in leg.peers)) for leg in given_books[old].legs],
                 given_books[old].opening, None, 0)
            for old in order
        ]  # fmt: skip
        again = traced(moved, rule)
        assert (again.went, again.people, again.sits) == (first.went, first.people, first.sits)


def test_what_came_first_leaves_first_and_in_proportion_every_origin_leaves() -> None:
    one = [book(came(1, 600, OTHER), came(2, 400), went(3, 500, "cash"), went(4, 300))]
    fifo, mixed = traced(one, "fifo"), traced(one, "proportional")
    assert (fifo.went["cash"], fifo.went["receiver"], fifo.sits) == ([0, 500, 0], [200, 100, 0], [200, 0, 0])
    assert (mixed.went["cash"], mixed.went["receiver"], mixed.sits) == ([200, 300, 0], [120, 180, 0], [80, 120, 0])


def test_a_transfer_between_members_carries_what_it_was_taken_of() -> None:
    two = [
        book(came(1, 300), came(2, 100, OTHER), went(3, 350, peers=(1,))),
        book(came(2, 50, OTHER), came(4, 350, UNKNOWN, peers=(0,)), went(5, 200, "cash")),
    ]
    found = traced(two, "fifo")
    assert found.between == {(0, 1): [300, 50, 0]}
    assert found.went["cash"] == [150, 50, 0]
    assert [one.sits for one in found.accounts] == [[0, 50, 0], [150, 50, 0]]
    assert (found.came_in, found.unmatched) == ([300, 150, 0], 0)


def test_a_bank_that_books_a_transfer_before_the_others_clock_says_so_is_waited_for() -> None:
    two = [book(came(1, 300), went(90, 300, peers=(1,))), book(came(80, 300, UNKNOWN, peers=(0,)), went(81, 300, "cash"))]
    assert traced(two, "fifo").went["cash"] == [300, 0, 0]


def test_clocks_that_cross_hold_nobody_up() -> None:
    two = [
        book(came(10, 5, UNKNOWN, peers=(1,)), went(20, 7, peers=(1,))),
        book(came(11, 7, UNKNOWN, peers=(0,)), went(21, 5, peers=(0,))),
    ]
    found = traced(two, "proportional")
    assert found.unmatched == 1
    assert found.went["unmatched"] == [0, 0, 5]


def test_a_transfer_of_which_a_fee_was_kept_is_one_and_went_to_no_member_that_was_not_read() -> None:
    two = [book(came(1, 300), went(2, 300, peers=(1,))), book(came(3, 295, UNKNOWN, peers=(0,)))]
    found = traced(two, "fifo")
    assert (found.went["unmatched"], found.went["member"], found.unmatched) == ([300, 0, 0], [0, 0, 0], 1)
    assert found.accounts[1].came_in == [0, 0, 295]


def test_what_went_to_a_member_that_was_not_read_or_came_from_it_is_no_transfer_that_was_looked_for() -> None:
    found = traced([book(came(1, 300, UNKNOWN, peers=(1,)), went(2, 200, peers=(1,))), None], "fifo")
    assert (found.went["member"], found.went["unmatched"], found.unmatched) == ([0, 0, 200], [0, 0, 0], 0)


def test_a_side_that_one_of_two_members_never_told_counts_once() -> None:
    legs = [came(1, 300), went(2, 100, peers=(1,)), went(3, 100, peers=(1,))]
    assert traced([book(*legs), book(came(3, 100, UNKNOWN, peers=(0,)))], "fifo").unmatched == 1


@pytest.mark.parametrize(("opening", "sits", "missing"), [(None, 40, 60), (0, 40, 60), (100, 80, 0)])
def test_what_nobody_saw_come_is_of_unknown_origin(opening: int | None, sits: int, missing: int) -> None:
    found = traced([book(went(1, 60, "cash"), came(2, 40), opening=opening)], "fifo")
    assert (sum(found.sits), found.accounts[0].missing) == (sits, missing)
    assert found.went["cash"] == [0, 0, 60]


def test_what_comes_to_an_overdrawn_account_pays_the_bank_first_and_sits_nowhere() -> None:
    found = traced([book(came(1, 60), came(2, 40), went(3, 30, "cash"), opening=-80)], "fifo")
    assert (found.went["bank"], found.went["cash"], found.sits) == ([80, 0, 0], [20, 0, 10], [0, 0, 0])
    assert (found.accounts[0].opening, found.accounts[0].missing, found.movements["bank"]) == (-80, 10, 0)


def test_what_the_bank_lends_in_between_is_no_payers_money_and_is_paid_off_by_what_comes_next() -> None:
    legs = [came(1, 100), went(2, 150, "cash")._replace(balance=-50), came(3, 80), went(4, 20, "cash")._replace(balance=10)]
    for rule in ("fifo", "proportional"):
        found = traced([book(*legs, opening=0)], rule)
        (held,) = found.accounts
        assert (held.lent, held.missing) == (50, 0)
        assert found.went["cash"] == [120, 50, 0], "the first hundred, the bank's fifty, twenty of what came later"
        assert found.went["bank"] == [50, 0, 0], "paid off by the payers' money that came next"
        assert held.sits == [10, 0, 0]
        assert held.came_in == [180, 50, 0]


def test_what_an_overdraft_does_not_explain_is_missing_still() -> None:
    (held,) = traced([book(went(1, 50, "cash")._replace(balance=-20), opening=None)], "fifo").accounts
    assert (held.lent, held.missing, held.came_in) == (20, 30, [0, 20, 30])
    more = [went(1, 30)._replace(balance=-30), went(2, 20)._replace(balance=-50), came(3, 60), went(4, 10)._replace(balance=0)]
    (held,) = traced([book(*more, opening=0)], "fifo").accounts
    assert (held.lent, held.missing, held.sits) == (50, 0, [0, 0, 0])
    (held,) = traced([book(went(1, 30)._replace(balance=-80), opening=-50)], "fifo").accounts
    assert (held.lent, held.missing) == (30, 0), "what it was overdrawn by before is none of the period's"


def test_only_who_had_paid_in_before_is_paid_back_and_what_he_is_short_of_is_told() -> None:
    legs = [
        went(1, 30, who="a:li"),
        came(2, 100, who="a:li"),
        came(3, 50, who="a:wang"),
        went(4, 60, who="a:li"),
        went(5, 80, who="a:wang"),
        went(6, 5, "cash", who="a:zhao"),
    ]
    found = traced([book(*legs, opening=30)], "fifo")
    assert (found.went["receiver"], found.went["payers"], found.went["cash"]) == ([0, 0, 30], [140, 0, 0], [5, 0, 0])
    people = found.people
    assert (people.payers, people.paid_in, people.paid_back, people.owed, people.beyond) == (2, 150, 140, 40, 30)


def test_who_paid_in_is_in_no_list_of_receivers_for_wages_or_what_he_got_before() -> None:
    wages = went(4, 20, who="a:li")._replace(may_return=False)
    legs = [went(1, 30, who="a:li"), came(2, 100, who="a:li"), went(3, 40, who="a:li"), wages, went(5, 7, who="a:car")]
    found = traced([book(*legs, opening=30)], "fifo")
    assert [(one.party.account_id, one.sums) for one in found.receivers] == [("a:car", [7, 0, 0])]
    assert (found.went["receiver"], found.went["payers"]) == ([27, 0, 30], [40, 0, 0])
    assert sum(sum(way.sums) for way in found.ways if way.destination == "receiver" and way.receiver is None) == 50


def test_one_person_is_one_payer_whether_an_institution_knows_the_customer_or_the_account() -> None:
    both = came(1, 10, who="a:li")
    named = both._replace(at_ms=2, party=both.party._replace(customer_id="c:li"))
    back = went(3, 15, who="c:li")
    found = traced([book(both, named, back._replace(party=back.party._replace(account_id=None, customer_id="c:li")))], "fifo")
    assert (found.people.payers, found.people.paid_back) == (1, 15)


def test_receivers_stand_by_payers_money_each_account_and_bank_once() -> None:
    legs = [came(1, 500)]
    legs += [went(2, 100, who="a:car"), went(3, 50, who="a:house"), went(9, 70, who="a:house")]
    found = traced([book(*legs)], "fifo")
    told = [(one.party.account_id, one.sums[PAYERS], one.movements, one.first_ms, one.last_ms) for one in found.receivers]
    assert told == [("a:house", 120, 2, 3, 9), ("a:car", 100, 1, 2, 2)]


def test_a_mixture_holds_what_it_did_not_give() -> None:
    purse = Mixture()
    purse.put(((PAYERS, 1), (OTHER, 1), (UNKNOWN, 1)))
    assert purse.take(2) == ((PAYERS, 1), (OTHER, 1))
    assert purse.held() == [0, 0, 1]
