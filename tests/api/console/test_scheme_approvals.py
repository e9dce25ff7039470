"""On a scheme's page: asked for by one, recorded by another, and only then is the money followed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from api.audit import record, repository
from contract.archive.columns import ARCHIVE
from contract.archive.listing import Archive
from contract.archive.names import ArchiveFile, ArchiveShelf
from detector.archive.writing import write
from tests.api.accounts.test_inquiries import movement
from tests.api.flags import flag
from tests.api.schemes_made import member, scheme
from tests.api.world import World, make_world

WEB = scheme("web", [member("a"), member("b"), member("unflagged")])
PATH = f"/console/schemes/{WEB.scheme_id}"
FORM = {
    "purpose": "ILLEGAL_FUNDRAISING_PREVENTION",
    "reference": "处非办批2026-7号",
    "approver": "主要负责人",
    "approver_level": "city",
    "investigators": "王某\n李某",
    "days": "30",
}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[World, Path]]:
    archive = Archive.at(str(tmp_path / "archive"))
    rows = [movement(0, 1), movement(1, 2, direction="debit", counterparty_id="a:b", amount_minor=50_00)]
    table = pa.Table.from_pylist([{name: row.get(name) for name in ARCHIVE.names} for row in rows], schema=ARCHIVE)
    file: ArchiveFile = write(archive, ArchiveShelf("fundwatch.events.v1.BANK01", 0, 1), (0, 2), table, begins=True)
    made = make_world(f"sqlite:///{tmp_path}/ledger.sqlite", archive=str(tmp_path / "archive"))
    made.store([flag("a"), flag("b")])
    made.store_schemes([WEB])
    yield made, Path(archive.root) / file.path
    made.close()


def _send(world: World, key: str, path: str, **fields: str) -> Any:
    headers = {"Authorization": f"Bearer {key}", "Accept": "text/html"}
    return world.client.post(path, data=fields, headers=headers)


def _asked(world: World, key: str) -> str:
    """Ask, and give the request's address."""
    assert _send(world, key, f"{PATH}/requests", **FORM).headers["location"] == PATH
    page: str = world.get(PATH, world.office("lead", "341300", role="supervisor", holder="other")).text
    return page.partition(f'action="{PATH}/requests/')[2].partition('"')[0]


def test_an_approval_of_a_schemes_accounts_takes_two_and_opens_its_money(site: tuple[World, Path]) -> None:
    world, _ = site
    li = world.office("lead", "341300", role="supervisor", holder="li")
    wang = world.office("lead", "341300", role="supervisor", holder="wang")
    request_id = _asked(world, li)
    assert _send(world, li, f"{PATH}/requests/{request_id}", decision="grant").status_code == 403
    assert _send(world, wang, f"{PATH}/requests/{request_id}", decision="grant").headers["location"] == PATH
    (approval,) = world.get("/v1/approvals", wang).json()["items"]
    assert approval["accounts"] == ["a:a", "a:b", "a:unflagged"], "every member that the office is shown"
    assert approval["scheme_id"] == WEB.scheme_id
    page = world.get(PATH, li, approval=approval["approval_id"], rule="proportional")
    assert page.status_code == 200
    assert all(word in page.text for word in ("收支平衡", "¥123.45"))
    assert "成员账户不在本批准范围内" not in page.text
    assert world.get(PATH, li, approval="made-up").status_code == 403
    assert world.get(PATH, li, approval=approval["approval_id"], rule="lifo").status_code == 400
    account = world.get("/console/accounts/a:b", li)
    assert approval["reference"] in account.text, "it opens the account's movements as well"


def test_who_grants_and_who_uses_an_approval_sees_which_accounts_it_names(site: tuple[World, Path]) -> None:
    world, _ = site
    request_id = _asked(world, world.office("lead", "341300", holder="li"))
    wang = world.office("lead", "341300", role="supervisor", holder="wang")

    def named() -> list[list[str]]:
        """What each approval and each request on the page says that it names."""
        parts = world.get(PATH, wang).text.split('<details class="named">')[1:]
        return [re.sub("<[^>]+>", " ", part.partition("</details>")[0]).split() for part in parts]

    asked = named()
    _send(world, wang, f"{PATH}/requests/{request_id}", decision="grant")
    assert asked == named() == [["所列账户3个", "a:a", "a:b", "a:unflagged"]]


def test_the_audit_names_beside_an_approval_the_accounts_that_it_opened_and_no_other(site: tuple[World, Path]) -> None:
    world, file = site
    key = world.office("lead", "341300", role="supervisor")
    body = {**FORM, "investigators": ["王某", "李某"], "days": 30, "accounts": ["a:a"]}
    approval = world.post("/v1/approvals", key, body).json()["approval_id"]
    world.get(PATH, key)
    world.get(PATH, key, approval=approval)
    world.get(PATH, key, approval="made-up")
    file.write_bytes(bytes(file.stat().st_size))
    world.get(PATH, key, approval=approval)
    world.app.state.audit.close()
    with world.database.reading() as connection:
        lines = [record.decode(bytes(row.record)) for row in repository.all_rows(connection)]
    told = [(line.approval, line.accounts) for line in lines if line.action == "GET /console/schemes/{scheme_id}"]
    assert told == [(None, ["a:a", "a:b", "a:unflagged"]), (approval, ["a:a"]), ("made-up", []), (approval, [])]


def test_a_form_that_cannot_be_is_shown_again_with_the_reason(site: tuple[World, Path]) -> None:
    world, _ = site
    li = world.office("lead", "341300", holder="li")
    page = _send(world, li, f"{PATH}/requests", **FORM | {"investigators": "王某\n王某"})
    assert (page.status_code, "investigators" in page.text) == (422, True)
    assert world.get("/v1/approvals", li).json()["items"] == []


def test_what_is_asked_of_a_scheme_is_no_request_about_an_account_and_no_other_offices(site: tuple[World, Path]) -> None:
    world, _ = site
    request_id = _asked(world, world.office("lead", "341300", holder="li"))
    mine = world.office("lead", "341300", role="supervisor", holder="wang")
    theirs = world.office("pboc", "341300", role="supervisor")
    for key, path in ((mine, f"/console/accounts/a:a/requests/{request_id}"), (theirs, f"{PATH}/requests/{request_id}")):
        assert _send(world, key, path, decision="grant").status_code == 404
    assert _send(world, theirs, PATH.replace(WEB.scheme_id, "none") + "/requests", **FORM).status_code == 404


def test_who_sees_no_account_has_none_to_ask_for(site: tuple[World, Path]) -> None:
    world, _ = site
    world.store_schemes([scheme("web", [member("a"), member("b")], revision=2, lead_region="340100")])
    key = world.office("lead", "341302", role="analyst")
    page = world.get(PATH, key)
    assert (page.status_code, "申请查询" in page.text) == (200, False)
    assert _send(world, key, f"{PATH}/requests", **FORM).status_code == 422


def test_an_archive_that_cannot_be_read_is_said_on_the_page(site: tuple[World, Path]) -> None:
    world, file = site
    key = world.office("lead", "341300", role="supervisor")
    body = {**FORM, "investigators": ["王某", "李某"], "days": 30, "accounts": ["a:a"]}
    approval = world.post("/v1/approvals", key, body).json()["approval_id"]
    file.write_bytes(bytes(file.stat().st_size))
    page = world.get(PATH, key, approval=approval)
    assert (page.status_code, "the archive cannot be read" in page.text) == (200, True)
    answer = world.client.get(
        f"/v1/schemes/{WEB.scheme_id}/tracing", headers={"Authorization": f"Bearer {key}", "Fundwatch-Approval": approval}
    )
    assert (answer.status_code, answer.json()["error"]) == (503, "unavailable")
