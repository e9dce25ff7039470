"""Industries of the ledger's accounts: from the newest profile, unknown said as unknown, seen as far as accounts are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import structlog
from pyarrow import fs

from api.archive.profiles import industries
from api.industries import learner as module
from api.industries.learner import IndustryLearner
from api.industries.repository import division
from contract.archive.columns import ARCHIVE
from contract.archive.listing import Archive
from contract.archive.names import ArchiveShelf
from contract.errors import ArchiveUnavailable
from contract.shanghai import DAY_MS, parse_ms
from detector.archive.writing import write
from tests.api.flags import NOON, flag
from tests.api.schemes_made import member, scheme
from tests.api.world import World


def profile(offset: int, account: str, industry: str | None, **more: Any) -> dict[str, Any]:
    return {
        "log_offset": offset, "log_row": 0, "record": "profile", "refused": False,
        "account_id": account, "institution_code": "BANK01", "industry": industry,
    } | more  # fmt: skip


def archived(archive: Archive, rows: list[dict[str, Any]], institution: str = "BANK01", partition: int = 0) -> None:
    table = pa.Table.from_pylist([{name: row.get(name) for name in ARCHIVE.names} for row in rows], schema=ARCHIVE)
    span = rows[0]["log_offset"], rows[-1]["log_offset"] + 1
    shelf = ArchiveShelf(f"fundwatch.events.v1.{institution}", partition, 2)
    write(archive, shelf, span, table, begins=span[0] == 0)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive.at(str(tmp_path / "archive"))


def by_industry(world: World, key: str) -> dict[str, int]:
    lines = world.get("/v1/rollups", key, by="industry").json()["lines"]
    return {line["group"]["industry"]: line["entries"] for line in lines}


def test_the_newest_profile_of_an_account_says_its_industry(archive: Archive) -> None:
    april = parse_ms("2026-04-01T00:00:00Z")
    archived(archive, [
        profile(0, "a:1", "K7010", updated_at=april),
        profile(1, "a:1", "L7212", updated_at=april - DAY_MS),
        profile(2, "a:1", "J6620"),
        profile(3, "a:1", None, updated_at=april + DAY_MS),
        profile(4, "a:2", "A0111", refused=True),
        profile(5, "a:3", "B0610", record="movement"),
        profile(6, "a:4", "6511"),
    ])  # fmt: skip
    archived(archive, [profile(0, "a:5", "I65")], partition=1)
    everybody = [f"a:{n}" for n in range(1, 9)]
    expected = {"a:1": "K7010", "a:4": "6511", "a:5": "I65"}
    assert industries(archive, "BANK01", everybody) == expected
    assert industries(archive, "BANK01", ["a:4"]) == {"a:4": "6511"}
    assert industries(archive, "NOBODY", everybody) == {}
    store = Archive(fs.SubTreeFileSystem(archive.root, fs.LocalFileSystem()), "")
    assert industries(store, "BANK01", everybody) == expected


def damage(archive: Archive) -> None:
    """Every file keeps its name and size, and nothing of what it said."""
    files = [path for path in Path(archive.root).rglob("*") if path.is_file()]
    assert files
    for path in files:
        path.write_bytes(b"?" * path.stat().st_size)


def test_a_damaged_file_is_an_archive_that_cannot_be_read(archive: Archive) -> None:
    archived(archive, [profile(0, "a:1", "K7010")])
    damage(archive)
    with pytest.raises(ArchiveUnavailable):
        industries(archive, "BANK01", ["a:1"])


def test_profiles_that_never_name_an_industry_name_none(archive: Archive) -> None:
    archived(archive, [profile(0, "a:1", None)])
    assert industries(archive, "BANK01", ["a:1"]) == {}


@pytest.mark.parametrize(("code", "two"), [("K7010", "70"), ("7010", "70"), ("70", "70"), ("A01", "01"), ("K", "K"), ("7", "7")])
def test_codes_of_one_trade_are_one_division(code: str, two: str) -> None:
    assert division(code) == two


def test_entries_are_added_up_by_industry_and_unknown_is_a_group(world: World, archive: Archive) -> None:
    world.store([flag("a"), flag("b"), flag("c"), flag("d", institution_code="B2"), flag("e", branch_region="110105")])
    archived(
        archive, [profile(0, "a:a", "K7010"), profile(1, "a:b", "7020"), profile(2, "a:c", None), profile(3, "a:e", "A0111")]
    )
    key = world.office("pboc", "341300")
    assert by_industry(world, key) == {"unknown": 4}
    learner = IndustryLearner(world.database, archive, lambda: NOON)
    assert learner.run_once() == 5
    assert by_industry(world, key) == {"70": 2, "unknown": 2}
    assert by_industry(world, world.office("lead", "110105")) == {"01": 1}
    assert by_industry(world, world.office("csrc", "340000")) == {}


def test_a_scheme_stands_in_the_industries_of_the_members_that_the_office_may_see(world: World, archive: Archive) -> None:
    web = scheme("web", [member("here"), member("same"), member("there", branch_region="110105")], lead_region="341302")
    world.store_schemes([web])
    archived(archive, [profile(0, "a:here", "K7010"), profile(1, "a:same", "K7020"), profile(2, "a:there", "A0111")])
    assert IndustryLearner(world.database, archive, lambda: NOON).run_once() == 3
    assert by_industry(world, world.office("lead", "341300")) == {"70": 1}
    assert by_industry(world, world.office("pboc", "110105")) == {"01": 1}
    assert by_industry(world, world.office("pboc", "000000")) == {"01": 1, "70": 1}


def test_a_lead_office_that_assists_is_not_told_the_industries_of_members_that_it_is_not_shown(
    world: World, archive: Archive
) -> None:
    web = scheme("web", [member("here"), member("there", branch_region="110105")], lead_region="341302")
    world.store_schemes([web, scheme("nobodys", [member("far", branch_region="110105")], lead_region=None)])
    archived(archive, [profile(0, "a:here", "K7010"), profile(1, "a:there", "A0111"), profile(2, "a:far", "B0610")])
    assert IndustryLearner(world.database, archive, lambda: NOON).run_once() == 3
    assert by_industry(world, world.office("lead", "110105")) == {"unknown": 2}
    world.store([flag("own", account_id="a:own", branch_region="110105")])
    archived(archive, [profile(3, "a:own", "L7212")])
    IndustryLearner(world.database, archive, lambda: NOON).run_once()
    assert by_industry(world, world.office("lead", "110105")) == {"72": 1, "unknown": 2}
    assert by_industry(world, world.office("lead", "000000")) == {"01": 1, "70": 1, "72": 1, "unknown": 1}


def test_who_was_asked_for_is_asked_for_again_after_a_week(world: World, archive: Archive) -> None:
    world.store([flag("a")])
    now = [NOON]
    learner = IndustryLearner(world.database, archive, lambda: now[0])
    assert [learner.run_once(), learner.run_once()] == [1, 0]
    archived(archive, [profile(0, "a:a", "K7010")])
    now[0] += 7 * DAY_MS
    assert learner.run_once() == 0
    now[0] += 1
    assert learner.run_once() == 1
    assert by_industry(world, world.office("pboc", "341300")) == {"70": 1}


def test_an_archive_that_is_away_is_waited_for(world: World, archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    world.store([flag("a")])
    learner, tries = IndustryLearner(world.database, archive, lambda: NOON), 0

    def away(*_: Any) -> dict[str, str]:
        nonlocal tries
        tries += 1
        if tries == 3:
            learner.stop()
        raise ArchiveUnavailable("away")

    monkeypatch.setattr(module, "industries", away)
    monkeypatch.setattr(module, "EVERY_S", 0.0)
    learner.run()
    assert tries == 3
    assert by_industry(world, world.office("pboc", "341300")) == {"unknown": 1}


def test_an_institution_that_cannot_be_read_holds_up_no_other_and_is_told(
    world: World, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.store([flag(name) for name in "abc"])
    world.store([flag(name, institution_code="BANK02") for name in "de"])
    archived(archive, [profile(0, "a:a", "K7010")])
    damage(archive)
    archived(archive, [profile(0, "a:d", "A0111"), profile(1, "a:e", "A0112")], institution="BANK02")
    # As many as are asked for at once are of the institution that comes first.
    monkeypatch.setattr(module, "_MOST", 2)
    learner = IndustryLearner(world.database, archive, lambda: NOON)
    with structlog.testing.capture_logs() as lines:
        assert learner.run_once() == 2
    assert [(line["event"], line["institutions"]) for line in lines] == [("industries_waiting", ["BANK01"])]
    assert by_industry(world, world.office("pboc", "341300")) == {"01": 2, "unknown": 3}


def test_more_accounts_than_are_asked_for_at_once_are_learned_in_one_look(
    world: World, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.store([flag(name) for name in "abcde"])
    monkeypatch.setattr(module, "_MOST", 2)
    assert IndustryLearner(world.database, archive, lambda: NOON).run_once() == 5
