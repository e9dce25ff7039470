"""An administrator gives and takes away the own office's keys, and sees nobody's money."""

from __future__ import annotations

from typing import Any

from tests.api.flags import flag
from tests.api.world import World


def delete(world: World, key_id: str, key: str) -> Any:
    return world.client.delete(f"/v1/keys/{key_id}", headers={"Authorization": f"Bearer {key}"})


def test_a_key_that_was_given_opens_until_it_is_revoked(world: World) -> None:
    world.store([flag("a")])
    chief = world.office("pboc", "341300", role="administrator", holder="chief")
    given = world.post("/v1/keys", chief, {"holder": "wu", "role": "analyst"}).json()
    assert world.ids(given["key"]) == ["a"]
    listed = world.get("/v1/keys", chief).json()["items"]
    assert [(one["holder"], one["role"], one["state"]) for one in listed] == [
        ("chief", "administrator", "in use"),
        ("wu", "analyst", "in use"),
    ]
    assert given["key"] not in world.get("/v1/keys", chief).text
    assert delete(world, given["key_id"], chief).json()["state"] == "revoked"
    assert world.get("/v1/flags", given["key"]).status_code == 401


def test_an_administrator_reaches_the_own_office_alone_and_not_the_own_key(world: World) -> None:
    chief = world.office("pboc", "341300", role="administrator", holder="chief")
    other = world.office("lead", "341300", role="administrator")
    theirs = world.get("/v1/keys", other).json()["items"][0]["key_id"]
    unseen, absent = delete(world, theirs, chief), delete(world, "none", chief)
    assert (unseen.status_code, unseen.content) == (404, absent.content)
    assert world.get("/v1/keys", other).status_code == 200
    mine = world.get("/v1/keys", chief).json()["items"][0]["key_id"]
    assert delete(world, mine, chief).status_code == 409


def test_a_wrong_wish_gives_no_key(world: World) -> None:
    chief = world.office("pboc", "341300", role="administrator", holder="chief")
    for wish in ({"holder": "", "role": "viewer"}, {"holder": "x", "role": "king"}, {"holder": "x\x00", "role": "viewer"}):
        assert world.post("/v1/keys", chief, wish).status_code == 422
    assert len(world.get("/v1/keys", chief).json()["items"]) == 1
