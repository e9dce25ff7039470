"""The console speaks Chinese first: what the detector names has a word in both languages."""

from __future__ import annotations

import pytest

from api.console.typology_names import TYPOLOGIES
from api.console.words import LANGUAGES, Words
from contract.watchlist import TAG_PREFIX
from detector.catalogue import found
from detector.features.pretexts import PRETEXTS, pretext_tags
from detector.flag_book import CLEARED, NO_FINDING
from detector.large_value import DUE_DATE_PASSED, REVERSED
from detector.likeness import CONFIRMED_LIKENESS
from detector.model_outlier import MODEL_OUTLIER
from detector.told import BUSINESS_MEASURES, measures_of
from models import builders


@pytest.mark.parametrize("name", [*found(), *(one.key.partition("@")[0] for one in (CONFIRMED_LIKENESS, MODEL_OUTLIER))])
def test_every_typology_is_named_in_chinese_and_english(name: str) -> None:
    chinese, english = TYPOLOGIES[name]
    assert not chinese.isascii()
    assert english.isascii()


@pytest.mark.parametrize("name", [name for name, _ in builders()])
def test_every_model_is_named_in_chinese_and_english(name: str) -> None:
    chinese, english = (Words(language).of("model", name) for language in LANGUAGES)
    assert not chinese.isascii()
    assert english.isascii()
    assert english != name.replace("_", " "), "a name of its own"


@pytest.mark.parametrize(
    "name",
    [
        *measures_of(dict.fromkeys(("payers", "payees", "credited", "debited", "returned", "elderly", "known_ages"), 0)),
        *(name for told in BUSINESS_MEASURES.values() for name in told),
        "scheme_accounts", "sum", "movements",
    ],
)  # fmt: skip
def test_every_measure_of_a_flag_is_named_in_chinese_and_english(name: str) -> None:
    chinese, english = (Words(language).of("measure", name) for language in LANGUAGES)
    assert not chinese.isascii()
    assert english.isascii()


@pytest.mark.parametrize("because", [NO_FINDING, CLEARED, DUE_DATE_PASSED, REVERSED])
def test_why_a_flag_is_closed_is_told_in_chinese_and_english(because: str) -> None:
    chinese, english = (Words(language).of("closed", because) for language in LANGUAGES)
    assert not chinese.isascii()
    assert english.isascii()


@pytest.mark.parametrize("bit", range(len(PRETEXTS)))
def test_every_pretext_is_told_in_chinese_and_english(bit: int) -> None:
    (tag,) = pretext_tags(1 << bit)
    chinese, english = (Words(language).tag(tag) for language in LANGUAGES)
    assert chinese.startswith("名义：")
    assert not chinese.removeprefix("名义：").isascii()
    assert english.startswith("Called: ")


def test_a_subject_of_the_watch_list_is_told_by_its_pseudonym_and_an_unknown_tag_as_it_is() -> None:
    assert Words("zh").tag(f"{TAG_PREFIX}c:ABC") == "名单主体 c:ABC"
    assert Words("zh").tag("something:else") == "something:else"
