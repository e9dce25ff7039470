"""Large-value transactions by due day: for who may see them, in order, harmless in a spreadsheet."""

from __future__ import annotations

from typing import Any

import pytest

from api.flags.large_lines import CODES, DOLLARS
from api.workbook import MEDIA_TYPE
from contract.flag import Flag
from detector.large_value_flags import CODES as CODES_OF_LINES
from detector.large_value_sums import CNY, FX, THRESHOLDS
from tests.api.flags import finding, flag
from tests.api.test_xlsx import sheets
from tests.api.world import World

HERE = "/v1/reports/large-value"


def large(name: str, due: str, typology: str = "large_value_cash@1", **more: Any) -> Flag:
    """A large-value flag with its due day."""
    found = [finding(typology, zh="=1+1 当日现金收入", en="cash received")]
    measures = {"sum": "60000.00", "movements": 2}
    return flag(name, category="large_value", due_on=due, findings=found, measures=measures, **more)


@pytest.fixture
def key(world: World) -> str:
    world.store(
        [
            large("c", "2026-03-10"),
            large("a", "2026-03-06"),
            large("b", "2026-03-09", "large_value_cross_border@1", branch_region="341321"),
            large("far", "2026-03-06", branch_region="341202"),
            large("ended", "2026-03-05", status="closed", closed_because="due_day_passed"),
            flag("other"),
        ]
    )
    return world.office("pboc", "341300")


def accounts(world: World, key: str, **params: Any) -> list[str]:
    answer = world.get(HERE, key, **params)
    assert answer.status_code == 200, answer.text
    return [item["CTAC"][2:] for item in answer.json()["items"]]


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, ["ended", "a", "b", "c"]),
        ({"status": "open"}, ["a", "b", "c"]),
        ({"due_from": "2026-03-06", "due_until": "2026-03-10"}, ["a", "b"]),
        ({"region": "341321"}, ["b"]),
        ({"region": "340100"}, []),
        ({"institution_code": "B2"}, []),
        ({"institution_type": "payment"}, []),
    ],
)
def test_what_is_due_first_comes_first(world: World, key: str, params: dict[str, Any], expected: list[str]) -> None:
    assert accounts(world, key, **params) == expected


def test_only_the_central_bank_sees_them(world: World, key: str) -> None:
    for kind, region in (("nfra", "341300"), ("csrc", "340000"), ("lead", "341300"), ("police", "341300")):
        assert accounts(world, world.office(kind, region)) == []


def test_a_line_has_the_elements_that_the_ledger_knows(world: World, key: str) -> None:
    line = world.get(HERE, key, region="341321").json()["items"][0]
    told = {name: line[name] for name in ("CRCD", "TRCD", "amount", "movements", "due_on", "warning")}
    assert told == {
        "CRCD": "0504", "TRCD": "CHN341321", "amount": "60000.00", "movements": 2, "due_on": "2026-03-09", "warning": "overdue"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("typology", "line", "currency", "told"),
    [
        ("large_value_cash@1", 50_000.0, "CNY", "¥60,000.00"),
        ("large_value_cash@1", 10_000.0, "USD", "US$60,000.00"),
        ("large_value_company_transfer@1", 200_000.0, "USD", "US$60,000.00"),
        ("large_value_cross_border@1", 200_000.0, "CNY", "¥60,000.00"),
    ],
)
def test_a_sum_in_dollars_is_told_in_dollars_wherever_it_stands(
    world: World, typology: str, line: float, currency: str, told: str
) -> None:
    found = [finding(typology, threshold=line)]
    one = flag("one", category="large_value", due_on="2026-03-06", findings=found, measures={"sum": "60000.00", "movements": 1})
    world.store([one])
    key = world.office("pboc", "341300")
    (row,) = world.get(HERE, key).json()["items"]
    assert (row["amount"], row["currency"]) == ("60000.00", currency)
    for path in ("/console/reports", "/console/flags?category=large_value", f"/console/flags/{one.flag_id}"):
        assert f">{told}<" in world.get(path, key).text.replace("<small", "<"), path


@pytest.mark.parametrize("line", range(4))
def test_the_lines_in_dollars_are_those_that_the_detector_sums_by(line: int) -> None:
    (code,) = [code for code in CODES.values() if code == CODES_OF_LINES[line]]
    assert DOLLARS[code] * 100 == THRESHOLDS[line, FX]
    assert THRESHOLDS[line, CNY] != THRESHOLDS[line, FX], "or the line would not tell the currency"


def test_a_newer_revision_moves_its_flag_and_leaves_no_second_line(world: World, key: str) -> None:
    world.store([large("a", "2026-03-11", revision=2)])
    assert accounts(world, key) == ["ended", "b", "c", "a"]


def test_pages_give_every_line_once(world: World, key: str) -> None:
    seen: list[str] = []
    params: dict[str, Any] = {"limit": 1}
    while True:
        page = world.get(HERE, key, **params).json()
        seen += [item["CTAC"][2:] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        params["cursor"] = page["next_cursor"]
    assert seen == ["ended", "a", "b", "c"]
    assert world.get(HERE, world.office("nfra", "341300"), cursor=params["cursor"]).status_code == 400


def test_the_workbook_has_the_same_lines_and_no_formula(world: World, key: str) -> None:
    answer = world.client.get(HERE, headers={"Authorization": f"Bearer {key}", "Accept": MEDIA_TYPE})
    (rows,) = sheets(answer.content)
    place = rows[0].index("zh")
    assert [row[rows[0].index("CTAC")] for row in rows[1:]] == ["a:ended", "a:a", "a:b", "a:c"]
    assert {row[place] for row in rows[1:]} == {"'=1+1 当日现金收入"}
