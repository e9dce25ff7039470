"""When a flag opens, says something new, closes and opens again (contract §3)."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import msgspec
import pytest

from contract.flag import Engine, Finding, Flag
from contract.shanghai import day_start_ms
from detector.catalogue import DecisionRules
from detector.decision import ILLEGAL, NONE, OBSERVE, SUSPICIOUS
from detector.flag_book import Book, FlagBook, Holder, Judgement
from tests.detector.shards import new_shard, profile
from tests.detector.stories import paid_in, told

HOLDER = Holder(
    institution_type="bank",
    account_id="a:1",
    customer_id="c:1",
    branch_region="341302",
    subject_region=None,
    holder_kind="person",
)
ENGINE = Engine(version="0", catalogue="0")
FAMILY = {"s": "structure", "t": "text", "a": "amount", "p": "payout", "return_rate_lattice": "payout"}
KEEP, CLOSE = 30, 90


def new_book(book: Book | None = None, **rules: int) -> FlagBook:
    return FlagBook("B1", ENGINE, DecisionRules(keep_finding_days=KEEP, close_after_days=CLOSE, **rules), book)


def say(key: str, strength: float = 0.5) -> Finding:
    name = key.partition("@")[0]
    return Finding(
        typology=key, family=FAMILY[name], window="W30", value=1.0, threshold=1.0, strength=strength, coverage=1.0,
        evidence=[], zh="", en="",
    )  # fmt: skip


def judge(
    book: FlagBook,
    day: int,
    fired: str,
    category: int,
    *,
    moved: bool = True,
    measure: int = 0,
    newest: str | None = None,
    **more: Any,
) -> Flag | None:
    """One judgement of account row 0; ``fired`` names typologies by words, ``measure`` is the one measure."""
    judged = Judgement(
        **{
            "row": 0, "day": day, "moment_ms": day_start_ms(day), "moved": moved, "category": category, "inside": 0.5,
            "severity": "below", "measures": {"payers": measure}, "model_scores": {}, "not_evaluable": [],
            "first_ms": 0, "last_ms": day_start_ms(day), **more,
        }
    )  # fmt: skip
    return book.judge(judged, [f"{name}@1" for name in fired.split()], lambda: HOLDER, say, lambda: newest or f"e{day}")


def must(flag: Flag | None) -> Flag:
    assert flag is not None
    return flag


def names(flag: Flag | None) -> set[str]:
    return {one.typology.partition("@")[0] for one in must(flag).findings}


def test_nothing_opens_without_a_category() -> None:
    assert judge(new_book(), 10, "s", NONE) is None


def test_a_flag_opens_as_revision_one_named_by_account_ordinal_and_newest_event() -> None:
    flag = must(judge(new_book(), 10, "s t", OBSERVE))
    parts = "B1|a:1|account|1|e10"
    assert flag.flag_id == base64.b32encode(hashlib.sha256(parts.encode()).digest()).decode()[:26]
    assert (flag.revision, flag.status, flag.category, flag.severity) == (1, "open", "observe", None)
    assert (flag.closed_at, flag.closed_because, flag.due_on, flag.scheme_id) == (None, None, None, None)
    assert flag.opened_at == flag.updated_at


def test_the_same_judgement_says_nothing_new_not_even_with_another_score() -> None:
    book = new_book()
    judge(book, 10, "s t", OBSERVE)
    assert judge(book, 10, "s t", OBSERVE) is None
    assert judge(book, 11, "s t", OBSERVE, inside=0.9, model_scores={"half_space_trees": 0.9}) is None


@pytest.mark.parametrize("moved", [True, False])
def test_a_new_finding_is_said_at_once(moved: bool) -> None:
    book = new_book()
    judge(book, 10, "s t", OBSERVE)
    flag = must(judge(book, 10, "s t a", ILLEGAL, moved=moved))
    assert (flag.revision, flag.category, flag.severity) == (2, "illegal_fundraising", "below")
    assert names(flag) == {"s", "t", "a"}


def test_measures_that_moved_are_said_once_a_day_at_its_end() -> None:
    book = new_book()
    judge(book, 10, "s t", OBSERVE, measure=1)
    assert judge(book, 10, "s t", OBSERVE, measure=2) is None
    assert judge(book, 11, "s t", OBSERVE, measure=3, moved=False) is None
    assert must(judge(book, 11, "s t", OBSERVE, measure=3)).measures == {"payers": 3}
    assert judge(book, 11, "s t", OBSERVE, measure=4) is None
    assert judge(book, 12, "s t", OBSERVE, measure=3) is None
    assert must(judge(book, 13, "s t", OBSERVE, measure=5)).revision == 3


def test_a_rise_of_severity_is_said_and_only_an_accusation_has_one() -> None:
    book = new_book()
    assert must(judge(book, 10, "s t a", ILLEGAL)).severity == "below"
    assert must(judge(book, 10, "s t a", ILLEGAL, severity="huge")).severity == "huge"
    other = new_book()
    assert must(judge(other, 10, "s", SUSPICIOUS, severity="huge")).severity is None
    assert judge(other, 11, "s", SUSPICIOUS, severity="especially_huge") is None


def test_the_category_rises_and_never_falls_while_the_flag_is_open() -> None:
    book = new_book()
    seen = [must(judge(book, 10, "s t", OBSERVE)).category, must(judge(book, 11, "s t", SUSPICIOUS)).category]
    seen.append(must(judge(book, 12, "s t a", ILLEGAL)).category)
    assert judge(book, 13, "s t a", OBSERVE) is None
    fewer = must(judge(book, 13 + KEEP + 1, "s", NONE))
    assert [*seen, fewer.category] == ["observe", "suspicious", "illegal_fundraising", "illegal_fundraising"]
    assert names(fewer) == {"s"}


def test_a_finding_stays_for_the_configured_days_after_it_last_fired() -> None:
    book = new_book()
    judge(book, 10, "s t a", ILLEGAL)
    for day in range(11, 10 + KEEP + 1):
        assert judge(book, day, "s t", OBSERVE) is None
    assert names(judge(book, 10 + KEEP + 1, "s t", OBSERVE)) == {"s", "t"}


def test_the_last_findings_stay_until_the_flag_closes() -> None:
    book = new_book()
    judge(book, 10, "s t a", ILLEGAL)
    assert names(judge(book, 20, "s t", OBSERVE, measure=1)) == {"s", "t", "a"}
    assert names(judge(book, 60, "", NONE, moved=False)) == {"s", "t"}
    assert judge(book, 20 + CLOSE, "", NONE, moved=False) is None
    assert names(judge(book, 20 + CLOSE + 1, "", NONE, moved=False)) == {"s", "t"}


def test_findings_that_never_fell_together_on_one_day_are_still_one_picture() -> None:
    book = new_book()
    judge(book, 10, "s t", OBSERVE)
    assert must(judge(book, 25, "a t", OBSERVE)).category == "illegal_fundraising"


def test_a_suppressed_finding_adds_nothing_to_the_picture() -> None:
    book = new_book()
    judge(book, 10, "s t", OBSERVE)
    judged = Judgement(
        row=0, day=11, moment_ms=day_start_ms(11), moved=True, category=OBSERVE, inside=0.5, severity="below", measures={},
        model_scores={}, not_evaluable=[], first_ms=0, last_ms=0,
    )  # fmt: skip
    flag = book.judge(judged, ["s@1", "t@1", "a@1"], lambda: HOLDER, lambda key: say(key, 0.0 if key == "a@1" else 0.5), str)
    assert must(flag).category == "observe"
    assert names(flag) == {"s", "t", "a"}


def test_a_licence_that_comes_later_takes_its_families_out_of_the_picture() -> None:
    book = new_book()
    judge(book, 0, "s a", OBSERVE)
    flag = must(judge(book, 1, "t", NONE, suppressed=frozenset({"s@1", "a@1"})))
    assert flag.category == "observe"
    assert {one.typology: one.strength for one in flag.findings} == {"s@1": 0.0, "a@1": 0.0, "t@1": 0.5}


def test_a_suppressed_finding_outlives_a_later_one_that_was_dropped() -> None:
    book = new_book()
    must(judge(book, 1, "a", OBSERVE))
    must(judge(book, 5, "s", OBSERVE))
    dropped = must(judge(book, 5 + KEEP + 1, "a", NONE, suppressed=frozenset({"a@1"}), measure=1))
    quiet = must(judge(book, 5 + KEEP + 2, "", NONE, measure=2))
    assert [[finding.typology for finding in flag.findings] for flag in (dropped, quiet)] == [["a@1"], ["a@1"]]


def test_a_late_movement_does_not_bring_back_what_silence_dropped() -> None:
    book = new_book()
    must(judge(book, 1, "a", OBSERVE))
    must(judge(book, 5, "s", OBSERVE))
    dropped = must(judge(book, 1 + KEEP + 1, "", NONE, measure=1))
    judge(book, 1 + KEEP, "", NONE, measure=2)
    later = must(judge(book, 1 + KEEP + 2, "", NONE, measure=3))
    assert [[finding.typology for finding in flag.findings] for flag in (dropped, later)] == [["s@1"], ["s@1"]]


def test_suppressed_findings_keep_no_flag_open() -> None:
    book = new_book()
    judge(book, 0, "s a", OBSERVE)
    later = [judge(book, day, "s a", NONE, suppressed=frozenset({"s@1", "a@1"}), measure=day) for day in (60, CLOSE + 1)]
    assert must(later[-1]).status == "closed"


def test_a_cap_holds_for_what_findings_say_together_too() -> None:
    book = new_book()
    judge(book, 0, "s a", OBSERVE, most=OBSERVE)
    assert must(judge(book, 1, "s a t", OBSERVE, most=OBSERVE)).category == "observe"
    assert must(judge(book, 2, "s a t p", OBSERVE)).category == "illegal_fundraising"


def test_it_closes_after_the_configured_days_without_a_finding_and_says_why() -> None:
    book = new_book()
    opened = must(judge(book, 10, "s t", OBSERVE))
    assert judge(book, 10 + CLOSE, "", NONE, moved=False) is None
    closed = must(judge(book, 11 + CLOSE, "", NONE, moved=False))
    assert (closed.flag_id, closed.revision, closed.status) == (opened.flag_id, 2, "closed")
    assert (closed.closed_because, closed.closed_at) == ("no_finding", closed.updated_at)
    assert judge(book, 12 + CLOSE, "", NONE) is None


def test_an_account_flagged_again_has_a_new_flag_with_the_next_ordinal() -> None:
    book = new_book()
    first = must(judge(book, 10, "s t", OBSERVE))
    judge(book, 11 + CLOSE, "", NONE)
    again = must(judge(book, 300, "s t", OBSERVE, newest="e10"))
    parts = "B1|a:1|account|2|e10"
    assert again.flag_id == base64.b32encode(hashlib.sha256(parts.encode()).digest()).decode()[:26]
    assert (again.flag_id != first.flag_id, again.revision) == (True, 1)


def test_findings_stand_with_the_strongest_first() -> None:
    judged = Judgement(
        row=0, day=11, moment_ms=0, moved=True, category=OBSERVE, inside=0.5, severity="below", measures={}, model_scores={},
        not_evaluable=[], first_ms=0, last_ms=0,
    )  # fmt: skip
    flag = new_book().judge(
        judged, ["a@1", "s@1", "t@1"], lambda: HOLDER, lambda key: say(key, 0.9 if key == "t@1" else 0.4), str
    )
    assert [one.typology for one in must(flag).findings] == ["t@1", "a@1", "s@1"]


def test_a_book_written_and_read_goes_on_in_the_same_words() -> None:
    def life(stop: int | None) -> list[Flag | None]:
        book = new_book()
        told: list[Flag | None] = []
        for day in range(10, 160):
            if day == stop:
                book = new_book(msgspec.msgpack.decode(msgspec.msgpack.encode(book.book), type=Book))
            fired = "s t" if day < 30 or day > 150 else ""
            told.append(judge(book, day, fired, OBSERVE if fired else NONE, measure=day // 5))
        return told

    whole = life(None)
    assert len([flag for flag in whole if flag is not None]) > 5
    for stop in (11, 29, 60, 121, 152):
        assert life(stop) == whole


def test_structure_alone_persists_from_its_first_to_its_last_day_unless_it_rests_too_long() -> None:
    book = new_book(persisting_days=42)
    assert [book.persists(0, day, True) for day in (10, 30, 51)] == [False, False, False]
    assert book.persists(0, 52, True)
    assert not book.persists(0, 53, False)
    assert book.persists(0, 80, True)
    assert not book.persists(0, 80 + KEEP, False)
    assert book.persists(0, 80 + KEEP, True), "a rest of that many days is none"
    assert not book.persists(0, 80 + 2 * KEEP + 1, True), "after a longer one it begins anew"
    assert not book.persists(0, 80 + 3 * KEEP + 2, False)
    assert book.book.structure_since == {}


COLLECTED = paid_in(0, range(40), 10_000, remark="投资款", institution_type="payment", customer_id="c:7", branch_region="341371")


@pytest.mark.parametrize("kind", ["person", "company", "sole_trader"])
def test_a_flag_names_holder_and_places_as_movements_and_profile_tell_them(kind: str) -> None:
    known = new_shard(profile("a:1", kind, subject_region="341321"))
    flag = [one for one in told(known, COLLECTED) if one.category != "large_value"][-1]
    assert (flag.account_id, flag.customer_id, flag.institution_type) == ("a:1", "c:7", "payment")
    assert (flag.branch_region, flag.subject_region, flag.holder_kind) == ("341371", "341321", kind)


def test_what_nobody_told_of_a_holder_is_null() -> None:
    rows = [{**row, "customer_id": None} for row in COLLECTED]
    flag = [one for one in told(new_shard(), rows) if one.category != "large_value"][-1]
    assert (flag.customer_id, flag.subject_region, flag.holder_kind) == (None, None, None)
