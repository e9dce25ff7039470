"""The ledger as pages: the board, one entry, and steps by form."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.api.flags import flag
from tests.api.ledger.steps import JOINT, Desk, id_of
from tests.api.world import World

HTML = {"Accept": "text/html"}


class Person:
    """Somebody at the console, signed in."""

    def __init__(self, world: World, holder: str, role: str, kind: str = "pboc") -> None:
        self.world = world
        self.key = world.office(kind, "341300", role=role, holder=holder)

    def get(self, path: str) -> Any:
        self.sign_in()
        return self.world.client.get(path, headers=HTML)

    def step(self, name: str = "a", **fields: str) -> Any:
        self.sign_in()
        return self.world.client.post(f"/console/ledger/{id_of(name)}", data=fields, headers=HTML)

    def sign_in(self) -> None:
        self.world.client.cookies.clear()
        assert self.world.client.post("/console/sign-in", data={"key": self.key}).status_code == 303


@pytest.fixture
def people(world: World) -> tuple[Person, Person]:
    world.store([flag("a"), flag("b", severity="huge"), flag("cash", category="large_value")])
    return Person(world, "li", "analyst"), Person(world, "wang", "supervisor")


def test_the_board_counts_by_state_and_lists_what_is_asked_for(people: tuple[Person, Person]) -> None:
    li, _ = people
    li.step(to="under_analysis", reason="认领", expected_version="1")
    board = li.get("/console/ledger").text
    assert id_of("a") in board
    assert id_of("b") in board
    assert id_of("a") in li.get("/console/ledger?status=under_analysis").text
    assert id_of("b") not in li.get("/console/ledger?status=under_analysis&tier=&region=").text
    assert id_of("a") not in li.get("/console/ledger?tier=major").text
    assert li.get("/console/ledger?status=gone").status_code == 400
    assert "没有符合条件的风险点" in li.get("/console/ledger?region=341321").text


def test_a_step_by_form_and_its_confirmation_by_another(people: tuple[Person, Person]) -> None:
    li, wang = people
    assert li.step(to="under_analysis", reason="认领", expected_version="1").status_code == 303
    assert li.step(to="closed", reason="结案", evidence="判决书1号\r\n\r\n清退表", expected_version="2").status_code == 303
    mine, theirs = li.get(f"/console/ledger/{id_of('a')}").text, wang.get(f"/console/ledger/{id_of('a')}").text
    assert "待第二人复核" in mine
    assert "复核同意" not in mine
    assert "复核同意" in theirs
    assert "清退表" in theirs
    assert wang.step(to="closed", reason="同意", expected_version="3").status_code == 303
    assert "已结案" in wang.get(f"/console/ledger/{id_of('a')}").text


@pytest.mark.parametrize(
    ("fields", "status", "told"),
    [
        ({"to": "closed", "reason": "x", "expected_version": "2"}, 422, "evidence"),
        ({"to": "dismissed", "reason": "x", "expected_version": "1"}, 409, "changed"),
        ({"to": "dismissed", "expected_version": "2"}, 422, "reason"),
        ({"to": "dismissed", "reason": "<script>", "expected_version": "2", "office": "x"}, 422, "office"),
        ({"to": "dismissed", "reason": "x", "expected_version": "many"}, 422, "expected_version"),
    ],
)
def test_a_refused_step_shows_the_entry_as_it_stands(
    people: tuple[Person, Person], fields: dict[str, str], status: int, told: str
) -> None:
    li, _ = people
    li.step(to="under_analysis", reason="认领", expected_version="1")
    answer = li.step(**fields)
    assert answer.status_code == status
    assert told in answer.text.partition('role="alert"')[2][:300]
    assert "分析中" in answer.text
    assert "<script>" not in answer.text


def test_who_may_not_step_sees_no_form(people: tuple[Person, Person]) -> None:
    viewer = Person(people[0].world, "zhao", "viewer")
    assert "<textarea" not in viewer.get(f"/console/ledger/{id_of('a')}").text
    assert viewer.step(to="under_analysis", reason="x", expected_version="1").status_code == 403


def test_an_unseen_entry_is_the_page_that_an_absent_one_gives(world: World) -> None:
    world.store([flag("theirs", branch_region="341202")])
    li = Person(world, "li", "analyst")
    unseen, absent = li.get(f"/console/ledger/{id_of('theirs')}"), li.get("/console/ledger/NONE")
    assert (unseen.status_code, unseen.text.replace(id_of("theirs"), "")) == (404, absent.text.replace("NONE", ""))


def test_a_form_of_another_site_moves_nothing(people: tuple[Person, Person]) -> None:
    li, _ = people
    li.sign_in()
    form = {"to": "under_analysis", "reason": "x", "expected_version": "1"}
    for path, sent in (
        (f"/console/ledger/{id_of('a')}", {"data": form}),
        (f"/v1/ledger/{id_of('a')}/transitions", {"json": form}),
    ):
        answer = li.world.client.post(path, headers={"Sec-Fetch-Site": "cross-site"}, **sent)  # type: ignore[arg-type]
        assert answer.status_code == 403
    assert Desk(li.world).entry()["version"] == 1


def test_a_flag_leads_to_its_entry_where_it_has_one(world: World) -> None:
    world.store([flag("a"), flag("cash", category="large_value")])
    for kind, track in (("pboc", None), ("lead", JOINT)):
        page = Person(world, "li", "analyst", kind).get(f"/console/flags/{flag('a').flag_id}").text
        (linked,) = set(re.findall(r"/console/ledger/([A-Z0-9]+)", page))
        assert linked == (id_of("a") if track is None else id_of("a", track))
    cash = Person(world, "li", "analyst").get(f"/console/flags/{flag('cash').flag_id}").text
    assert "/console/ledger/" not in cash
