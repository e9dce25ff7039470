"""One account: what its flags tell, and with an approval what moved on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyarrow as pa
import pytest

from api.audit import record, repository
from contract.archive.columns import ARCHIVE
from contract.archive.listing import Archive
from contract.archive.names import ArchiveShelf
from contract.shanghai import parse_ms
from detector.archive.writing import write
from tests.api.flags import flag
from tests.api.world import World, make_world

APPROVAL = {
    "purpose": "AML_INVESTIGATION",
    "reference": "调查通知书2026-7号",
    "approver": "宿州市分行行长",
    "approver_level": "city",
    "investigators": ["王某", "李某"],
    "accounts": ["a:a"],
}


def movement(offset: int, day: int, **fields: Any) -> dict[str, Any]:
    row = {
        "log_offset": offset,
        "log_row": 0,
        "record": "movement",
        "refused": False,
        "event_id": f"E{offset}",
        "institution_code": "BANK01",
        "institution_type": "bank",
        "account_id": "a:a",
        "branch_region": "341302",
        "occurred_at": parse_ms(f"2026-03-{day:02d}T09:00:00+08:00"),
        "direction": "credit",
        "amount_minor": 123_45,
        "currency": "CNY",
        "kind": "transfer",
        "counterparty_id": "a:payer",
    }
    return row | fields


MOVEMENTS = [
    movement(0, 1),
    movement(1, 1, counterparty_customer_id="c:payer", amount_minor=100_00),
    movement(2, 1, direction="debit", amount_minor=50_00, remark="返利"),
    movement(3, 2, account_id="a:other"),
    movement(4, 3, currency="USD", amount_minor=10_00, cny_amount_minor=70_00),
    movement(5, 3, currency="USD", amount_minor=10_00),
    movement(6, 1),
]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    archive = Archive.at(str(tmp_path / "archive"))
    table = pa.Table.from_pylist([{n: row.get(n) for n in ARCHIVE.names} for row in MOVEMENTS], schema=ARCHIVE)
    write(archive, ArchiveShelf("fundwatch.events.v1.BANK01", 0, 1), (0, len(MOVEMENTS)), table, begins=True)
    made = make_world(f"sqlite:///{tmp_path}/ledger.sqlite", archive=str(tmp_path / "archive"))
    made.store([flag("a"), flag("a-cash", account_id="a:a", category="large_value"), flag("b")])
    yield made
    made.close()


def approved(world: World, **changes: Any) -> tuple[str, str]:
    """A reader's key and the id of an approval for ``a:a``."""
    key = world.office("pboc", "341300", role="supervisor")
    answer = world.post("/v1/approvals", key, APPROVAL | changes)
    assert answer.status_code == 201, answer.text
    return key, answer.json()["approval_id"]


def ask(world: World, path: str, key: str, approval: str | None, **params: Any) -> Any:
    headers = {"Authorization": f"Bearer {key}"} | ({"Fundwatch-Approval": approval} if approval else {})
    return world.client.get(path, headers=headers, params=params or None)


def test_an_account_is_told_by_its_flags(world: World) -> None:
    world.store([flag("elsewhere", account_id="a:a", institution_code="BANK02", branch_region="341202")])
    account = world.get("/v1/accounts/a:a", world.office("pboc", "341300")).json()
    (at,) = account["institutions"]
    assert (at["institution_code"], at["measures"]["payers"], at["not_evaluable"]) == ("BANK01", 187, ["vulnerable_payers@1"])
    assert {one["category"] for one in at["flags"]} == {"illegal_fundraising", "large_value"}
    lead = world.get("/v1/accounts/a:a", world.office("lead", "341300")).json()["institutions"][0]
    assert [one["category"] for one in lead["flags"]] == ["illegal_fundraising"]
    assert lead["entry_id"] != at["entry_id"]


def test_an_id_may_hold_any_printable_sign(world: World) -> None:
    odd = "".join(map(chr, range(ord("!"), ord("~") + 1)))
    world.store([flag("odd", account_id=odd)])
    key, approval = approved(world, accounts=[odd])
    place = f"/v1/accounts/{quote(odd, safe='')}"
    assert world.get(place, key).json()["account_id"] == odd
    assert ask(world, f"{place}/movements", key, approval).json()["items"] == []
    assert ask(world, f"{place}/flows", key, approval).json()["movements"] == 0


def test_without_an_approval_nobody_sees_a_movement(world: World) -> None:
    key, approval = approved(world)
    elsewhere = world.office("pboc", "340000", role="supervisor")
    for path in ("/v1/accounts/a:a/movements", "/v1/accounts/a:a/flows"):
        for who, given in ((key, None), (key, "made-up"), (elsewhere, approval)):
            answer = ask(world, path, who, given)
            assert (answer.status_code, answer.json()["error"]) == (403, "forbidden")
        assert ask(world, path, key, approval).status_code == 200
        assert ask(world, path.replace("a:a", "a:b"), key, approval).status_code == 403
        absent, unseen = (ask(world, path.replace("a:a", name), key, approval) for name in ("a:none", "a:none2"))
        assert (absent.status_code, absent.content) == (404, unseen.content)


def test_an_approval_ends(world: World) -> None:
    key, approval = approved(world, days=1)
    inquiries = world.app.state.inquiries
    now = inquiries.clock_ms()
    for later, status in ((86_000_000, 200), (86_500_000, 403)):
        object.__setattr__(inquiries, "clock_ms", lambda at=now + later: at)
        assert ask(world, "/v1/accounts/a:a/movements", key, approval).status_code == status


def test_movements_come_page_by_page_in_the_contracts_form(world: World) -> None:
    key, approval = approved(world)
    seen: list[Any] = []
    params: dict[str, Any] = {"limit": 2}
    while True:
        page = ask(world, "/v1/accounts/a:a/movements", key, approval, **params).json()
        seen += page["items"]
        if page["next_cursor"] is None:
            break
        params["cursor"] = page["next_cursor"]
    assert [one["event_id"] for one in seen] == ["E0", "E1", "E2", "E6", "E4", "E5"]
    assert seen[0]["amount"] == "123.45"
    assert seen[0]["occurred_at"] == "2026-03-01T01:00:00.000Z"
    assert seen[2]["remark"] == "返利"
    assert "remark" not in seen[0]
    some = ask(world, "/v1/accounts/a:a/movements", key, approval, since="2026-03-03T00:00:00+08:00").json()["items"]
    assert [one["event_id"] for one in some] == ["E4", "E5"]
    assert ask(world, "/v1/accounts/a:a/movements", key, approval, cursor="AAAA").status_code == 400


@pytest.mark.parametrize(
    ("bounds", "number"),
    [({"since": "0001-01-01T00:00:00+14:00"}, 6), ({"until": "9999-12-31T23:59:59.999-14:00"}, 6),
     ({"until": "0001-01-01T00:00:00+14:00"}, 0)],
)  # fmt: skip
def test_bounds_at_the_ends_of_time_are_bounds(world: World, bounds: dict[str, str], number: int) -> None:
    key, approval = approved(world)
    assert len(ask(world, "/v1/accounts/a:a/movements", key, approval, **bounds).json()["items"]) == number


def test_flows_add_up_what_counts_in_cny(world: World) -> None:
    key, approval = approved(world)
    flows = ask(world, "/v1/accounts/a:a/flows", key, approval).json()
    assert flows["by_day"] == [
        {"day": "2026-03-01", "credited": "346.90", "debited": "50.00", "movements": 4},
        {"day": "2026-03-03", "credited": "70.00", "debited": "0.00", "movements": 1},
    ]
    assert [(one["counterparty"], one["credited"], one["debited"]) for one in flows["by_counterparty"]] == [
        ("a:payer", "316.90", "50.00"),
        ("c:payer", "100.00", "0.00"),
    ]
    assert (flows["movements"], flows["is_complete"]) == (6, True)


def test_the_audit_names_the_approval_and_the_account(world: World) -> None:
    key, approval = approved(world)
    ask(world, "/v1/accounts/a:a/movements", key, approval)
    world.app.state.audit.close()
    with world.database.reading() as connection:
        lines = [record.decode(bytes(row.record)) for row in repository.all_rows(connection)]
    told = [(line.action, line.approval, line.accounts, line.rows) for line in lines if line.approval]
    assert told == [
        ("approval.recorded", approval, ["a:a"], None),
        ("GET /v1/accounts/{account_id}/movements", approval, ["a:a"], 6),
    ]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"approver_level": "county"}, 422),
        ({"approver_level": "province"}, 201),
        ({"investigators": ["王某"]}, 422),
        ({"investigators": ["王某", "王某"]}, 422),
        ({"accounts": []}, 422),
        ({"accounts": ["a:a", "a:unseen"]}, 404),
        ({"accounts": ["341302195501010014"]}, 422),
        ({"days": 31}, 422),
        ({"days": 0}, 422),
        ({"purpose": "CURIOSITY"}, 422),
        ({"more": 1}, 422),
    ],
)
def test_an_approval_is_what_the_law_asks_for(world: World, changes: dict[str, Any], status: int) -> None:
    key = world.office("pboc", "341300", role="supervisor")
    answer = world.post("/v1/approvals", key, APPROVAL | changes)
    assert answer.status_code == status, answer.text
    assert len(world.get("/v1/approvals", key).json()["items"]) == (1 if status == 201 else 0)
    assert "341302195501010014" not in answer.text


def test_an_approval_that_is_sent_again_is_one(world: World) -> None:
    key = world.office("pboc", "341300", role="supervisor")
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "k-1"}
    first, again, other = (
        world.client.post("/v1/approvals", json=APPROVAL | {"days": days}, headers=headers) for days in (30, 30, 7)
    )
    assert (first.status_code, other.status_code) == (201, 409)
    assert first.content == again.content
    assert len(world.get("/v1/approvals", key).json()["items"]) == 1


def test_an_insurers_account_takes_the_national_regulator(world: World) -> None:
    world.store([flag("i", institution_type="insurance")])
    key = world.office("nfra", "341300", role="supervisor")
    for level, status in (("province", 422), ("nation", 201)):
        asked = APPROVAL | {"accounts": ["a:i"], "approver_level": level, "purpose": "PRUDENTIAL"}
        assert world.post("/v1/approvals", key, asked).status_code == status


def test_an_approval_opens_no_institution_that_it_could_not_have_been_given_for(world: World) -> None:
    key = world.office("nfra", "341300", role="supervisor")
    asked = APPROVAL | {"approver_level": "province", "purpose": "PRUDENTIAL"}
    approval = world.post("/v1/approvals", key, asked).json()["approval_id"]
    world.store([flag("i", account_id="a:a", institution_code="INS01", institution_type="insurance")])
    for name in ("movements", "flows", "tracing"):
        for code, status in (("BANK01", 200), ("INS01", 403)):
            assert ask(world, f"/v1/accounts/a:a/{name}", key, approval, institution_code=code).status_code == status
    page = world.get("/console/accounts/a:a", key, approval=approval, institution_code="INS01")
    assert page.status_code == 403


def test_without_an_archive_the_answer_is_that_it_is_away(tmp_path: Path) -> None:
    made = make_world(f"sqlite:///{tmp_path}/other.sqlite")
    made.store([flag("a")])
    key, approval = approved(made)
    assert ask(made, "/v1/accounts/a:a/movements", key, approval).status_code == 503
    made.close()
