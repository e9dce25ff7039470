"""What offices decide reaches the detector: with the decision or not at all, in order, and counted once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import select

from api.outbox import repository
from api.outbox.publisher import Publisher
from api.outbox.repository import Waiting
from api.tables import OUTBOX
from contract import verdict, watchlist
from contract.errors import TransportUnavailable
from contract.topics import VERDICTS, WATCHLIST
from contract.verdict import Verdict
from contract.watchlist import WatchEntry
from detector.sides.consumed import Consumed
from tests.api.flags import flag
from tests.api.ledger.steps import JOINT, Desk
from tests.api.world import World

SUBJECT = {"subject": "c:found", "status": "FOUND", "since": "2026-03-01", "reference": "处非决字2026-1号"}


@dataclass
class MemorySink:
    """A log that may fail after it has kept some of what it was given."""

    kept: list[Waiting] = field(default_factory=list)
    fails_after: int | None = None
    closed: int = 0

    def send(self, records: Sequence[Waiting]) -> None:
        if self.fails_after is not None:
            self.kept += records[: self.fails_after]
            raise TransportUnavailable("the broker is away")
        self.kept += records

    def close(self) -> None:
        self.closed += 1


def publisher(world: World, sink: MemorySink, *, now_ms: int = 1_000, owner: str = "one") -> Publisher:
    return Publisher(world.database, lambda: sink, lambda: now_ms, owner)


def outbox(world: World) -> list[Any]:
    with world.database.reading() as connection:
        return list(connection.execute(select(OUTBOX).order_by(OUTBOX.c.seq)).all())


def verdicts(world: World) -> list[Verdict]:
    return [verdict.decode(bytes(row.value)) for row in outbox(world) if row.topic == VERDICTS]


def list_subject(world: World, **changes: str) -> Any:
    return world.post("/v1/watchlist", world.office("lead", "341300", role="supervisor"), SUBJECT | changes)


def test_a_dismissal_is_a_verdict_on_every_flag_of_the_entry_once_two_persons_took_it(world: World) -> None:
    world.store([flag("a"), flag("a2", account_id="a:a", revision=3)])
    desk = Desk(world)
    desk.done("under_analysis")
    desk.done("dismissed")
    assert verdicts(world) == [], "a proposal decides nothing"
    desk.done("dismissed", holder="wu", role="supervisor")
    told = verdicts(world)
    assert {(one.flag_id, one.revision, one.verdict) for one in told} == {
        (flag("a").flag_id, 1, "dismissed"),
        (flag("a2").flag_id, 3, "dismissed"),
    }
    assert all(one.features["finding.pass_through"] == 0.8 for one in told)
    assert {row.message_key for row in outbox(world)} == {one.flag_id for one in told}


@pytest.mark.parametrize(("to", "said"), [("reported_local", ["confirmed"]), ("reported_camlmac", [])])
def test_a_report_to_the_local_offices_confirms_and_one_to_the_monitoring_centre_is_told_nobody(
    world: World, to: str, said: list[str]
) -> None:
    world.store([flag("a")])
    desk = Desk(world)
    desk.done("under_analysis")
    desk.done(to)
    assert [one.verdict for one in verdicts(world)] == said


def test_a_referral_confirms_and_names_neither_office_nor_person(world: World) -> None:
    world.store([flag("a")])
    desk = Desk(world, "lead")
    police = world.office("police", "341300", name="ECI-3413")
    assert police
    desk.done("under_analysis", track=JOINT)
    desk.done("transferred", track=JOINT, office="ECI-3413")
    desk.done("transferred", track=JOINT, holder="wu", role="supervisor")
    (told,) = verdicts(world)
    assert told.verdict == "confirmed"
    (row,) = outbox(world)
    for word in (b"lead-341300", b"wu", b'"li"', b"ECI", b"a:a", b"c:a"):
        assert word not in bytes(row.value)


def test_a_step_that_is_refused_tells_nothing(world: World) -> None:
    world.store([flag("a")])
    desk = Desk(world)
    assert desk.step("dismissed").status_code == 409
    assert desk.step("under_analysis", version=9).status_code == 409
    assert outbox(world) == []


def test_a_subject_is_told_as_it_was_written_and_cleared_as_fast(world: World) -> None:
    assert list_subject(world, kind="risk_enterprise").status_code == 201
    assert list_subject(world, status="CLEARED", since="2026-04-01").status_code == 201
    told = [watchlist.decode(bytes(row.value)) for row in outbox(world)]
    assert [(one.subject, one.status, one.since, one.kind, one.seq) for one in told] == [
        ("c:found", "FOUND", "2026-03-01T00:00:00+08:00", "risk_enterprise", 1),
        ("c:found", "CLEARED", "2026-04-01T00:00:00+08:00", "confirmed_subject", 2),
    ]
    assert {row.topic for row in outbox(world)} == {WATCHLIST}
    assert b"2026-1" not in bytes(outbox(world)[0].value), "the decision's number is the office's own"


def test_what_waits_is_sent_once_in_order(world: World) -> None:
    for k in range(3):
        list_subject(world, subject=f"c:{k}")
    sink = MemorySink()
    one = publisher(world, sink)
    assert (one.run_once(), one.run_once()) == (3, 0)
    assert [record.key for record in sink.kept] == ["c:0", "c:1", "c:2"]
    assert all(row.sent_ms == 1_000 for row in outbox(world))


def taken(sink: MemorySink) -> list[tuple[str, str]]:
    """What a detector makes of all that the log holds."""
    consumed = Consumed(lambda *_: pytest.fail("refused"))
    for offset, record in enumerate(sink.kept):
        consumed.add(record.topic, offset, record.value)
    return [(one.subject, one.status) for one in consumed.watchlist.items]


@pytest.mark.parametrize("kept", [0, 1, 2, 3])
def test_a_crash_anywhere_in_a_send_changes_nothing_for_the_reader(world: World, kept: int) -> None:
    list_subject(world)
    list_subject(world, status="CLEARED")
    list_subject(world, subject="c:other")
    sink = MemorySink(fails_after=kept)
    crashed = publisher(world, sink)
    with pytest.raises(TransportUnavailable):
        crashed.run_once()
    sink.fails_after = None
    assert publisher(world, sink, owner="two").run_once() == 0, "the other may still be sending"
    assert publisher(world, sink, now_ms=1_000 + repository.CLAIM_MS, owner="two").run_once() == 3
    assert taken(sink) == [("c:found", "FOUND"), ("c:found", "CLEARED"), ("c:other", "FOUND")]


def test_nobody_overtakes_another_who_is_sending(world: World) -> None:
    list_subject(world, subject="c:0")
    with world.database.writing() as connection:
        assert len(repository.claim(connection, "one", now_ms=1_000, limit=10)) == 1
    list_subject(world, subject="c:1")
    sink = MemorySink()
    assert publisher(world, sink, owner="two").run_once() == 0
    assert publisher(world, sink, owner="one").run_once() == 2
    assert [record.key for record in sink.kept] == ["c:0", "c:1"]


def test_a_ledger_made_anew_begins_its_own_count(world: World) -> None:
    with world.database.writing() as connection:
        repository.add(connection, WatchEntry(subject="c:1", status="FOUND", since="2026-03-01T00:00:00Z"), now_ms=5)
    (row,) = outbox(world)
    entry = watchlist.decode(bytes(row.value))
    assert entry.seq == 1
    assert entry.ledger


def test_it_runs_until_stopped_through_a_broker_that_is_away(world: World) -> None:
    list_subject(world)
    sink = MemorySink(fails_after=0)
    one = publisher(world, sink)

    def waits(_seconds: float) -> bool:
        if sink.fails_after is None:
            one.stop()
        sink.fails_after = None
        return True

    one._stop.wait = waits  # type: ignore[method-assign,assignment]  # noqa: SLF001  no test sleeps
    one.run()
    assert taken(sink) == [("c:found", "FOUND")]
    assert sink.closed == 2, "one that failed is not used again"
