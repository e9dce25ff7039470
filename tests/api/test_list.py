"""The list's filters, order, cursors, exports and refusals."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.auth.offices import Kind, Office
from api.auth.scope import visible_scope
from api.flags.cursor import Place
from api.flags.filters import Page
from api.flags.repository import list_statement
from api.workbook import harmless
from contract.shanghai import text_ms
from tests.api.flags import NOON, finding, flag
from tests.api.schemes_made import member, scheme
from tests.api.world import World

FLAGS = [
    flag("a", score=99.9, minutes=1, institution_code="B1", severity="huge", branch_region="341321"),
    flag("b", score=80.0, minutes=4, institution_code="B2", findings=[finding("pass_through@2"), finding("structuring@1")]),
    flag("c", category="suspicious", minutes=2, institution_type="payment", status="closed"),
    flag("d", category="large_value", minutes=3, findings=[finding("large_value_cash@1")]),
    flag("e", category="observe", minutes=5),
]
SCHEME = scheme("of-c", [member("c", institution_type="payment")], category="suspicious")


@pytest.fixture
def listed(world: World) -> tuple[World, str]:
    world.store(FLAGS)
    world.store_schemes([SCHEME])
    return world, world.office("pboc", "341300")


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        pytest.param({}, "abcd", id="highest-score-first-none-last"),
        pytest.param({"sort": "score"}, "dcba", id="lowest-score-first"),
        pytest.param({"sort": "-updated_at"}, "bdca", id="newest-first"),
        pytest.param({"sort": "updated_at"}, "acdb", id="oldest-first"),
        pytest.param({"region": "341321"}, "a", id="region"),
        pytest.param({"region": "340000"}, "abcd", id="region-above-the-office"),
        pytest.param({"region": "340100"}, "", id="region-elsewhere"),
        pytest.param({"institution_type": "payment"}, "c", id="institution-type"),
        pytest.param({"institution_code": ["B1", "B2"]}, "ab", id="two-institutions"),
        pytest.param({"category": "observe"}, "e", id="observe-when-asked-for"),
        pytest.param({"category": ["observe", "suspicious"]}, "ce", id="two-categories"),
        pytest.param({"typology": "pass_through"}, "abc", id="typology-of-any-version"),
        pytest.param({"typology": "pass_through@2"}, "b", id="typology-of-one-version"),
        pytest.param({"typology": ["structuring", "large_value_cash"]}, "bd", id="either-typology"),
        pytest.param({"severity": "huge"}, "a", id="severity"),
        pytest.param({"status": "closed"}, "c", id="status"),
        pytest.param({"ledger_status": "new"}, "abcd", id="ledger-status"),
        pytest.param({"min_score": "80"}, "ab", id="least-score-includes-itself"),
        pytest.param({"min_score": "80.1"}, "a", id="least-score-just-above"),
        pytest.param({"since": text_ms(NOON + 180_000)}, "bd", id="since-includes-itself"),
        pytest.param({"until": text_ms(NOON + 180_000)}, "ac", id="until-leaves-itself-out"),
        pytest.param({"since": "2026-03-01T12:03:00+08:00"}, "bd", id="since-in-another-zone"),
        pytest.param({"scheme_id": SCHEME.scheme_id}, "c", id="scheme"),
        pytest.param({"region": "341302", "min_score": "10", "status": "open"}, "b", id="all-together"),
    ],
)
def test_a_filter_gives_its_flags_in_order(listed: tuple[World, str], params: dict[str, Any], expected: str) -> None:
    world, key = listed
    assert "".join(world.ids(key, **params)) == expected
    selection = {name: value for name, value in params.items() if name != "sort"}
    assert world.get("/v1/summary", key, **selection).json()["flags"] == len(expected)


@pytest.mark.parametrize(
    "query",
    [
        "colour=red",
        "category=guilty",
        "region=999999",
        "region=3413",
        "region=134130",
        "min_score=101",
        "min_score=nan",
        "min_score=many",
        "limit=0",
        "limit=501",
        "since=yesterday",
        "since=2026-03-01T00:00:00",
        "since=2026-03-02T00:00:00Z&until=2026-03-01T00:00:00Z",
        "sort=name",
        "typology=' OR 1=1",
        "institution_code=%00",
        "status=open&status=closed&x",
        "cursor=abc",
        "cursor=%C3%A9",
        "cursor=" + "A" * 600,
    ],
)
def test_a_wrong_parameter_is_a_400_with_the_one_body_and_without_the_value(listed: tuple[World, str], query: str) -> None:
    world, key = listed
    answer = world.get(f"/v1/flags?{query}", key)
    assert answer.status_code == 400
    assert set(answer.json()) == {"error", "detail"}
    for value in ("red", "guilty", "999999", "yesterday", "OR 1=1"):
        assert value not in answer.text


@pytest.mark.parametrize("sort", ["-score", "score", "-updated_at", "updated_at"])
def test_pages_give_every_flag_once_though_scores_tie_and_others_come_in(world: World, sort: str) -> None:
    key = world.office("pboc", "341300")
    world.store([flag(f"old-{i}", score=85.0 + i % 3, minutes=i % 4) for i in range(23)])
    seen: list[str] = []
    params: dict[str, Any] = {"sort": sort, "limit": 5}
    for step in range(20):
        answer = world.get("/v1/flags", key, **params).json()
        seen += [item["account_id"] for item in answer["items"] if item["account_id"].startswith("a:old")]
        world.store([flag(f"new-{step}", score=86.0, minutes=2)])
        if answer["next_cursor"] is None:
            break
        params["cursor"] = answer["next_cursor"]
    assert sorted(seen) == sorted(f"a:old-{i}" for i in range(23))


def test_a_cursor_is_worthless_to_another_office_with_other_filters_and_when_touched(listed: tuple[World, str]) -> None:
    world, key = listed
    cursor = world.get("/v1/flags", key, limit=1).json()["next_cursor"]
    assert world.get("/v1/flags", key, cursor=cursor).status_code == 200
    assert world.get("/v1/flags", world.office("pboc", "340000"), cursor=cursor).status_code == 400
    assert world.get("/v1/flags", key, cursor=cursor, status="open").status_code == 400
    assert world.get("/v1/flags", key, cursor=cursor, sort="score").status_code == 400
    for at in range(0, len(cursor) - 1, 7):
        touched = cursor[:at] + ("A" if cursor[at] != "A" else "B") + cursor[at + 1 :]
        assert world.get("/v1/flags", key, cursor=touched).status_code == 400


def test_csv_has_the_lists_rows_in_the_lists_order(listed: tuple[World, str]) -> None:
    world, key = listed
    headers = {"Authorization": f"Bearer {key}", "Accept": "text/csv"}
    answer = world.client.get("/v1/flags?sort=-updated_at", headers=headers)
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert answer.headers["content-type"].startswith("text/csv")
    assert [row["account_id"] for row in rows] == ["a:b", "a:d", "a:c", "a:a"]
    assert rows[0]["typologies"] == "pass_through@2 structuring@1"
    limited = world.client.get("/v1/flags?limit=2", headers=headers)
    assert limited.text.count("\r\n") == 3


def test_csv_streams_more_rows_than_a_page(world: World) -> None:
    key = world.office("pboc", "341300")
    world.store([flag(f"many-{i}") for i in range(1203)])
    answer = world.client.get("/v1/flags", headers={"Authorization": f"Bearer {key}", "Accept": "text/csv"})
    accounts = {row["account_id"] for row in csv.DictReader(io.StringIO(answer.text))}
    assert len(accounts) == 1203


@given(st.text(st.sampled_from("=+-@\t\r\n|＝ ab1"), max_size=6))
@settings(max_examples=100, suppress_health_check=[HealthCheck.differing_executors])
def test_no_cell_begins_like_a_formula(text: str) -> None:
    cell = harmless(text)
    assert not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "|", "＝"))
    assert cell.removeprefix("'") == text.removeprefix("'")


def test_a_formula_in_a_finding_comes_out_harmless(world: World) -> None:
    key = world.office("pboc", "341300")
    world.store([flag("x", findings=[finding(zh='=HYPERLINK("http://x")', en="@SUM(A1)")])])
    answer = world.client.get("/v1/flags", headers={"Authorization": f"Bearer {key}", "Accept": "text/csv"})
    row = next(csv.DictReader(io.StringIO(answer.text)))
    assert row["reasons_zh"].startswith("'=")
    assert row["reasons_en"].startswith("'@")


def test_a_page_says_what_the_detector_said(listed: tuple[World, str]) -> None:
    import msgspec

    world, key = listed
    item = world.get("/v1/flags", key, limit=1).json()["items"][0]
    assert item.pop("ledger_status") == "new"
    assert item == msgspec.to_builtins(FLAGS[0])


def test_a_summary_counts_by_everything_that_was_asked_for(listed: tuple[World, str]) -> None:
    world, key = listed
    summary = world.get("/v1/summary", key).json()
    assert summary["by_category"] == {"illegal_fundraising": 2, "large_value": 1, "suspicious": 1}
    assert summary["by_severity"] == {"filing": 1, "huge": 1}
    assert summary["by_status"] == {"closed": 1, "open": 3}
    assert summary["by_institution"] == {"B1": 1, "B2": 1, "BANK01": 2}
    assert summary["by_region"] == {"341300": 4, "341302": 3, "341321": 1}
    assert summary["by_day"] == {"2026-03-01": 4}
    assert summary["as_of"] == text_ms(NOON + 300_000)


@pytest.mark.parametrize(
    ("sort", "index"), [("-score", "areas_by_score"), ("score", "areas_by_score"), ("-updated_at", "areas_by_time")]
)
def test_a_page_is_one_range_of_an_index_and_nothing_is_sorted(world: World, sort: Any, index: str) -> None:
    visible = visible_scope(Office("x", Kind.PBOC, "341300", "x"))
    statement = list_statement(Page(sort=sort), after=Place(850, "m"), visible=visible).limit(51)
    world.store([flag("one")])
    with world.database.reading() as connection:
        sql = str(statement.compile(connection.engine, compile_kwargs={"literal_binds": True}))
        plan = [row.detail for row in connection.exec_driver_sql("EXPLAIN QUERY PLAN " + sql)]
    assert any(index in step and "SEARCH" in step and ",flag_id)" in step for step in plan), plan
    assert not any("TEMP B-TREE" in step for step in plan), plan


@pytest.mark.parametrize("asked", [{}, {"typology": ["pass_through"]}, {"category": ["large_value"]}], ids=str)
def test_a_page_among_a_thousand_flags_of_one_score_costs_no_more_the_deeper_it_lies(world: World, asked: dict[str, Any]) -> None:
    world.store([flag(f"n{number}", category="large_value") for number in range(1000)])
    visible = visible_scope(Office("x", Kind.PBOC, "341300", "x"))
    ids = sorted((flag(f"n{number}").flag_id for number in range(1000)), reverse=True)

    def steps(place: Place | None) -> int:
        """What the database does for a page of ten, in tens of its own instructions."""
        made = 0

        def count() -> None:
            nonlocal made
            made += 1

        statement = list_statement(Page(**asked), after=place, visible=visible).limit(10)
        with world.database.reading() as connection:
            driver: Any = connection.connection.driver_connection
            driver.set_progress_handler(count, 10)
            rows = connection.execute(statement).all()
            driver.set_progress_handler(None, 0)
        first = 0 if place is None else ids.index(place.flag_id) + 1
        assert [row.flag_id for row in rows] == ids[first : first + 10]
        return made

    first, deep = steps(None), steps(Place(-1, ids[899]))
    assert deep <= first * 1.5, (first, deep)
