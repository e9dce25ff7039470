"""Existing cases from a CSV file: all rows or none, told by line and column, and alive like any other row afterwards."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.flags import flag
from tests.api.ledger.steps import Desk, id_of
from tests.api.world import World

HEAD = (
    "institution_code,institution_type,account_id,branch_region,subject_region,"
    "severity,status,opened_on,reference,reason,payers,credited,loss"
)
ROW = "BANK01,bank,a:old,341302,,huge,under_analysis,2024-05-20,宿处非〔2024〕3号,群众举报后立案,620,5100000.00,120000"


def send(desk: Desk, *rows: str, head: str = HEAD, role: str = "supervisor", key: str | None = None) -> Any:
    content = "\r\n".join([head, *rows, ""]).encode("utf-8-sig")
    headers = {"Authorization": f"Bearer {desk.key('wang', role)}", "Content-Type": "text/csv"}
    headers |= {"Idempotency-Key": key} if key else {}
    return desk.world.client.post("/v1/ledger/import", content=content, headers=headers)


@pytest.fixture
def desk(world: World) -> Desk:
    world.store([flag("there")])
    return Desk(world)


def test_a_case_becomes_a_row_with_what_was_known_of_it(desk: Desk) -> None:
    answer = send(desk, ROW)
    assert (answer.status_code, answer.json()) == (201, {"imported": 1, "entries": [id_of("old")]})
    entry = desk.entry("old")
    told = {name: entry[name] for name in ("status", "severity", "tier", "score", "measures", "opened_at", "category")}
    assert told == {
        "status": "under_analysis", "severity": "huge", "tier": "major", "score": None, "category": "illegal_fundraising",
        "measures": {"payers": 620, "credited": "5100000.00", "loss": "120000"}, "opened_at": "2024-05-19T16:00:00.000Z",
    }  # fmt: skip
    (line,) = entry["history"]
    assert (line["kind"], line["evidence"], line["by"]["holder"]) == ("imported", ["宿处非〔2024〕3号"], "wang")
    assert desk.world.get("/v1/ledger", desk.world.office("nfra", "341300")).json()["items"][0]["account_id"] == "a:there"


def test_an_imported_row_goes_on_like_any_other(desk: Desk) -> None:
    send(desk, ROW)
    desk.done("dismissed", name="old")
    desk.done("dismissed", name="old", holder="zhao", role="supervisor")
    desk.world.store([flag("old")])
    entry = desk.entry("old")
    assert (entry["status"], entry["history"][-1]["kind"], entry["severity"]) == ("new", "reopened", "huge")
    assert desk.world.get(f"/v1/flags/{flag('old').flag_id}", desk.key()).json()["ledger_status"] == "new"


BAD = {
    "there-already": (ROW.replace("a:old", "a:there"), "line 2: the account is in the ledger already"),
    "not-the-offices": (ROW.replace("341302", "341202"), "line 2: not an account"),
    "no-region": (ROW.replace("341302", "999999"), "line 2: branch_region"),
    "ended": (ROW.replace("under_analysis", "closed"), "two persons"),
    "no-status": (ROW.replace("under_analysis", "lost"), "line 2: status"),
    "no-date": (ROW.replace("2024-05-20", "20.5.2024"), "line 2: opened_on"),
    "no-money": (ROW.replace("5100000.00", "5.1e6"), "line 2: credited"),
    "identity-in-clear": (ROW.replace("a:old", "341302195501010014"), "line 2: account_id"),
    "identity-in-the-reason": (ROW.replace("群众举报后立案", "身份证341302195501010014"), "line 2: reason"),
    "no-reference": (ROW.replace("宿处非〔2024〕3号", ""), "line 2: reference"),
    "too-many-cells": (ROW + ",x", "line 2"),
    "twice": (ROW + "\r\n" + ROW, "line 3: the account is in the ledger already"),
}


@pytest.mark.parametrize("name", BAD)
def test_one_bad_row_changes_nothing_and_is_told_without_what_stands_there(desk: Desk, name: str) -> None:
    rows, told = BAD[name]
    good = ROW.replace("a:old", "a:good")
    answer = send(desk, rows, good)
    assert (answer.status_code, answer.json()["error"]) == (422, "unprocessable")
    assert told in answer.json()["detail"]
    assert "341302195501010014" not in answer.text
    found = desk.world.get("/v1/ledger", desk.key()).json()["items"]
    assert [item["account_id"] for item in found] == ["a:there"]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", HEAD.encode(), b'"', (HEAD + "\n" + "x\n" * 5001).encode(), b"{}"])
def test_what_is_no_table_is_refused(desk: Desk, content: bytes) -> None:
    headers = {"Authorization": f"Bearer {desk.key('wang', 'supervisor')}", "Content-Type": "text/csv"}
    answer = desk.world.client.post("/v1/ledger/import", content=content, headers=headers)
    assert (answer.status_code, set(answer.json())) == (422, {"error", "detail"})


def test_a_supervisor_imports_and_a_repeated_file_with_its_key_does_nothing_more(desk: Desk) -> None:
    assert send(desk, ROW, role="analyst").status_code == 403
    first, again = send(desk, ROW, key="k"), send(desk, ROW, key="k")
    assert first.content == again.content
    assert send(desk, ROW).status_code == 422


def test_the_police_import_their_own_cases(world: World) -> None:
    police = Desk(world, "police")
    assert send(police, ROW).status_code == 201
    assert [item["account_id"] for item in world.get("/v1/ledger", police.key()).json()["items"]] == ["a:old"]
