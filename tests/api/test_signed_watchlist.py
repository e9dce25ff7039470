"""The signed watch list: findings that hold and no others, cleared at once, and checked by anybody with the published key."""

from __future__ import annotations

import json
from typing import Any

import jwt
import pytest

from tests.api.flags import flag
from tests.api.world import World

HERE = "/v1/watchlist/signed"


def write(world: World, subject: str, status: str = "FOUND", **more: str) -> None:
    body = {"subject": subject, "status": status, "since": "2026-02-01", "reference": "处罚决定书1号"} | more
    assert world.post("/v1/watchlist", world.office("lead", "341300", role="supervisor"), body).status_code == 201


def opened(world: World, key: str) -> Any:
    """The list, checked as an institution checks it."""
    answer = world.get(HERE, key)
    assert answer.headers["content-type"] == "application/jose"
    keys = jwt.PyJWKSet.from_dict(world.get("/v1/watchlist/keys", key).json())
    header = jwt.get_unverified_header(answer.text)
    return json.loads(jwt.api_jws.decode(answer.text, keys[header["kid"]], algorithms=["EdDSA"]))


def test_who_is_found_is_in_it_and_who_is_cleared_leaves_it_at_once(world: World) -> None:
    bank = world.office("lead", "341300", role="recipient", holder="BANK01")
    world.store([flag("flagged")])
    write(world, "c:found")
    write(world, "c:other")
    write(world, "c:named", kind="risk_enterprise")
    told = opened(world, bank)
    assert [one["subject"] for one in told["found"]] == ["c:found", "c:other"]
    assert "flagged" not in str(told), "a flag is no finding"
    assert "处罚决定书" not in str(told)
    assert told["valid_until"] > told["issued_at"]
    write(world, "c:found", "CLEARED")
    told = opened(world, bank)
    assert [one["subject"] for one in told["found"]] == ["c:other"]
    assert [one["subject"] for one in told["cleared"]] == ["c:found"]


def test_a_list_that_somebody_changed_or_signed_is_none(world: World) -> None:
    key = world.office("lead", "341300", role="recipient")
    write(world, "c:found")
    text = world.get(HERE, key).text
    keys = jwt.PyJWKSet.from_dict(world.get("/v1/watchlist/keys", key).json()).keys
    head, body, signature = text.split(".")
    for forged in (f"{head}.{body[:-3]}AAA.{signature}", f"{head}.{body}.{signature[:-4]}AAAA"):
        with pytest.raises(jwt.InvalidTokenError):
            jwt.api_jws.decode(forged, keys[0], algorithms=["EdDSA"])
    assert "d" not in world.get("/v1/watchlist/keys", key).json()["keys"][0], "the private part stays here"


def test_a_recipients_key_opens_the_list_and_nothing_else(world: World) -> None:
    key = world.office("lead", "341300", role="recipient")
    world.store([flag("a")])
    for path in ("/v1/flags", "/v1/watchlist", "/v1/ledger", "/v1/summary", "/v1/audit", "/v1/keys", "/v1/leads"):
        assert world.get(path, key).status_code == 403, path
    assert world.client.post("/console/sign-in", data={"key": key}).status_code == 403
    assert world.get(HERE, world.office("lead", "341300", role="administrator")).status_code == 403
