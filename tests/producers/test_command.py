"""``fundwatch produce`` as a bank's operator meets it: summaries, rejects, refusals in one line; and a real broker."""

from __future__ import annotations

import gc
import gzip
import json
import os
import re
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from contract.arrow_codec import decode_batch
from contract.errors import ConfigurationError, DamagedFile, TransportUnavailable
from contract.records import RecordKind, read_headers
from contract.topics import events_topic
from deploy.demo.broker import running
from producers.command import produce
from producers.config import ProducerSettings

Written = Callable[..., Path]
ROWS = [
    {"event_id": "E1"},
    {"event_id": "E2", "amount": "12,50"},
    {"event_id": "E3", "institution_code": "B2"},
    {"event_id": "E4", "channel": "pigeon", "occurred_at": "2026-01-06T09:00:00+08:00"},
]


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PRODUCER_KAFKA", raising=False)
    monkeypatch.setenv("PRODUCER_PROGRESS", str(tmp_path / "progress"))


def _run(*arguments: object) -> Result:
    return CliRunner().invoke(produce, [str(one) for one in arguments], catch_exceptions=False)


def _summary(result: Result) -> dict[str, Any]:
    summary: dict[str, Any] = json.loads(result.stdout.strip().splitlines()[-1])
    return summary


def test_a_dry_run_says_what_became_of_every_row_and_needs_no_broker(written: Written) -> None:
    summary = _summary(_run(written(ROWS), "--institution", "B1", "--dry-run"))
    kept = ("read", "good", "sent", "rejected", "skipped", "degraded", "records", "complete")
    assert [summary[name] for name in kept] == [4, 2, 0, 1, 1, {"channel": 1}, 0, True]


def test_rejects_name_reason_field_file_and_row_and_never_the_value(written: Written, tmp_path: Path) -> None:
    rejects = tmp_path / "rejects.jsonl"
    _run(written(ROWS), "--institution", "B1", "--dry-run", "--rejects", rejects)
    [line] = rejects.read_text().splitlines()
    assert json.loads(line) == {
        "institution_code": "B1",
        "reason": "bad_amount",
        "field": "amount",
        "topic": "movements.csv",
        "partition": 0,
        "offset": 2,
        "row": None,
    }


def test_the_account_closes_also_when_a_file_breaks_off(tmp_path: Path) -> None:
    whole = gzip.compress(b"event_id,amount\n" + b"".join(b"E%d,%d\n" % (n, n * 7919) for n in range(20_000)))
    path = tmp_path / "cut.csv.gz"
    path.write_bytes(whole[: len(whole) // 2])
    runner = CliRunner()
    result = runner.invoke(produce, [str(path), "--institution", "B1", "--dry-run"])
    assert isinstance(result.exception, DamagedFile)
    assert _summary(result)["complete"] is False


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--institution", "B 1", "--dry-run"), "--institution must be"),
        (("--institution", "B1", "--dry-run", "--format", "xls"), "--format must be one of csv, jsonl, parquet"),
        (("--institution", "B1"), "give the broker with --kafka HOST:PORT"),
        (("--institution", "B1", "--dry-run", "--rejects", "/nowhere/x"), "--rejects /nowhere/x cannot be written"),
        (("--institution", "B1", "--dry-run", "--pseudonym-key", "/nowhere/key"), "key file key cannot be read"),
    ],
    ids=["institution", "format", "broker", "rejects", "key"],
)
def test_wrong_arguments_are_refused_in_one_line(written: Written, arguments: tuple[str, ...], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message) as refused:
        _run(written(ROWS), *arguments)
    assert "\n" not in str(refused.value)


MAPPING = """
[constants]
institution_code = "B1"
institution_type = "bank"
branch_region = "341302"
currency = "CNY"
[columns]
event_id = "id"
amount = "sum"
occurred_at = "when"
direction = "direction"
account_id = "account_id"
"""


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ("[columns", "mapping bank.toml cannot be read"),
        ("[column]", r"mapping has no section \[column\]"),
        (MAPPING, "the file has no column 'id' that the mapping names"),
        (MAPPING + '[pseudonymise]\naccount_id = "account_id"', "--pseudonym-key"),
    ],
    ids=["no-toml", "unknown-section", "missing-column", "no-key"],
)
def test_a_mapping_that_does_not_fit_is_told_before_a_broker_is_asked_for(
    written: Written, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mapping: str, message: str
) -> None:
    monkeypatch.setattr("producers.command.KafkaLog", _no_broker)
    path = tmp_path / "bank.toml"
    path.write_text(mapping)
    with pytest.raises(ConfigurationError, match=message) as refused:
        _run(written(ROWS), "--institution", "B1", "--mapping", path, "--kafka", "127.0.0.1:9")
    assert "\n" not in str(refused.value)


def _no_broker(*_: object, **__: object) -> None:
    pytest.fail("a broker was asked for")


@pytest.mark.parametrize("place", ["first", "second", "profiles"])
def test_a_file_that_cannot_be_read_is_told_before_anything_is_sent(
    written: Written, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.setattr("producers.command.KafkaLog", _no_broker)
    good = written(ROWS)
    bad = tmp_path / "bad.parquet"
    bad.write_bytes(b"no parquet")
    places: dict[str, list[object]] = {"first": [bad, good], "second": [good, bad], "profiles": [good, "--profiles", bad]}
    files = places[place]
    with pytest.raises(ConfigurationError, match=r"bad\.parquet") as refused:
        _run(*files, "--institution", "B1", "--kafka", "127.0.0.1:9")
    assert "\n" not in str(refused.value)
    missing = tmp_path / "missing.csv"
    files = [missing if one is bad else one for one in files]
    with pytest.raises(ConfigurationError, match="there is no file"):
        _run(*files, "--institution", "B1", "--kafka", "127.0.0.1:9")


def test_a_setting_that_cannot_be_is_named_and_its_value_not_shown(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRODUCER_SASL_MECHANISM", "PLAIN-s3cret")
    with pytest.raises(ConfigurationError, match="PRODUCER_SASL_MECHANISM") as refused:
        _run(written(ROWS), "--institution", "B1", "--dry-run")
    assert "s3cret" not in str(refused.value)


# The client leaves the socket of a failed connection to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_address_where_no_broker_answers_fails_in_one_line(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRODUCER_CONNECT_TIMEOUT", "PT0.2S")
    with pytest.raises(TransportUnavailable, match=r"no broker answers at 127\.0\.0\.1:9"):
        _run(written(ROWS), "--institution", "B1", "--kafka", "127.0.0.1:9")
    gc.collect()


OFFICE = (
    "river",
    "sqlalchemy",
    "alembic",
    "fastapi",
    "starlette",
    "uvicorn",
    "sklearn",
    "psycopg",
    "chinese_calendar",
)


def test_a_bank_needs_nothing_of_the_office_side(written: Written) -> None:
    blocked = f"""
import sys
for name in {(*OFFICE, "models", "detector", "api", "deploy")!r}:
    sys.modules[name] = None
sys.argv = ["fundwatch", "produce", {str(written(ROWS))!r}, "--institution", "B1", "--dry-run"]
from contract.commands import main
main()
"""
    done = subprocess.run([sys.executable, "-c", blocked], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["good"] == 2


# --- against a broker


@pytest.fixture(scope="module")
def broker() -> Iterator[str]:
    """The broker that ``make integration`` started, else the embedded one."""
    if given := os.environ.get("FUNDWATCH_TEST_KAFKA"):
        yield given
        return
    with running() as address:
        yield address


@pytest.fixture
def institution() -> str:
    """An institution whose topic nobody else has."""
    return f"B-{uuid.uuid4().hex[:20]}"


def _records(address: str, topic: str, partitions: int) -> dict[int, list[tuple[RecordKind, Any]]]:
    from kafka import KafkaConsumer, TopicPartition

    consumer: Any = KafkaConsumer(bootstrap_servers=address, auto_offset_reset="earliest", enable_auto_commit=False)
    places = [TopicPartition(topic, number) for number in range(partitions)]
    consumer.assign(places)
    ends = consumer.end_offsets(places)
    found: dict[int, list[tuple[RecordKind, Any]]] = {number: [] for number in range(partitions)}
    while any(consumer.position(place) < ends[place] for place in places):
        for place, records in consumer.poll(timeout_ms=200).items():
            for record in records:
                kind, _ = read_headers(record.headers)
                ids = [] if kind is RecordKind.WATERMARK else decode_batch(record.value, kind).column(0).to_pylist()
                found[place.partition].append((kind, ids))
    consumer.close()
    return found


@pytest.mark.integration
def test_a_missing_topic_is_refused_with_the_command_that_makes_it(written: Written, broker: str, institution: str) -> None:
    with pytest.raises(ConfigurationError, match=f"fundwatch topics create --institution {institution}=N"):
        _run(written(ROWS), "--institution", institution, "--kafka", broker)


@pytest.mark.integration
def test_a_file_goes_into_the_institutions_topic_every_row_acknowledged(written: Written, broker: str, institution: str) -> None:
    rows = [
        {
            "event_id": f"E{n}",
            "institution_code": institution,
            "account_id": f"a:{n % 50}",
            "occurred_at": f"2026-01-{5 + n // 1000:02}T09:00:00Z",
        }
        for n in range(5000)
    ]
    where = ("--institution", institution, "--kafka", broker)
    summary = _summary(_run(written(rows), *where, "--create-topics", 3))
    assert (summary["sent"], summary["good"], summary["rejected"], summary["complete"]) == (5000, 5000, 0, True)
    found = _records(broker, events_topic(institution), 3)
    assert sum(len(records) for records in found.values()) == summary["records"]
    ids = [one for records in found.values() for kind, held in records if kind is RecordKind.MOVEMENT for one in held]
    assert sorted(ids) == sorted(row["event_id"] for row in rows)
    for records in found.values():
        assert [kind for kind, _ in records].count(RecordKind.WATERMARK) == 5, "four midnights and the end"
        assert records[-1][0] is RecordKind.WATERMARK

    again = _summary(_run(written(rows), *where, "--create-topics", 5))
    assert (again["sent"], again["already_sent"]) == (0, 5000), "the same rows in another file are the same"
    again = _summary(_run(written(rows), *where, "--create-topics", 5, "--anew"))
    assert again["sent"] == 5000
    assert all(len(records) > 0 for records in _records(broker, events_topic(institution), 3).values()), "still three"


def test_the_guide_names_every_setting() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "connect-a-bank.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(PRODUCER_[A-Z_]+)`", guide.partition("## 5. Settings")[2]))
    assert named == {f"PRODUCER_{name.upper()}" for name in ProducerSettings.model_fields}
