"""A transfer between members is one, though two banks report it."""

from __future__ import annotations

from api.tracing.legs import Leg
from api.tracing.pairing import WITHIN_MS, Place, pairs_of
from api.tracing.purses import UNKNOWN
from tests.api.tracing.books import came, went


def _in(at: int, minor: int, *peers: int) -> Leg:
    return came(at, minor, UNKNOWN, peers=peers)


def _out(at: int, minor: int, *peers: int) -> Leg:
    return went(at, minor, peers=peers)


def test_legs_of_one_amount_pair_in_order_of_time() -> None:
    payer = [_out(10, 5, 1), _out(20, 5, 1), _out(30, 7, 1)]
    payee = [_in(11, 5, 0), _in(21, 5, 0), _in(22, 6, 0)]
    assert pairs_of([payer, payee]) == {Place(0, 0): Place(1, 0), Place(0, 1): Place(1, 1)}


def test_a_leg_that_is_too_far_away_is_another_transfer() -> None:
    for apart, number in ((WITHIN_MS, 1), (WITHIN_MS + 1, 0)):
        for first, second in ((0, apart), (apart, 0)):
            assert len(pairs_of([[_out(first, 5, 1)], [_in(second, 5, 0)]])) == number


def test_an_old_credit_that_no_debit_fits_holds_up_no_later_one() -> None:
    payee = [_in(0, 5, 0), _in(10 + WITHIN_MS, 5, 0)]
    assert pairs_of([[_out(9 + WITHIN_MS, 5, 1)], payee]) == {Place(0, 0): Place(1, 1)}


def test_a_holder_with_two_accounts_gets_it_where_it_was_booked() -> None:
    assert pairs_of([[_out(1, 5, 1, 2)], [], [_in(2, 5, 0)]]) == {Place(0, 0): Place(2, 0)}


def test_a_credit_pairs_once_though_its_payer_holds_two_accounts() -> None:
    pairs = pairs_of([[_out(1, 5, 2)], [_out(1, 5, 2)], [_in(2, 5, 0, 1)]])
    assert pairs == {Place(0, 0): Place(2, 0)}


def test_each_side_has_to_name_the_other() -> None:
    assert pairs_of([[_out(1, 5, 1)], [_in(2, 5, 2)], []]) == {}


def test_a_leg_that_one_bank_never_reported_shifts_no_later_transfer_of_the_same_amount() -> None:
    payer = [_out(10, 5, 1), _out(20, 5, 1), _out(30, 5, 1)]
    payee = [_in(11, 5, 0), _in(21, 5, 0), _in(31, 5, 0)]
    whole = {(0, n): (1, n) for n in range(3)}
    assert pairs_of([payer, payee]) == whole
    assert pairs_of([payer, payee[1:]]) == {Place(0, 1): Place(1, 0), Place(0, 2): Place(1, 1)}
    assert pairs_of([payer[1:], payee]) == {Place(0, 0): Place(1, 1), Place(0, 1): Place(1, 2)}


def test_money_goes_back_in_time_only_where_no_credit_follows() -> None:
    assert pairs_of([[_out(20, 5, 1)], [_in(19, 5, 0), _in(25, 5, 0)]]) == {Place(0, 0): Place(1, 1)}
    assert pairs_of([[_out(20, 5, 1)], [_in(12, 5, 0), _in(19, 5, 0)]]) == {Place(0, 0): Place(1, 1)}


def test_a_clock_that_is_behind_crosses_no_transfers_of_the_same_amount() -> None:
    payer, payee = [_out(10, 5, 1), _out(20, 5, 1)], [_in(9, 5, 0), _in(19, 5, 0)]
    assert pairs_of([payer, payee]) == {Place(0, 0): Place(1, 0), Place(0, 1): Place(1, 1)}


def test_transfers_of_one_amount_that_are_all_booked_late_keep_their_order() -> None:
    payer, payee = [_out(10, 5, 1), _out(20, 5, 1)], [_in(25, 5, 0), _in(30, 5, 0)]
    assert pairs_of([payer, payee]) == {Place(0, 0): Place(1, 0), Place(0, 1): Place(1, 1)}
