"""Whatever the order of flags, steps, wrong steps and restarts: the history is complete and the chain valid."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, Final

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select

from api.audit import repository as audit
from api.audit.record import decode as decode_line
from api.audit.trail import Trail
from api.audit.verification import verify
from api.auth.offices import Kind, Office
from api.auth.principal import Principal
from api.auth.roles import Role
from api.auth.scope import visible_scope
from api.auth.secret import ServerSecret
from api.config import SQLITE
from api.database import Database
from api.ledger import history
from api.ledger.deadlines import Deadlines
from api.ledger.moves import Transition
from api.ledger.service import Board
from api.ledger.states import TWO_PERSONS, Status, steps
from api.ledger.tracks import Track, entry_id
from api.tables import ENTRIES, FLAGS, HISTORY
from contract.errors import RequestError
from contract.flag import Flag
from tests.api.flags import NOON, finding, flag, store
from tests.api.world import fresh_sqlite

PEOPLE: Final = {
    Track.AML: [("pboc", "li", Role.ANALYST), ("pboc", "wang", Role.SUPERVISOR), ("pboc", "zhao", Role.SUPERVISOR)],
    Track.JOINT: [("lead", "sun", Role.ANALYST), ("lead", "zhou", Role.SUPERVISOR)],
}
CATEGORIES = ("observe", "suspicious", "illegal_fundraising")


def principal(kind: str, holder: str, role: Role) -> Principal:
    return Principal("k", Office(f"{kind}-341300", Kind(kind), "341300", kind), role, holder)


class AnyInterleaving(RuleBasedStateMachine):
    """A ledger under flags and people; a model keeps only what must hold."""

    def __init__(self) -> None:
        super().__init__()
        self.url = fresh_sqlite()
        self.now = NOON
        self.sent: list[Flag] = []
        self.open()

    def open(self) -> None:
        self.database = Database(self.url)
        self.board = Board(self.database, ServerSecret(bytes(32)), Deadlines(), lambda: self.now)

    @initialize()
    def begin(self) -> None:
        from api.ledger.repository import ensure_ledger

        with self.database.writing() as connection:
            ensure_ledger(connection)
        self.flags_come([("a", 0, 2, 0)])

    @rule(new=st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 2), st.integers(0, 2), st.integers(0, 2)), max_size=4))
    def flags_come(self, new: list[tuple[str, int, int, int]]) -> None:
        """Revisions of flags; a category never falls, as the detector promises."""
        batch: list[Flag] = []
        for name, lift, category, typologies in new:
            before = [one for one in (*self.sent, *batch) if one.account_id == f"a:{name}"]
            rank = max([category, *(CATEGORIES.index(one.category) for one in before)])
            named = [finding(f"{kind}@1") for kind in ("pass_through", "structuring", "unit_priced_credits")[: typologies + 1]]
            severity = ("below", "filing", "huge")[lift] if rank == 2 else None
            batch.append(
                flag(name, revision=len(before) + 1, category=CATEGORIES[rank], findings=named, severity=severity, score=80.0)
            )
        self.sent += batch
        with self.database.writing() as connection:
            store(connection, batch, now_ms=self.now)

    @rule(back=st.integers(1, 9))
    def the_log_is_read_again(self, back: int) -> None:
        """A restart before the offsets were committed: what was stored comes once more."""
        self.database.close()
        self.open()
        before = self.everything()
        with self.database.writing() as connection:
            store(connection, self.sent[-back:], now_ms=self.now)
        assert self.everything() == before

    @rule(
        track=st.sampled_from(list(PEOPLE)),
        who=st.integers(0, 2),
        name=st.sampled_from("abc"),
        to=st.sampled_from(Status),
        stale=st.booleans(),
        crash=st.booleans(),
    )
    def somebody_steps(self, track: Track, who: int, name: str, to: Status, stale: bool, crash: bool) -> None:
        """A step, right or wrong; some break off before they are through."""
        by = principal(*PEOPLE[track][who % len(PEOPLE[track])])
        visible = visible_scope(by.office)
        found = entry_id(track, "BANK01", f"a:{name}")
        before = self.everything()
        try:
            version = self.board.get(found, visible=visible).entry.version - stale
            more: dict[str, Any] = {"evidence": ["r"]} if to is Status.CLOSED else {}
            asked = Transition(to=to, reason="r", expected_version=max(1, version), **more)
            with self.database.writing() as connection:
                view = self.board.move(connection, found, asked, by=by, visible=visible, trail=Trail())
                if crash:
                    raise RequestError("broken off")
        except RequestError:
            assert self.everything() == before
            return
        assert not stale or version < 1
        self.now += 60_000
        assert view.history[-1].office == by.office.office_id

    def everything(self) -> list[Any]:
        with self.database.reading() as connection:
            return [connection.execute(select(table)).all() for table in (ENTRIES, HISTORY, FLAGS)]

    @invariant()
    def history_tells_every_version_and_leads_to_the_row(self) -> None:
        with self.database.reading() as connection:
            for row in connection.execute(select(ENTRIES)):
                lines = history.lines_of(connection, row.entry_id)
                assert [line.version for line in lines] == list(range(1, row.version + 1))
                check_path(Track(row.track), lines)
                assert lines[-1].to_status == row.status
                assert (row.proposal is not None) == (lines[-1].kind is history.Kind.PROPOSED)

    @invariant()
    def the_chain_is_whole_and_every_version_stands_in_it_once(self) -> None:
        with self.database.reading() as connection:
            assert verify(connection).is_whole
            acts = [decode_line(bytes(row.record)) for row in audit.all_rows(connection)]
            told = sorted((act.target, act.detail["version"]) for act in acts if act.action.startswith("ledger."))
            kept = sorted((row.entry_id, row.version) for row in connection.execute(select(HISTORY)))
        assert told == kept

    @invariant()
    def flags_show_the_state_of_their_entry(self) -> None:
        with self.database.reading() as connection:
            states = {(row.account_id, row.track): row.status for row in connection.execute(select(ENTRIES))}
            for row in connection.execute(select(FLAGS)):
                if row.category != "observe":
                    assert row.ledger_status == states[(row.account_id, Track.AML)]
                if row.category == "illegal_fundraising":
                    assert row.joint_status == states[(row.account_id, Track.JOINT)]

    def teardown(self) -> None:
        self.database.close()
        shutil.rmtree(Path(self.url.removeprefix(SQLITE)).parent)


def check_path(track: Track, lines: list[history.HistoryLine]) -> None:
    """Every step is one of the states', from where the last one led; two persons where two are needed."""
    at: Status | None = None
    waits: history.HistoryLine | None = None
    for line in lines:
        assert line.from_status == at
        if line.kind is history.Kind.MOVED:
            assert at is not None
            assert line.to_status in steps(at, track)
            if line.to_status in TWO_PERSONS:
                assert waits is not None
                assert waits.proposed == line.to_status
                assert (waits.office, waits.holder) != (line.office, line.holder)
            assert line.to_status is not Status.CLOSED or line.evidence
        elif line.kind is history.Kind.REOPENED:
            assert at in (Status.DISMISSED, Status.CLOSED)
            assert line.news
        else:
            assert at in (None, line.to_status)
        waits = line if line.kind is history.Kind.PROPOSED else None
        at = line.to_status


TestAnyInterleaving = AnyInterleaving.TestCase
TestAnyInterleaving.settings = settings(max_examples=12, stateful_step_count=20, deadline=None)
