"""The ledger added up: every group by hand, nothing that an office may not see, and what came of confirmed cases."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.flags import NOON, finding, flag
from tests.api.ledger.steps import JOINT, Desk, id_of
from tests.api.world import World

DAY = 86_400_000
MONTH = 31 * DAY


@pytest.fixture
def desk(world: World) -> Desk:
    world.store([flag("a"), flag("b", branch_region="341321", findings=[finding(), finding("structuring@1")])])
    world.store([flag("c", institution_code="B2", severity="huge"), flag("s", category="suspicious")], now_ms=NOON + MONTH)
    return Desk(world)


def lines(world: World, key: str, *by: str, **more: Any) -> dict[tuple[str, ...], int]:
    answer = world.get("/v1/rollups", key, by=list(by), **more)
    assert answer.status_code == 200, answer.text
    return {tuple(line["group"][one] for one in by): line["entries"] for line in answer.json()["lines"]}


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        (["month"], {("2026-03",): 2, ("2026-04",): 2}),
        (["institution"], {("BANK01",): 3, ("B2",): 1}),
        (["institution_type"], {("bank",): 4}),
        (["region"], {("341300",): 4, ("341302",): 3, ("341321",): 1}),
        (["typology"], {("pass_through",): 4, ("structuring",): 1}),
        (["severity"], {("filing",): 2, ("huge",): 1, ("none",): 1}),
        (["month", "institution"], {("2026-03", "BANK01"): 2, ("2026-04", "B2"): 1, ("2026-04", "BANK01"): 1}),
        (["region", "typology"], {("341300", "pass_through"): 4, ("341302", "pass_through"): 3,
                                  ("341321", "pass_through"): 1, ("341300", "structuring"): 1, ("341321", "structuring"): 1}),
    ],
)  # fmt: skip
def test_entries_are_added_up(desk: Desk, by: list[str], expected: dict[tuple[str, ...], int]) -> None:
    assert lines(desk.world, desk.key(), *by) == expected


def test_an_office_counts_what_it_sees_and_nothing_more(desk: Desk) -> None:
    world = desk.world
    assert lines(world, world.office("nfra", "341300"), "month") == {("2026-03",): 2, ("2026-04",): 1}
    assert lines(world, world.office("lead", "341321"), "region") == {("341321",): 1}
    assert lines(world, world.office("csrc", "340000"), "month") == {}
    assert lines(world, world.office("police", "341300"), "month") == {}
    world.store([flag("a-more", account_id="a:a", category="suspicious", findings=[finding("night_activity@1")])])
    seen = lines(world, world.office("lead", "341300"), "typology")
    assert ("night_activity",) not in seen, "said by a flag that a lead office does not see"
    assert ("night_activity",) in lines(world, desk.key(), "typology")


def test_states_are_told_apart_and_days_bound(desk: Desk) -> None:
    desk.done("under_analysis")
    desk.done("reported_local")
    desk.done("under_analysis", name="b")
    (line,) = desk.world.get("/v1/rollups", desk.key(), by="month", opened_until="2026-04-01").json()["lines"]
    assert {name: line[name] for name in ("entries", "confirmed", "dismissed", "in_work")} == {
        "entries": 2, "confirmed": 1, "dismissed": 0, "in_work": 1
    }  # fmt: skip
    assert lines(desk.world, desk.key(), "month", opened_from="2026-04-01") == {("2026-04",): 2}


@pytest.mark.parametrize("query", ["by=trade", "by=month&by=month", "opened_from=2026-02-01&opened_until=2026-01-01", "x=1"])
def test_a_wrong_question_is_a_400(desk: Desk, query: str) -> None:
    assert desk.world.get(f"/v1/rollups?{query}", desk.key()).status_code == 400


def test_outcomes_of_confirmed_cases(desk: Desk) -> None:
    world = desk.world
    assert world.get("/v1/outcomes", desk.key()).json()["confirmed"] == 0
    head = "institution_code,institution_type,account_id,branch_region,status,opened_on,reference,reason"
    row = "BANK01,bank,a:old,341302,reported_local,2024-05-20,1,x"
    headers = {"Authorization": f"Bearer {desk.key('wang', 'supervisor')}", "Content-Type": "text/csv"}
    assert world.client.post("/v1/ledger/import", content=f"{head}\n{row}\n".encode(), headers=headers).status_code == 201
    for name in ("a", "b"):
        desk.done("under_analysis", name=name)
        desk.done("reported_local", name=name)
    found = world.get("/v1/outcomes", desk.key()).json()
    assert (found["confirmed"], found["first_seen_here"], found["share_first_seen_here"]) == (3, 2, 0.6667)
    assert (found["credited_at_detection"], found["median_credited_at_detection"]) == ("4280000.00", "2140000.00")
    assert (found["payers_at_detection"], found["median_payers_at_detection"]) == (374, 187)
    assert found["median_lead_days"] > 0
    assert found["reporting_delay"] == [{"institution_code": "BANK01", "cases": 2, "median_days": 0.0}]
    assert world.get("/v1/outcomes", world.office("nfra", "341300")).json()["confirmed"] == 0, "another track's steps"


def test_a_late_institution_is_told_by_its_delay(world: World) -> None:
    world.store([flag("late", institution_code="B2")], now_ms=NOON + 3 * DAY)
    lead = Desk(world, "lead")
    entry = world.get("/v1/ledger", lead.key()).json()["items"][0]
    for version, to in enumerate(("under_analysis", "reported_local"), start=1):
        body = {"to": to, "reason": "x", "expected_version": version}
        assert world.post(f"/v1/ledger/{entry['entry_id']}/transitions", lead.key(), body).status_code == 201
    assert world.get("/v1/outcomes", lead.key()).json()["reporting_delay"] == [
        {"institution_code": "B2", "cases": 1, "median_days": 3.0}
    ]
    assert id_of("late", JOINT) != entry["entry_id"]
