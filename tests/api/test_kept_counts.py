"""Kept counts say what counting says, whatever came and whoever asks."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from api.auth.offices import Kind, Office
from api.auth.scope import visible_scope
from api.flags.filters import Selection
from api.ledger import repository
from api.summary import kept as kept_counts
from api.summary import service
from api.tables import COUNTS
from tests.api.flags import finding, flag, store
from tests.api.ledger.steps import Desk
from tests.api.world import World

OFFICES = [("pboc", "000000"), ("pboc", "341300"), ("nfra", "340000"), ("lead", "341302"), ("csrc", "340000")]
AREAS = ("341302", "341321", "341371", "110105", None)
_NAMES = itertools.count()
revisions = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.sampled_from(AREAS[:-1]),
        st.sampled_from(AREAS),
        st.sampled_from(("observe", "suspicious", "illegal_fundraising", "large_value")),
        st.sampled_from(("bank", "securities", "payment")),
        st.integers(0, 3),
    ),
    max_size=12,
)


@given(revisions, st.integers(1, 5))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_kept_and_counted_agree_for_every_office_after_any_revisions(world: World, told: list[Any], size: int) -> None:
    run = next(_NAMES)
    newest: dict[str, int] = {}
    batch = []
    for name, branch, subject, category, kind, step in told:
        account = f"{run}-{name}"
        newest[account] = newest.get(account, 0) + 1
        batch.append(
            flag(
                account,
                revision=newest[account],
                branch_region=branch,
                subject_region=subject,
                category=category,
                institution_type=kind,
                minutes=step * 1440,
                status="closed" if step == 3 else "open",
                findings=[finding(f"{one}@1") for one in ("pass_through", "structuring", "unit_priced_credits")[:step]],
                not_evaluable=["vulnerable_payers@1"][: step % 2],
            )
        )
    for start in range(0, len(batch), size):
        world.store(batch[start : start + size])
    for (kind, region), category in itertools.product(OFFICES, ([], ["observe"], ["illegal_fundraising", "large_value"])):
        visible = visible_scope(Office("x", Kind(kind), region, "x"))
        selection = Selection.model_validate({"category": category})
        with world.database.reading() as connection:
            kept = service._kept(connection, selection, visible)  # noqa: SLF001 - the two ways are compared
            counted = service._counted(connection, selection, visible)  # noqa: SLF001
        assert kept.model_dump() == counted.model_dump()


@pytest.mark.parametrize(
    ("changes", "is_kept"),
    [
        ({}, True),
        ({"category": ["observe"], "institution_type": ["bank"]}, True),
        ({"region": "341302"}, True),
        ({"region": "340000"}, False),
        ({"min_score": 0.0}, False),
        ({"status": "open"}, False),
        ({"typology": ["pass_through"]}, False),
        ({"since": "2026-01-01T00:00:00Z"}, False),
        ({"institution_code": ["B"]}, False),
        ({"ledger_status": "new"}, False),
        ({"scheme_id": "S"}, False),
        ({"severity": ["huge"]}, False),
    ],
)
def test_only_what_is_kept_is_answered_from_it(changes: dict[str, Any], is_kept: bool) -> None:
    visible = visible_scope(Office("x", Kind.PBOC, "341300", "x"))
    assert kept_counts.answers(Selection(**changes), visible) == is_kept


def test_a_referral_is_counted_for_the_police_as_well(world: World) -> None:
    world.store([flag("a"), flag("b")])
    desk, police = Desk(world), Desk(world, "police")
    police.key()
    desk.done("under_analysis")
    desk.done("transferred", office="police-341300")
    desk.done("transferred", holder="wu", role="supervisor")
    assert world.get("/v1/summary", police.key()).json()["flags"] == 1
    world.store([flag("a", revision=2, status="closed")])
    assert world.get("/v1/summary", police.key()).json()["by_status"] == {"closed": 1}


def test_the_migration_counts_what_is_there(world: World) -> None:
    world.store([flag(f"f-{i}", branch_region=AREAS[i % 4], minutes=i * 700) for i in range(9)])

    def counts() -> list[Any]:
        with world.database.reading() as connection:
            return sorted(tuple(row) for row in connection.execute(select(COUNTS).where(COUNTS.c.n > 0)))

    kept = counts()
    world.database.migrate("0004", down=True)
    world.database.migrate()
    assert counts() == kept


def test_coverage_says_for_how_many_a_typology_could_not_speak(world: World) -> None:
    world.store([flag("a"), flag("b", not_evaluable=[]), flag("c", institution_code="B2", institution_type="payment")])
    world.store([flag("d", branch_region="341202")])
    coverage = world.get("/v1/coverage", world.office("pboc", "341300")).json()["institutions"]
    nothing: dict[str, Any] = {"rejects": 0, "last_on": None, "reasons": []}
    assert coverage == [
        {
            "institution_code": "B2",
            "institution_type": "payment",
            "flags": 1,
            "not_evaluable": {"vulnerable_payers@1": 1},
            "rejected": nothing,
        },
        {
            "institution_code": "BANK01",
            "institution_type": "bank",
            "flags": 2,
            "not_evaluable": {"vulnerable_payers@1": 1},
            "rejected": nothing,
        },
    ]
    only = world.get("/v1/coverage", world.office("pboc", "341300"), institution_type="payment").json()["institutions"]
    assert [one["institution_code"] for one in only] == ["B2"]


def test_a_revision_that_came_twice_counts_once(world: World) -> None:
    for _ in range(2):
        world.store([flag("a")])
    with world.database.writing() as connection:
        store(connection, [flag("a", revision=3), flag("a", revision=2)])
        connection.execute(delete(COUNTS).where(COUNTS.c.n == 0))
        repository.touch(connection, now_ms=1)
    assert world.get("/v1/summary", world.office("pboc", "341300")).json()["flags"] == 1
