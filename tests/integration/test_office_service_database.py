"""What the offices' service asks of its database, on PostgreSQL as on SQLite: reports, suppressions, sums, webhooks."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from api.auth.principal import now_ms
from api.database import Database
from api.industries import repository as industries
from api.ledger.tracks import Track, entry_id
from api.webhooks import repository as hooks
from contract.scheme import PayerRegion
from tests.api.flags import finding, flag
from tests.api.schemes_made import member, scheme
from tests.api.world import World, make_world
from tests.integration.conftest import Server

pytestmark = pytest.mark.integration


@pytest.fixture
def world(database: Server) -> Iterator[World]:
    if database.address.startswith("sqlite"):
        Database(database.address).close()
    made = make_world(database.address, webhook_networks=["127.0.0.0/8"])
    large = flag("l", category="large_value", due_on="2026-03-09", findings=[finding("large_value_cash@1")])
    made.store([flag("a"), flag("b", branch_region="341321", severity="huge"), large])
    yield made
    made.close()


def test_a_report_goes_to_its_addressee_and_back(world: World) -> None:
    li, wang = world.office("pboc", "341300", holder="li"), world.office("pboc", "341300", holder="wang", role="supervisor")
    nfra = world.office("nfra", "341300")
    path = "/v1/reports/accounts"
    report = world.post(path, li, {"account_id": "a:a", "institution_code": "BANK01"}).json()["report_id"]
    for version, (to, key) in enumerate((("sent", wang), ("received", nfra)), start=1):
        moved = world.post(f"{path}/{report}/transitions", key, {"to": to, "expected_version": version})
        assert moved.status_code == 201, moved.text
    assert [one["state"] for one in world.get(path, nfra, state="received").json()["items"]] == ["received"]
    first = world.get(path, li, limit=1).json()
    assert first["items"][0]["report_id"] == report


def test_large_value_lines_come_by_due_day(world: World) -> None:
    key = world.office("pboc", "341300")
    world.store([flag("l2", category="large_value", due_on="2026-03-06", findings=[finding("large_value_cash@1")])])
    found = world.get("/v1/reports/large-value", key, region="341302", status="open").json()["items"]
    assert [one["due_on"] for one in found] == ["2026-03-06", "2026-03-09"]


def test_many_steps_a_handover_and_a_suppression(world: World) -> None:
    li, wang = world.office("pboc", "341300", holder="li"), world.office("pboc", "341300", holder="wang", role="supervisor")
    ids = {name: entry_id(Track.AML, "BANK01", f"a:{name}") for name in "ab"}
    entries = [{"entry_id": one, "expected_version": 1} for one in (ids["a"], "none", ids["b"])]
    bulk = world.post("/v1/ledger/transitions", li, {"entries": entries, "to": "under_analysis", "reason": "x"}).json()["items"]
    assert [one["is_done"] for one in bulk] == [True, False, True]
    handed = world.post(f"/v1/ledger/{ids['a']}/handover", li, {"holder": "sun", "reason": "x", "expected_version": 2})
    assert handed.status_code == 201, handed.text
    suppression = world.post("/v1/suppressions", li, {"entry_id": ids["a"], "reason": "x"}).json()["suppression_id"]
    assert world.post(f"/v1/suppressions/{suppression}/approval", wang, None).status_code == 201
    assert [one["account_id"] for one in world.get("/v1/ledger", li).json()["items"]] == ["a:b"]
    world.store([flag("a", revision=2, severity="especially_huge")], now_ms=now_ms() + 1)
    assert len(world.get("/v1/ledger", li).json()["items"]) == 2


def test_sums_and_outcomes(world: World) -> None:
    key = world.office("lead", "341300", role="supervisor")
    head = "institution_code,institution_type,account_id,branch_region,status,opened_on,reference,reason"
    content = f"{head}\nBANK01,bank,a:old,341302,reported_local,2024-05-20,1,x\n".encode()
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "text/csv"}
    assert world.client.post("/v1/ledger/import", content=content, headers=headers).status_code == 201
    for by in ("month", "region", "institution", "institution_type", "typology", "severity", "status", "industry"):
        answer = world.get("/v1/rollups", key, by=[by, "institution"] if by != "institution" else [by])
        assert answer.status_code == 200, answer.text
        assert answer.json()["lines"], by
    assert world.get("/v1/outcomes", key).json()["confirmed"] == 1


def test_industries_are_kept_and_added_up(world: World) -> None:
    world.store_schemes([scheme("web", [member("c")])])
    for code in ("K7010", "L7212"):
        with world.database.writing() as connection:
            wanted = industries.wanted(connection, asked_before_ms=1, most=10)
            known = [(account, code if account[1] in ("a:a", "a:c") else None) for account in wanted]
            industries.keep(connection, known or [(("BANK01", "a:a"), code)], now_ms=1)
    lines = world.get("/v1/rollups", world.office("pboc", "341300"), by="industry").json()["lines"]
    assert {line["group"]["industry"]: line["entries"] for line in lines} == {"70": 1, "72": 1, "unknown": 1}


def test_a_lead_office_assists_where_payers_are(world: World) -> None:
    web = scheme("web", payer_regions=[PayerRegion(region="110105", payers=12, absorbed="1.00")], located_payers=12)
    world.store_schemes([web])
    key = world.office("lead", "110105")
    assert world.get(f"/v1/schemes/{web.scheme_id}", key).json()["sight"] == "aggregate"
    assert len(world.get("/v1/schemes", key).json()["items"]) == 1


def test_of_two_processes_one_has_a_webhook(world: World) -> None:
    admin = world.office("pboc", "341300", role="administrator")
    assert world.post("/v1/webhooks", admin, {"url": "http://127.0.0.1:9/"}).status_code == 201
    world.store([flag("c")])
    now, leased = now_ms() + 1, list[int]()

    def lease() -> None:
        with world.database.writing() as connection:
            leased.append(len(hooks.lease(connection, now_ms=now, until_ms=now + 60_000, most=8)))

    threads = [threading.Thread(target=lease) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(leased) == [0, 0, 0, 1]


def test_a_password_opens_the_door(world: World) -> None:
    key = world.office("pboc", "341300", holder="li")
    put = world.client.put("/v1/password", json={"password": "correct horse 电池"}, headers={"Authorization": f"Bearer {key}"})
    assert put.status_code == 200
    form = {"office": "pboc-341300", "holder": "li", "password": "correct horse 电池"}
    assert world.client.post("/console/sign-in", data=form).status_code == 303
