"""Which flags a subject of the list touched: named by their tags, seen as any flag is."""

from __future__ import annotations

from typing import Any

from contract.watchlist import TAG_PREFIX
from tests.api.flags import finding, flag
from tests.api.world import World

CONTACT = finding("watchlist_contact@1", family="network")


def contact(name: str, subject: str, **changes: Any) -> Any:
    return flag(name, findings=[finding(), CONTACT], tags=["pretext:x", TAG_PREFIX + subject], **changes)


def touched(world: World, key: str, subject: str) -> list[tuple[str, bool]]:
    answer = world.get("/v1/watchlist/flags", key, subject=subject)
    assert answer.status_code == 200, answer.text
    assert answer.json()["subject"] == subject
    return [(one["account_id"], one["is_holder"]) for one in answer.json()["items"]]


def test_flags_that_name_the_subject_are_shown_newest_first_and_others_are_not(world: World) -> None:
    world.store(
        [
            contact("a", "c:x"),
            contact("b", "c:xy"),
            contact("x", "c:x"),
            flag("c", tags=[TAG_PREFIX + "c:x"]),
            flag("d", findings=[CONTACT]),
        ]
    )
    key = world.office("lead", "341300")
    assert touched(world, key, "c:x") == [("a:x", True), ("a:a", False)]
    assert touched(world, key, "c:nobody") == []


def test_an_office_sees_only_its_own(world: World) -> None:
    world.store([contact("a", "c:x"), contact("b", "c:x", branch_region="110105"), contact("o", "c:x", category="suspicious")])
    assert touched(world, world.office("lead", "341300"), "c:x") == [("a:a", False)]
    assert touched(world, world.office("pboc", "341300"), "c:x") == [("a:o", False), ("a:a", False)]
    assert touched(world, world.office("csrc", "341300"), "c:x") == []


def test_a_number_in_clear_is_refused_and_not_repeated(world: World) -> None:
    answer = world.get("/v1/watchlist/flags", world.office("lead", "341300"), subject="341302195501010014")
    assert answer.status_code == 400
    assert "341302195501010014" not in answer.text
    assert world.get("/v1/watchlist/flags", world.office("lead", "341300")).status_code == 400
