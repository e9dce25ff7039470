"""Suppressions: approved by a second person, over by themselves, broken by a higher severity, and told what they hid."""

from __future__ import annotations

from typing import Any

import pytest

from api.auth.principal import now_ms
from api.ledger import lists
from api.ledger.filters import EntrySelection
from contract.shanghai import day_of
from tests.api.flags import finding, flag
from tests.api.ledger.steps import Desk, id_of
from tests.api.world import World

HERE = "/v1/suppressions"


@pytest.fixture
def desk(world: World) -> Desk:
    world.store([flag("a"), flag("b")])
    return Desk(world)


def propose(desk: Desk, **more: Any) -> Any:
    return desk.world.post(HERE, desk.key(), {"entry_id": id_of("a"), "reason": "持证慈善组织，已核实", "days": 30} | more)


def approved(desk: Desk) -> str:
    suppression = propose(desk).json()["suppression_id"]
    answer = desk.world.post(f"{HERE}/{suppression}/approval", desk.key("wang", "supervisor"), None)
    assert answer.status_code == 201, answer.text
    return str(suppression)


def board(desk: Desk, **params: Any) -> list[str]:
    return sorted(item["account_id"] for item in desk.world.get("/v1/ledger", desk.key(), **params).json()["items"])


def shown(desk: Desk) -> Any:
    return desk.world.get(HERE, desk.key()).json()["items"][0]


def test_nothing_is_hidden_before_a_second_person_approves(desk: Desk) -> None:
    suppression = propose(desk).json()
    assert (suppression["state"], suppression["hides_now"]) == ("proposed", False)
    assert board(desk) == ["a:a", "a:b"]
    path = f"{HERE}/{suppression['suppression_id']}/approval"
    assert desk.world.post(path, desk.key("li", "supervisor"), None).status_code == 403, "the one who proposed it"
    assert desk.world.post(path, desk.key("zhao"), None).status_code == 403, "an analyst"
    assert desk.world.post(path, desk.key("wang", "supervisor"), None).json()["state"] == "active"
    assert board(desk) == ["a:b"]
    assert board(desk, suppressed="only") == ["a:a"]
    assert board(desk, suppressed="shown") == ["a:a", "a:b"]
    assert desk.entry("a")["status"] == "new", "its own address shows it as ever"
    assert desk.world.post(path, desk.key("wang", "supervisor"), None).status_code == 409


def test_another_office_of_the_same_row_is_shown_it(desk: Desk) -> None:
    approved(desk)
    assert board(Desk(desk.world, region="340000")) == ["a:a", "a:b"]


def test_it_ends_by_itself(desk: Desk) -> None:
    approved(desk)
    today = day_of(now_ms())
    from api.auth.offices import Kind, Office
    from api.auth.scope import visible_scope

    visible = visible_scope(Office("pboc-341300", Kind.PBOC, "341300", "x"))
    with desk.world.database.reading() as connection:
        counts = [
            sum(lists.count_by_status(connection, EntrySelection(), today=today + days, visible=visible).values())
            for days in (0, 29, 30)
        ]
    assert counts == [1, 1, 2]


def test_a_higher_severity_breaks_it(desk: Desk) -> None:
    approved(desk)
    desk.world.store([flag("a", revision=2, severity="huge")], now_ms=now_ms())
    assert board(desk) == ["a:a", "a:b"]
    assert (shown(desk)["state"], shown(desk)["hides_now"]) == ("active", False)


def test_it_tells_what_it_hid(desk: Desk) -> None:
    approved(desk)
    assert shown(desk)["hidden"] == []
    news = flag("a", revision=2, findings=[finding(), finding("structuring@1")])
    desk.world.store([news], now_ms=now_ms() + 1)
    assert board(desk) == ["a:b"]
    (hidden,) = shown(desk)["hidden"]
    assert (hidden["kind"], hidden["flag_id"], hidden["revision"], hidden["news"]) == (
        "evidence", news.flag_id, 2, ["typology:structuring"]
    )  # fmt: skip


def test_it_can_be_withdrawn_and_ended(desk: Desk) -> None:
    suppression = propose(desk).json()["suppression_id"]
    assert propose(desk).status_code == 409, "one waits already"
    headers = {"Authorization": f"Bearer {desk.key()}"}
    assert desk.world.client.delete(f"{HERE}/{suppression}", headers=headers).json()["state"] == "ended"
    assert desk.world.client.delete(f"{HERE}/{suppression}", headers=headers).status_code == 409
    other = approved(desk)
    assert board(desk) == ["a:b"]
    desk.world.client.delete(f"{HERE}/{other}", headers=headers)
    assert board(desk) == ["a:a", "a:b"]


def test_it_is_the_offices_own_and_of_entries_that_it_sees(desk: Desk) -> None:
    suppression = approved(desk)
    nfra = desk.world.office("nfra", "341300", role="supervisor")
    assert desk.world.get(HERE, nfra).json()["items"] == []
    assert desk.world.post(f"{HERE}/{suppression}/approval", nfra, None).status_code == 404
    assert desk.world.post(HERE, nfra, {"entry_id": id_of("a"), "reason": "x"}).status_code == 404
    assert propose(desk, entry_id="none").status_code == 404
    assert propose(desk, days=91).status_code == 422


def test_every_act_is_in_the_audit(desk: Desk) -> None:
    approved(desk)
    lines = desk.world.get("/v1/audit", desk.world.office("pboc", "341300", role="auditor")).json()["items"]
    acts = {line["action"]: line["holder"] for line in lines if line["action"].startswith("suppression.")}
    assert acts == {"suppression.proposed": "li", "suppression.approved": "wang"}
