"""The picture of payers' money: everything that came from them is at an end, and no more stops than can be read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, get_args

import pytest
from hypothesis import given

from api.console.charts.ribbons import Ribbons
from api.console.traced_view import MOST_ACCOUNTS, MOST_RECEIVERS, drawing, names
from api.tracing.following import traced
from api.tracing.legs import Book
from api.tracing.purses import OTHER, PAYERS, Rule
from tests.api.tracing.books import book, books, came, went


def _drawn(given_books: Sequence[Book | None], rule: Rule = "fifo") -> Ribbons:
    drawn = drawing(traced(given_books, rule))
    assert drawn is not None
    return drawn


def _money(drawn: Ribbons, **fields: Any) -> float:
    return sum(one.stream.money for one in drawn.ribbons if all(getattr(one.stream, k) == v for k, v in fields.items()))


@pytest.mark.parametrize("rule", get_args(Rule))
@given(given_books=books(skew=40))
def test_every_fen_of_payers_leaves_them_and_reaches_an_end(rule: Rule, given_books: list[Book]) -> None:
    found = traced(given_books, rule)
    drawn = drawing(found)
    if drawn is None:
        assert found.came_in[PAYERS] == 0
        return
    assert round(100 * _money(drawn, source="people")) == found.came_in[PAYERS]
    ends = {one.stop.name for one in drawn.bars if not one.stop.name.isdigit()} - {"people", "rest"}
    assert round(100 * sum(_money(drawn, target=end) for end in ends)) == found.came_in[PAYERS]
    last = max(one.stop.column for one in drawn.bars)
    assert {one.stop.name for one in drawn.bars if one.stop.column == last} == ends


def test_many_accounts_and_receivers_stand_together() -> None:
    legs = [[came(n, 1000 + n, who=f"a:p{n}"), went(100 + n, 500, who=f"a:to-{n}")] for n in range(30)]
    drawn = _drawn([book(*mine) for mine in legs])
    names = [one.stop.name for one in drawn.bars]
    assert sum(name.isdigit() for name in names) == MOST_ACCOUNTS
    assert sum(name.startswith("to-") for name in names) == MOST_RECEIVERS
    assert {"rest", "others", "sits"} <= set(names)


def test_each_receiver_that_is_drawn_bears_the_name_of_who_got_that_money() -> None:
    legs = [came(1, 2000), went(2, 600, "institution", who="a:SHOP"), went(3, 300, who="a:BOSS")]
    legs += [went(4, 50, who="a:b", peers=(1,)), went(5, 20, "own", who="a:SELF"), went(6, 400, who="a:CAR")]
    found = traced([book(*legs), None], "fifo")
    named, drawn = names(found), _drawn([book(*legs), None])
    sums = {named[one.stop.name]: one.money for one in drawn.bars if one.stop.kind == "to"}
    assert sums == {"a:CAR": 4.0, "a:BOSS": 3.0, "a:SELF": 0.2}
    got = {one.party.account_id: one.sums[PAYERS] / 100 for one in found.receivers}
    assert sums.items() <= got.items()


def test_an_account_stands_right_of_those_that_filled_it_and_a_circle_ends() -> None:
    three = [
        book(came(1, 90), went(2, 90, peers=(1,))),
        book(came(3, 90, OTHER, peers=(0,)), went(4, 80, peers=(2,)), came(9, 5, OTHER, peers=(2,))),
        book(came(5, 80, OTHER, peers=(1,)), went(6, 5, peers=(1,)), went(7, 30, "cash")),
    ]
    columns = {one.stop.name: one.stop.column for one in _drawn(three).bars}
    assert columns == {"people": 0, "0": 1, "1": 2, "2": 3, "cash": 4, "sits": 4}


def test_nothing_is_drawn_outside_the_picture() -> None:
    legs = [came(n, 10**n, who=f"a:{n}") for n in range(1, 9)]
    drawn = _drawn([book(*legs, *(went(20 + n, 10**n, who=f"a:to-{n}") for n in range(1, 8)))])
    for bar in drawn.bars:
        assert 0 <= bar.x <= drawn.width
        assert 0 <= bar.y <= bar.y + bar.height <= drawn.height
    for one in drawn.ribbons:
        heights = [float(text) for text in re.findall(r"-?[0-9.]+", one.path)[1::2]]
        assert 0 <= min(heights) <= max(heights) <= drawn.height


def test_without_payers_money_there_is_no_picture() -> None:
    assert drawing(traced([book(came(1, 5, OTHER), went(2, 5, "cash"))], "fifo")) is None
