"""Side inputs from files: by their own times, or as the control records say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from contract import control
from contract.control import Turn
from contract.errors import ConfigurationError, Reason
from contract.shanghai import date_of
from contract.topics import events_topic
from contract.watchlist import CLEARED, FOUND, WatchEntry
from contract.watchlist import encode as encode_entry
from detector.sides.files import FileSides
from detector.sides.inputs import Positions
from tests.detector.command_line import run
from tests.detector.stories import on, wire
from tests.detector.typologies.test_unit_priced_credits import FIRES

MONDAY = 20_000
START = Positions()


def entry(subject: str, day: int, status: str = FOUND) -> bytes:
    return encode_entry(WatchEntry(subject=subject, status=status, since=f"{date_of(day).isoformat()}T12:00:00+08:00"))


def written(path: Path, *lines: bytes) -> Path:
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return path


def test_without_control_an_entry_takes_effect_at_the_first_turn_after_its_own_time(tmp_path: Path) -> None:
    listed = written(tmp_path / "w.jsonl", entry("c:late", MONDAY + 2), entry("c:early", MONDAY), entry("c:same", MONDAY))
    arrived = FileSides(watchlist=listed).turns("B1", 0)
    assert arrived(MONDAY, 0, START).entries == []
    first = arrived(MONDAY + 1, 0, START)
    assert [one.subject for one in first.entries] == ["c:early", "c:same"]
    assert [one.subject for one in arrived(MONDAY + 2, 0, first.positions).entries] == []
    assert [one.subject for one in arrived(MONDAY + 9, 0, first.positions).entries] == ["c:late"]


def test_with_control_lines_take_effect_where_the_stream_took_them(tmp_path: Path) -> None:
    def turn(day: int, watchlist: int, partition: int = 0) -> bytes:
        topic, text = events_topic("B1"), date_of(day).isoformat()
        return control.encode(Turn(topic=topic, partition=partition, position=9, day=text, watchlist=watchlist, verdicts=0))

    listed = written(tmp_path / "w.jsonl", entry("c:0", MONDAY + 9), b"not one", entry("c:2", MONDAY + 9), entry("c:3", MONDAY))
    turns = (turn(MONDAY, 2), turn(MONDAY, 4), turn(MONDAY + 2, 3), turn(MONDAY, 4, partition=1))
    sides = FileSides(watchlist=listed, control=written(tmp_path / "c.jsonl", *turns))
    arrived = sides.turns("B1", 0)
    first = arrived(MONDAY, 0, START)
    assert ([one.subject for one in first.entries], first.positions) == (["c:0"], Positions(2, 0))
    assert arrived(MONDAY + 1, 0, first.positions) == (first.positions, [], [])
    assert [one.subject for one in arrived(MONDAY + 2, 0, first.positions).entries] == ["c:2"]
    assert [one.subject for one in sides.turns("B1", 1)(MONDAY, 0, START).entries] == ["c:0", "c:2", "c:3"]
    assert sides.turns("B2", 0)(MONDAY, 0, START).positions == START


def test_a_bad_line_is_refused_with_its_place_and_the_rest_goes_on(tmp_path: Path) -> None:
    bad = b'{"subject": "341302195501010014", "status": "FOUND", "since": "2026-03-01T00:00:00Z"}'
    sides = FileSides(watchlist=written(tmp_path / "w.jsonl", entry("c:0", MONDAY), bad, entry("c:2", MONDAY)))
    (refused,) = sides.rejects
    assert (refused.topic, refused.offset, refused.reason, refused.field) == ("w.jsonl", 2, Reason.IDENTITY_IN_CLEAR, "subject")
    assert [one.subject for one in sides.turns("B1", 0)(MONDAY + 1, 0, START).entries] == ["c:0", "c:2"]


def test_a_file_that_is_not_there_is_named_with_its_option(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="--verdicts"):
        FileSides(verdicts=tmp_path / "absent.jsonl")
    (tmp_path / "empty").touch()
    assert FileSides(control=tmp_path / "empty").rejects == []


def test_replay_takes_a_watch_list(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    movements = written(tmp_path / "movements.jsonl", *(json.dumps(wire(row)).encode() for row in FIRES))
    found = WatchEntry(subject="a:p1", status=FOUND, since=f"{on(-30)}T00:00:00+08:00")
    cleared = WatchEntry(subject="a:p1", status=CLEARED, since=f"{on(-20)}T00:00:00+08:00")
    config = tmp_path / "one.toml"
    config.write_text("[typology.watchlist_contact]\nleast_moved_minor = 1\nleast_share = 0.0001\n")

    def told(*entries: WatchEntry) -> tuple[int, list[Any]]:
        listed = written(tmp_path / "w.jsonl", *map(encode_entry, entries), b"{}")
        rejects, flags = tmp_path / "rejects.jsonl", tmp_path / "flags.jsonl"
        options: list[object] = ["--movements", movements, "--flags", flags, "--watchlist", listed, "--rejects", rejects]
        ended = run(capsys, "replay", *options, "--config", config)
        assert ended.code == 0, ended.err
        assert json.loads(rejects.read_text())["topic"] == "w.jsonl"
        return ended.summary["rejected"], [json.loads(line) for line in flags.read_text().splitlines()]

    def contact(flags: list[Any]) -> list[Any]:
        return [one for flag in flags for one in flag["findings"] if one["typology"] == "watchlist_contact@1"]

    rejected, flags = told(found)
    assert rejected == 1
    assert contact(flags)
    assert not contact(told(found, cleared)[1])
    assert not contact(told()[1])
