"""Records that an institution should not send, each with the one reject that it gets; the same table for every log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import msgspec
import pyarrow as pa

from contract.arrow_codec import MOST_BYTES, MOST_ROWS
from contract.errors import Reason
from contract.partition import partition_of
from contract.records import ContentType, RecordKind, headers
from contract.shanghai import text_ms

INSTITUTION: Final = "BANK1"
PARTITIONS: Final = 4
JSON: Final = headers(RecordKind.MOVEMENT, ContentType.JSON)
ARROW: Final = headers(RecordKind.MOVEMENT, ContentType.ARROW)
PROFILE: Final = headers(RecordKind.PROFILE, ContentType.JSON)
WATERMARK: Final = headers(RecordKind.WATERMARK, ContentType.JSON)
Headers = list[tuple[str, bytes]]


def accounts_of(partition: int, count: int) -> list[str]:
    """Accounts that belong into a partition."""
    found = (f"a:{n}" for n in range(10_000))
    return [name for name in found if partition_of(name.encode(), PARTITIONS) == partition][:count]


HERE, *_REST = accounts_of(0, 4)
ELSEWHERE: Final = accounts_of(1, 1)[0]


def fields(now_ms: int, **changes: Any) -> dict[str, Any]:
    """A good movement of now with some fields changed; ``None`` leaves one out."""
    good = {
        "event_id": "E1",
        "institution_code": INSTITUTION,
        "institution_type": "bank",
        "account_id": HERE,
        "branch_region": "341302",
        "occurred_at": text_ms(now_ms),
        "direction": "credit",
        "amount": "12.50",
        "currency": "CNY",
    }
    return {name: value for name, value in (good | changes).items() if value is not None}


def stream(table: pa.Table) -> bytes:
    """An Arrow IPC stream as a sender without our encoder writes it."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def columns(now_ms: int, rows: int = 1) -> dict[str, pa.Array]:
    """Columns of good movements."""
    good = {
        name: pa.array([value] * rows) for name, value in fields(now_ms, event_id=None, amount=None, occurred_at=None).items()
    }
    return good | {
        "event_id": pa.array([f"B{n}" for n in range(rows)]),
        "amount_minor": pa.array([1250] * rows, pa.int64()),
        "occurred_at": pa.array([now_ms] * rows, pa.timestamp("ms", "UTC")),
    }


@dataclass(frozen=True, slots=True)
class Bad:
    """One record and what becomes of it."""

    name: str
    value: bytes
    reason: Reason
    field: str | None = None
    sent: Headers | None = None


def _json(name: str, reason: Reason, field: str | None, now_ms: int, **changes: Any) -> Bad:
    return Bad(name, msgspec.json.encode(fields(now_ms, **changes)), reason, field, JSON)


def bad_objects(now_ms: int) -> list[Bad]:
    """JSON objects."""
    good = msgspec.json.encode(fields(now_ms))
    twin = good[:-1] + b',"amount":"99.00"}'
    malformed = [
        Bad("truncated", good[:-9], Reason.MALFORMED_JSON),
        Bad("empty", b"", Reason.MALFORMED_JSON),
        Bad("no-text", b"\xff\xfe\x00", Reason.MALFORMED_JSON),
        Bad("a-list", b"[" + good + b"]", Reason.MALFORMED_JSON),
        Bad("two-objects", good + good, Reason.MALFORMED_JSON),
        Bad("a-key-twice", twin, Reason.MALFORMED_JSON),
        Bad("a-key-twice-hidden", twin.replace(b'"amount":"99', b'"\\u0061mount":"99'), Reason.MALFORMED_JSON),
        Bad("oversized", good[:-1] + b',"remark":"' + b"x" * 70_000 + b'"}', Reason.TOO_LARGE),
    ]
    wrong = [
        _json("amount-number", Reason.WRONG_TYPE, "amount", now_ms, amount=12.5),
        _json("own-name-text", Reason.WRONG_TYPE, "own_name", now_ms, own_name="true"),
        _json("remark-object", Reason.WRONG_TYPE, "remark", now_ms, remark={"zh": "secret-text"}),
        _json("birth-year-text", Reason.WRONG_TYPE, "counterparty_birth_year", now_ms, counterparty_birth_year="1951"),
        _json("unknown-field", Reason.UNKNOWN_FIELD, None, now_ms, holder_name="secret-name"),
        _json("no-event", Reason.MISSING_FIELD, "event_id", now_ms, event_id=None),
        _json("no-amount", Reason.MISSING_FIELD, "amount", now_ms, amount=None),
        _json("id-with-space", Reason.BAD_ID, "account_id", now_ms, account_id="a b"),
        _json("id-too-long", Reason.BAD_ID, "event_id", now_ms, event_id="x" * 97),
        _json("unknown-direction", Reason.UNKNOWN_VALUE, "direction", now_ms, direction="sideways"),
        _json("unknown-kind", Reason.UNKNOWN_VALUE, "kind", now_ms, kind="gift"),
        _json("bad-reversal", Reason.BAD_ID, "reversal_of", now_ms, reversal_of="not an id"),
    ]
    return malformed + wrong + bad_amounts(now_ms) + bad_places(now_ms)


def bad_amounts(now_ms: int) -> list[Bad]:
    """Amounts and currencies."""
    amounts = {
        "negative": "-12.50",
        "zero": "0",
        "zero-cents": "0.00",
        "over-precise": "12.505",
        "leading-zero": "012.50",
        "full-width": "１２.50",
        "arabic": "١٢",
        "thousands": "1,250.00",
        "underscore": "1_250",
        "exponent": "1e3",
        "spaces": " 12.50",
        "fourteen-digits": "12345678901234.00",
        "words": "nan",
    }
    found = [_json(f"amount-{name}", Reason.BAD_AMOUNT, "amount", now_ms, amount=text) for name, text in amounts.items()]
    return [
        *found,
        _json("amount-empty", Reason.MISSING_FIELD, "amount", now_ms, amount=""),
        _json("currency-unknown", Reason.BAD_CURRENCY, "currency", now_ms, currency="RMB"),
        _json("currency-small", Reason.BAD_CURRENCY, "currency", now_ms, currency="cny"),
    ]


def bad_places(now_ms: int) -> list[Bad]:
    """Regions, times, institutions, partitions, numbers in clear and watermarks."""
    later = text_ms(now_ms + 3_600_000)
    clear = {"account_id": "6222021234567890128", "customer_id": "341302195501010014", "counterparty_id": "4111111111111111"}
    watermark = {"institution_code": INSTITUTION, "complete_to": later}
    return [
        _json("region-unknown", Reason.UNKNOWN_REGION, "branch_region", now_ms, branch_region="999999"),
        _json("region-short", Reason.UNKNOWN_REGION, "branch_region", now_ms, branch_region="3413"),
        _json("time-without-zone", Reason.BAD_TIME, "occurred_at", now_ms, occurred_at="2026-03-01T09:00:00"),
        _json("time-impossible", Reason.BAD_TIME, "occurred_at", now_ms, occurred_at="2026-02-30T09:00:00+08:00"),
        _json("time-a-date", Reason.BAD_TIME, "occurred_at", now_ms, occurred_at="2026-03-01"),
        _json("time-in-the-future", Reason.FUTURE, "occurred_at", now_ms, occurred_at=later),
        _json("institution-other", Reason.INSTITUTION_MISMATCH, "institution_code", now_ms, institution_code="BANK2"),
        _json("institution-bad", Reason.BAD_INSTITUTION, "institution_code", now_ms, institution_code="BANK 1"),
        _json("partition-other", Reason.WRONG_PARTITION, None, now_ms, account_id=ELSEWHERE),
        *(_json(f"in-clear-{name}", Reason.IDENTITY_IN_CLEAR, name, now_ms, **{name: text}) for name, text in clear.items()),
        Bad("watermark-future", msgspec.json.encode(watermark), Reason.FUTURE, "complete_to", WATERMARK),
        Bad("watermark-empty", b"{}", Reason.MISSING_FIELD, "institution_code", WATERMARK),
        Bad(
            "watermark-other",
            msgspec.json.encode(watermark | {"institution_code": "BANK2"}),
            Reason.INSTITUTION_MISMATCH,
            "institution_code",
            WATERMARK,
        ),
        Bad("watermark-arrow", b"", Reason.MALFORMED_JSON, None, headers(RecordKind.WATERMARK, ContentType.ARROW)),
        Bad("profile-without-account", b'{"institution_code":"BANK1"}', Reason.MISSING_FIELD, "account_id", PROFILE),
        Bad("header-kind", b"{}", Reason.UNKNOWN_HEADER, "fundwatch-record", [("fundwatch-record", b"secret-kind")]),
        Bad("header-type", b"{}", Reason.UNKNOWN_HEADER, "content-type", [("content-type", b"text/csv")]),
        Bad("header-no-text", b"{}", Reason.UNKNOWN_HEADER, "content-type", [("content-type", b"\xff")]),
    ]


def bad_batches(now_ms: int) -> list[Bad]:
    """Arrow streams that are refused as a whole."""
    good = columns(now_ms, 3)
    data = stream(pa.table(good))
    swollen = pa.table({"remark": ["x" * (MOST_BYTES // 8)] * 9})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, swollen.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write_table(swollen)
    return [
        Bad("arrow-empty", b"", Reason.MALFORMED_ARROW, None, ARROW),
        Bad("arrow-json", b"{}", Reason.MALFORMED_ARROW, None, ARROW),
        Bad("arrow-truncated", data[: len(data) // 2], Reason.MALFORMED_ARROW, None, ARROW),
        Bad("arrow-rows", stream(pa.table({"remark": ["x"] * (MOST_ROWS + 1)})), Reason.TOO_LARGE, None, ARROW),
        Bad("arrow-swollen", bytes(sink.getvalue()), Reason.TOO_LARGE, None, ARROW),
        Bad("arrow-column", stream(pa.table(good | {"holder": pa.array(["x"] * 3)})), Reason.UNKNOWN_FIELD, None, ARROW),
        Bad(
            "arrow-type",
            stream(pa.table(good | {"amount_minor": pa.array([1.5] * 3)})),
            Reason.WRONG_TYPE,
            "amount_minor",
            ARROW,
        ),
        Bad("json-arrow", data, Reason.MALFORMED_JSON, None, JSON),
    ]


def every(now_ms: int) -> list[Bad]:
    """The whole table."""
    return bad_objects(now_ms) + bad_batches(now_ms)
