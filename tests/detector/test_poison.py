"""A record that cannot be used becomes one reject that names our field and never what stood in it (regulation §2.5, 14)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from contract.errors import Reason
from contract.json_codec import encode_movement
from contract.reject import Reject, encode
from contract.topics import events_topic
from detector.decode import Decoder, Record, Step
from tests.detector.shards import INSTITUTION, movement
from tests.detector.stories import wire

GOOD = wire(movement("e1", "2026-03-09T10:00", 100))
NOW = movement("e1", "2026-03-09T10:05", 100)["occurred_at"]
IDENTITY = "341302195003071236"
CARD = "6222020200112230"
TOPIC = events_topic(INSTITUTION)


def decoded(*values: bytes, headers: tuple[tuple[str, bytes], ...] = ()) -> tuple[int, list[Reject]]:
    """Movements that come through, and rejects."""
    records = [Record(TOPIC, 0, 10 + k, NOW, headers, value) for k, value in enumerate(values)]
    found = list(Decoder(INSTITUTION, TOPIC, 0, 1, 600_000).decode(records))
    rows = sum(one.batch.num_rows for one in found if isinstance(one, Step) and one.batch is not None)
    return rows, [one for one in found if isinstance(one, Reject)]


def changed(**fields: Any) -> bytes:
    return json.dumps({**GOOD, **fields}).encode()


@pytest.mark.parametrize(
    ("value", "reason", "field", "hidden"),
    [
        pytest.param(changed(counterparty_id=CARD), Reason.IDENTITY_IN_CLEAR, "counterparty_id", CARD, id="a card number"),
        pytest.param(changed(customer_id=IDENTITY), Reason.IDENTITY_IN_CLEAR, "customer_id", IDENTITY, id="an identity number"),
        pytest.param(changed(amount="12.345"), Reason.BAD_AMOUNT, "amount", "12.345", id="an amount of three decimals"),
        pytest.param(changed(amount=12), Reason.WRONG_TYPE, "amount", None, id="a number for a text"),
        pytest.param(changed(张三="x"), Reason.UNKNOWN_FIELD, None, "张三", id="a field of no name of ours"),
        pytest.param(changed(occurred_at="2026-03-09T10:16:00+08:00"), Reason.FUTURE, "occurred_at", "10:16", id="the future"),
        pytest.param(changed(occurred_at="2026-03-09T10:00:00"), Reason.BAD_TIME, "occurred_at", "10:00:00", id="no zone"),
        pytest.param(changed(institution_code="BANK2"), Reason.INSTITUTION_MISMATCH, "institution_code", "BANK2", id="another's"),
        pytest.param(changed(branch_region="999999"), Reason.UNKNOWN_REGION, "branch_region", "999999", id="no region"),
        pytest.param(encode_movement(GOOD)[:-9], Reason.MALFORMED_JSON, None, None, id="cut short"),
        pytest.param(b'{"account_id":"a:1","account_id":"a:2"}', Reason.MALFORMED_JSON, None, "a:2", id="twin keys"),
        pytest.param(b"\x00\xff", Reason.MALFORMED_JSON, None, None, id="no text"),
    ],
)
def test_one_bad_record_is_one_reject_in_its_place_and_the_rest_goes_on(
    value: bytes, reason: Reason, field: str | None, hidden: str | None
) -> None:
    rows, rejects = decoded(changed(event_id="before"), value, changed(event_id="after"))
    assert rows == 2
    [one] = rejects
    assert (one.reason, one.field, one.offset, one.row) == (reason, field, 11, None)
    assert (one.institution_code, one.topic, one.partition) == (INSTITUTION, TOPIC, 0)
    if hidden is not None:
        assert hidden not in encode(one).decode()


def test_ten_minutes_ahead_of_its_record_is_not_yet_the_future() -> None:
    assert decoded(changed(occurred_at="2026-03-09T10:15:00+08:00")) == (1, [])


def test_an_unknown_kind_of_record_is_refused_whole() -> None:
    rows, [one] = decoded(changed(), headers=(("fundwatch-record", b"gossip"),))
    assert (rows, one.offset, one.row) == (0, 10, None)
    assert "gossip" not in encode(one).decode()
