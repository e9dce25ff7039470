"""Entries: opened by flags, moved by people, two where two are needed, and nobody's but their track's."""

from __future__ import annotations

from typing import Any

import pytest

from api.ledger.deadlines import Deadlines
from api.ledger.states import Status
from contract.errors import ConfigurationError
from contract.shanghai import date_of, day_of
from tests.api.flags import NOON, finding, flag
from tests.api.ledger.steps import CASE, JOINT, Desk, id_of
from tests.api.world import World


@pytest.fixture
def desk(world: World) -> Desk:
    world.store([flag("a")])
    return Desk(world)


def test_a_flag_opens_one_entry_for_each_track_that_its_category_is_of(world: World) -> None:
    world.store([flag("a"), flag("b", category="suspicious"), flag("c", category="observe"), flag("d", category="large_value")])
    seen = {
        kind: [item["account_id"] for item in world.get("/v1/ledger", world.office(kind, "341300")).json()["items"]]
        for kind in ("pboc", "nfra", "lead", "police")
    }
    assert seen == {"pboc": ["a:a", "a:b"], "nfra": ["a:a"], "lead": ["a:a"], "police": []}


def test_what_the_central_bank_does_with_its_row_shows_nowhere_else(desk: Desk) -> None:
    lead = Desk(desk.world, "lead")
    before = lead.entry("a", JOINT)
    desk.done("under_analysis")
    desk.done("reported_camlmac")
    assert lead.entry("a", JOINT) == before
    assert desk.world.get(f"/v1/ledger/{id_of('a')}", lead.key()).status_code == 404
    statuses = [desk.world.get(f"/v1/flags/{flag('a').flag_id}", key).json()["ledger_status"] for key in (desk.key(), lead.key())]
    assert statuses == ["reported_camlmac", "new"]
    assert desk.world.ids(desk.key(), ledger_status="reported_camlmac") == ["a"]
    assert desk.world.ids(lead.key(), ledger_status="new") == ["a"]
    assert lead.step("under_analysis", track=JOINT).status_code == 201
    assert lead.step("reported_camlmac", track=JOINT).status_code == 409


def test_one_person_alone_cannot_dismiss_refer_or_close(desk: Desk) -> None:
    desk.world.office("police", "341300")
    desk.done("under_analysis")
    for to, more in (
        ("dismissed", {}),
        ("closed", {"evidence": ["结案通知书1号"]}),
        ("transferred", {"office": "police-341300"}),
    ):
        proposed = desk.done(to, **more)
        assert (proposed["status"], proposed["proposal"]["to"]) == ("under_analysis", to)
        assert desk.step(to).status_code == 403
        assert desk.step(to, role="supervisor").status_code == 403, "the same person with another key"
        assert desk.step(to, holder="wang").status_code == 403, "an analyst confirms nothing"
        refused = desk.done("under_analysis", holder="wang")
        assert (refused["status"], refused["proposal"]) == ("under_analysis", None)


def test_a_second_person_confirms_and_the_history_names_both(desk: Desk) -> None:
    desk.done("under_analysis")
    desk.done("dismissed", reason="经营活动真实")
    ended = desk.done("dismissed", holder="wang", role="supervisor", reason="同意")
    assert (ended["status"], ended["proposal"], ended["due_on"], ended["warning"]) == ("dismissed", None, None, None)
    told = [(line["version"], line["kind"], line["by"] and line["by"]["holder"]) for line in ended["history"]]
    assert told == [(1, "opened", None), (2, "moved", "li"), (3, "proposed", "li"), (4, "moved", "wang")]
    assert desk.world.ids(desk.key(), ledger_status="dismissed") == ["a"]


def test_a_supervisor_of_another_office_does_not_confirm_and_reads_no_names(desk: Desk) -> None:
    desk.done("under_analysis")
    desk.done("dismissed")
    province = Desk(desk.world, "pboc", "340000")
    assert province.step("dismissed", holder="zhao", role="supervisor").status_code == 403
    assert {line["by"] and line["by"]["holder"] for line in province.entry()["history"]} == {None}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"to": "closed"}, 422),
        ({"to": "transferred"}, 422),
        ({"to": "transferred", "office": "nobody"}, 422),
        ({"to": "transferred", "office": "lead-110000"}, 422),
        ({"to": "dismissed", "office": "police-341300"}, 422),
        ({"to": "new"}, 409),
        ({"to": "under_analysis"}, 409),
        ({"to": "guilty"}, 422),
        ({"to": "dismissed", "reason": " "}, 422),
        ({"to": "dismissed", "reason": "户主341302195501010014"}, 422),
        ({"to": "dismissed", "reason": "卡号６２２８４８００００００００００００９"}, 201),
        ({"to": "dismissed", "colour": "red"}, 422),
        ({"to": "dismissed", "expected_version": 1}, 409),
        ({"to": "dismissed", "expected_version": 99}, 409),
    ],
)
def test_a_wrong_step_changes_nothing(desk: Desk, body: dict[str, Any], status: int) -> None:
    for kind, region in (("police", "341300"), ("lead", "110000")):
        desk.world.office(kind, region)
    desk.done("under_analysis")
    before = desk.entry()
    answer = desk.step(body.pop("to"), **body)
    assert answer.status_code == status, answer.text
    if status != 201:
        assert set(answer.json()) == {"error", "detail"}
        assert "341302195501010014" not in answer.text
        assert desk.entry() == before


def test_of_two_who_looked_at_the_same_version_one_is_first(desk: Desk) -> None:
    version = desk.entry()["version"]
    assert desk.step("under_analysis", version=version).status_code == 201
    assert desk.step("under_analysis", version=version, holder="wang").status_code == 409


def test_the_same_request_sent_again_answers_the_same_and_changes_nothing(desk: Desk) -> None:
    first = desk.step("under_analysis", version=1, key="k-1")
    again = desk.step("under_analysis", version=1, key="k-1")
    assert (again.status_code, again.content) == (201, first.content)
    assert len(desk.entry()["history"]) == 2
    assert desk.step("dismissed", version=2, key="k-1").status_code == 409
    assert desk.step("dismissed", version=2, key="k-1", holder="wang").status_code == 201, "another person's key is another"
    assert desk.step("dismissed", version=1, key="two words").status_code == 400


def test_new_evidence_opens_a_dismissed_entry_again_and_moved_measures_do_not(desk: Desk) -> None:
    desk.done("under_analysis")
    desk.done("dismissed")
    desk.done("dismissed", holder="wang", role="supervisor")
    desk.world.store([flag("a", revision=2, measures={"payers": 200, "credited": "3000000.00"})])
    still = desk.entry()
    assert (still["status"], still["version"], still["measures"]["payers"]) == ("dismissed", 4, 200)
    desk.world.store([flag("a", revision=3, findings=[finding(), finding("payees_were_payers@1")])])
    again = desk.entry()
    assert (again["status"], again["version"]) == ("new", 5)
    assert again["due_on"] is not None
    assert again["history"][-1]["kind"] == "reopened"
    assert again["history"][-1]["news"] == ["typology:payees_were_payers"]
    assert desk.world.ids(desk.key(), ledger_status="new") == ["a"]


def test_an_older_revision_in_the_same_batch_says_nothing_new(desk: Desk) -> None:
    desk.world.store([flag("b", revision=2, measures={"payers": 9}), flag("b", revision=1, severity="huge")])
    entry = desk.entry("b")
    assert (entry["version"], entry["measures"], entry["severity"]) == (1, {"payers": 9}, "filing")


def test_new_evidence_withdraws_what_waits_for_a_second_person(desk: Desk) -> None:
    desk.done("under_analysis")
    desk.done("dismissed")
    desk.world.store([flag("a", revision=2, severity="huge")])
    entry = desk.entry()
    assert (entry["status"], entry["proposal"], entry["tier"]) == ("under_analysis", None, "major")
    assert entry["history"][-1]["news"] == ["severity:huge"]


def test_what_is_referred_to_the_police_becomes_theirs_to_see_and_nothing_more(desk: Desk) -> None:
    world, police = desk.world, Desk(desk.world, "police")
    other = world.office("police", "341302")
    world.store([flag("b"), flag("a-cash", account_id="a:a", category="large_value")])
    assert world.ids(police.key()) == []
    desk.done("under_analysis")
    desk.done("reported_camlmac")
    desk.done("transferred", office="police-341300")
    assert world.ids(police.key()) == []
    moved = desk.done("transferred", holder="wang", role="supervisor")
    assert moved["owner"] == {"office": "police-341300", "holder": None}
    assert world.ids(police.key()) == ["a"]
    assert world.ids(other) == []
    case = police.entry("a", CASE)
    assert (case["status"], [line["kind"] for line in case["history"]]) == ("new", ["referred"])
    assert case["flags"] == [flag("a").flag_id]
    assert "camlmac" not in str(case["history"]) + str(case["steps"])
    assert world.get(f"/v1/ledger/{id_of('a')}", police.key()).status_code == 404
    world.store([flag("a", revision=2, score=99.0, findings=[finding("structuring@1")])])
    assert world.ids(police.key()) == ["a"], "a newer revision is theirs to see as well"
    assert police.entry("a", CASE)["history"][-1]["kind"] == "evidence"
    assert police.done("under_analysis", track=CASE)["owner"]["holder"] == "li"


def test_the_lead_office_of_the_subjects_region_decides_and_the_branchs_reads(world: World) -> None:
    world.store([flag("a", branch_region="341302", subject_region="341202")])
    branch, subject = Desk(world, "lead", "341300"), Desk(world, "lead", "341200")
    assert branch.entry("a", JOINT)["status"] == "new"
    assert branch.step("under_analysis", track=JOINT).status_code == 403
    assert subject.step("under_analysis", track=JOINT).status_code == 201


def test_an_unseen_entry_and_an_absent_one_give_the_same_answer(world: World) -> None:
    world.store([flag("theirs", branch_region="341202")])
    key = world.office("pboc", "341300")
    headers = {"Authorization": f"Bearer {key}"}
    body = {"to": "under_analysis", "reason": "x", "expected_version": 1}
    answers = []
    for entry in (id_of("theirs"), "NOSUCHENTRY"):
        got = world.get(f"/v1/ledger/{entry}", key)
        moved = world.client.post(f"/v1/ledger/{entry}/transitions", json=body, headers=headers)
        answers.append([(one.status_code, one.content, sorted(one.headers.items())) for one in (got, moved)])
    assert answers[0] == answers[1]
    assert answers[0][0][0] == 404


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, "cab"),
        ({"sort": "due_on"}, "bca"),
        ({"sort": "-changed_at"}, "cab"),
        ({"status": "under_analysis"}, "ac"),
        ({"status": ["new", "under_analysis"]}, "cab"),
        ({"tier": "major"}, "c"),
        ({"tier": "minor"}, "ab"),
        ({"severity": "huge"}, "c"),
        ({"region": "341321"}, "b"),
        ({"region": "340100"}, ""),
        ({"institution_type": "payment"}, "b"),
        ({"institution_code": "B2"}, ""),
        ({"account_id": "a:a"}, "a"),
        ({"owner": "li"}, "ac"),
        ({"owner": "nobody"}, ""),
        ({"is_proposed": "true"}, "c"),
        ({"is_proposed": "false"}, "ab"),
        ({"is_overdue": "true"}, "b"),
    ],
)
def test_a_filter_gives_its_entries_in_order(world: World, params: dict[str, Any], expected: str) -> None:
    world.store([flag("a", score=90.0), flag("c", score=95.0, severity="huge")], now_ms=NOON + 1)
    world.store([flag("b", score=85.0, institution_type="payment", branch_region="341321")])
    desk = Desk(world)
    desk.done("under_analysis")
    desk.done("under_analysis", name="c")
    desk.done("dismissed", name="c")
    found = [item["account_id"][2:] for item in world.get("/v1/ledger", desk.key(), **params).json()["items"]]
    if "sort" in params:
        assert sorted(found) == sorted(expected)
        assert found[0] == expected[0]
    else:
        assert sorted(found) == sorted(expected)
        assert found == [name for name in "cab" if name in expected]


@pytest.mark.parametrize(
    "query", ["status=gone", "tier=huge", "region=999999", "sort=name", "limit=501", "cursor=x", "colour=red"]
)
def test_a_wrong_filter_is_a_400(world: World, query: str) -> None:
    answer = world.get(f"/v1/ledger?{query}", world.office("pboc", "341300"))
    assert (answer.status_code, set(answer.json())) == (400, {"error", "detail"})


@pytest.mark.parametrize("sort", ["-score", "-changed_at", "due_on"])
def test_pages_give_every_entry_once_though_others_come_in(world: World, sort: str) -> None:
    key = world.office("pboc", "341300")
    world.store([flag(f"old-{i}", score=85.0 + i % 3) for i in range(11)])
    seen: list[str] = []
    params: dict[str, Any] = {"sort": sort, "limit": 3}
    for step in range(12):
        page = world.get("/v1/ledger", key, **params).json()
        seen += [item["account_id"] for item in page["items"] if "old" in item["account_id"]]
        world.store([flag(f"new-{step}", score=86.0)])
        if page["next_cursor"] is None:
            break
        params["cursor"] = page["next_cursor"]
    assert sorted(seen) == sorted(f"a:old-{i}" for i in range(11))
    assert world.get("/v1/ledger", world.office("pboc", "340000"), sort=sort, cursor=params["cursor"]).status_code == 400


def test_deadlines_are_working_days_and_warn_before_they_pass(world: World) -> None:
    deadlines = Deadlines()
    opened = 1_759_212_000_000  # 2025-09-30, before eight days of holidays
    due = deadlines.due_day(Status.NEW, now_ms=opened)
    assert date_of(due).isoformat() == "2025-10-14"
    day_ms = 86_400_000
    told = [deadlines.warning(due, now_ms=opened + (due - day_of(opened) + after) * day_ms) for after in (-5, -3, 0, 1)]
    assert told == [None, "soon", "soon", "overdue"]
    assert deadlines.warning(deadlines.due_day(Status.CLOSED, now_ms=opened), now_ms=opened * 2) is None


def test_a_calendar_that_is_none_is_refused(tmp_path: Any) -> None:
    from api.config import ApiSettings

    (tmp_path / "days.toml").write_text("working = ['x']")
    with pytest.raises(ConfigurationError):
        ApiSettings(calendar=tmp_path / "days.toml").deadlines()
