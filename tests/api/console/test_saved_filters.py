"""Filters that an office keeps, by form; and what the police see once something was referred to them."""

from __future__ import annotations

from typing import Any

import pytest

from api.flags import saved
from tests.api.console.test_ledger_pages import Person
from tests.api.flags import flag
from tests.api.ledger.steps import Desk
from tests.api.world import World


def keep(person: Person, path: str = "", **fields: str) -> Any:
    person.sign_in()
    return person.world.client.post(f"/console/saved-filters{path}", data=fields, headers={"Accept": "text/html"})


def test_a_filter_that_is_kept_again_is_kept_once(world: World) -> None:
    li = Person(world, "li", "analyst")
    for query in ("category=suspicious", "category=observe&cursor=x&lang=en"):
        answer = keep(li, name="mine", query=query)
        assert answer.status_code == 303
    assert answer.headers["location"] == "/console/flags?category=observe"
    with world.database.reading() as connection:
        (one,) = saved.of_office(connection, "pboc-341300")
    assert (one.query, one.holder) == ("category=observe", "li")
    assert keep(li, "/remove", name="mine").status_code == 303
    assert keep(li, "/remove", name="mine").status_code == 404


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"name": "x", "query": "no_such=1"}, 400),
        ({"name": "x", "query": "min_score=abc"}, 400),
        ({"name": "", "query": ""}, 422),
        ({"name": "a" * 65, "query": ""}, 422),
        ({"name": "x", "query": "", "other": "y"}, 422),
    ],
)
def test_a_filter_that_nobody_could_open_is_not_kept(world: World, fields: dict[str, str], status: int) -> None:
    assert keep(Person(world, "li", "analyst"), **fields).status_code == status
    with world.database.reading() as connection:
        assert saved.of_office(connection, "pboc-341300") == []


def test_an_office_keeps_only_so_many(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved, "MOST", 2)
    li = Person(world, "li", "analyst")
    assert [keep(li, name=name).status_code for name in ("a", "b", "a", "c")] == [303, 303, 303, 409]


def test_the_police_see_what_was_referred_to_them(world: World) -> None:
    world.store([flag("a"), flag("b")])
    police = Person(world, "zhou", "analyst", "police")
    assert "a:a" not in police.get("/console/flags").text
    desk = Desk(world)
    desk.done("under_analysis")
    desk.done("transferred", office="police-341300")
    desk.done("transferred", holder="wang", role="supervisor")
    for path in ("/console/flags", "/console/overview"):
        assert "a:a" in police.get(path).text
        assert "a:b" not in police.get(path).text
