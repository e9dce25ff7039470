"""Side inputs at any moment, beside all that can happen to workers: the flags are those of a replay with the control records."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from contract import control
from contract.arrow_codec import encode_batch
from contract.flag import encode
from contract.json_codec import encode_watermark
from contract.movement import MOVEMENT
from contract.records import ContentType, RecordKind, headers
from contract.shanghai import parse_ms
from contract.topics import CONTROL, WATCHLIST, institution_of
from contract.watchlist import encode as encode_entry
from detector.catalogue import Catalogue
from detector.checkpoint import CheckpointStore
from detector.decode import Decoder, Step
from detector.engine import Shard
from detector.opening import Opening
from detector.sides.desk import Desk
from detector.sides.files import FileSides
from detector.steps import take
from detector.transport.base import Shelf
from tests.detector.listing import cleared, found
from tests.detector.memory_log import MemorySides, MemoryTransport
from tests.detector.shards import batch_of, movement
from tests.detector.stories import alone
from tests.detector.test_worker_machine import SHELVES, Sent, Stream

DAYS = 10
HOLDERS = ("c:0", "c:1", "c:2")


def _script(bank: str) -> list[Sent]:
    """Much cash a day for three holders: every account can be flagged, and is the more when its holder is listed."""
    sent: list[Sent] = []
    for day in range(1, DAYS + 1):
        for number in range(2):
            at = f"2026-04-{day:02}T{9 + number:02}:00"
            cash = {"institution_code": bank, "kind": "cash", "counterparty_id": None}
            rows = [movement(f"{day}-{number}", at, 60_000, account_id=f"a:{c}", customer_id=c, **cash) for c in HOLDERS]
            sent.append((encode_batch(batch_of(rows, MOVEMENT)), headers(RecordKind.MOVEMENT, ContentType.ARROW)))
        if day % 2:
            # Every second midnight has no watermark: the next day's first movement turns the day, in the middle of a step.
            over = parse_ms(f"2026-04-{day + 1:02}T00:00:00+08:00")
            sent.append((encode_watermark(bank, over), headers(RecordKind.WATERMARK, ContentType.JSON)))
    return sent


class Listed(Stream):
    """The same, with a watch list that changes."""

    scripts: ClassVar[dict[Shelf, list[Sent]]] = {shelf: _script(institution_of(shelf.topic)) for shelf in SHELVES}
    catalogue: ClassVar[Catalogue] = alone("watchlist_contact")

    @rule(holder=st.sampled_from(HOLDERS), is_found=st.booleans())
    def the_list_changes(self, holder: str, is_found: bool) -> None:
        self.log.sides[WATCHLIST].append(encode_entry(found(holder) if is_found else cleared(holder)))

    @rule(value=st.sampled_from([None, b"{}", b"\xff"]))
    def the_list_gets_a_bad_record(self, value: bytes | None) -> None:
        self.log.sides[WATCHLIST].append(value)

    @precondition(lambda self: len(self.log.sides[CONTROL]) > 0)
    @rule()
    def a_control_record_comes_twice(self) -> None:
        self.log.sides[CONTROL].append(self.log.sides[CONTROL][-1])

    def _opening(self, transport: MemoryTransport, store: CheckpointStore) -> Opening:
        desk = Desk(MemorySides(self.log), transport.publish_turn, transport.flush)
        return Opening(transport, store, self.catalogue, 600_000, desk=desk)

    def _expected(self) -> list[bytes]:
        return sorted({line for shelf in SHELVES for line in self._replayed(shelf)})

    def _replayed(self, shelf: Shelf) -> set[bytes]:
        bank = institution_of(shelf.topic)
        turns = self._files().turns(bank, 0)
        shard, decoder = Shard(bank, 0, self.catalogue, turns=turns), Decoder(bank, *shelf, 1, 0)
        told: set[bytes] = set()
        for step in decoder.decode(self.log.records[shelf]):
            assert isinstance(step, Step)
            told |= {encode(flag) for flag in take(shard, step).flags}
        return told

    def _files(self) -> FileSides:
        """What the topics hold, as the files of a replay."""
        folder = Path(self.folder.name)
        for topic in (WATCHLIST, CONTROL):
            (folder / topic).write_bytes(b"".join((value or b"") + b"\n" for value in self.log.sides[topic]))
        return FileSides(watchlist=folder / WATCHLIST, control=folder / CONTROL)

    def everything_published_is_of_peace_and_everything_committed_is_published(self) -> None:
        """Peace depends on what the list will have said where: it is compared at the end."""


TestListed: Any = Listed.TestCase
TestListed.settings = Stream.TestCase.settings


def _with_something_to_say() -> Listed:
    """A worker that has judged four days of one bank and saved the first of them."""
    machine = Listed()
    machine.start()
    machine.send(SHELVES[0], 2)
    machine.work(0, 3, 0)
    machine.save(0, 0)
    machine.send(SHELVES[0], 8)
    return machine


def _contact(machine: Listed) -> list[bool]:
    return [b"watchlist_contact@1" in line.split(b"not_evaluable")[0] for line in machine.log.wire()]


def test_a_worker_that_comes_after_a_crash_turns_days_as_they_were_turned_though_the_list_has_changed() -> None:
    machine = _with_something_to_say()
    machine.work(0, 6, 0)
    machine.crash(0, 10**6)
    said = machine.log.wire()
    assert len(machine.log.sides[CONTROL]) >= 3
    machine.the_list_changes("c:1", True)
    machine.start()
    machine.work(0, 8, 0)
    assert set(said) <= set(machine.log.wire())
    machine.every_revision_has_one_content()
    machine.send(SHELVES[0], 4)
    machine.teardown()
    assert any(_contact(machine)), "what came later acts later"


def test_an_owner_that_wakes_up_with_records_in_hand_says_nothing_where_another_has_turned_the_day() -> None:
    machine = _with_something_to_say()
    stalled = machine.workers[0]
    in_hand = stalled.transport.poll(0)
    machine.stall_beyond_the_session(0)
    machine.the_list_changes("c:1", True)
    machine.start()
    machine.work(0, 6, 0)
    said = machine.log.wire()
    assert any(_contact(machine))
    for shelf, records in in_hand.items():
        stalled._take_records(shelf, records)  # noqa: SLF001  what it had polled before it stalled
    stalled.transport.flush()
    assert machine.log.wire() == said
    assert not stalled._held  # noqa: SLF001  it has forgotten the shard
    machine.teardown()


def test_the_list_changes_what_is_said() -> None:
    """The machine compares something: who is listed and cleared again is told so, in the same days."""
    machine = Listed()
    machine.start()
    for day in range(DAYS):
        machine.send(SHELVES[0], 3)
        machine.the_list_changes("c:1", day % 3 != 2)
        for _ in range(4):
            machine.work(0, 2, 0)
    machine.teardown()
    contact = _contact(machine)
    assert 5 <= sum(contact) < len(contact)
    assert len({turn.watchlist for turn in map(control.decode, machine.log.sides[CONTROL])}) >= 5
