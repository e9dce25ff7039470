"""Days on and off of an operator's file: they move due dates and windows, stand in the catalogue's name, and end the fallback."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from click.testing import CliRunner
from prometheus_client import REGISTRY

from contract.arrow_codec import encode_batch
from contract.errors import ConfigurationError
from contract.movement import MOVEMENT
from contract.records import ContentType, RecordKind, headers
from contract.shanghai import parse_ms
from contract.topics import events_topic
from detector.catalogue import Catalogue, load_catalogue
from detector.checkpoint import CheckpointStore
from detector.command import detect
from detector.config import read_settings
from detector.engine import Shard
from detector.opening import Opening
from detector.replay_command import replay
from detector.transport.base import Shelf
from detector.worker import Worker
from tests.detector.memory_log import MemoryLog, MemoryTransport
from tests.detector.shards import CATALOGUE, INSTITUTION, batch_of, feed, large, movement

CASH = movement("e1", "2030-03-04T10:00", 60_000, kind="cash")
"""Monday of a year that the built-in calendar does not know."""


@pytest.fixture
def days(tmp_path: Path) -> Path:
    path = tmp_path / "days.toml"
    path.write_text("working = [2030-03-09]\nholidays = [2030-03-05, 2030-12-31]\n")
    return path


def small(catalogue: Catalogue) -> Catalogue:
    return dataclasses.replace(catalogue, models=CATALOGUE.models)


def test_due_dates_follow_the_file(days: Path) -> None:
    assert [flag.due_on for flag in large(feed(Shard(INSTITUTION, 0, small(load_catalogue())), [CASH]))] == ["2030-03-11"]
    told = small(load_catalogue(None, days))
    # The holiday is left out and the Saturday counts: the same day by another way; without the Saturday it is later.
    assert [flag.due_on for flag in large(feed(Shard(INSTITUTION, 0, told), [CASH]))] == ["2030-03-11"]
    days.write_text("holidays = [2030-03-05, 2030-12-31]\n")
    later = small(load_catalogue(None, days))
    assert [flag.due_on for flag in large(feed(Shard(INSTITUTION, 0, later), [CASH]))] == ["2030-03-12"]


def test_windows_follow_the_file(days: Path) -> None:
    built_in, told = load_catalogue().calendar, load_catalogue(None, days).calendar
    assert (built_in.window_starts() != told.window_starts()).any()
    shard = Shard(INSTITUTION, 0, small(load_catalogue(None, days)))
    assert (shard._rules.window_starts == told.window_starts()).all()  # noqa: SLF001  what kernels read


def test_the_name_of_the_catalogue_tells_that_days_were_changed(days: Path) -> None:
    plain = load_catalogue()
    assert load_catalogue(None, days).name not in (plain.name, "")
    assert load_catalogue(None, days).name == load_catalogue(None, days).name
    days.write_text("")
    assert load_catalogue(None, days).name == plain.name


def test_a_setting_and_an_option_name_the_file(days: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DETECTOR_CALENDAR", str(days))
    assert read_settings({"kafka": "x:1", "checkpoint": "x"}).calendar == days
    days.write_text("holidays = 3")
    for command, arguments in (
        (detect, ["--kafka", "127.0.0.1:9", "--checkpoint", str(days.parent / "c"), "--calendar", str(days)]),
        (replay, ["--movements", str(days), "--flags", str(days.parent / "f"), "--calendar", str(days)]),
    ):
        refused = CliRunner().invoke(command, arguments).exception
        assert isinstance(refused, ConfigurationError)
        assert "must be a list of dates" in str(refused)


@pytest.mark.parametrize(("known", "counted"), [(False, 1.0), (True, 0.0)], ids=["unknown-year", "named-year"])
def test_due_dates_beyond_the_calendar_are_counted(days: Path, tmp_path: Path, known: bool, counted: float) -> None:
    log = MemoryLog()
    log.topic(INSTITUTION)
    transport, store = MemoryTransport(log), CheckpointStore.at(str(tmp_path / "c"), 2)
    catalogue = small(load_catalogue(None, days) if known else load_catalogue())
    worker = Worker(transport, store, Opening(transport, store, catalogue, 600_000), 1e9, lambda: False)
    worker.begin()
    before = REGISTRY.get_sample_value("calendar_fallback_total") or 0.0
    at_ms = parse_ms("2030-12-01T00:00:00+08:00")
    shelf = Shelf(events_topic(INSTITUTION), 0)
    log.append(shelf, encode_batch(batch_of([CASH], MOVEMENT)), headers(RecordKind.MOVEMENT, ContentType.ARROW), at_ms=at_ms)
    worker.run_once()
    assert (REGISTRY.get_sample_value("calendar_fallback_total") or 0.0) - before == counted
