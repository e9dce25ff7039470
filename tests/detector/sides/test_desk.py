"""The desk: what takes effect at a turn, what is recorded of it, and who yields where two owners turn the same day."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from contract import control, watchlist
from contract.control import Turn
from contract.errors import Reason, RejectedEvent, TransportUnavailable, TurnTaken
from contract.shanghai import date_of
from contract.topics import CONTROL, WATCHLIST, events_topic
from contract.watchlist import WatchEntry
from detector.sides.consumed import Consumed
from detector.sides.desk import Desk
from detector.sides.inputs import Positions
from detector.transport.base import Shelf
from tests.detector.memory_log import MemoryLog, MemorySides, MemoryTransport

SHELF = Shelf(events_topic("BANK1"), 0)
START = Positions()


def entry(subject: str) -> bytes:
    return watchlist.encode(WatchEntry(subject=subject, status="FOUND", since="2026-03-01T00:00:00Z"))


def now(act: Callable[[], object]) -> None:
    act()


def desk_of(log: MemoryLog) -> Desk:
    transport = MemoryTransport(log)
    desk = Desk(MemorySides(log), transport.publish_turn, transport.flush)
    desk.catch_up()
    return desk


def recorded(log: MemoryLog) -> list[Turn]:
    return [control.decode(value) for value in log.sides[CONTROL]]


def turn(desk: Desk, day: int, before: Positions = START) -> list[str]:
    """One turn, recorded; gives the subjects that took effect."""
    arrived = desk.turns(SHELF)(day, 1, before)
    desk.record(SHELF, [30, 31], now)
    return [one.subject for one in arrived.entries]


def test_a_turn_takes_what_was_read_and_says_where() -> None:
    log = MemoryLog()
    log.sides[WATCHLIST] = [entry("c:1"), entry("c:2")]
    assert turn(desk_of(log), 20_000) == ["c:1", "c:2"]
    (said,) = recorded(log)
    assert said == Turn(topic=SHELF.topic, partition=0, position=31, day=date_of(20_000).isoformat(), watchlist=2, verdicts=0)


def test_a_turn_that_was_recorded_takes_what_it_took_whatever_has_come_since() -> None:
    log = MemoryLog()
    log.sides[WATCHLIST] = [entry("c:1")]
    turn(desk_of(log), 20_000)
    log.sides[WATCHLIST].append(entry("c:2"))
    again = desk_of(log)
    assert turn(again, 20_000) == ["c:1"]
    assert len(recorded(log)) == 1
    assert turn(again, 20_001, Positions(1, 0)) == ["c:2"]


def test_what_came_and_was_not_read_waits_for_the_next_turn() -> None:
    log = MemoryLog()
    desk = desk_of(log)
    log.sides[WATCHLIST] = [entry("c:1")]
    assert turn(desk, 20_000) == []
    desk.refresh()
    assert turn(desk, 20_001) == ["c:1"]


def test_of_two_owners_the_later_yields_unless_they_took_the_same() -> None:
    log = MemoryLog()
    stalled, fresh = desk_of(log), desk_of(log)
    assert turn(stalled, 20_000) == turn(fresh, 20_000) == []
    log.sides[WATCHLIST] = [entry("c:1")]
    fresh.refresh()
    assert turn(fresh, 20_001) == ["c:1"]
    with pytest.raises(TurnTaken):
        turn(stalled, 20_001)
    assert turn(stalled, 20_001) == ["c:1"], "opened anew it takes what the other took"


def test_a_position_never_goes_back_though_a_stalled_owner_recorded_a_later_day_first() -> None:
    log = MemoryLog()
    stalled = desk_of(log)
    log.sides[WATCHLIST] = [entry("c:1")]
    fresh = desk_of(log)
    assert turn(fresh, 20_000) == ["c:1"]
    arrived = stalled.turns(SHELF)
    arrived(20_000, 0, START)
    arrived(20_001, 1, START)
    with pytest.raises(TurnTaken):
        stalled.record(SHELF, [30, 31], now)
    assert turn(fresh, 20_001, Positions(1, 0)) == []
    assert turn(fresh, 20_002, Positions(1, 0)) == []


def test_inputs_that_another_worker_has_recorded_are_read_before_they_are_asked_for() -> None:
    log = MemoryLog()
    desk = desk_of(log)
    log.sides[WATCHLIST] = [entry("c:1")]
    said = Turn(topic=SHELF.topic, partition=0, position=0, day=date_of(20_000).isoformat(), watchlist=1, verdicts=0)
    log.sides[CONTROL].append(control.encode(said))
    reader: Any = desk.reader
    for record in reader.through((CONTROL,)):
        desk.consumed.add(record.topic, record.offset, record.value)
    assert desk.consumed.is_behind
    assert turn(desk, 20_001) == []
    assert turn(desk, 20_002) == ["c:1"]


def test_nothing_is_recorded_where_no_day_turned() -> None:
    log = MemoryLog()
    desk = desk_of(log)
    desk.turns(SHELF)
    calls = log.calls
    desk.record(SHELF, [30], now)
    assert (log.calls, recorded(log)) == (calls, [])


def test_a_broker_that_is_away_is_insisted_upon() -> None:
    log = MemoryLog()
    desk = desk_of(log)
    desk.turns(SHELF)(20_000, 0, START)
    log.away, waits = 3, []

    def insist(act: Callable[[], object]) -> None:
        while True:
            try:
                act()
            except TransportUnavailable:
                waits.append(1)
            else:
                return

    desk.record(SHELF, [30], insist)
    assert (len(waits), len(recorded(log))) == (3, 1)


def test_a_bad_record_is_told_and_the_rest_goes_on() -> None:
    told: list[tuple[str, int, Reason]] = []

    def refused(topic: str, offset: int, error: RejectedEvent) -> None:
        told.append((topic, offset, error.reason))

    consumed = Consumed(refused)
    for offset, value in enumerate((entry("c:1"), None, b"{}", entry("c:2"))):
        consumed.add(WATCHLIST, offset, value)
    consumed.add(CONTROL, 0, b"x")
    assert told == [
        (WATCHLIST, 1, Reason.MALFORMED_JSON),
        (WATCHLIST, 2, Reason.MISSING_FIELD),
        (CONTROL, 0, Reason.MALFORMED_JSON),
    ]
    assert consumed.positions == Positions(4, 0)
    assert [one.subject for one in consumed.arrived(Positions(1, 0), Positions(4, 0)).entries] == ["c:2"]


def test_what_a_ledger_sends_again_counts_once_and_undoes_nothing_that_followed() -> None:
    def sent(ledger: str, seq: int, status: str) -> bytes:
        return watchlist.encode(WatchEntry(subject="c:1", status=status, since="2026-03-01T00:00:00Z", ledger=ledger, seq=seq))

    consumed = Consumed(lambda *_: None)
    found, cleared = sent("aa", 1, "FOUND"), sent("aa", 2, "CLEARED")
    for offset, value in enumerate((found, cleared, found, cleared, sent("bb", 1, "FOUND"), entry("c:2"), entry("c:2"))):
        consumed.add(WATCHLIST, offset, value)
    told = consumed.arrived(START, consumed.positions).entries
    assert [(one.subject, one.status) for one in told] == [
        ("c:1", "FOUND"),
        ("c:1", "CLEARED"),
        ("c:1", "FOUND"),
        ("c:2", "FOUND"),
        ("c:2", "FOUND"),
    ]
