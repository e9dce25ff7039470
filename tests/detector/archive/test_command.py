"""``fundwatch archive`` as an operator meets it: a line a partition, faults in one line, nothing young forgotten."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from contract.archive.listing import Archive
from contract.errors import ArchiveMismatch, ConfigurationError
from contract.shanghai import parse_ms
from detector.archive import command
from detector.archive.command import archive as group
from tests.detector.archive.consumed import SHELF, log, names, rebuilt, record

LOG = log(60)


def _run(*arguments: object) -> list[dict[str, Any]]:
    result = CliRunner().invoke(group, [str(one) for one in arguments], catch_exceptions=False)
    if result.exit_code:
        raise SystemExit(result.output)
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    opened = Archive.at(str(tmp_path / "archive"))
    record(opened, LOG, [0, 10, 20, 60])
    return opened


def test_check_counts_what_a_rebuild_would_be_given(archive: Archive) -> None:
    expected = {"topic": SHELF.topic, "partition": 0, "files": 3, "rows": len(rebuilt(archive)), "since": 0, "until": 60}
    assert _run("check", archive.root) == [expected]


def test_check_ends_with_the_first_fault(archive: Archive) -> None:
    (Path(archive.root) / names(archive)[1].path).unlink()
    with pytest.raises(ArchiveMismatch, match="has a gap"):
        _run("check", archive.root)


def test_compact_joins_and_says_how_many_files_went(archive: Archive) -> None:
    before = rebuilt(archive)
    assert _run("compact", archive.root) == [{"replaced": 3}]
    assert _run("compact", archive.root) == [{"replaced": 0}]
    assert (len(names(archive)), rebuilt(archive)) == (1, before)


@pytest.mark.parametrize(
    ("clock", "before", "files"),
    [
        pytest.param("2036-03-10T12:00:00+08:00", "2016-03-19T16:00:00.000Z", 0, id="clock-ahead-of-the-newest-movement"),
        pytest.param("2020-01-01T00:00:00+08:00", "2009-12-31T16:00:00.000Z", 0, id="clock-behind"),
    ],
)
def test_forget_counts_from_the_clock_or_the_newest_movement_whichever_is_earlier(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, clock: str, before: str, files: int
) -> None:
    monkeypatch.setattr(time, "time", lambda: parse_ms(clock) / 1000)
    assert _run("forget", archive.root, "--dry-run") == [{"before": before, "files": 0}]
    assert _run("forget", archive.root) == [{"before": before, "files": files}]


def test_forget_takes_files_that_are_old_enough(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: parse_ms("2036-03-08T00:00:00+08:00") / 1000)
    monkeypatch.setattr(command, "newest_of", lambda _archive: parse_ms("2040-01-01T00:00:00+08:00"))
    assert _run("forget", archive.root, "--years", 10) == [{"before": "2026-03-07T16:00:00.000Z", "files": 2}]
    assert [file.kept for file in names(archive)] == [True, True, False]


def test_less_than_the_law_asks_for_cannot_be_given(archive: Archive) -> None:
    result = CliRunner().invoke(group, ["forget", archive.root, "--years", "9"])
    assert result.exit_code == 2
    assert "9 is not in the range x>=10" in result.output


@pytest.mark.parametrize("name", ["check", "compact", "forget"])
def test_a_place_without_an_archive_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigurationError, match="URL holds no archive"):
        _run(name, tmp_path / "none")
