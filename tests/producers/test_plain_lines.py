"""Plain lines give the columns that a general parser gives, and what is not plain is left to it."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.csv as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from producers.plain_lines import PlainLines

CELL = st.text(st.characters(exclude_characters=',"\r\n', exclude_categories=["Cs"]), max_size=20)


def _parsed(text: bytes, names: list[str], *, empty_is_null: bool) -> pa.Table:
    return pc.read_csv(
        pa.BufferReader(text),
        pc.ReadOptions(column_names=names),
        pc.ParseOptions(quote_char=False),
        pc.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), null_values=[""], strings_can_be_null=empty_is_null),
    )


@settings(max_examples=150, deadline=None)
@given(rows=st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=12), null=st.booleans(), crlf=st.booleans())
def test_columns_are_those_of_a_general_parser(rows: list[list[str]], null: bool, crlf: bool) -> None:
    names = ["a", "b", "c"]
    text = "".join(",".join(row) + ("\r\n" if crlf else "\n") for row in rows).encode()
    found = PlainLines(names, names, ",", empty_is_null=null).table(text)
    assert found is not None
    assert found.combine_chunks().equals(_parsed(text, names, empty_is_null=null).combine_chunks())
    some = PlainLines(names, ["c"], ",", empty_is_null=null).table(text)
    assert some is not None
    assert some.column("c").to_pylist() == found.column("c").to_pylist()


@settings(max_examples=50, deadline=None)
@given(
    first=st.lists(st.tuples(CELL, CELL), min_size=1, max_size=9), second=st.lists(st.tuples(CELL, CELL), min_size=1, max_size=9)
)
def test_a_block_does_not_see_what_an_earlier_one_left_in_its_room(
    first: list[tuple[str, str]], second: list[tuple[str, str]]
) -> None:
    lines = PlainLines(["a", "b"], ["a", "b"], ",", empty_is_null=False)
    texts = ["".join(f"{a},{b}\n" for a, b in block).encode() for block in (first, second)]
    tables = [lines.table(text) for text in texts]
    for table, block in zip(tables, (first, second), strict=True):
        assert table is not None
        assert list(zip(*(table.column(name).to_pylist() for name in "ab"), strict=True)) == block


@pytest.mark.parametrize("text", [b"1,2\n3\n", b"1,2\n\n3,4\n", b"1,2,3\n4\n", b"1,2,3\n", b'1,"2"\n', b"1\n2,3,4\n"])
def test_ragged_quoted_and_blank_lines_are_not_plain(text: bytes) -> None:
    assert PlainLines(["a", "b"], ["a", "b"], ",", empty_is_null=False).table(text) is None
