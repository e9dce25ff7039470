"""Free text of whole columns."""

from __future__ import annotations

import unicodedata

import pyarrow as pa
from hypothesis import example, given, settings
from hypothesis import strategies as st

from contract.texts import MOST, clean_column, cleaned

tricky = st.text(alphabet="aé\u0301\u3099か一\u0000\u007f\u0085 。\uff01\uac00\u1100\u1161가", max_size=12)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.one_of(st.none(), tricky, st.text(max_size=6))))
@example(["一" * 256, "一" * 257, "e\u0301" * 256, "x" * 257, "\x00"])
def test_a_column_is_cleaned_as_each_of_its_texts_is(texts: list[str | None]) -> None:
    found, blanked = clean_column(pa.array(texts, pa.string()))
    wanted = [None if text is None else cleaned(text) for text in texts]
    assert blanked.tolist() == [text is not None and after is None for text, after in zip(texts, wanted, strict=True)]
    # An empty text stays as it is; one that became empty is absent.
    assert found.to_pylist() == [after or (text if text == "" else None) for text, after in zip(texts, wanted, strict=True)]


@settings(max_examples=80, deadline=None)
@given(st.one_of(tricky, st.text()))
def test_a_cleaned_text_is_composed_short_and_without_control_characters(text: str) -> None:
    found = cleaned(text)
    if found is None:
        assert len(text) > MOST
        return
    assert unicodedata.is_normalized("NFC", found)
    assert len(found) <= MOST
    assert not any(unicodedata.category(c) == "Cc" for c in found)
    assert cleaned(found) == found
