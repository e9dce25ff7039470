"""Many entries at once, each decided for itself; and entries that go to somebody else."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection, update

from api.ledger.service import Board
from api.tables import ENTRIES
from contract.errors import Conflict
from tests.api.flags import flag
from tests.api.ledger.steps import JOINT, Desk, id_of
from tests.api.world import World

BULK = "/v1/ledger/transitions"


@pytest.fixture
def desk(world: World) -> Desk:
    world.store([flag(name) for name in "abc"])
    return Desk(world)


def bulk(desk: Desk, names: str, to: str, *, holder: str = "li", role: str = "analyst", version: int = 1, **more: Any) -> Any:
    entries = [{"entry_id": id_of(name), "expected_version": version} for name in names]
    body = {"entries": entries, "to": to, "reason": "批量核查"} | more
    return desk.world.post(BULK, desk.key(holder, role), body)


def test_each_entry_of_a_bulk_step_is_as_if_it_were_alone(desk: Desk) -> None:
    desk.done("under_analysis", name="b")
    answer = bulk(desk, "abcz", "under_analysis").json()["items"]
    assert [(one["is_done"], one["error"]) for one in answer] == [
        (True, None), (False, "conflict"), (True, None), (False, "not_found")
    ]  # fmt: skip
    assert [desk.entry(name)["version"] for name in "abc"] == [2, 2, 2]
    assert desk.entry("a")["history"][-1]["reason"] == "批量核查"


def test_what_a_refused_step_wrote_is_gone_and_the_others_stay(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Board.move

    def half(self: Board, connection: Connection, entry_id: str, *args: Any, **more: Any) -> Any:
        if entry_id == id_of("b"):
            connection.execute(update(ENTRIES).where(ENTRIES.c.entry_id == entry_id).values(next_action="half"))
            raise Conflict("somebody else was first")
        return whole(self, connection, entry_id, *args, **more)

    monkeypatch.setattr(Board, "move", half)
    answer = bulk(desk, "abc", "under_analysis").json()["items"]
    assert [one["is_done"] for one in answer] == [True, False, True]
    assert [(desk.entry(name)["next_action"], desk.entry(name)["version"]) for name in "abc"] == [(None, 2), (None, 1), (None, 2)]


def test_two_persons_are_two_persons_in_bulk_too(desk: Desk) -> None:
    bulk(desk, "ab", "under_analysis")
    bulk(desk, "ab", "dismissed", version=2)
    same = bulk(desk, "ab", "dismissed", version=3, role="supervisor").json()["items"]
    assert {one["error"] for one in same} == {"forbidden"}
    other = bulk(desk, "ab", "dismissed", version=3, holder="wang", role="supervisor").json()["items"]
    assert [one["status"] for one in other] == ["dismissed", "dismissed"]


def test_a_bulk_step_sent_again_with_its_key_changes_nothing(desk: Desk) -> None:
    body = {"entries": [{"entry_id": id_of("a"), "expected_version": 1}], "to": "under_analysis", "reason": "x"}
    headers = {"Authorization": f"Bearer {desk.key()}", "Idempotency-Key": "k"}
    answers = [desk.world.client.post(BULK, json=body, headers=headers).content for _ in range(2)]
    assert answers[0] == answers[1]
    assert desk.entry("a")["version"] == 2


@pytest.mark.parametrize("names", ["", "aa", "a" * 201])
def test_a_bulk_step_for_none_for_one_twice_or_for_too_many_is_refused(desk: Desk, names: str) -> None:
    assert bulk(desk, names, "under_analysis").status_code == 422


def hand(desk: Desk, name: str = "a", **body: Any) -> Any:
    track = JOINT if desk.kind != "pboc" else None
    entry = id_of(name) if track is None else id_of(name, track)
    asked = {"reason": "工作调整", "expected_version": 1} | body
    return desk.world.post(f"/v1/ledger/{entry}/handover", desk.key(), asked)


def test_an_entry_goes_to_another_person_of_the_office(desk: Desk) -> None:
    desk.done("under_analysis")
    answer = hand(desk, holder="zhao", expected_version=2)
    assert answer.status_code == 201
    assert answer.json()["owner"] == {"office": "pboc-341300", "holder": "zhao"}
    assert answer.json()["history"][-1]["kind"] == "handed_over"
    assert answer.json()["history"][-1]["handed_to"] == "zhao"
    assert [item["account_id"] for item in desk.world.get("/v1/ledger", desk.key(), owner="zhao").json()["items"]] == ["a:a"]


def test_an_entry_goes_to_another_office_of_its_track_which_alone_hands_it_on(desk: Desk) -> None:
    province = Desk(desk.world, region="340000")
    province.key()
    taken = hand(desk, office="pboc-340000")
    assert taken.json()["owner"] == {"office": "pboc-340000", "holder": None}
    assert hand(desk, holder="li", expected_version=2).status_code == 403
    assert hand(province, holder="sun", expected_version=2).status_code == 201
    assert province.entry("a")["history"][-1]["handed_to"] == "sun"
    assert desk.entry("a")["history"][-1]["handed_to"] is None, "other offices' people stay their own business"


@pytest.mark.parametrize("office", ["nfra-341300", "pboc-340100", "police-341300", "nowhere", "pboc-341300"])
def test_an_office_that_does_not_work_on_the_row_cannot_get_it(desk: Desk, office: str) -> None:
    for kind, region in (("nfra", "341300"), ("pboc", "340100"), ("police", "341300")):
        desk.world.office(kind, region)
    desk.key()
    assert hand(desk, office=office).status_code == 422
    assert desk.entry("a")["version"] == 1


def test_a_lead_office_hands_over_to_the_one_that_decides(world: World) -> None:
    world.store([flag("a", branch_region="341302", subject_region="341321")])
    city, assisting = Desk(world, "lead", "341300"), Desk(world, "lead", "341302")
    world.office("lead", "341321")
    assert hand(assisting, office="lead-341321").status_code == 403, "it only assists"
    assert hand(city, office="lead-341302").status_code == 422, "it only assists"
    assert hand(city, office="lead-341321").status_code == 201


@pytest.mark.parametrize("body", [{}, {"office": "x", "holder": "y"}, {"holder": "y", "expected_version": 9}])
def test_a_handover_to_nobody_to_two_or_of_an_old_version_is_refused(desk: Desk, body: dict[str, Any]) -> None:
    assert hand(desk, **body).status_code in (409, 422)


def test_what_has_ended_is_handed_to_nobody_and_what_waits_is_withdrawn(desk: Desk) -> None:
    desk.done("under_analysis")
    desk.done("dismissed")
    assert hand(desk, holder="zhao", expected_version=3).json()["proposal"] is None
    desk.done("dismissed")
    desk.done("dismissed", holder="wang", role="supervisor")
    assert hand(desk, holder="zhao", expected_version=desk.entry("a")["version"]).status_code == 409
