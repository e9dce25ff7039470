"""One read for all streams: it tells which of them have to ask, and never fewer than the database would."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

import api.flags.feed
from api.auth.offices import Kind, Office
from api.auth.scope import visible_scope
from api.database import Database
from api.flags import repository
from api.flags.feed import Feed, cells_of
from api.flags.filters import Selection
from contract.errors import LedgerUnavailable
from contract.flag import Flag
from tests.api.flags import flag
from tests.api.test_stream import accounts, read
from tests.api.world import World

OFFICES = [Office("x", kind, region, "x") for kind in Kind for region in ("000000", "340000", "341300", "341302", "110105")]
SELECTIONS = [
    Selection(),
    Selection(region="341321"),
    Selection(region="000000"),
    Selection(category=["observe"]),
    Selection(category=["suspicious", "large_value"]),
    Selection(institution_type=["securities"]),
]
FLAGS = [
    flag(f"{region}-{kind}-{category}", branch_region=region, institution_type=kind, category=category)
    for region in ("341302", "341321", "110105")
    for kind in ("bank", "securities", "payment")
    for category in ("observe", "suspicious", "illegal_fundraising", "large_value")
]


def looked(feed: Feed) -> int:
    feed._at = None if feed._at is None else -1.0  # noqa: SLF001 - a look is due
    return asyncio.run(feed.look())


@pytest.mark.parametrize("one", FLAGS, ids=[one.account_id[2:] for one in FLAGS])
def test_whoever_would_find_something_is_told_to_ask(world: World, one: Flag) -> None:
    feed = Feed(world.database)
    world.store([flag("before")])
    start = looked(feed)
    world.store([one])
    assert looked(feed) > start
    for office in OFFICES:
        visible = visible_scope(office)
        for selection in SELECTIONS:
            with world.database.reading() as connection:
                finds = repository.after_position(connection, selection, start, limit=1, visible=visible)
            is_told = feed.has_moved(cells_of(selection, visible), since=start)
            assert is_told or not finds, (office, selection)
            if selection == Selection():
                assert is_told == bool(finds), "and nobody else"


def test_a_look_reads_on_where_the_last_one_ended_however_much_came(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    feed = Feed(world.database)
    start = looked(feed)
    # Fewer rows than one flag has areas would never get past it: 7 is between one flag's four and two flags' eight.
    monkeypatch.setattr(api.flags.feed, "_CHUNK", 7)
    monkeypatch.setattr(api.flags.feed, "_ARRIVED", api.flags.feed._ARRIVED.limit(7))  # noqa: SLF001
    world.store([flag(f"n{number}") for number in range(30)] + [flag("last", branch_region="110105")])
    looked(feed)
    beijing = cells_of(Selection(), visible_scope(Office("x", Kind.PBOC, "110000", "x")))
    assert feed.has_moved(beijing, since=start + 30)
    assert not feed.has_moved(beijing, since=start + 31)


def test_a_stream_ends_where_the_ledger_is_away_and_goes_on_later(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    key = world.office("pboc", "341300")
    (ready,) = read(world, key)
    world.store([flag("a")])

    def away(*_: object, **__: object) -> None:
        raise LedgerUnavailable("away")

    with monkeypatch.context() as broken:
        broken.setattr(repository, "after_position", away)
        assert [name for _, name, _ in read(world, key, ready[0])] == ["ready"]
    assert accounts(read(world, key, ready[0])) == ["a:a"]


def test_a_feed_over_a_database_that_is_away_looks_again(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/none/ledger.sqlite")
    feed = Feed(database)
    for _ in range(2):
        with pytest.raises(LedgerUnavailable):
            looked(feed)
    database.close()


def test_who_asks_while_the_first_look_is_under_way_is_told_its_position_too(world: World) -> None:
    world.store([flag("before")])
    feed = Feed(world.database)

    async def both() -> list[int]:
        return list(await asyncio.gather(feed.look(), feed.look()))

    first, second = asyncio.run(both())
    assert first == second > 0
