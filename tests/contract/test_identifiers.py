"""Ids, and the numbers of persons and cards that must not be among them."""

from __future__ import annotations

import re

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.fields import ID_PATTERN
from contract.identifiers import BAD, GOOD, IN_CLEAR, judge

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def resident(first: str) -> str:
    """A resident identity number from its first 17 digits (GB 11643)."""
    return first + "10X98765432"[sum(int(d) * w for d, w in zip(first, WEIGHTS, strict=True)) % 11]


def card(first: str) -> str:
    """A number with its Luhn digit behind it."""
    doubled = [int(d) * (2 - k % 2) for k, d in enumerate(reversed(first))]
    return first + str(-sum(d - 9 * (d > 9) for d in doubled) % 10)


def one(text: str, *, in_clear: bool = True) -> int:
    return int(judge(pa.array([text]), in_clear=in_clear)[0])


@settings(max_examples=60, deadline=None)
@given(st.from_regex(r"[1-9][0-9]{16}", fullmatch=True))
def test_an_identity_number_is_seen_by_its_check_character(first: str) -> None:
    number = resident(first)
    assert one(number) == one(number.lower()) == IN_CLEAR
    assert one(number, in_clear=False) == GOOD
    other = "0" if number[-1] != "0" else "2"
    if one(first + other) == IN_CLEAR:
        assert card(first) == first + other


@settings(max_examples=60, deadline=None)
@given(st.from_regex(r"[0-9]{11,18}", fullmatch=True))
def test_12_to_19_digits_that_pass_luhn_are_seen(first: str) -> None:
    number = card(first)
    assert one(number) == IN_CLEAR
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert one(wrong) == (IN_CLEAR if len(wrong) == 18 and resident(wrong[:17]) == wrong else GOOD)


@pytest.mark.parametrize(
    "text",
    [card("1234567890"), card("1" * 19), "a:" + card("622202123456789"), resident("34130219550101001")[:-1] + "Y", "X" * 18],
    ids=["11-digits", "20-digits", "with-a-prefix", "wrong-last-letter", "letters"],
)
def test_other_numbers_are_ids(text: str) -> None:
    assert one(text) == GOOD


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.one_of(st.none(), st.text(max_size=5), st.text(alphabet="!~ \x7f", max_size=5), st.just("x" * 96), st.just("x" * 97))
    )
)
def test_the_kernel_knows_ids_as_the_contract_does(texts: list[str | None]) -> None:
    wanted = [BAD if text is not None and not re.fullmatch(ID_PATTERN, text) else GOOD for text in texts]
    assert judge(pa.array(texts, pa.string()), in_clear=False).tolist() == wanted
