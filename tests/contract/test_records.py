"""Headers, topics and rejects: the words around a record."""

from __future__ import annotations

import re

import pytest

from contract import reject, topics
from contract.errors import ContractViolation, Reason
from contract.records import ContentType, RecordKind, headers, read_headers


@pytest.mark.parametrize("kind", RecordKind)
@pytest.mark.parametrize("content", ContentType)
def test_headers_survive_their_own_bytes(kind: RecordKind, content: ContentType) -> None:
    assert read_headers(headers(kind, content)) == (kind, content)


@pytest.mark.parametrize(
    "pairs",
    [[], [("trace-id", b"\xff"), ("Content-Type", b"text/plain")]],
    ids=["none", "those-of-others"],
)
def test_absent_headers_mean_one_movement_in_json(pairs: list[tuple[str, bytes]]) -> None:
    assert read_headers(pairs) == (RecordKind.MOVEMENT, ContentType.JSON)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("fundwatch-record", b"verdict"),
        ("fundwatch-record", b"Movement"),
        ("fundwatch-record", b""),
        ("fundwatch-record", None),
        ("fundwatch-record", b"\xff"),
        ("content-type", b"text/csv"),
        ("content-type", b"application/json; charset=gbk"),
    ],
)
def test_an_unknown_value_of_ours_is_refused_by_name(name: str, value: bytes | None) -> None:
    with pytest.raises(ContractViolation) as caught:
        read_headers([(name, value)])
    assert (caught.value.reason, caught.value.field) == (Reason.UNKNOWN_HEADER, name)


@pytest.mark.parametrize("code", ["C1030134001", "a_b-C", "x" * 32])
def test_an_institutions_topic_names_it_and_matches_the_pattern(code: str) -> None:
    topic = topics.events_topic(code)
    assert topics.institution_of(topic) == code
    assert re.match(topics.EVENTS_PATTERN, topic)
    assert not re.match(topics.EVENTS_PATTERN, topics.rejects_topic(code))
    # Kafka's own bound on names.
    assert len(topics.rejects_topic(code)) <= 249


def test_topics_are_kept_as_the_contract_says() -> None:
    settings = {one.name: one.settings for one in (*topics.institution_topics("B1", 6), *topics.shared_topics())}
    month = str(30 * 24 * 3600 * 1000)
    assert {name: found.get("retention.ms") for name, found in settings.items() if found["cleanup.policy"] == "delete"} == {
        "fundwatch.events.v1.B1": month,
        "fundwatch.rejects.v1.B1": month,
        "fundwatch.verdicts.v1": "-1",
        "fundwatch.watchlist.v1": "-1",
        "fundwatch.control.v1": "-1",
    }
    assert {name for name, found in settings.items() if found["cleanup.policy"] == "compact"} == {
        "fundwatch.flags.v1",
        "fundwatch.evidence.v1",
        "fundwatch.schemes.v1",
    }
    assert {found["message.timestamp.type"] for found in settings.values()} == {"LogAppendTime"}
    events, rejects = topics.institution_topics("B1", 6)
    assert (events.partitions, rejects.partitions) == (6, 1)


def test_a_reject_survives_its_own_bytes_and_holds_places_only() -> None:
    one = reject.Reject(
        institution_code="B1", reason=Reason.BAD_AMOUNT, field="amount", topic="t", partition=1, offset=7, row=None
    )
    assert reject.decode(reject.encode(one)) == one
    assert set(reject.Reject.__struct_fields__) == {"institution_code", "reason", "field", "topic", "partition", "offset", "row"}
