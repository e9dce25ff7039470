"""One person is one payer by all names that movements give him, and two persons are two though one account pays for both."""

from __future__ import annotations

from itertools import permutations

from api.tracing.legs import Leg
from api.tracing.payers import Register
from tests.api.tracing.books import NOBODY, came, went


def _named(leg: Leg, account: str | None, customer: str | None) -> Leg:
    return leg._replace(party=NOBODY._replace(account_id=account, customer_id=customer))


def test_a_payer_is_one_in_whatever_order_movements_tell_his_names() -> None:
    names = [(None, "c:li"), ("a:li", None), ("a:li", "c:li")]
    for order in permutations(names):
        legs = [_named(came(at, 10), *name) for at, name in enumerate(order)]
        people = Register([legs]).people()
        assert (people.payers, people.paid_in) == (1, 30)


def test_a_debit_tells_as_well_whose_an_account_is() -> None:
    legs = [_named(came(1, 10), None, "c:li"), _named(came(2, 10), "a:li", None), _named(went(3, 5), "a:li", "c:li")]
    register = Register([legs[:2], legs[2:]])
    assert register.returned(legs[2])
    people = register.people()
    assert (people.payers, people.paid_back) == (1, 5)


def test_two_customers_behind_one_clearing_account_are_two() -> None:
    legs = [_named(came(1, 10), "a:clearing", "c:li"), _named(came(2, 20), "a:clearing", "c:wang")]
    register = Register([legs])
    assert register.returned(_named(went(3, 25), "a:clearing", "c:wang"))
    people = register.people()
    assert (people.payers, people.owed, people.beyond) == (2, 10, 5)


def test_nobodys_account_pays_back_no_customer_that_it_had_paid_for() -> None:
    legs = [_named(came(1, 10), "a:clearing", "c:li"), _named(came(2, 20), "a:clearing", "c:wang")]
    register = Register([legs])
    assert not register.returned(_named(went(3, 5), "a:clearing", None))
    assert not register.returned(_named(went(3, 5), "a:clearing", "c:zhao"))
    assert not register.returned(_named(went(3, 5), None, None))


def test_a_customer_of_two_accounts_is_one() -> None:
    legs = [_named(came(1, 10), "a:1", "c:li"), _named(came(2, 10), "a:2", "c:li"), _named(came(3, 10), "a:2", None)]
    assert Register([legs]).people().payers == 1
