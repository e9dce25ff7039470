"""Server-sent events: resumable, the office's own, and silent about what it may not see."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.audit import record, repository
from api.audit.trail import Trail
from api.auth import repository as keys
from api.auth.offices import Kind, Office
from api.auth.principal import now_ms
from api.auth.scope import visible_scope
from api.flags.filters import Selection
from tests.api.flags import flag
from tests.api.ledger.steps import Desk
from tests.api.world import World, make_world

Event = tuple[str, str, Any]


def read(world: World, key: str, after: str | None = None, **params: Any) -> list[Event]:
    """Events of a stream that ends at once: id, name and data of each."""
    headers = {"Authorization": f"Bearer {key}"} | ({"Last-Event-ID": after} if after else {})
    answer = world.client.get("/v1/flags/stream", headers=headers, params=params or None)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/event-stream")
    return [parsed(block) for block in answer.text.split("\n\n") if block and not block.startswith(":")]


def parsed(block: str) -> Event:
    fields = dict(line.split(": ", 1) for line in block.split("\n"))
    return fields["id"], fields["event"], json.loads(fields["data"])


def accounts(events: list[Event]) -> list[str]:
    return [data["account_id"] for _, name, data in events if name == "flag"]


def test_a_stream_begins_now_and_goes_on_where_it_ended(world: World) -> None:
    key = world.office("pboc", "341300")
    world.store([flag("before")])
    (ready,) = read(world, key)
    assert ready[1:] == ("ready", {})
    world.store([flag("a"), flag("b")])
    first = read(world, key, ready[0])
    assert accounts(first) == ["a:a", "a:b"]
    assert first[1][2]["ledger_status"] == "new"
    assert accounts(read(world, key, first[1][0])) == ["a:b"]
    world.store([flag("a", revision=3), flag("a", revision=2)])
    later = read(world, key, first[-1][0])
    assert [(data["account_id"], data["revision"]) for _, name, data in later if name == "flag"] == [("a:a", 3)]


def test_a_stream_has_what_the_list_has(world: World) -> None:
    pboc, lead = world.office("pboc", "341300"), world.office("lead", "341302")
    starts = {key: read(world, key)[0][0] for key in (pboc, lead)}
    world.store([flag("a"), flag("b", category="suspicious"), flag("c", category="observe"), flag("d", branch_region="341321")])
    assert accounts(read(world, pboc, starts[pboc])) == ["a:a", "a:b", "a:d"]
    assert accounts(read(world, lead, starts[lead])) == ["a:a"]
    assert accounts(read(world, pboc, starts[pboc], category="observe")) == ["a:c"]
    assert accounts(read(world, pboc, starts[pboc], region="341321")) == ["a:d"]


def test_ids_tell_nothing_and_are_the_offices_own(world: World) -> None:
    ours, theirs = world.office("pboc", "341300"), world.office("pboc", "340000")
    first, second = read(world, ours)[0][0], read(world, ours)[0][0]
    assert first != second, "the same position never looks the same"
    world.store([flag(f"elsewhere-{i}", branch_region="110105") for i in range(30)])
    assert len(read(world, ours)[0][0]) == len(first)
    for key, after in ((theirs, first), (ours, "AAAA"), (ours, first[:-2])):
        headers = {"Authorization": f"Bearer {key}", "Last-Event-ID": after}
        assert world.client.get("/v1/flags/stream", headers=headers).status_code == 400


def test_what_is_referred_comes_on_the_polices_stream_however_old_it_is(world: World) -> None:
    world.store([flag("a")])
    desk, police = Desk(world), Desk(world, "police")
    start = read(world, police.key())[0][0]
    desk.done("under_analysis")
    desk.done("transferred", office="police-341300")
    desk.done("transferred", holder="wu", role="supervisor")
    assert accounts(read(world, police.key(), start)) == ["a:a"]


def test_what_was_delivered_stands_in_the_audit(world: World) -> None:
    key = world.office("pboc", "341300")
    start = read(world, key)[0][0]
    world.store([flag("a")])
    read(world, key, start)
    world.app.state.audit.close()
    with world.database.reading() as connection:
        lines = [record.decode(bytes(row.record)) for row in repository.all_rows(connection)]
    told = [(line.action, line.accounts) for line in lines if line.action.startswith("GET")]
    assert told == [("GET /v1/flags/stream", []), ("GET /v1/flags/stream", []), ("GET /v1/flags/stream delivered", ["a:a"])]


@pytest.fixture
def living(tmp_path: Path) -> Iterator[World]:
    made = make_world(f"sqlite:///{tmp_path}/ledger.sqlite", stream_life="PT60S")
    yield made
    made.close()


def test_a_flag_comes_while_the_stream_is_open_and_a_revoked_key_ends_it(living: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.flags.feed.LOOK_S", 0.01)
    monkeypatch.setattr("api.flags.stream._CHECK_S", 0.05)
    key = living.office("pboc", "341300")
    streams, office = living.app.state.streams, Office("pboc-341300", Kind.PBOC, "341300", "x")
    trail = Trail(office=office.office_id, key_id=key.split("_")[1])

    async def follow() -> list[Event]:
        events = streams.events(Selection(), 0, visible=visible_scope(office), trail=trail)
        seen = [parsed((await anext(events)).decode().strip())]
        living.store([flag("seen"), flag("unseen", branch_region="110105")])
        seen.append(parsed((await asyncio.wait_for(anext(events), 20)).decode().strip()))
        with living.database.writing() as connection:
            keys.revoke_keys(connection, office.office_id, now_ms=now_ms())
        return seen + [parsed(block.decode().strip()) async for block in events]

    seen = asyncio.run(asyncio.wait_for(follow(), 40))
    assert [name for _, name, _ in seen] == ["ready", "flag"]
    assert accounts(seen) == ["a:seen"]
