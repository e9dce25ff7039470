"""Amounts on the wire and inside."""

from __future__ import annotations

import re
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.money import AMOUNT_PATTERN, SIGNED_PATTERN, amount_minor, minor_of, minor_to_text


def read(text: str, *, signed: bool = False) -> int | None:
    minor, bad = amount_minor(pa.array([text]), signed=signed)
    value: int | None = minor[0].as_py()
    assert bad.tolist() == [value is None]
    return value


@settings(max_examples=100, deadline=None)
@given(st.integers(-(10**15) + 1, 10**15 - 1))
def test_minor_units_survive_their_own_text(minor: int) -> None:
    assert read(minor_to_text(minor), signed=True) == minor


near = st.one_of(
    st.from_regex(SIGNED_PATTERN, fullmatch=True),
    st.text(alphabet="0123456789.-+e_, １", max_size=18),
    st.from_regex(r"[0-9]{12,16}(\.[0-9]{0,3})?", fullmatch=True),
)


@settings(max_examples=120, deadline=None)
@given(near, st.booleans())
def test_the_kernel_accepts_what_the_contracts_pattern_does_and_means_the_same(text: str, signed: bool) -> None:
    pattern = SIGNED_PATTERN if signed else AMOUNT_PATTERN
    wanted = int(Decimal(text) * 100) if re.fullmatch(pattern, text, re.ASCII) else None
    assert read(text, signed=signed) == wanted


@pytest.mark.parametrize(
    "text", ["12,50", "NaN", "1.005", "", " 1", "1 ", "1.", ".5", "01", "+1", "1e3", "1_000", "１２", "-5", "1\n"]
)
def test_other_writings_of_numbers_are_refused(text: str) -> None:
    assert read(text) is None
    with pytest.raises(ValueError, match="not an amount") as caught:
        minor_of(text)
    assert not text.strip() or text not in str(caught.value)


def test_columns_keep_their_nulls_also_when_they_are_slices() -> None:
    minor, bad = amount_minor(pa.array(["x", "1", None, "2.50"]).slice(1))
    assert (minor.to_pylist(), bad.tolist()) == ([100, None, 250], [False, False, False])
