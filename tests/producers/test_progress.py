"""A run that was broken off goes on where it stood; files that were sent are recognised; doubt means sending again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog.testing
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.arrow_codec import decode_batch
from contract.json_codec import decode_watermark
from contract.records import RecordKind, read_headers
from contract.topics import events_topic
from deploy.demo.broker import running
from producers.files import read_files
from producers.progress import Progress, Sent, fingerprint
from producers.publish import Pace, Publisher

Written = Callable[..., Path]


class Broken(Exception):
    """The run ends here."""


def _entries(log: Any, upto: int | None = None) -> dict[int, list[Any]]:
    """Rows and watermarks of each partition, whatever the records."""
    found: dict[int, list[Any]] = {}
    for partition, value, kind, _ in log.records[:upto]:
        rows: list[Any]
        if kind is RecordKind.WATERMARK:
            rows = [decode_watermark(value).complete_to_ms]
        else:
            rows = decode_batch(value, kind).select(["account_id"]).to_pylist()
        found.setdefault(partition, []).extend((kind, str(row)) for row in rows)
    return found


def _publish(items: list[Any], log: Any, progress: Progress, *, rows: int, most: int | None = None) -> None:
    """Publish all, or break off when ``most`` records were handed over."""
    publisher = Publisher(
        log, lambda _n: None, Pace(None), rows_per_record=rows, settled=progress.settled, skip=progress.sent.units
    )
    for item in items:
        publisher.publish(item)
        if most is not None and publisher.records >= most:
            break
    publisher.finish()


@pytest.fixture(scope="module")
def items(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    folder = tmp_path_factory.mktemp("bank")
    base = "institution_code,institution_type,branch_region,direction,currency,amount,event_id,account_id,occurred_at"
    rows = [f"B1,bank,341302,credit,CNY,1,E{n},a:{n % 7},2026-01-{5 + n // 40:02}T09:00:00Z" for n in range(160)]
    (folder / "movements.csv").write_text("\n".join([base, *rows]))
    (folder / "profiles.csv").write_text(
        "\n".join(["institution_code,institution_type,account_id", *(f"B1,bank,a:{n}" for n in range(7))])
    )
    read = read_files([folder / "movements.csv"], profiles=[folder / "profiles.csv"], partitions=lambda _code: 3)
    return list(read)


@given(st.lists(st.tuples(st.integers(1, 30), st.integers(1, 40)), min_size=1, max_size=4), st.integers(1, 50))
@settings(max_examples=20, deadline=None)
def test_runs_that_are_broken_off_anywhere_together_send_every_entry_once_and_in_order(
    fake_log: Any, items: list[Any], broken: list[tuple[int, int]], last: int
) -> None:
    whole = fake_log(partitions=3)
    _publish(items, whole, Progress(Path("/nowhere/x"), clock=lambda: 0.0), rows=1000)
    log = fake_log(partitions=3)
    progress = Progress(Path("/nowhere/x"), clock=lambda: 0.0)
    for most, rows in broken:
        _publish(items, log, progress, rows=rows, most=most)
    _publish(items, log, progress, rows=last)
    assert _entries(log) == _entries(whole)
    assert progress.sent.movements == 160
    assert progress.sent.ends == {place: sum(one[0] == place for one in log.records) for place in range(3)}


def test_what_was_handed_over_and_not_acknowledged_is_sent_again(fake_log: Any, fake_receipt: Any, items: list[Any]) -> None:
    log = fake_log(partitions=3)
    progress = Progress(Path("/nowhere/x"), clock=lambda: 0.0)
    log.receipt = lambda: fake_receipt(refused=len(log.receipts) >= 5)
    with pytest.raises(Exception, match="did not take a record"):
        _publish(items, log, progress, rows=10)
    before = _entries(log, 5)
    log.records, log.receipts, log.receipt = log.records[:5], log.receipts[:5], fake_receipt
    _publish(items, log, progress, rows=10)
    whole = fake_log(partitions=3)
    _publish(items, whole, Progress(Path("/nowhere/x"), clock=lambda: 0.0), rows=10)
    assert _entries(log) == _entries(whole) != before


def test_progress_is_kept_once_a_second_and_at_the_end(tmp_path: Path) -> None:
    now = [10.0]
    progress = Progress(tmp_path / "deep" / "x.json", clock=lambda: now[0])
    progress.settled(5, 5, 0, 0)
    now[0] += 0.5
    progress.settled(5, 5, 1, 0)
    kept = Progress.of(tmp_path / "deep", "x", {0: 1, 1: 1}).sent
    assert (kept.units, kept.ends) == (5, {0: 1})
    progress.save()
    kept = Progress.of(tmp_path / "deep", "x", {0: 1, 1: 1}).sent
    assert (kept.units, kept.movements, kept.ends, kept.complete) == (10, 10, {0: 1, 1: 1}, False)
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["x.json"]


@pytest.mark.parametrize(
    ("ends", "content"),
    [
        pytest.param({0: 3, 1: 6}, None, id="the-topic-ends-before-what-was-sent"),
        pytest.param({0: 4}, None, id="a-partition-is-not-there"),
        pytest.param(None, None, id="anew"),
        pytest.param({0: 4, 1: 7}, b"{", id="damaged"),
        pytest.param({0: 4, 1: 7}, b'{"units": 1, "more": 2}', id="of-another-release"),
    ],
)
def test_in_doubt_everything_is_sent(tmp_path: Path, ends: dict[int, int] | None, content: bytes | None) -> None:
    progress = Progress(tmp_path / "x.json", Sent(units=9, ends={0: 4, 1: 7}))
    progress.save()
    assert Progress.of(tmp_path, "x", {0: 4, 1: 7}).sent.units == 9
    if content is not None:
        progress.path.write_bytes(content)
    assert Progress.of(tmp_path, "x", ends).sent == Sent()


def test_a_folder_that_cannot_be_written_costs_the_memory_and_not_the_run(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with structlog.testing.capture_logs() as logs:
        Progress(tmp_path / "file" / "x.json").save()
    assert [line["event"] for line in logs] == ["progress_not_kept"]


def test_a_name_changes_with_any_byte_order_or_word(tmp_path: Path) -> None:
    one, two, three = (tmp_path / name for name in ("one", "two", "three"))
    one.write_bytes(b"ab")
    two.write_bytes(b"c")
    three.write_bytes(b"a")
    names = [
        fingerprint([one, two], ["x"]),
        fingerprint([two, one], ["x"]),
        fingerprint([three, two], ["x"]),
        fingerprint([one], ["x"]),
        fingerprint([one, two], ["y"]),
        fingerprint([one, two], ["x", ""]),
    ]
    assert len(set(names)) == len(names)
    (tmp_path / "elsewhere").write_bytes(b"ab")
    assert fingerprint([tmp_path / "elsewhere", two], ["x"]) == names[0]


# --- over a broker

ROWS = 3000


@pytest.fixture(scope="module")
def broker() -> Iterator[str]:
    if given := os.environ.get("FUNDWATCH_TEST_KAFKA"):
        yield given
        return
    with running() as address:
        yield address


def _events(address: str, topic: str) -> Counter[str]:
    from kafka import KafkaConsumer, TopicPartition

    consumer: Any = KafkaConsumer(bootstrap_servers=address, auto_offset_reset="earliest", enable_auto_commit=False)
    places = [TopicPartition(topic, number) for number in range(2)]
    consumer.assign(places)
    ends = consumer.end_offsets(places)
    found: Counter[str] = Counter()
    while any(consumer.position(place) < ends[place] for place in places):
        for records in consumer.poll(timeout_ms=200).values():
            for record in records:
                if read_headers(record.headers)[0] is RecordKind.MOVEMENT:
                    found.update(decode_batch(record.value, RecordKind.MOVEMENT).column("event_id").to_pylist())
    consumer.close()
    return found


@pytest.mark.integration
def test_a_killed_run_is_gone_on_with_and_a_sent_file_is_recognised(written: Written, broker: str, tmp_path: Path) -> None:
    institution = f"B-{uuid.uuid4().hex[:20]}"
    rows = [{"event_id": f"E{n}", "institution_code": institution, "account_id": f"a:{n % 50}"} for n in range(ROWS)]
    path = written(rows)
    where = ["--institution", institution, "--kafka", broker, "--progress", str(tmp_path / "progress"), "--create-topics", "2"]
    code = "from contract.commands import main; main()"

    def start(*more: str, file: Path = path) -> Any:
        return subprocess.Popen([sys.executable, "-c", code, "produce", str(file), *where, *more], stdout=subprocess.PIPE)

    def summary(*more: str, file: Path = path) -> list[int]:
        printed, _ = start(*more, file=file).communicate(timeout=60)
        told = json.loads(printed.splitlines()[-1])
        return [told["sent"], told["already_sent"]]

    killed = start("--rate", "600")
    deadline = time.monotonic() + 60
    while not any(json.loads(kept.read_bytes())["movements"] >= 300 for kept in (tmp_path / "progress").glob("*.json")):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    sent, already = summary()
    assert already >= 300
    assert sent + already == ROWS
    found = _events(broker, events_topic(institution))
    assert len(found) == ROWS
    assert found.total() < ROWS + 1500, "no more than what was in flight and a second's worth is sent again"

    assert summary() == [0, ROWS]
    assert _events(broker, events_topic(institution)) == found
    assert summary("--anew") == [ROWS, 0]
    changed = written([*rows, {"event_id": "new", "institution_code": institution}], "changed.csv")
    assert summary(file=changed) == [ROWS + 1, 0]
