"""What a flag becomes when the finding that an office took back was one of its reasons."""

from __future__ import annotations

from typing import Any

import pytest

from detector.decision import ILLEGAL, NONE, OBSERVE, SUSPICIOUS
from detector.flag_book import FlagBook
from tests.detector.test_flag_book import judge, must, names, new_book

ENDED: Any = {"ended": frozenset({"t@1"}), "moved": False}
"""The finding ``t`` stands for contact with the list."""


def opened(fired: str, category: int) -> FlagBook:
    book = new_book()
    must(judge(book, 10, fired, category))
    return book


def test_the_finding_is_gone_at_once_and_the_flag_says_so() -> None:
    book = opened("s t a", OBSERVE)
    flag = must(judge(book, 11, "s a", OBSERVE, **ENDED))
    assert (names(flag), flag.status, flag.category, flag.revision) == ({"s", "a"}, "open", "observe", 2)
    assert judge(book, 12, "s a", OBSERVE, **ENDED) is None


def test_a_flag_that_had_no_other_reason_closes() -> None:
    book = opened("t", OBSERVE)
    flag = must(judge(book, 11, "", NONE, **ENDED))
    assert (flag.status, flag.closed_because, flag.findings) == ("closed", "cleared", [])
    assert (book.again, book.book.open) == ([0], {})


def test_a_category_that_the_rest_does_not_carry_closes_and_the_rest_opens_anew() -> None:
    book = opened("s t a", ILLEGAL)
    closed = must(judge(book, 11, "s a", OBSERVE, **ENDED))
    assert (closed.status, closed.closed_because, closed.category) == ("closed", "cleared", "illegal_fundraising")
    again = must(judge(book, 11, "s a", OBSERVE, moved=False, newest="e10"))
    assert (again.status, again.category, names(again)) == ("open", "observe", {"s", "a"})
    assert again.flag_id != closed.flag_id


@pytest.mark.parametrize(
    ("fired", "category", "still", "carries"),
    [
        pytest.param("s t a p", ILLEGAL, "s a p", ILLEGAL, id="three-other-families"),
        pytest.param("s t a p", ILLEGAL, "s", NONE, id="three-other-families-of-the-last-weeks"),
        pytest.param("s t", SUSPICIOUS, "s", NONE, id="a-category-that-contact-never-gives"),
    ],
)
def test_a_category_that_the_rest_carries_stays(fired: str, category: int, still: str, carries: int) -> None:
    book = opened(fired, category)
    flag = must(judge(book, 11, still, carries, **ENDED))
    assert (flag.status, "t" in names(flag)) == ("open", False)


def test_what_has_no_such_finding_is_not_touched() -> None:
    book = opened("s a", OBSERVE)
    assert judge(book, 11, "s a", OBSERVE, **ENDED) is None
