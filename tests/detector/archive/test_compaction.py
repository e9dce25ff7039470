"""Joining files changes no answer: neither what a rebuild is given nor an account's history, wherever it is broken off."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.archive.history import History
from contract.archive.listing import Archive, cover
from contract.errors import ArchiveMismatch
from contract.records import RecordKind
from detector.archive.compaction import compact
from tests.detector.archive.consumed import (
    SHELF,
    Crash,
    Fragile,
    log,
    names,
    rebuilt,
    record,
    steps_of,
    told,
)
from tests.detector.shards import INSTITUTION

LOG = log(60)
NEVER = 99


def _history(folder: Path, account: str) -> list[str]:
    found = History(Archive.at(str(folder))).movements(INSTITUTION, account)
    return list(found.column("event_id").to_pylist())


def _expected(account: str, stop: int) -> list[str]:
    rows = [row for kind, rows in LOG[:stop] if kind is RecordKind.MOVEMENT for row in rows if row["account_id"] == account]
    return [row["event_id"] for row in sorted(rows, key=lambda row: row["occurred_at"])]


_WORK = st.tuples(st.just("work"), st.lists(st.integers(1, 9), min_size=1, max_size=3), st.sampled_from([0, 1, 2, NEVER]))
_COMPACT = st.tuples(st.just("compact"), st.sampled_from([12, 30, 1000]), st.sampled_from([0, 1, 2, 3, NEVER]))


@given(st.lists(st.one_of(_WORK, _COMPACT), min_size=2, max_size=6), st.integers(0, 4))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_order_of_writes_joins_and_crashes_gives_the_same_answers(
    tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[str, Any, int]], account: int
) -> None:
    folder = tmp_path_factory.mktemp("archive")
    files = Fragile(folder)
    archive = Archive(files, "")
    committed = 0
    for act, how, crash_after in acts:
        files.acts = crash_after
        try:
            if act == "compact":
                compact(archive, SHELF, target_rows=how)
            else:
                cuts = [committed]
                for length in how:
                    cuts.append(min(cuts[-1] + length, len(LOG)))
                record(archive, LOG, cuts)
                committed = cuts[-1]
        except Crash:
            pass
        files.acts = None
        # What a crash left beyond the commit is there too, and will come again.
        end = max((piece.file.stop for piece in cover(names(archive))), default=0)
        assert end >= committed
        assert rebuilt(archive) == told(steps_of(LOG, 0, end))
    assert _history(folder, f"a:{account}") == _expected(f"a:{account}", end)


def test_joining_leaves_one_file_and_a_second_time_does_nothing(tmp_path: Path) -> None:
    archive = Archive.at(str(tmp_path))
    record(archive, LOG, [0, 10, 20, 30])
    record(archive, LOG, [20, 25])
    assert compact(archive, SHELF) == 4
    assert [(file.first, file.stop) for file in names(archive)] == [(0, 30)]
    assert compact(archive, SHELF) == 0
    assert rebuilt(archive) == told(steps_of(LOG, 0, 30))


def test_files_of_the_wanted_size_are_left_alone(tmp_path: Path) -> None:
    archive = Archive.at(str(tmp_path))
    record(archive, LOG, [0, 20, 40, 60])
    before = names(archive)
    assert compact(archive, SHELF, target_rows=before[0].rows + 1) == 0
    assert names(archive) == before


def test_a_damaged_file_is_never_reason_to_delete_another(tmp_path: Path) -> None:
    archive = Archive.at(str(tmp_path))
    record(archive, LOG, [0, 10, 20])
    record(archive, LOG, [0, 20])
    larger = next(file for file in names(archive) if file.stop - file.first == 20)
    path = tmp_path / larger.path
    path.write_bytes(path.read_bytes()[:-9] + b"x" + path.read_bytes()[-8:])
    with pytest.raises(ArchiveMismatch, match="is damaged: nothing was taken away"):
        compact(archive, SHELF)
    assert len(names(archive)) == 3


def test_a_file_that_tells_something_else_is_not_taken_away(tmp_path: Path) -> None:
    archive = Archive.at(str(tmp_path))
    record(archive, LOG, [0, 20])
    other = [entry if number != 15 else LOG[16] for number, entry in enumerate(LOG)]
    record(archive, other, [12, 18])
    with pytest.raises(ArchiveMismatch, match="tell the same positions differently"):
        compact(archive, SHELF)
    assert len(names(archive)) == 2
