"""The console speaks Chinese first: what the detector names has a word in both languages."""

from __future__ import annotations

import pytest

from api.console.typology_names import TYPOLOGIES
from api.console.words import LANGUAGES, Words
from contract.watchlist import TAG_PREFIX
from detector.catalogue import found
from detector.features.pretexts import PRETEXTS, pretext_tags
from detector.likeness import CONFIRMED_LIKENESS
from detector.model_outlier import MODEL_OUTLIER
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
