"""Leads and the watch list: matched by pseudonym, informants sealed, findings for everybody."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from api.auth.offices import Kind, Office
from api.auth.principal import Principal
from api.auth.roles import Role
from api.auth.secret import ServerSecret
from api.leads.endpoints import LeadIn, LeadKind, repeatable
from api.tables import IDEMPOTENCY, LEADS
from tests.api.flags import flag
from tests.api.world import World

LEAD = {"kind": "tip_off", "text": "小区内宣传高息理财", "received_on": "2026-03-01", "region": "341302"}
SUBJECT = {"subject": "c:found", "status": "FOUND", "since": "2026-03-01", "reference": "处非决字2026-1号"}


def test_a_lead_finds_the_flags_of_its_account_or_holder_that_the_office_may_see(world: World) -> None:
    world.store([flag("a"), flag("b", customer_id="c:a"), flag("c", customer_id="c:a", branch_region="341202")])
    key = world.office("lead", "341300")
    by_account = world.post("/v1/leads", key, LEAD | {"subject": "a:a"}).json()
    by_holder = world.post("/v1/leads", key, LEAD | {"subject": "c:a"}).json()
    assert by_account["flags"] == [flag("a").flag_id]
    assert set(by_holder["flags"]) == {flag("a").flag_id, flag("b").flag_id}
    listed = world.get("/v1/leads", key).json()["items"]
    assert [one["lead_id"] for one in listed] == [by_holder["lead_id"], by_account["lead_id"]]


def test_a_lead_is_the_offices_own(world: World) -> None:
    world.post("/v1/leads", world.office("lead", "341300"), LEAD)
    for kind, region in (("lead", "340000"), ("pboc", "341300")):
        assert world.get("/v1/leads", world.office(kind, region)).json()["items"] == []


def test_the_informant_is_sealed_and_opens_to_a_supervisor_of_that_office_alone(world: World) -> None:
    analyst, supervisor = world.office("lead", "341300"), world.office("lead", "341300", role="supervisor", holder="wu")
    lead = world.post("/v1/leads", analyst, LEAD | {"informant": "张三的邻居"}).json()
    assert lead["has_informant"]
    assert "张三" not in str(lead) + world.get("/v1/leads", supervisor).text
    with world.database.reading() as connection:
        stored = connection.execute(select(LEADS)).one()
    assert "张三" not in str(tuple(stored)) + bytes(stored.document).decode()
    path = f"/v1/leads/{lead['lead_id']}/informant"
    assert world.get(path, supervisor).json() == {"informant": "张三的邻居"}
    assert world.get(path, analyst).status_code == 403
    other = world.get(path, world.office("lead", "340000", role="supervisor"))
    absent = world.get("/v1/leads/none/informant", supervisor)
    assert (other.status_code, other.content) == (404, absent.content)


@pytest.mark.parametrize("form", ["json", "csv"])
def test_a_lead_that_is_sent_again_is_one_lead(world: World, form: str) -> None:
    key = world.office("lead", "341300")

    def send(text: str, informant: str = "某甲") -> Any:
        headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "k-1"}
        if form == "json":
            body = LEAD | {"text": text, "informant": informant}
            return world.client.post("/v1/leads", json=body, headers=headers)
        content = f"kind,text,received_on,informant\ntip_off,{text},2026-03-01,{informant}\n"
        return world.client.post("/v1/leads/file", content=content.encode(), headers=headers | {"Content-Type": "text/csv"})

    first, again, other = send("甲"), send("甲"), send("乙")
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 409)
    assert first.content == again.content
    assert len(world.get("/v1/leads", key).json()["items"]) == 1
    with world.database.reading() as connection:
        (kept,) = connection.execute(select(IDEMPOTENCY)).all()
    assert "某甲" not in bytes(kept.body).decode()
    assert send("甲", "某乙").status_code == 409, "told by somebody else, it is another lead"


def test_one_lead_and_a_file_of_one_are_two_requests(world: World) -> None:
    headers = {"Authorization": f"Bearer {world.office('lead', '341300')}", "Idempotency-Key": "k-1"}
    body = {"kind": "tip_off", "text": "甲", "received_on": "2026-03-01"}
    content = "kind,text,received_on\ntip_off,甲,2026-03-01\n".encode()
    assert world.client.post("/v1/leads", json=body, headers=headers).status_code == 201
    answer = world.client.post("/v1/leads/file", content=content, headers=headers | {"Content-Type": "text/csv"})
    assert answer.status_code == 409


def test_who_told_a_lead_cannot_be_tried_against_what_is_kept_of_the_request() -> None:
    lead = LeadIn(kind=LeadKind.TIP_OFF, text="甲", received_on=date(2026, 3, 1), informant="某甲")
    by = Principal("k", Office("o", Kind.LEAD, "341300", "o"), Role.ANALYST, "li")

    def asked(secret: bytes) -> bytes:
        request: Any = SimpleNamespace(app=SimpleNamespace(state=SimpleNamespace(secret=ServerSecret(secret))))
        return repeatable(request, "lead", [lead], by, "k-1").asked

    assert asked(b"one") == asked(b"one")
    assert asked(b"one") != asked(b"two"), "the digest takes the server's secret"
    assert "某甲".encode() not in asked(b"one")


def test_leads_come_page_by_page(world: World) -> None:
    key = world.office("lead", "341300")
    for number in range(5):
        world.post("/v1/leads", key, LEAD | {"text": f"第{number}条"})
    seen: list[str] = []
    params: dict[str, Any] = {"limit": 2}
    while True:
        page = world.get("/v1/leads", key, **params).json()
        seen += [one["text"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        params["cursor"] = page["next_cursor"]
    assert sorted(seen) == [f"第{number}条" for number in range(5)]
    assert world.get("/v1/leads", key, cursor="AAAA").status_code == 400
    assert world.get("/v1/leads", world.office("lead", "340000"), cursor=params["cursor"]).status_code == 400


def test_leads_of_a_file_are_written_all_or_none(world: World) -> None:
    key = world.office("lead", "341300")

    def sent(*rows: str) -> Any:
        body = "\r\n".join(["kind,text,subject,region,received_on,informant", *rows]).encode("utf-8-sig")
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "text/csv"}
        return world.client.post("/v1/leads/file", content=body, headers=headers)

    good = ["tip_off,小区内宣传高息理财,a:1,341302,2026-03-01,邻居", "police_platform,风险企业,c:2,,2026-03-02,"]
    refused = sent(*good, "rumour,x,,,2026-03-01,")
    assert refused.status_code in (400, 422)
    assert world.get("/v1/leads", key).json()["items"] == []
    answer = sent(*good)
    assert (answer.status_code, answer.json()) == (201, {"written": 2})
    items = world.get("/v1/leads", key).json()["items"]
    assert {(one["kind"], one["subject"], one["has_informant"]) for one in items} == {
        ("tip_off", "a:1", True),
        ("police_platform", "c:2", False),
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "rumour"},
        {"text": "  "},
        {"text": "身份证341302195501010014"},
        {"text": "x" * 1001},
        {"subject": "341302195501010014"},
        {"subject": "two words"},
        {"region": "134130"},
        {"received_on": "yesterday"},
        {"informant": "x" * 201},
        {"colour": "red"},
    ],
)
def test_a_wrong_lead_is_refused_without_repeating_it(world: World, changes: dict[str, Any]) -> None:
    key = world.office("lead", "341300")
    answer = world.post("/v1/leads", key, LEAD | changes)
    assert (answer.status_code, set(answer.json())) == (422, {"error", "detail"})
    assert "341302195501010014" not in answer.text
    assert world.get("/v1/leads", key).json()["items"] == []


def test_a_finding_is_there_for_every_office_and_cleared_as_fast(world: World) -> None:
    lead = world.office("lead", "341300", role="supervisor")
    assert world.post("/v1/watchlist", lead, SUBJECT).status_code == 201
    assert world.get("/v1/watchlist", lead).json()["items"][0]["reference"] == SUBJECT["reference"]
    elsewhere = world.office("csrc", "110000")
    (seen,) = world.get("/v1/watchlist", elsewhere).json()["items"]
    assert (seen["subject"], seen["status"], seen["reference"]) == ("c:found", "FOUND", None)
    world.post("/v1/watchlist", lead, SUBJECT | {"status": "CLEARED", "since": "2026-04-01"})
    (seen,) = world.get("/v1/watchlist", elsewhere).json()["items"]
    assert (seen["status"], seen["since"]) == ("CLEARED", "2026-04-01")
    assert world.get("/v1/watchlist", elsewhere, status="FOUND").json()["items"] == []
    for number in range(3):
        world.post("/v1/watchlist", lead, SUBJECT | {"subject": f"c:{number}"})
    first = world.get("/v1/watchlist", lead, limit=3).json()
    rest = world.get("/v1/watchlist", lead, limit=3, cursor=first["next_cursor"]).json()
    assert len({one["subject"] for one in first["items"] + rest["items"]}) == 4
    assert world.get("/v1/watchlist", elsewhere, cursor=first["next_cursor"]).status_code == 400


@pytest.mark.parametrize("changes", [{"status": "MODEL_LEAD"}, {"subject": "341302195501010014"}, {"since": "x"}])
def test_only_a_finding_enters_the_list(world: World, changes: dict[str, str]) -> None:
    lead = world.office("lead", "341300", role="supervisor")
    assert world.post("/v1/watchlist", lead, SUBJECT | changes).status_code == 422
    assert world.get("/v1/watchlist", lead).json()["items"] == []
