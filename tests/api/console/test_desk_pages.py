"""Steps with many entries, handing over, suppressions, the watch list and webhooks, as pages."""

from __future__ import annotations

import re
from typing import Any

import pytest

from api.auth.principal import now_ms
from api.webhooks.addresses import Reach
from tests.api.console.test_ledger_pages import HTML, Person
from tests.api.flags import finding, flag
from tests.api.ledger.steps import id_of
from tests.api.world import World


@pytest.fixture
def people(world: World) -> tuple[Person, Person]:
    world.store([flag("a"), flag("b"), flag("c")])
    return Person(world, "li", "analyst"), Person(world, "wang", "supervisor")


def sent(person: Person, path: str, **fields: Any) -> Any:
    person.sign_in()
    return person.world.client.post(path, data=fields, headers=HTML)


def entry(person: Person, name: str) -> dict[str, Any]:
    found: dict[str, Any] = person.world.get(f"/v1/ledger/{id_of(name)}", person.key).json()
    return found


def test_one_step_is_taken_with_every_row_that_is_ticked_and_each_refusal_is_told(people: tuple[Person, Person]) -> None:
    li, _ = people
    board = li.get("/console/ledger").text
    assert f'value="{id_of("a")} 1"' in board
    li.step("b", to="under_analysis", reason="认领", expected_version="1")
    ticked = [f"{id_of(name)} 1" for name in ("a", "b", "c")]
    answer = sent(li, "/console/ledger/steps?tier=minor", entries=ticked, to="under_analysis", reason="批量认领")
    assert answer.status_code == 200
    told = re.search(r'role="status">(.*?)</section>', answer.text, re.DOTALL)
    assert told is not None
    assert "<strong>2</strong>" in told[1]
    assert "<strong>1</strong>" in told[1]
    assert id_of("b") in told[1]
    assert [entry(li, name)["status"] for name in ("a", "b", "c")] == ["under_analysis"] * 3
    assert entry(li, "a")["history"][-1]["reason"] == "批量认领"


@pytest.mark.parametrize("entries", [[], ["nonsense"], ["x y z"]], ids=["nothing", "no version", "no number"])
def test_a_form_without_entries_that_can_be_read_changes_nothing(people: tuple[Person, Person], entries: list[str]) -> None:
    answer = sent(people[0], "/console/ledger/steps", entries=entries, to="under_analysis", reason="x")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert entry(people[0], "a")["version"] == 1


def test_who_may_only_read_is_offered_no_step_with_many(world: World, people: tuple[Person, Person]) -> None:
    board = Person(world, "zhao", "viewer").get("/console/ledger").text
    assert id_of("a") in board
    assert 'name="entries"' not in board
    assert 'id="bulk"' not in board
    assert 'name="entries"' in people[0].get("/console/ledger").text


def test_an_entry_is_handed_to_a_person_and_to_nobody_twice(people: tuple[Person, Person]) -> None:
    li, _ = people
    path = f"/console/ledger/{id_of('a')}/handover"
    assert 'id="handover"' in li.get(f"/console/ledger/{id_of('a')}").text
    assert sent(li, path, holder="sun", reason="休假", expected_version="1").status_code == 303
    assert entry(li, "a")["owner"]["holder"] == "sun"
    for fields in ({"holder": "sun"}, {"holder": "sun", "office": "x", "expected_version": "2"}, {"expected_version": "2"}):
        answer = sent(li, path, reason="x", **fields)
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
    assert sent(li, path, holder="qian", reason="x", expected_version="1").status_code == 409
    assert entry(li, "a")["owner"]["holder"] == "sun"


def test_a_suppression_is_proposed_approved_by_another_and_ended(people: tuple[Person, Person], world: World) -> None:
    li, wang = people
    path = f"/console/ledger/{id_of('a')}/suppression"
    assert sent(li, path, days="91", reason="x").status_code == 422
    assert sent(li, path, days="30", reason="复核后再看").status_code == 303
    one = world.get("/v1/suppressions", li.key).json()["items"][0]["suppression_id"]
    here = f"/console/suppressions/{one}"
    assert f"{here}/approve" not in li.get("/console/suppressions").text
    assert f"{here}/approve" in wang.get("/console/suppressions").text
    assert sent(wang, f"{here}/approve").status_code == 303
    assert id_of("a") not in li.get("/console/ledger").text
    assert id_of("a") in li.get("/console/ledger?suppressed=only").text
    page = li.get("/console/suppressions").text
    assert "生效中" in page
    assert "wang" in page
    assert sent(wang, f"{here}/approve").status_code == 409
    assert sent(li, f"{here}/end").status_code == 303
    assert id_of("a") in li.get("/console/ledger").text


def test_what_came_while_an_entry_was_hidden_is_told(people: tuple[Person, Person], world: World) -> None:
    li, wang = people
    sent(li, f"/console/ledger/{id_of('a')}/suppression", days="30", reason="x")
    one = world.get("/v1/suppressions", li.key).json()["items"][0]["suppression_id"]
    sent(wang, f"/console/suppressions/{one}/approve")

    world.store([flag("a", revision=2, findings=[finding(), finding("structuring@1")])], now_ms=now_ms() + 60_000)
    page = li.get("/console/suppressions").text
    assert f"/console/flags/{flag('a').flag_id}" in page


def test_the_watch_list_is_read_by_all_and_written_by_a_supervisor_alone(people: tuple[Person, Person], world: World) -> None:
    li, wang = people
    fields = {
        "subject": "c:a",
        "status": "FOUND",
        "since": "2026-03-01",
        "kind": "confirmed_subject",
        "reference": "宿处非〔2026〕1号",
    }
    assert sent(li, "/console/watchlist", **fields).status_code == 403
    assert sent(wang, "/console/watchlist", **fields).status_code == 303
    assert "宿处非〔2026〕1号" in li.get("/console/watchlist").text
    theirs = Person(world, "chen", "analyst", "nfra").get("/console/watchlist").text
    assert "c:a" in theirs
    assert "宿处非" not in theirs
    assert sent(wang, "/console/watchlist", **(fields | {"since": "yesterday"})).status_code == 422
    assert sent(wang, "/console/watchlist", **(fields | {"status": "CLEARED"})).status_code == 303
    assert "c:a" not in li.get("/console/watchlist?status=FOUND").text
    assert "c:a" in li.get("/console/watchlist?status=").text
    assert "c:a" in li.get("/console/watchlist?status=CLEARED").text


def test_an_administrator_adds_a_webhook_sees_its_secret_once_and_removes_it(world: World) -> None:

    world.app.state.reach = Reach(resolve=lambda _host, _port: ["93.184.216.34"])
    admin = Person(world, "zhou", "administrator")
    assert sent(admin, "/console/webhooks", url="http://10.0.0.1/").status_code == 422
    added = sent(admin, "/console/webhooks", url="https://news.example/x")
    assert added.status_code == 200
    secret = re.search(r"\b[0-9a-f]{64}\b", added.text)
    assert secret is not None
    page = admin.get("/console/webhooks").text
    assert "https://news.example/x" in page
    assert secret[0] not in page
    path = re.search(r'action="(/console/webhooks/[^"]+/remove)"', page)
    assert path is not None
    assert sent(admin, path[1]).status_code == 303
    assert "news.example" not in admin.get("/console/webhooks").text
    assert sent(admin, path[1]).status_code == 404
