"""Where money went and sits is told to who sees the scheme and was given leave, and of the accounts of that leave alone."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pyarrow as pa
import pytest

from api.audit import record, repository
from api.console import account_pages
from api.openapi_file import current
from api.tracing import service
from contract.archive.columns import ARCHIVE
from contract.archive.listing import Archive
from contract.archive.names import ArchiveShelf
from contract.scheme import Scheme
from contract.shanghai import parse_ms
from detector.archive.writing import write
from tests.api.flags import flag
from tests.api.schemes_made import member, scheme
from tests.api.world import World, make_world


def _row(account: str, day: int, direction: str, minor: int, other: str | None, **fields: Any) -> dict[str, Any]:
    institution = {"a:b": "BANK02", "a:d": "BANK03"}.get(account, "BANK01")
    row = {
        "log_row": 0,
        "record": "movement",
        "refused": False,
        "institution_code": institution,
        "institution_type": "bank",
        "account_id": account,
        "branch_region": "341302",
        "occurred_at": parse_ms(f"2026-02-{day:02d}T09:00:00+08:00"),
        "direction": direction,
        "amount_minor": minor,
        "currency": "CNY",
        "kind": "transfer",
        "counterparty_id": other,
    }
    return row | fields


ROWS = [
    _row("a:a", 1, "credit", 600_00, "a:li"),
    _row("a:a", 2, "credit", 400_00, "a:lender", counterparty_kind="financial"),
    _row("a:a", 3, "debit", 500_00, "a:b"),
    _row("a:a", 4, "debit", 200_00, "a:li"),
    _row("a:a", 5, "credit", 10_00, "a:li", currency="USD"),
    _row("a:b", 3, "credit", 500_00, "a:a", balance_after_minor=530_00),
    _row("a:b", 4, "debit", 330_00, "a:car", counterparty_institution="BANK09", counterparty_region="320300"),
    _row("a:d", 1, "credit", 1_000_00, "a:li", balance_after_minor=980_00),
    _row("a:d", 2, "debit", 600_00, "a:SHOP", merchant_code="5411"),
    _row("a:d", 3, "debit", 300_00, "a:BOSS"),
]


def _web(**changes: Any) -> Scheme:
    other = member("b", institution_code="BANK02", branch_region=changes.pop("there", "341302"))
    return scheme("web", [member("a"), other, member("c")], **changes)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    archive = Archive.at(str(tmp_path / "archive"))
    for code in ("BANK01", "BANK02", "BANK03"):
        mine = [row | {"log_offset": n, "event_id": f"E{n}"} for n, row in enumerate(ROWS) if row["institution_code"] == code]
        table = pa.Table.from_pylist([{name: row.get(name) for name in ARCHIVE.names} for row in mine], schema=ARCHIVE)
        write(archive, ArchiveShelf(f"fundwatch.events.v1.{code}", 0, 1), (0, len(ROWS)), table, begins=True)
    made = make_world(f"sqlite:///{tmp_path}/ledger.sqlite", archive=str(tmp_path / "archive"))
    made.store([flag("a"), flag("b", institution_code="BANK02"), flag("c"), flag("else")])
    made.store([flag("d", institution_code="BANK03")])
    made.store_schemes([_web()])
    yield made
    made.close()


def _approved(world: World, key: str, *accounts: str, **changes: Any) -> str:
    body = {
        "purpose": "ILLEGAL_FUNDRAISING_PREVENTION",
        "reference": "处非办2026-7号",
        "approver": "主要负责人",
        "approver_level": "city",
        "investigators": ["王某", "李某"],
        "accounts": list(accounts),
    }
    answer = world.post("/v1/approvals", key, body | changes)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["approval_id"])


def _ask(world: World, key: str, approval: str | None, scheme_id: str | None = None, **params: Any) -> Any:
    headers = {"Authorization": f"Bearer {key}"} | ({"Fundwatch-Approval": approval} if approval else {})
    path = f"/v1/schemes/{scheme_id or _web().scheme_id}/tracing"
    return world.client.get(path, headers=headers, params=params or None)


def _money(payers: str, other: str, unknown: str) -> dict[str, str]:
    return {"payers": payers, "other": other, "unknown": unknown}


def test_payers_money_is_followed_to_where_it_went_and_sits(world: World) -> None:
    key = world.office("lead", "341300", role="supervisor")
    found = _ask(world, key, _approved(world, key, "a:a", "a:b", "a:c")).json()
    assert found["came_in"] == _money("600.00", "400.00", "30.00")
    assert found["sits"] == _money("200.00", "300.00", "0.00")
    went = {one["destination"]: one["money"] for one in found["went"] if one["movements"]}
    assert went == {"payers": _money("100.00", "100.00", "0.00"), "receiver": _money("300.00", "0.00", "30.00")}
    assert found["between"] == [{"a": 0, "b": 1, "money": _money("500.00", "0.00", "0.00")}]
    (car,) = found["receivers"]
    assert [car[name] for name in ("account_id", "institution", "region")] == ["a:car", "BANK09", "320300"]
    assert car["money"] == _money("300.00", "0.00", "30.00")
    one, other, third = found["accounts"]
    assert (one["opening"], one["uncounted"], one["missing"]) == (None, 1, "0.00")
    assert (other["opening"], other["balance"], other["sits"]) == ("30.00", None, _money("200.00", "0.00", "0.00"))
    assert (third["is_read"], third["movements"], third["first_movement_at"]) == (True, 0, None)
    assert found["people"] == {"payers": 1, "paid_in": "600.00", "paid_back": "200.00", "owed": "400.00", "beyond": "0.00"}
    assert (found["as_of"], found["unmatched"], found["rule"]) == ("2026-02-05T01:00:00.000Z", 0, "fifo")


def test_the_other_rule_gives_other_figures_of_the_same_money(world: World) -> None:
    key = world.office("lead", "341300", role="supervisor")
    approval = _approved(world, key, "a:a", "a:b")
    found = _ask(world, key, approval, rule="proportional").json()
    assert found["between"][0]["money"] == _money("300.00", "200.00", "0.00")
    assert found["sits"] == _money("293.21", "195.47", "11.32")
    assert _ask(world, key, approval, rule="lifo").status_code == 400


def test_the_answer_is_what_is_described(world: World) -> None:
    key = world.office("lead", "341300", role="supervisor")
    described = json.loads(current())
    operation = described["paths"]["/v1/schemes/{scheme_id}/tracing"]["get"]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    found = _ask(world, key, _approved(world, key, "a:a", "a:b")).json()
    jsonschema.validate(found, schema | {"components": described["components"]})


def test_of_a_member_that_the_approval_does_not_name_nothing_is_read(world: World) -> None:
    key = world.office("lead", "341300", role="supervisor")
    found = _ask(world, key, _approved(world, key, "a:a", "a:else")).json()
    assert [one["is_read"] for one in found["accounts"]] == [True, False, False]
    assert found["accounts"][1]["came_in"] == _money("0.00", "0.00", "0.00")
    (to,) = found["receivers"]
    assert (to["destination"], to["account_id"], to["money"]["payers"]) == ("member", "a:b", "500.00")


def test_the_same_pseudonym_at_an_institution_without_a_flag_is_not_read(world: World) -> None:
    twin = scheme("twin", [member("a"), member("b", institution_code="BANK03")])
    world.store_schemes([twin])
    key = world.office("lead", "341300", role="supervisor")
    found = _ask(world, key, _approved(world, key, "a:a", "a:b"), twin.scheme_id).json()
    assert [(one["institution_code"], one["is_read"]) for one in found["accounts"]] == [("BANK01", True), ("BANK03", False)]


def test_only_an_approval_that_runs_is_this_offices_and_names_a_member_opens_anything(world: World) -> None:
    key = world.office("lead", "341300", role="supervisor")
    foreign = _approved(world, world.office("pboc", "341300", role="supervisor"), "a:a")
    for approval in (None, "made-up", foreign, _approved(world, key, "a:else")):
        answer = _ask(world, key, approval)
        assert (answer.status_code, answer.json()["error"]) == (403, "forbidden")
    approval = _approved(world, key, "a:a", days=1)
    assert _ask(world, key, approval).status_code == 200
    elsewhere = scheme("elsewhere", [member("y", branch_region="340102")], lead_region="340100")
    world.store_schemes([elsewhere])
    absent, unseen = (_ask(world, key, approval, name) for name in ("none", elsewhere.scheme_id))
    assert (absent.status_code, unseen.status_code) == (404, 404)
    assert absent.content == unseen.content
    now = world.app.state.inquiries.clock_ms()
    object.__setattr__(world.app.state.inquiries, "clock_ms", lambda: now + 86_500_000)
    assert _ask(world, key, approval).status_code == 403


def test_a_member_at_an_institution_that_the_approval_could_not_have_been_given_for_is_not_read(world: World) -> None:
    insured = member("a", institution_code="INS01", institution_type="insurance")
    both, only = scheme("both", [member("a"), insured]), scheme("only", [insured])
    key = world.office("nfra", "341300", role="supervisor")
    approval = _approved(world, key, "a:a", approver_level="province", purpose="PRUDENTIAL")
    world.store([flag("i", account_id="a:a", institution_code="INS01", institution_type="insurance")])
    world.store_schemes([both, only])
    found = _ask(world, key, approval, both.scheme_id).json()
    assert [(one["institution_code"], one["is_read"]) for one in found["accounts"]] == [("BANK01", True), ("INS01", False)]
    assert _ask(world, key, approval, only.scheme_id).status_code == 403


def test_an_office_that_assists_sees_no_account_and_follows_no_money(world: World) -> None:
    world.store_schemes([_web(revision=2, lead_region="340100")])
    key = world.office("lead", "341302", role="supervisor")
    assert world.get(f"/v1/schemes/{_web().scheme_id}", key).json()["sight"] == "aggregate"
    assert _ask(world, key, _approved(world, key, "a:a", approver_level="county")).status_code == 403


def test_of_a_member_out_of_sight_nothing_is_known_and_its_money_counts_as_anybodys(world: World) -> None:
    world.store_schemes([scheme("far", [member("a"), member("x", branch_region="340102")], lead_region="340100")])
    key = world.office("nfra", "341300", role="supervisor")
    assert world.get(f"/v1/schemes/{scheme('far').scheme_id}", key).json()["sight"] == "part"
    approval = _approved(world, key, "a:a", approver_level="province", purpose="PRUDENTIAL")
    found = _ask(world, key, approval, scheme("far").scheme_id).json()
    assert [one["account_id"] for one in found["accounts"]] == ["a:a"]
    assert {one["destination"] for one in found["receivers"]} == {"receiver"}


def test_until_bounds_what_is_followed(world: World) -> None:
    key = world.office("lead", "341300", role="supervisor")
    found = _ask(world, key, _approved(world, key, "a:a"), until="2026-02-03T00:00:00+08:00").json()
    assert (found["sits"], found["as_of"]) == (_money("600.00", "400.00", "0.00"), "2026-02-02T01:00:00.000Z")


def test_one_account_is_followed_by_itself_whether_or_not_it_is_of_a_scheme(world: World) -> None:
    key = world.office("lead", "341300", role="supervisor")
    headers = {"Authorization": f"Bearer {key}", "Fundwatch-Approval": _approved(world, key, "a:a")}
    found = world.client.get("/v1/accounts/a:a/tracing?rule=proportional", headers=headers).json()
    assert (found["scheme_id"], found["rule"], len(found["accounts"])) == (None, "proportional", 1)
    assert found["sits"] == _money("180.00", "120.00", "0.00")
    went = {one["destination"]: one["money"] for one in found["went"] if one["movements"]}
    assert went == {"payers": _money("120.00", "80.00", "0.00"), "receiver": _money("300.00", "200.00", "0.00")}
    assert world.client.get("/v1/accounts/a:b/tracing", headers=headers).status_code == 403
    assert world.client.get("/v1/accounts/a:none/tracing", headers=headers).status_code == 404
    page = world.client.get(f"/console/accounts/a:a?approval={headers['Fundwatch-Approval']}&rule=proportional", headers=headers)
    assert all(word in page.text for word in ("收支平衡", "¥180.00", "按比例"))


def test_the_page_draws_each_receiver_under_its_own_name_and_tells_an_overdraft(world: World) -> None:
    key = world.office("lead", "341300", role="supervisor")
    page = world.get("/console/accounts/a:d", key, approval=_approved(world, key, "a:d"), rule="fifo")
    drawn = re.findall(r"<text[^>]*>([^<]*)<tspan[^>]*>([^<]*)</tspan>", page.text)
    assert ("a:BOSS", "¥300.00") in drawn
    assert "a:SHOP" not in dict(drawn)
    assert "1个账户期初透支" in page.text
    bank = page.text.partition("</span> 银行费用、透支</th>")[2].partition("</tr>")[0]
    assert "¥20.00" in bank


def test_too_many_movements_are_refused_with_what_to_do(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST_MOVEMENTS", 6)
    key = world.office("lead", "341300", role="supervisor")
    approval = _approved(world, key, "a:a", "a:b")
    answer = _ask(world, key, approval)
    assert (answer.status_code, answer.json()["detail"].partition(":")[0]) == (422, "until")
    assert _ask(world, key, approval, until="2026-02-04T00:00:00+08:00").status_code == 200
    monkeypatch.setattr(service, "MOST_MOVEMENTS", 4)
    headers = {"Authorization": f"Bearer {key}", "Fundwatch-Approval": approval}
    assert world.client.get("/v1/accounts/a:a/tracing", headers=headers).status_code == 422
    page = world.client.get(f"/console/accounts/a:a?approval={approval}&rule=fifo", headers=headers)
    assert (page.status_code, "流水超过二十万笔" in page.text) == (200, True)


def test_the_page_of_an_account_follows_no_money_unasked(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def noted(member: Any, table: Any, rule: Any) -> service.Answer:
        asked.append(rule)
        return service.single(member, table, rule)

    monkeypatch.setattr(account_pages, "single", noted)
    key = world.office("lead", "341300", role="supervisor")
    approval = _approved(world, key, "a:a")
    page = world.get("/console/accounts/a:a", key, approval=approval)
    assert (page.status_code, asked) == (200, [])
    assert "收支平衡" not in page.text
    (fifo, proportional) = re.findall(r'href="(\?[^"]*rule=[^"]*)#traced"', page.text)
    assert "收支平衡" in world.get("/console/accounts/a:a" + html.unescape(proportional), key).text
    assert "收支平衡" in world.get("/console/accounts/a:a" + html.unescape(fifo), key).text
    assert asked == ["proportional", "fifo"]


def test_the_audit_names_the_approval_and_every_account_that_was_read(world: World) -> None:
    key = world.office("lead", "341300", role="supervisor")
    approval = _approved(world, key, "a:b", "a:a")
    _ask(world, key, approval)
    world.app.state.audit.close()
    with world.database.reading() as connection:
        lines = [record.decode(bytes(row.record)) for row in repository.all_rows(connection)]
    told = [(line.approval, line.accounts, line.rows) for line in lines if line.action.endswith("/tracing")]
    assert told == [(approval, ["a:a", "a:b"], 7)]


def test_without_an_archive_the_answer_is_that_it_is_away(tmp_path: Path) -> None:
    made = make_world(f"sqlite:///{tmp_path}/other.sqlite")
    made.store([flag("a")])
    made.store_schemes([scheme("web", [member("a")])])
    key = made.office("lead", "341300", role="supervisor")
    assert _ask(made, key, _approved(made, key, "a:a"), scheme("web").scheme_id).status_code == 503
    made.close()
