"""An account's movements out of the archive: each once, in order of time, from the partitions where they can be."""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import fs

from api.archive import history as module
from api.archive.history import HISTORY, History, Period
from contract.archive.columns import ARCHIVE
from contract.archive.listing import Archive
from contract.archive.names import ArchiveFile, ArchiveShelf
from contract.errors import ArchiveUnavailable
from contract.partition import partition_of
from contract.shanghai import parse_ms
from detector.archive.compaction import compact
from detector.archive.writing import write

SHELF = ArchiveShelf("fundwatch.events.v1.B1", 0, 1)
DAY = "2026-03-01T{:02d}:00:00+08:00"


def _row(offset: int, event_id: str, hour: int = 9, **fields: Any) -> dict[str, Any]:
    row = {
        "log_offset": offset,
        "log_row": 0,
        "record": "movement",
        "refused": False,
        "event_id": event_id,
        "institution_code": "B1",
        "institution_type": "bank",
        "account_id": "a:1",
        "branch_region": "341302",
        "occurred_at": parse_ms(DAY.format(hour)),
        "direction": "credit",
        "amount_minor": 100,
        "currency": "CNY",
        "kind": "transfer",
    }
    return row | fields


def _archived(archive: Archive, rows: list[dict[str, Any]], shelf: ArchiveShelf = SHELF) -> ArchiveFile:
    table = pa.Table.from_pylist([{name: row.get(name) for name in ARCHIVE.names} for row in rows], schema=ARCHIVE)
    first, stop = rows[0]["log_offset"], rows[-1]["log_offset"] + 1
    return write(archive, shelf, (first, stop), table, begins=first == 0)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive.at(str(tmp_path / "archive"))


def _ids(table: pa.Table) -> list[str]:
    assert table.schema.equals(HISTORY)
    ids: list[str] = table.column("event_id").to_pylist()
    return ids


def _asked(archive: Archive, **options: Any) -> list[str]:
    return _ids(History(archive).movements("B1", "a:1", **options))


def test_movements_come_by_time_and_then_by_their_place_in_the_log(archive: Archive) -> None:
    _archived(archive, [_row(0, "E1", 12), _row(1, "E2", 8), _row(2, "E3", 12), _row(3, "X", account_id="a:2")])
    _archived(archive, [_row(4, "E4", 7)])
    assert _asked(archive) == ["E4", "E2", "E1", "E3"]


def test_of_what_was_sent_twice_the_first_counts_and_the_two_sides_of_an_event_are_two(archive: Archive) -> None:
    rows = [_row(0, "E1", amount_minor=1), _row(1, "E1", amount_minor=2), _row(2, "E1", 10, direction="debit", amount_minor=3)]
    _archived(archive, rows)
    assert History(archive).movements("B1", "a:1").column("amount_minor").to_pylist() == [1, 3]


def test_refused_rows_profiles_and_watermarks_are_no_movements(archive: Archive) -> None:
    rows = [_row(0, "E1", refused=True), _row(1, "E2"), _row(2, "P", record="profile"), _row(3, "W", record="watermark")]
    _archived(archive, rows)
    assert _asked(archive) == ["E2"]


def test_fields_are_those_that_were_sent(archive: Archive) -> None:
    _archived(archive, [_row(0, "E1", remark="第3期利息", own_name=True, cny_amount_minor=700)])
    _archived(archive, [_row(1, "E2", 10)])
    found = History(archive).movements("B1", "a:1").to_pylist()
    assert [found[0][name] for name in ("remark", "own_name", "cny_amount_minor", "log_offset")] == ["第3期利息", True, 700, 0]
    assert [found[1][name] for name in ("remark", "own_name", "cny_amount_minor", "log_offset")] == [None, None, None, 1]


def test_a_period_holds_its_beginning_and_not_its_end(archive: Archive) -> None:
    _archived(archive, [_row(hour, f"E{hour}", hour) for hour in range(8, 13)])
    period = Period(parse_ms(DAY.format(9)), parse_ms(DAY.format(11)))
    assert _asked(archive, period=period) == ["E9", "E10"]


def test_a_page_goes_on_where_the_one_before_ended(archive: Archive) -> None:
    _archived(archive, [_row(hour, f"E{hour}", hour) for hour in range(8, 13)])
    assert _asked(archive, most=2) == ["E8", "E9"]
    assert _asked(archive, most=2, skip=4) == ["E12"]


@pytest.mark.parametrize("account", ["a:9", "' OR 1 = 1 --", ""])
def test_an_account_that_is_not_there_has_no_movements(archive: Archive, account: str) -> None:
    _archived(archive, [_row(0, "E1")])
    assert _ids(History(archive).movements("B1", account)) == []


def test_an_institution_that_is_not_there_has_no_movements(archive: Archive) -> None:
    _archived(archive, [_row(0, "E1")])
    assert _ids(History(archive).movements("B2", "a:1")) == []


def test_rows_with_and_without_their_holder_are_found_in_their_partitions(archive: Archive) -> None:
    count = 8
    customer = next(f"c:{n}" for n in range(99) if partition_of(f"c:{n}".encode(), count) != partition_of(b"a:1", count))
    for key, row in ((customer, _row(0, "E1", customer_id=customer)), ("a:1", _row(0, "E2", 10))):
        _archived(archive, [row], ArchiveShelf(SHELF.topic, partition_of(key.encode(), count), count))
    assert _asked(archive, customer=customer) == ["E1", "E2"]
    assert _asked(archive) == ["E1", "E2"]


def test_an_object_store_gives_what_a_folder_gives(archive: Archive) -> None:
    rows = [_row(0, "E1", 12, remark="x"), _row(1, "E2", 8), _row(2, "E2", 9), _row(3, "X", account_id="a:2")]
    _archived(archive, rows)
    store = Archive(fs.SubTreeFileSystem(archive.root, fs.LocalFileSystem()), "")
    period = Period(parse_ms(DAY.format(8)), None)
    expected = History(archive).movements("B1", "a:1", period=period)
    assert History(store).movements("B1", "a:1", period=period).equals(expected)


def test_a_reader_that_meets_a_compaction_asks_again(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [_archived(archive, [_row(n, f"E{n}", 9 + n)]) for n in range(3)]
    listed = iter([files])

    def stale(_self: History, *_: Any) -> Iterable[ArchiveFile]:
        for one in listed:
            compact(archive, SHELF)
            return one
        return archive.of(SHELF)

    monkeypatch.setattr(module.History, "_files", stale)
    assert _asked(archive) == ["E0", "E1", "E2"]


def _stores(archive: Archive) -> list[Archive]:
    """The archive as a folder, which DuckDB reads, and as an object store, which pyarrow reads."""
    return [archive, Archive(fs.SubTreeFileSystem(archive.root, fs.LocalFileSystem()), "")]


def test_a_damaged_file_is_an_outage_whatever_reading_it_raises_and_the_others_are_read_on(archive: Archive) -> None:
    other = ArchiveShelf("fundwatch.events.v1.B2", 0, 1)
    _archived(archive, [_row(0, "E1", institution_code="B2")], other)
    file = _archived(archive, [_row(n, f"E{n}", n % 24, remark="利息" * (n % 5)) for n in range(500)])
    path = Path(archive.root) / file.path
    sound, draw = path.read_bytes(), random.Random(3)
    histories = [History(one) for one in _stores(archive)]
    outages = 0
    for _ in range(40):
        damaged = bytearray(sound)
        for _ in range(draw.choice((1, 30))):
            damaged[draw.randrange(len(damaged))] = draw.randrange(256)
        path.write_bytes(damaged)
        for history in histories:
            try:
                history.movements("B1", "a:1")
            except ArchiveUnavailable:
                outages += 1
            assert _ids(history.movements("B2", "a:1")) == ["E1"]
    assert outages > 20


@pytest.mark.parametrize("name", ["notes.txt", "0-9.parquet"])
def test_a_file_that_is_none_of_the_archives_is_an_outage(archive: Archive, name: str) -> None:
    file = _archived(archive, [_row(0, "E1")])
    (Path(archive.root) / file.path).with_name(name).write_bytes(b"x")
    for one in _stores(archive):
        with pytest.raises(ArchiveUnavailable, match="the archive cannot be read"):
            History(one).movements("B1", "a:1")


def test_a_gap_in_the_archive_is_an_outage(archive: Archive) -> None:
    _archived(archive, [_row(0, "E1")])
    _archived(archive, [_row(2, "E3")])
    with pytest.raises(ArchiveUnavailable, match="the archive cannot be read"):
        _asked(archive)


def test_files_that_stay_away_are_an_outage(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    file = _archived(archive, [_row(0, "E1")])
    (Path(archive.root) / file.path).unlink()
    monkeypatch.setattr(module.History, "_files", lambda *_: [file])
    with pytest.raises(ArchiveUnavailable, match="the archive cannot be read"):
        _asked(archive)
