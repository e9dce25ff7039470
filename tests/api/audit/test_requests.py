"""Every request leaves a line, and no answer leaves without one."""

from __future__ import annotations

from typing import Any

import pytest
from structlog.testing import capture_logs

from api.audit import record, repository
from api.audit.record import AuditRecord
from contract.errors import LedgerUnavailable
from tests.api.flags import flag
from tests.api.world import World


def lines(world: World) -> list[AuditRecord]:
    world.app.state.audit.close()
    with world.database.reading() as connection:
        found = [record.decode(bytes(row.record)) for row in repository.all_rows(connection)]
    return [line for line in found if not line.action.startswith("ledger.")]


def test_a_page_a_count_an_empty_list_and_an_unseen_flag_each_leave_their_line(world: World) -> None:
    key = world.office("lead", "341302", holder="Zhang")
    world.store([flag("mine"), flag("theirs", branch_region="341321")])
    world.get("/v1/flags", key, category="illegal_fundraising")
    world.get("/v1/flags", key, region="341321")
    world.get("/v1/summary", key)
    world.get(f"/v1/flags/{flag('theirs').flag_id}", key)
    world.get("/v1/flags?colour=red", key)
    found = lines(world)
    assert [(line.action, line.decision, line.rows) for line in found] == [
        ("GET /v1/flags", "answered", 1),
        ("GET /v1/flags", "empty", 0),
        ("GET /v1/summary", "answered", 1),
        ("GET /v1/flags/{flag_id}", "refused", None),
        ("GET /v1/flags", "refused", None),
    ]
    assert found[0].accounts == ["a:mine"]
    assert found[0].filters == {"category": ["illegal_fundraising"]}
    assert found[3].target == flag("theirs").flag_id
    assert {(line.office, line.holder, line.role) for line in found} == {("lead-341302", "Zhang", "analyst")}
    assert {(line.purpose, line.legal_basis) for line in found} == {("ILLEGAL_FUNDRAISING_PREVENTION", "PIPL 13(3)")}
    assert len({line.request_id for line in found}) == 5


def test_who_has_no_key_leaves_a_line_without_an_office(world: World) -> None:
    world.get("/v1/flags", "fw_" + "0" * 12 + "_" + "A" * 43)
    (line,) = lines(world)
    assert (line.decision, line.status, line.office, line.rows) == ("refused", 401, None, None)


def test_an_export_leaves_a_line_when_it_begins_and_one_with_its_rows_when_it_ends(world: World) -> None:
    key = world.office("pboc", "341300")
    world.store([flag(f"f-{i}") for i in range(7)])
    world.client.get("/v1/flags", headers={"Authorization": f"Bearer {key}", "Accept": "text/csv"})
    assert [(line.action, line.rows) for line in lines(world)][1:] == [("GET /v1/flags ended", 7)]


def test_the_console_leaves_the_same_lines(world: World) -> None:
    world.store([flag("a")])
    world.client.post("/console/sign-in", data={"key": world.office("pboc", "341300")})
    world.client.get("/console/flags")
    world.client.get("/console/static/console.css")
    found = lines(world)
    assert [line.action for line in found] == ["POST /console/sign-in", "GET /console/flags"]
    assert [line.office for line in found] == ["pboc-341300"] * 2
    assert found[1].accounts == ["a:a"]


def test_an_answer_that_cannot_be_audited_is_not_given(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    key = world.office("pboc", "341300")
    world.store([flag("secret-one")])

    def away() -> Any:
        raise LedgerUnavailable("away")

    monkeypatch.setattr(world.database, "appending", away)
    for accept in ("*/*", "text/csv"):
        answer = world.client.get("/v1/flags", headers={"Authorization": f"Bearer {key}", "Accept": accept})
        assert (answer.status_code, answer.json()["error"]) == (503, "unavailable")
        assert "secret-one" not in answer.text


def test_a_failure_of_the_server_leaves_its_line_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: Any, **_kwargs: Any) -> Any:
        raise RuntimeError("x")

    monkeypatch.setattr("api.flags.repository.page_of", broken)
    with capture_logs():
        world.get("/v1/flags", world.office("pboc", "341300"))
    assert [(line.decision, line.status) for line in lines(world)] == [("failed", 500)]


def test_a_purpose_is_kept_and_an_unknown_one_refused(world: World) -> None:
    key = world.office("pboc", "341300")
    for purpose, status in (("CASE", 200), ("CURIOSITY", 400)):
        headers = {"Authorization": f"Bearer {key}", "Fundwatch-Purpose": purpose}
        answer = world.client.get("/v1/flags", headers=headers)
        assert answer.status_code == status
        assert "CURIOSITY" not in answer.text
    assert [line.purpose for line in lines(world)] == ["CASE", None]


def test_an_auditor_reads_the_own_offices_lines_page_by_page_and_nobody_elses(world: World) -> None:
    reader, other = world.office("pboc", "341300"), world.office("lead", "341300")
    auditor = world.office("pboc", "341300", role="auditor", holder="Wu")
    for _ in range(5):
        world.get("/v1/flags", reader)
        world.get("/v1/flags", other)
    seen: list[Any] = []
    params: dict[str, Any] = {"limit": 2, "holder": "office"}
    while True:
        page = world.get("/v1/audit", auditor, **params).json()
        seen += page["items"]
        if page["next_cursor"] is None:
            break
        params["cursor"] = page["next_cursor"]
    assert [line["action"] for line in seen] == ["GET /v1/flags"] * 5
    assert {line["office"] for line in seen} == {"pboc-341300"}
    assert all("seq" not in line for line in seen)
    assert world.get("/v1/audit", auditor, holder="Wu").json()["items"][0]["rows"] == 1


def test_a_cursor_of_the_audit_tells_no_number_and_is_worthless_elsewhere(world: World) -> None:
    ours, theirs = world.office("pboc", "341300", role="auditor"), world.office("pboc", "340000", role="auditor")
    for _ in range(3):
        world.get("/v1/flags", ours)
    cursors = {world.get("/v1/audit", ours, limit=1, until="2000-01-01T00:00:00Z").json()["next_cursor"]}
    cursors = {world.get("/v1/audit", ours, limit=1).json()["next_cursor"] for _ in range(2)} | cursors - {None}
    assert len(cursors) == 2
    cursor = cursors.pop()
    assert world.get("/v1/audit", ours, cursor=cursor).status_code == 200
    assert world.get("/v1/audit", theirs, cursor=cursor).status_code == 400
    assert world.get("/v1/audit", ours, cursor="AAAA").status_code == 400
