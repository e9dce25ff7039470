"""What holds for every revision of every flag of a whole stream (contract §3), whatever typologies there are."""

from __future__ import annotations

import itertools
import json
from collections import defaultdict
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]
import pytest

import contract
from contract.flag import CATEGORIES, FAMILIES, LARGE_VALUE, Flag, encode
from contract.shanghai import parse_ms
from detector.catalogue import load_catalogue
from detector.model_outlier import MODEL_OUTLIER
from detector.replay import Replay
from tests.detector.dense_stream import CATALOGUE, Log, items, logs

BANDS = {"observe": (40.0, 59.9), "suspicious": (60.0, 79.9), "illegal_fundraising": (80.0, 100.0)}
CONFIRMING = {"return_rate_lattice@1", "payees_were_payers@1"}
SCHEMA = Path(contract.__file__).parent / "schemas" / "flag.schema.json"


@pytest.fixture(scope="module")
def whole() -> list[Log]:
    return logs(60, seed=3)


@pytest.fixture(scope="module")
def flags(whole: list[Log]) -> list[Flag]:
    replay = Replay(CATALOGUE)
    for log in whole:
        list(replay.feed(items(log)))
    return replay.flags


@pytest.fixture(scope="module")
def account_flags(flags: list[Flag]) -> list[Flag]:
    found = [flag for flag in flags if flag.category != LARGE_VALUE]
    assert len(found) > 100
    return found


def counting(flag: Flag) -> set[str]:
    """Families whose findings count: those of models and suppressed ones do not."""
    return {one.family for one in flag.findings if one.family != "model" and one.strength > 0}


def test_it_is_as_the_published_schema_says(flags: list[Flag]) -> None:
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))
    for flag in flags:
        validator.validate(json.loads(encode(flag)))


def test_no_accusation_stands_on_one_family_or_on_models(account_flags: list[Flag]) -> None:
    accused = [flag for flag in account_flags if flag.category == "illegal_fundraising" and flag.revision == 1]
    assert accused
    for flag in accused:
        families = counting(flag)
        assert len(families) >= 3 or (len(families) == 2 and CONFIRMING & {one.typology for one in flag.findings})
        assert families & {"payout", "text", "identity", "network"}


def test_what_a_model_alone_says_is_only_looked_at(account_flags: list[Flag]) -> None:
    alone = [flag for flag in account_flags if {one.typology for one in flag.findings} == {MODEL_OUTLIER.key}]
    assert {flag.category for flag in alone} <= {"observe"}


def test_the_score_lies_in_the_categorys_band_and_severity_is_an_accusations(account_flags: list[Flag]) -> None:
    for flag in account_flags:
        low, high = BANDS[flag.category]
        assert flag.score is not None
        assert low <= flag.score <= high
        assert flag.score == round(flag.score, 1)
        assert (flag.severity is not None) == (flag.category == "illegal_fundraising")


def test_every_finding_has_sentences_and_movements_of_this_very_account(whole: list[Log], account_flags: list[Flag]) -> None:
    events: dict[str, set[str]] = defaultdict(set)
    for log in whole:
        batch = log.movements
        for account, event in zip(batch.column("account_id").to_pylist(), batch.column("event_id").to_pylist(), strict=True):
            events[account].add(event)
    for flag in account_flags:
        assert flag.findings
        for one in flag.findings:
            assert one.family in FAMILIES
            assert one.zh
            assert one.en
            assert 0 < len(one.evidence) <= 20
            assert set(one.evidence) <= events[flag.account_id]
            assert 0 <= one.strength <= 1
            assert 0 <= one.coverage <= 1


def test_revisions_count_from_one_without_a_gap_and_only_the_last_may_be_closed(flags: list[Flag]) -> None:
    by_id: dict[str, list[Flag]] = defaultdict(list)
    for flag in flags:
        by_id[flag.flag_id].append(flag)
    for revisions in by_id.values():
        assert [flag.revision for flag in revisions] == list(range(1, len(revisions) + 1))
        assert all(flag.status == "open" for flag in revisions[:-1]) or revisions[0].category == LARGE_VALUE
        assert len({(flag.account_id, flag.opened_at, flag.institution_code) for flag in revisions}) == 1
        for one, following in itertools.pairwise(revisions):
            assert parse_ms(one.updated_at) <= parse_ms(following.updated_at)
            if one.category in CATEGORIES:
                assert CATEGORIES.index(one.category) <= CATEGORIES.index(following.category)


def test_a_revision_says_something_that_the_one_before_did_not(account_flags: list[Flag]) -> None:
    def said(flag: Flag) -> object:
        names = sorted(one.typology for one in flag.findings)
        return (flag.status, flag.category, flag.severity, names, flag.measures)

    by_id: dict[str, list[Flag]] = defaultdict(list)
    for flag in account_flags:
        by_id[flag.flag_id].append(flag)
    assert max(map(len, by_id.values())) > 3
    for revisions in by_id.values():
        for one, following in itertools.pairwise(revisions):
            assert said(one) != said(following)


def test_at_most_one_flag_of_an_account_is_open(account_flags: list[Flag]) -> None:
    last = {flag.flag_id: flag for flag in account_flags}
    open_now = [flag.account_id for flag in last.values() if flag.status == "open"]
    assert len(open_now) == len(set(open_now))


def test_the_engine_names_itself_and_its_catalogue(flags: list[Flag]) -> None:
    assert {flag.engine.catalogue for flag in flags} == {load_catalogue().name}
