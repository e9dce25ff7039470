"""An approval of a scheme's accounts: who handles the scheme names members wherever they are, and to others they do not exist."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from contract.archive.columns import ARCHIVE
from contract.archive.listing import Archive
from contract.archive.names import ArchiveShelf
from contract.regions import covers
from detector.archive.writing import write
from tests.api.accounts.test_inquiries import movement
from tests.api.flags import flag
from tests.api.schemes_made import member, scheme
from tests.api.test_route_matrix import KINDS_SEE, OFFICES
from tests.api.world import World, make_world

FAR = {"institution_code": "BANK02", "branch_region": "110105"}
WEB = scheme(
    "web", [member("a"), member("far", **FAR), member("insured", institution_code="INS01", institution_type="insurance")]
)
TRACING = f"/v1/schemes/{WEB.scheme_id}/tracing"
ROWS = {
    "BANK01": [
        movement(0, 1, amount_minor=600_00),
        movement(1, 2, direction="debit", counterparty_id="a:far", amount_minor=500_00),
    ],
    "BANK02": [movement(0, 2, account_id="a:far", institution_code="BANK02", counterparty_id="a:a", amount_minor=500_00)],
}  # fmt: skip
PURPOSE = {"pboc": "AML_INVESTIGATION", "lead": "ILLEGAL_FUNDRAISING_PREVENTION", "police": "CASE"}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    archive = Archive.at(str(tmp_path / "archive"))
    for code, rows in ROWS.items():
        table = pa.Table.from_pylist([{name: row.get(name) for name in ARCHIVE.names} for row in rows], schema=ARCHIVE)
        write(archive, ArchiveShelf(f"fundwatch.events.v1.{code}", 0, 1), (0, len(rows)), table, begins=True)
    made = make_world(f"sqlite:///{tmp_path}/ledger.sqlite", archive=str(tmp_path / "archive"))
    made.store([flag("a"), flag("far", **FAR)])
    made.store_schemes([WEB])
    yield made
    made.close()


def _record(world: World, key: str, *accounts: str, kind: str = "lead", level: str = "nation", **changes: Any) -> Any:
    body = {
        "purpose": PURPOSE.get(kind, "PRUDENTIAL"), "reference": "处非办2026-7号", "approver": "负责人", "approver_level": level,
        "investigators": ["王某", "李某"], "accounts": list(accounts), "scheme_id": WEB.scheme_id,
    }  # fmt: skip
    return world.post("/v1/approvals", key, body | changes)


def _ask(world: World, path: str, key: str, approval: str | None) -> Any:
    headers = {"Authorization": f"Bearer {key}"} | ({} if approval is None else {"Fundwatch-Approval": approval})
    return world.client.get(path, headers=headers)


def test_the_office_that_handles_a_scheme_follows_its_money_through_members_elsewhere(world: World) -> None:
    key = world.office("lead", "341300", role="supervisor")
    approval = _record(world, key, "a:a", "a:far").json()["approval_id"]
    found = _ask(world, TRACING, key, approval).json()
    assert [one["is_read"] for one in found["accounts"]] == [True, True, False]
    assert found["between"][0]["money"]["payers"] == "500.00"
    assert found["accounts"][1]["sits"]["payers"] == "500.00"
    assert _ask(world, "/v1/accounts/a:far/flows", key, approval).json()["movements"] == 1
    assert _ask(world, "/v1/accounts/a:far/tracing", key, approval).status_code == 200


@pytest.mark.parametrize(("kind", "region"), OFFICES, ids=[f"{kind}-{region}" for kind, region in OFFICES])
def test_a_member_elsewhere_does_not_exist_for_an_office_without_such_an_approval(world: World, kind: str, region: str) -> None:
    key = world.office(kind, region, role="supervisor")
    handles = kind == "lead" and covers(region, WEB.lead_region or "")
    sees = covers(region, FAR["branch_region"]) and ("bank", "illegal_fundraising") in KINDS_SEE[kind]
    recorded, absent = (_record(world, key, name, kind=kind) for name in ("a:far", "a:none"))
    assert absent.status_code == 404
    if handles or sees:
        assert (recorded.status_code, recorded.json().get("scheme_id")) == (201, WEB.scheme_id)
    else:
        assert (recorded.status_code, recorded.content) == (404, absent.content)
    approval = recorded.json().get("approval_id")
    for part, opened in (("/flows", 403), ("/movements", 403), ("/tracing", 403), ("", 200)):
        there, nowhere = (_ask(world, f"/v1/accounts/{name}{part}", key, None) for name in ("a:far", "a:none"))
        if sees:
            assert there.status_code == opened
        else:
            assert (there.status_code, there.content) == (404, nowhere.content), "without naming the approval"
        if part and approval:
            assert _ask(world, f"/v1/accounts/a:far{part}", key, approval).status_code == 200
            assert _ask(world, f"/v1/accounts/a:none{part}", key, approval).status_code == 404


def test_an_office_that_assists_can_name_no_member_and_is_told_nothing_by_asking(world: World) -> None:
    world.store_schemes([scheme("web", list(WEB.members), revision=2, lead_region="110105")])
    key = world.office("lead", "341300", role="supervisor")
    assert world.get(f"/v1/schemes/{WEB.scheme_id}", key).json()["sight"] == "aggregate"
    answers = [_record(world, key, name) for name in ("a:a", "a:far", "a:none")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert _record(world, key, "a:a", scheme_id=None).status_code == 201, "its own account, by the flag that it sees"


def test_an_approval_of_a_scheme_opens_nothing_once_another_office_handles_it(world: World) -> None:
    key = world.office("lead", "341300", role="supervisor")
    approval = _record(world, key, "a:a", "a:far").json()["approval_id"]
    assert [_ask(world, f"/v1/accounts/{name}/flows", key, approval).status_code for name in ("a:a", "a:far")] == [200, 200]
    world.store_schemes([scheme("web", list(WEB.members), revision=2, lead_region="110105")])
    assert _ask(world, "/v1/accounts/a:far/flows", key, approval).status_code == 404
    assert _ask(world, "/v1/accounts/a:a/flows", key, approval).status_code == 403, "though the office sees a flag of it"
    assert _ask(world, TRACING, key, approval).status_code == 403


def test_an_approval_of_a_scheme_opens_no_account_that_it_does_not_name_and_no_other_office(world: World) -> None:
    key = world.office("lead", "341300", role="supervisor")
    approval = _record(world, key, "a:a").json()["approval_id"]
    assert _ask(world, "/v1/accounts/a:far/flows", key, approval).status_code == 404
    assert [one["is_read"] for one in _ask(world, TRACING, key, approval).json()["accounts"]] == [True, False, False]
    above = world.office("lead", "340000", role="supervisor")
    assert _ask(world, TRACING, above, approval).status_code == 403


def test_a_scheme_that_is_unseen_is_as_absent(world: World) -> None:
    world.store_schemes([scheme("theirs", [member("far", **FAR)], lead_region="110105")])
    key = world.office("lead", "341300", role="supervisor")
    unseen, absent = (_record(world, key, "a:far", scheme_id=name) for name in (scheme("theirs").scheme_id, "NONE"))
    assert (unseen.status_code, unseen.content) == (404, absent.content)


def test_the_kind_of_institution_binds_a_regulators_approver_of_a_scheme_as_well(world: World) -> None:
    key = world.office("nfra", "341300", role="supervisor")
    assert _record(world, key, "a:insured", kind="nfra", level="province").status_code == 422
    assert _record(world, key, "a:insured", kind="nfra").status_code == 201
    assert _record(world, key, "a:a", kind="nfra", level="province").status_code == 201
    assert _record(world, world.office("csrc", "340000", role="supervisor"), "a:a", kind="csrc").status_code == 404
