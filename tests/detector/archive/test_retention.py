"""Movements go when the law no longer asks for them, never before; profiles stay, and no gap is left."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract.archive.listing import Archive
from contract.shanghai import parse_ms
from detector.archive.compaction import compact
from detector.archive.reading import parts
from detector.archive.retention import before, forget
from tests.detector.archive.consumed import SHELF, Crash, Fragile, log, names, record

LOG = log(60)
CUT = parse_ms("2026-03-10T00:00:00+08:00")
"""Positions 0 to 26 are of days before it."""


def _left(archive: Archive) -> tuple[list[int], list[int]]:
    """Positions of the movements, and of the rest, that a reader still finds."""
    rows = [row for part in parts(archive, archive.of(SHELF)) for row in part.table.select(["log_offset", "record"]).to_pylist()]
    moved = sorted({row["log_offset"] for row in rows if row["record"] == "movement"})
    return moved, sorted({row["log_offset"] for row in rows} - set(moved))


def test_only_files_without_a_younger_movement_are_forgotten(tmp_path: Path) -> None:
    archive = Archive.at(str(tmp_path))
    record(archive, LOG, [0, 10, 20, 30, 60])
    moved, rest = _left(archive)
    assert forget(archive, SHELF, CUT) == 2
    assert _left(archive) == ([at for at in moved if at >= 20], rest)
    assert [(file.first, file.kept) for file in names(archive)] == [(0, True), (10, True), (20, False), (30, False)]
    assert forget(archive, SHELF, CUT) == 0


def test_a_movement_at_the_very_time_stays(tmp_path: Path) -> None:
    archive = Archive.at(str(tmp_path))
    record(archive, LOG, [0, 2])
    newest = parse_ms("2026-03-01T10:01:00+08:00")
    assert forget(archive, SHELF, newest) == 0
    assert forget(archive, SHELF, newest + 1) == 1


@pytest.mark.parametrize("acts", range(4))
def test_a_run_that_is_broken_off_forgets_no_more_and_can_be_repeated(tmp_path: Path, acts: int) -> None:
    files = Fragile(tmp_path)
    archive = Archive(files, "")
    record(archive, LOG, [0, 10, 20, 60])
    moved, rest = _left(archive)
    files.acts = acts
    with pytest.raises(Crash):
        forget(archive, SHELF, CUT)
    files.acts = None
    now = _left(archive)
    assert now[1] == rest
    assert {at for at in moved if at >= 20} <= set(now[0]) <= set(moved)
    forget(archive, SHELF, CUT)
    compact(archive, SHELF)
    assert _left(archive) == ([at for at in moved if at >= 20], rest)
    assert [(file.first, file.stop, file.kept) for file in names(archive)] == [(0, 20, True), (20, 60, False)]


def test_ten_years_are_the_least() -> None:
    newest = parse_ms("2036-06-01T12:00:00+08:00")
    assert before(newest, 10) == parse_ms("2026-06-01T00:00:00+08:00")
    with pytest.raises(ValueError, match="at least 10 years"):
        before(newest, 9)
