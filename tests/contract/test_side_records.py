"""Records of the side topics: what is written is read again, anything else is refused with a reason and no value."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract import control, verdict, watchlist
from contract.control import Turn
from contract.errors import Reason, RejectedEvent
from contract.flag import Finding, Flag
from contract.json_schema import SCHEMAS
from contract.topics import events_topic
from contract.verdict import Verdict, features_of
from contract.watchlist import WatchEntry

ENTRY: dict[str, Any] = {
    "subject": "c:1",
    "status": "FOUND",
    "since": "2026-03-01T00:00:00+08:00",
    "kind": "risk_enterprise",
    "ledger": "0af3",
    "seq": 7,
}
VERDICT: dict[str, Any] = {
    "flag_id": "F" * 26,
    "revision": 3,
    "verdict": "confirmed",
    "decided_at": "2026-03-01T08:00:00.000Z",
    "features": {"finding.pass_through": 0.8, "families": 2},
    "ledger": "0af3",
    "seq": 9,
}
TURN: dict[str, Any] = {
    "topic": events_topic("BANK1"),
    "partition": 0,
    "position": 17,
    "day": "2026-03-02",
    "watchlist": 4,
    "verdicts": 0,
}
KINDS: dict[str, tuple[dict[str, Any], Callable[[bytes | None], Any], Callable[[Any], bytes]]] = {
    "watchlist": (ENTRY, watchlist.decode, watchlist.encode),
    "verdict": (VERDICT, verdict.decode, verdict.encode),
    "control": (TURN, control.decode, control.encode),
}


@pytest.mark.parametrize("name", KINDS)
def test_what_is_written_is_read_again(name: str) -> None:
    good, decode, encode = KINDS[name]
    read = decode(json.dumps(good).encode())
    assert decode(encode(read)) == read
    assert json.loads(encode(read)) == good


def _bad(good: dict[str, Any]) -> list[tuple[bytes | None, Reason]]:
    """Every way that holds for all kinds of record."""
    missing = [(json.dumps({k: v for k, v in good.items() if k != name}).encode(), Reason.MISSING_FIELD) for name in good]
    nulls = [(json.dumps(good | {name: None}).encode(), Reason.WRONG_TYPE) for name in good]
    twins = json.dumps(good).encode()[:-1] + b', "' + next(iter(good)).encode() + b'": "x"}'
    return [
        (None, Reason.MALFORMED_JSON),
        (b"", Reason.MALFORMED_JSON),
        (b"[]", Reason.MALFORMED_JSON),
        (b"\xff{}", Reason.MALFORMED_JSON),
        (twins, Reason.MALFORMED_JSON),
        (b" " * 70_000, Reason.TOO_LARGE),
        (json.dumps(good | {"surname": "x"}).encode(), Reason.UNKNOWN_FIELD),
        *(one for one in missing if b"kind" in one[0] or "kind" not in good),
        *nulls,
    ]


@pytest.mark.parametrize(("name", "value", "reason"), [(name, *bad) for name in KINDS for bad in _bad(KINDS[name][0])])
def test_other_bytes_and_other_fields_are_refused(name: str, value: bytes | None, reason: Reason) -> None:
    with pytest.raises(RejectedEvent) as refused:
        KINDS[name][1](value)
    assert refused.value.reason is reason


WRONG: list[tuple[str, dict[str, Any], Reason]] = [
    ("watchlist", {"subject": "two words"}, Reason.BAD_ID),
    ("watchlist", {"subject": "汉字"}, Reason.BAD_ID),
    ("watchlist", {"subject": "\ud800"}, Reason.MALFORMED_JSON),
    ("watchlist", {"subject": "341302195501010014"}, Reason.IDENTITY_IN_CLEAR),
    ("watchlist", {"status": "MODEL_LEAD"}, Reason.UNKNOWN_VALUE),
    ("watchlist", {"kind": "rumour"}, Reason.UNKNOWN_VALUE),
    ("watchlist", {"since": "2026-03-01"}, Reason.BAD_TIME),
    ("watchlist", {"since": "2026-02-30T00:00:00Z"}, Reason.BAD_TIME),
    ("watchlist", {"since": "2026-03-01T00:00:00"}, Reason.BAD_TIME),
    ("verdict", {"flag_id": ""}, Reason.BAD_ID),
    ("verdict", {"verdict": "maybe"}, Reason.UNKNOWN_VALUE),
    ("verdict", {"revision": True}, Reason.WRONG_TYPE),
    ("verdict", {"revision": -1}, Reason.UNKNOWN_VALUE),
    ("verdict", {"features": {"finding.x": "0.5"}}, Reason.WRONG_TYPE),
    ("verdict", {"features": {"finding.x": True}}, Reason.WRONG_TYPE),
    ("verdict", {"features": {"finding.x": 1e300}}, Reason.UNKNOWN_VALUE),
    ("verdict", {"features": {"a:341302195501010014": 1}}, Reason.UNKNOWN_FIELD),
    ("verdict", {"features": {f"f{k}": 1 for k in range(257)}}, Reason.TOO_LARGE),
    ("verdict", {"ledger": "not hex"}, Reason.UNKNOWN_VALUE),
    ("watchlist", {"seq": -1}, Reason.UNKNOWN_VALUE),
    ("control", {"topic": "other"}, Reason.UNKNOWN_VALUE),
    ("control", {"day": "2026-02-30"}, Reason.BAD_TIME),
    ("control", {"day": "20260301"}, Reason.BAD_TIME),
    ("control", {"watchlist": -1}, Reason.UNKNOWN_VALUE),
    ("control", {"verdicts": 2**63}, Reason.UNKNOWN_VALUE),
]


@pytest.mark.parametrize(("name", "changes", "reason"), WRONG)
def test_a_wrong_value_is_refused_without_being_repeated(name: str, changes: dict[str, Any], reason: Reason) -> None:
    good, decode, _ = KINDS[name]
    with pytest.raises(RejectedEvent) as refused:
        decode(json.dumps(good | changes).encode())
    assert refused.value.reason is reason
    assert "341302195501010014" not in str(refused.value)


def test_a_record_that_no_ledger_sent_names_none() -> None:
    entry = WatchEntry(subject="c:1", status="FOUND", since="2026-03-01T00:00:00Z")
    assert set(json.loads(watchlist.encode(entry))) == {"subject", "status", "since"}
    decided = Verdict(flag_id="F", revision=1, verdict="dismissed", decided_at="2026-03-01T00:00:00Z", features={})
    assert set(json.loads(verdict.encode(decided))) == {"flag_id", "revision", "verdict", "decided_at", "features"}


@pytest.mark.parametrize("name", KINDS)
def test_what_the_schema_allows_is_read(name: str) -> None:
    good, decode, _ = KINDS[name]
    validator = jsonschema.Draft202012Validator(SCHEMAS[name](), format_checker=jsonschema.FormatChecker())
    assert validator.is_valid(good)
    wrong: list[Any] = ["", "two words", -1, 0, 2.5, True, None, {}, "汉字", "x" * 300]
    tried = [good | {field: value} for field in good for value in wrong]
    tried += [good | changes for of, changes, _ in WRONG if of == name]
    allowed = [one for one in tried if validator.is_valid(one)]
    assert len(allowed) < len(tried) / 2
    for one in allowed:
        if "341302195501010014" not in str(one) and one.get("verdicts", 0) < 2**62:
            decode(json.dumps(one).encode())


@settings(deadline=None)
@given(
    st.builds(
        Verdict,
        flag_id=st.text("ABCDEFGHIJ234567", min_size=1, max_size=26),
        revision=st.integers(0, 2**31),
        verdict=st.sampled_from(verdict.VERDICTS),
        decided_at=st.datetimes().map(lambda at: f"{at:%m-%d}").map(lambda day: f"2024-{day}T00:00:00Z"),
        features=st.dictionaries(st.from_regex(r"\A[a-z0-9_.]{1,64}\Z"), st.floats(-1e15, 1e15), max_size=5),
    )
)
def test_any_verdict_survives_the_wire(one: Verdict) -> None:
    assert verdict.decode(verdict.encode(one)) == one


def test_times_are_those_of_the_decision() -> None:
    assert WatchEntry(subject="c:1", status="FOUND", since="2026-03-01T08:00:00+08:00").at_ms == 1772323200000
    assert verdict.decode(json.dumps(VERDICT).encode()).at_ms == 1772352000000
    assert Turn(**TURN).number == 20514


def _finding(typology: str, family: str, strength: float) -> Finding:
    words: dict[str, Any] = {"evidence": [], "zh": "一", "en": "1"}
    return Finding(typology=typology, family=family, window="W90", value=1, threshold=1, strength=strength, coverage=1, **words)


def test_features_are_what_the_flag_says_and_nothing_of_who_it_is() -> None:
    nothing: dict[str, Any] = dict.fromkeys(Flag.__struct_fields__)
    findings = [
        _finding("pass_through@1", "structure", 0.8),
        _finding("unit_priced_credits@1", "amount", 0.0),
        _finding("model_outlier@1", "model", 0.51234),
    ]
    measures = {"payers": 9, "payees": 0, "credited": "53.60", "debited": None, "elderly_payer_share": 0.25, "name": "x"}
    who = {"account_id": "a:1", "customer_id": "c:1", "institution_code": "BANK1", "branch_region": "341302"}
    about: dict[str, Any] = {"findings": findings, "measures": measures, "model_scores": {"half_space_trees": 0.97}}
    flag = Flag(**(nothing | who | about))
    assert features_of(flag) == {
        "elderly_payer_share": 0.25,
        "families": 1.0,
        "finding.model_outlier": 0.5123,
        "finding.pass_through": 0.8,
        "log.credited": 4.0,
        "log.payees": 0.0,
        "log.payers": 2.3026,
        "model.half_space_trees": 0.97,
    }
