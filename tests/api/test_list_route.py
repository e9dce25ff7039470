"""Lists in one change of threads answer as the framework's own routes would."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from fastapi import Query, Request
from starlette.responses import Response

from api.auth.principal import Visible
from api.flags.endpoints import list_flags
from api.flags.filters import Page
from api.list_route import ListRoute
from tests.api.flags import flag
from tests.api.world import World

QUERIES = {
    "nothing asked": "",
    "filters": "category=suspicious&category=illegal_fundraising&limit=2",
    "a list of one": "typology=pass_through",
    "the last of two values": "limit=1&limit=2",
    "an unknown name": "colour=red",
    "two wrong values": "limit=0&min_score=high",
    "an empty value": "region=",
    "an empty time": "since=",
    "no such region": "region=999999",
    "until before since": "since=2026-03-02T00:00:00Z&until=2026-03-01T00:00:00Z",
    "a wrong member of a list": "category=fine",
    "a forged cursor": "cursor=AAAA",
}


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
@pytest.mark.parametrize("role", ["analyst", "administrator", None])
def test_a_list_answers_as_an_ordinary_route_does(world: World, query: str, role: str | None) -> None:
    world.app.get("/ordinary")(list_flags)
    world.store([flag("a"), flag("b", category="suspicious"), flag("c")])
    key = None if role is None else world.office("pboc", "341300", role=role)

    def asked(path: str) -> tuple[int, Any, Any]:
        answer = world.get(f"{path}?{query}", key)
        body = answer.json()
        return answer.status_code, body, answer.headers.get("etag")

    assert asked("/v1/flags") == asked("/ordinary")


def of_another_shape(request: Request, visible: Visible, page: Annotated[Page, Query()]) -> Response:
    raise AssertionError((request, visible, page))


def with_a_part_of_the_path(request: Request, flag_id: str, visible: Visible) -> Response:
    raise AssertionError((request, flag_id, visible))


@pytest.mark.parametrize("endpoint", [of_another_shape, with_a_part_of_the_path])
def test_an_endpoint_of_another_shape_is_refused_when_it_is_made(endpoint: Any) -> None:
    with pytest.raises(TypeError, match="ListRoute"):
        ListRoute("/x", endpoint)
