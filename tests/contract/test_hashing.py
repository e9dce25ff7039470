"""Hashes of string columns: the same for ever, whatever the column's offset or chunks, and well spread."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from contract.hashing import hash64

KNOWN_A1, KNOWN_LONG, KNOWN_EMPTY = (0x71B36267F0E165D2, 0xD9717854F14DF518, 0x925C815B886C082B)
TEXTS = st.lists(st.one_of(st.none(), st.text(max_size=40)), min_size=1, max_size=30)


def test_hashes_are_these_for_ever() -> None:
    column = pa.array(["a:1", "c:ABCDEFGHIJKLMNOPQRSTUVWXYZ", "", None])
    assert [int(h) for h in hash64(column)] == [KNOWN_A1, KNOWN_LONG, KNOWN_EMPTY, 0]
    assert int(hash64(column, seed=1)[0]) != KNOWN_A1


@given(texts=TEXTS, start=st.integers(0, 29), cut=st.integers(0, 30))
def test_slices_and_chunks_hash_as_their_values_do(texts: list[str | None], start: int, cut: int) -> None:
    whole = pa.array(texts, pa.string())
    expected = hash64(whole)
    assert hash64(whole.slice(start)).tolist() == expected[start:].tolist()
    assert hash64(pa.chunked_array([whole.slice(0, cut), whole.slice(cut)])).tolist() == expected.tolist()
    alone = [int(hash64(pa.array([text], pa.string()))[0]) for text in texts]
    assert alone == expected.tolist()


@given(texts=TEXTS)
def test_only_nulls_hash_to_zero(texts: list[str | None]) -> None:
    assert [h == 0 for h in hash64(pa.array(texts, pa.string()))] == [text is None for text in texts]


def test_a_hundred_thousand_names_that_differ_in_a_digit_have_hashes_of_their_own_and_even_bits() -> None:
    hashes = hash64(pa.array([f"a:{k}" for k in range(100_000)]))
    assert len(np.unique(hashes)) == 100_000
    bits = np.unpackbits(hashes.view(np.uint8)).reshape(-1, 64).mean(axis=0)
    assert np.all(np.abs(bits - 0.5) < 0.01)
