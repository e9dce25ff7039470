"""Remarks against the lexicons: what folds into what, which words count, and that a table of texts equals them one by one."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.features import lexicon
from detector.features.lexicon import (
    TEXT_IN,
    TEXT_NEGATIVE,
    TEXT_OUT,
    TEXT_P2P,
    TEXT_STRONG,
    TEXT_WEAK,
    WORDS,
    Lexicon,
    normalised,
)

CLASSES = {
    "in": TEXT_IN,
    "weak": TEXT_WEAK,
    "out": TEXT_OUT,
    "p2p": TEXT_P2P,
    "strong": TEXT_STRONG,
    "negative": TEXT_NEGATIVE,
}


@pytest.mark.parametrize(("name", "bit"), CLASSES.items())
def test_every_word_of_a_class_is_found_alone_and_inside_a_text(name: str, bit: int) -> None:
    for word in WORDS[bit].split():
        for text in (word, f"张三{word}2026", " ".join(word), word.replace("", "-")):
            found = Lexicon().bits(text)
            assert found & bit or (bit == TEXT_NEGATIVE and found & TEXT_STRONG), text


@pytest.mark.parametrize(
    ("text", "bits"),
    [
        pytest.param("", 0, id="nothing"),
        pytest.param("生日快乐", 0, id="no word of any class"),
        pytest.param("投 资　款", TEXT_IN, id="spaces of either width"),
        pytest.param("Ｐ２Ｐ", TEXT_P2P, id="full width letters are letters"),
        pytest.param("复投", TEXT_IN | TEXT_STRONG, id="strong words are plain ones too"),
        pytest.param("工资", TEXT_NEGATIVE, id="wages"),
        pytest.param("投资公司工资", TEXT_IN | TEXT_NEGATIVE, id="wages of an investment firm stay wages"),
        pytest.param("复投不是工资", TEXT_IN | TEXT_STRONG, id="a strong word cannot be talked away"),
        pytest.param("贷款利息", TEXT_OUT | TEXT_NEGATIVE, id="interest on a loan"),
        pytest.param("标会", TEXT_IN, id="a lending circle"),
        pytest.param("抬会", TEXT_IN | TEXT_STRONG, id="one that no friends hold"),
        pytest.param("会钱", TEXT_WEAK, id="a circle's money, or a party's"),
        pytest.param("投标会议费", TEXT_IN | TEXT_NEGATIVE, id="a tender is no lending circle"),
        pytest.param("直推奖", TEXT_OUT, id="a pyramid's bonus"),
        pytest.param("垂直推广", 0, id="advertising that has it in its name"),
        pytest.param("众筹投资", TEXT_IN | TEXT_WEAK, id="two classes in one text"),
    ],
)
def test_a_text_has_the_classes_of_its_words(text: str, bits: int) -> None:
    assert Lexicon().bits(text) == bits


@given(st.text(max_size=30))
def test_folding_leaves_neither_space_nor_sign(text: str) -> None:
    assert not any(c.isspace() or c == "_" for c in normalised(text))


WORDS_AND_NONE = st.one_of(st.none(), st.sampled_from(" ".join(WORDS.values()).split()), st.text(max_size=6))


@given(st.lists(st.lists(WORDS_AND_NONE, max_size=20), max_size=4))
def test_a_column_has_the_classes_of_its_texts_whatever_was_met_before(columns: list[list[str | None]]) -> None:
    words = Lexicon()
    for texts in columns:
        expected = [Lexicon().bits(text) if text else 0 for text in texts]
        assert words.column(pa.array(texts, pa.string())).tolist() == expected


def test_forgetting_texts_changes_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexicon, "MOST_REMEMBERED", 3)
    words, texts = Lexicon(), pa.array(["投资", "工资", "分红", "复投", "加盟费"])
    first = words.column(texts).tolist()
    assert all(words.column(texts).tolist() == first for _ in range(3))
