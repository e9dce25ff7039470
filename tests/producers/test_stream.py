"""Files become one stream: batches, profiles and watermarks in the order of the data, whatever blocks they are read in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contract.partition import keys_of, partitions_of
from contract.shanghai import parse_ms, text_ms
from contract.stream import Counted, Item, Movements, Profiles, Refused, WatermarkItem
from producers import lines
from producers.files import read_files

Written = Callable[..., Path]


def _log(items: Iterator[Item] | list[Item]) -> dict[tuple[str, int], list[tuple[str, str]]]:
    """What each partition would hold, row by row; watermarks reach every partition that was met."""
    log: dict[tuple[str, int], list[tuple[str, str]]] = {}
    for item in items:
        if isinstance(item, Movements):
            ids = item.batch.column("event_id").to_pylist()
            log.setdefault((item.institution, item.partition), []).extend(("movement", one) for one in ids)
        elif isinstance(item, Profiles):
            ids = item.batch.column("account_id").to_pylist()
            scopes = item.batch.column("business_scope").to_pylist()
            shown = [("profile", f"{one} {scope}") for one, scope in zip(ids, scopes, strict=True)]
            log.setdefault((item.institution, item.partition), []).extend(shown)
        elif isinstance(item, WatermarkItem):
            for (institution, _), entries in log.items():
                if institution == item.institution:
                    entries.append(("watermark", text_ms(item.complete_to_ms)))
    return log


def _one(path: Path, **options: Any) -> list[tuple[str, str]]:
    """The log of the one partition of a file of one institution."""
    log = _log(read_files([path], partitions=lambda _code: 1, **options))
    return log.get(("B1", 0), [])


# --- watermarks


def test_a_watermark_goes_before_the_row_that_passes_a_midnight_of_shanghai(written: Written) -> None:
    path = written(
        [
            {"event_id": "E1", "occurred_at": "2026-01-05T23:59:59.999+08:00"},
            {"event_id": "E2", "occurred_at": "2026-01-05T16:00:00Z"},  # midnight in Shanghai
            {"event_id": "E3", "occurred_at": "2026-01-05T10:00:00+08:00"},  # late: moves nothing
            {"event_id": "E4", "occurred_at": "2026-01-09T08:00:00+08:00"},  # three silent days
        ]
    )
    assert _one(path) == [
        ("movement", "E1"),
        ("watermark", "2026-01-05T16:00:00.000Z"),
        ("movement", "E2"),
        ("movement", "E3"),
        ("watermark", "2026-01-08T16:00:00.000Z"),
        ("movement", "E4"),
        ("watermark", "2026-01-09T00:00:00.000Z"),
    ]


def test_refused_rows_move_no_watermark(written: Written) -> None:
    path = written(
        [
            {"event_id": "E1"},
            {"event_id": "E2", "occurred_at": "2026-03-01T00:00:00+08:00", "amount": "-1"},
            {"event_id": "E3", "occurred_at": "2026-01-05T11:00:00+08:00"},
        ]
    )
    assert _one(path) == [("movement", "E1"), ("movement", "E3"), ("watermark", "2026-01-05T03:00:00.000Z")]


def test_a_file_of_nothing_but_refused_rows_has_no_watermark(written: Written) -> None:
    assert _one(written([{"amount": "x"}])) == []


def test_institutions_have_times_of_their_own(written: Written) -> None:
    path = written(
        [
            {"event_id": "E1"},
            {"event_id": "E2", "institution_code": "B2", "occurred_at": "2026-01-07T00:00:00+08:00"},
            {"event_id": "E3", "occurred_at": "2026-01-05T10:00:00+08:00"},
        ]
    )
    log = _log(read_files([path], partitions=lambda _code: 1))
    assert log["B1", 0] == [("movement", "E1"), ("movement", "E3"), ("watermark", "2026-01-05T02:00:00.000Z")]
    assert log["B2", 0] == [("movement", "E2"), ("watermark", "2026-01-06T16:00:00.000Z")]


def test_files_are_one_stream_in_the_order_given(written: Written) -> None:
    late = written([{"event_id": "E2", "occurred_at": "2026-01-06T09:00:00+08:00"}], "second.csv")
    early = written([{"event_id": "E1"}], "first.csv")
    assert _log(read_files([early, late], partitions=lambda _code: 1))["B1", 0] == [
        ("movement", "E1"),
        ("watermark", "2026-01-05T16:00:00.000Z"),
        ("movement", "E2"),
        ("watermark", "2026-01-06T01:00:00.000Z"),
    ]


def test_rows_between_two_midnights_stay_one_batch(written: Written) -> None:
    path = written([{"event_id": f"E{n}", "account_id": f"a:{n % 7}"} for n in range(500)])
    sizes = [item.batch.num_rows for item in read_files([path], partitions=lambda _code: 1) if isinstance(item, Movements)]
    assert sizes == [500]


# --- profiles

PROFILES = [
    {"account_id": "a:1", "updated_at": "2026-01-06T12:00:00+08:00", "business_scope": "second", "customer_id": "c:1"},
    {"account_id": "a:1", "updated_at": "2025-06-01T00:00:00+08:00", "business_scope": "first", "customer_id": "c:1"},
    {"account_id": "a:2", "updated_at": "2026-01-09T00:00:00+08:00", "business_scope": "only", "customer_id": "c:2"},
]


@pytest.fixture
def profiles(written: Written) -> Path:
    base = {"institution_code": "B1", "institution_type": "bank"}
    return written(PROFILES, "profiles.csv", base)


def test_the_earliest_profile_acts_from_the_start_and_later_ones_before_their_first_movement(
    written: Written, profiles: Path
) -> None:
    path = written(
        [
            {"event_id": "E1", "occurred_at": "2026-01-06T11:59:59+08:00"},
            {"event_id": "E2", "occurred_at": "2026-01-06T12:30:00+08:00", "account_id": "a:2"},
            {"event_id": "E3", "occurred_at": "2026-01-06T12:00:00+08:00"},
            {"event_id": "E4", "occurred_at": "2026-01-06T12:00:00+08:00"},
        ]
    )
    entries = [entry for entry in _one(path, profiles=[profiles]) if entry[0] != "watermark"]
    assert entries == [
        ("profile", "a:1 first"),
        ("profile", "a:2 only"),
        ("movement", "E1"),
        ("movement", "E2"),
        ("profile", "a:1 second"),
        ("movement", "E3"),
        ("movement", "E4"),
    ]


def test_movements_take_the_holder_of_the_earliest_profile_and_another_holder_is_refused(
    written: Written, profiles: Path
) -> None:
    path = written(
        [
            {"event_id": "E1", "customer_id": ""},
            {"event_id": "E2", "customer_id": "c:1"},
            {"event_id": "E3", "customer_id": "c:9"},
            {"event_id": "E4", "customer_id": "c 1"},
            {"event_id": "E5", "customer_id": "", "account_id": "a:unknown"},
        ]
    )
    items = list(read_files([path], profiles=[profiles], partitions=lambda _code: 1))
    moved = [item for item in items if isinstance(item, Movements)]
    holders = [pair for item in moved for pair in zip(*map(item.batch.column, ("event_id", "customer_id")), strict=True)]
    assert [(one.as_py(), holder.as_py()) for one, holder in holders] == [("E1", "c:1"), ("E2", "c:1"), ("E5", None)]
    refused = [(one.row, one.reason.value, one.field) for one in items if isinstance(one, Refused)]
    assert sorted(refused) == [(3, "customer_changed", "customer_id"), (4, "customer_changed", "customer_id")]


def test_a_profile_of_another_holder_than_the_accounts_earliest_is_refused(written: Written) -> None:
    base = {"institution_code": "B1", "institution_type": "bank", "account_id": "a:1"}
    rows = [
        {"updated_at": "2026-01-06T12:00:00+08:00", "customer_id": "c:2"},
        {"updated_at": "2025-01-06T12:00:00+08:00", "customer_id": "c:1"},
    ]
    changed = written(rows, "profiles.csv", base)
    path = written([{"event_id": "E1", "occurred_at": "2026-02-01T00:00:00Z"}])
    items = list(read_files([path], profiles=[changed], partitions=lambda _code: 1))
    assert [(one.row, one.reason.value, one.profile) for one in items if isinstance(one, Refused)] == [
        (1, "customer_changed", True)
    ]
    assert sum(item.batch.num_rows for item in items if isinstance(item, Profiles)) == 1


def test_a_profile_that_names_no_holder_follows_the_movements_that_do(written: Written) -> None:
    base = {"institution_code": "B1", "institution_type": "bank"}
    nameless = written([{"account_id": f"a:{n}", "customer_id": ""} for n in range(20)], "profiles.csv", base)
    path = written([{"event_id": f"E{n}", "account_id": f"a:{n}", "customer_id": f"c:{n}"} for n in range(20)])
    where: dict[str, int] = {}
    for item in read_files([path], profiles=[nameless], partitions=lambda _code: 8):
        if isinstance(item, Profiles):
            where |= dict.fromkeys(item.batch.column("account_id").to_pylist(), item.partition)
        elif isinstance(item, Movements):
            for account in item.batch.column("account_id").to_pylist():
                assert where[account] == item.partition, "the newest word on an account reaches its movements' shard"


def test_every_row_and_profile_lies_in_the_partition_of_its_key(written: Written, profiles: Path) -> None:
    path = written(
        [
            {"event_id": f"E{n}", "account_id": f"a:{n % 11}", "occurred_at": f"2026-01-{5 + n // 60:02}T09:{n % 60:02}:00+08:00"}
            for n in range(300)
        ]
    )
    seen = 0
    for item in read_files([path], profiles=[profiles], partitions=lambda _code: 4):
        if isinstance(item, Movements | Profiles):
            assert set(partitions_of(keys_of(item.batch), 4)) == {item.partition}
            seen += item.batch.num_rows
    assert seen == 303


# --- institutions


def test_rows_of_other_institutions_are_skipped_and_counted(written: Written) -> None:
    path = written([{"event_id": "E1"}, {"event_id": "E2", "institution_code": "B2"}, {"event_id": "E3", "institution_code": ""}])
    items = list(read_files([path], institution="B1", partitions=lambda _code: 1))
    assert sum(item.skipped for item in items if isinstance(item, Counted)) == 1
    assert [(one.row, one.reason.value, one.field) for one in items if isinstance(one, Refused)] == [
        (3, "missing_field", "institution_code")
    ]


def test_what_one_institution_sends_is_what_a_replay_of_all_gives_its_shards(written: Written, profiles: Path) -> None:
    path = written(
        [
            {
                "event_id": f"E{n}",
                "institution_code": f"B{1 + n % 3}",
                "account_id": f"a:{n % 5}",
                "occurred_at": f"2026-01-{5 + n // 40:02}T{n % 24:02}:00:00+08:00",
            }
            for n in range(240)
        ]
    )
    whole = _log(read_files([path], profiles=[profiles], partitions=lambda _code: 3))
    for code in ("B1", "B2", "B3"):
        alone = _log(read_files([path], profiles=[profiles], institution=code, partitions=lambda _code: 3))
        assert alone == {shard: entries for shard, entries in whole.items() if shard[0] == code}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_size_of_blocks_changes_nothing_in_the_log(data: st.DataObject, written: Written) -> None:
    moments = st.integers(parse_ms("2026-01-05T00:00:00Z"), parse_ms("2026-01-09T00:00:00Z"))
    row = st.fixed_dictionaries(
        {
            "account_id": st.sampled_from(["a:1", "a:2", "a:3"]),
            "customer_id": st.sampled_from(["", "c:1", "c:2"]),
            "occurred_at": moments.map(text_ms),
            "institution_code": st.sampled_from(["B1", "B1", "B2"]),
            "amount": st.sampled_from(["1", "1", "1", "-1"]),
        }
    )
    rows = data.draw(st.lists(row, min_size=1, max_size=40), label="movements")
    path = written([one | {"event_id": f"E{n}"} for n, one in enumerate(rows)])
    profile = st.fixed_dictionaries(
        {
            "account_id": st.sampled_from(["a:1", "a:2"]),
            "customer_id": st.sampled_from(["", "c:1", "c:2"]),
            "updated_at": st.one_of(st.just(""), moments.map(text_ms)),
        }
    )
    drawn = data.draw(st.lists(profile, max_size=8), label="profiles")
    base = {"institution_code": "B1", "institution_type": "bank"}
    held = written([one | {"business_scope": f"P{n}"} for n, one in enumerate(drawn)], "profiles.csv", base) if drawn else None

    def log() -> dict[tuple[str, int], list[tuple[str, str]]]:
        return _log(read_files([path], profiles=[held] if held else [], partitions=lambda _code: 2))

    whole = log()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "BLOCK_BYTES", data.draw(st.integers(1, 600), label="block"))
        assert log() == whole
