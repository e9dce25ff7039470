"""The page of results says what the API says, about what the office sees."""

from __future__ import annotations

import re

import pytest

from api.console.words import LANGUAGES, Words
from api.ledger.states import Status
from api.rollups.repository import By
from tests.api.flags import NOON, finding, flag
from tests.api.ledger.steps import Desk
from tests.api.world import World


@pytest.fixture
def desk(world: World) -> Desk:
    world.store([flag("a"), flag("b", branch_region="341321", findings=[finding(), finding("structuring@1")])])
    world.store([flag("c", institution_code="B2", severity="huge")], now_ms=NOON + 31 * 86_400_000)
    made = Desk(world)
    made.done("under_analysis")
    made.done("reported_local")
    return made


def _rows(page: str) -> list[list[str]]:
    """The cells of the table of groups, without marks."""
    table = page.partition("data-rows")[2].partition("<tbody>")[2].partition("</tbody>")[0]
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in table.split("</tr>")[:-1]]
    return [[re.sub(r"<.*?>", "", cell).strip() for n, cell in enumerate(row) if n != 1] for row in cells]


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("month", [["2026-03", "2", "1", "1", "0"], ["2026-04", "1", "0", "1", "0"]]),
        ("region", [["宿州市", "3", "1", "2", "0"], ["埇桥区", "2", "1", "1", "0"], ["砀山县", "1", "0", "1", "0"]]),
        ("institution", [["BANK01", "2", "1", "1", "0"], ["B2", "1", "0", "1", "0"]]),
        ("severity", [["较小（达立案）", "2", "1", "1", "0"], ["重大（数额巨大）", "1", "0", "1", "0"]]),
        ("status", [["新增", "2", "0", "2", "0"], ["已报当地机构", "1", "1", "0", "0"]]),
        ("industry", [["未知", "3", "1", "2", "0"]]),
    ],
)
def test_rows_are_added_up_by_what_is_asked_for(desk: Desk, by: str, expected: list[list[str]]) -> None:
    answer = desk.world.get("/console/results", desk.key(), by=by)
    assert (answer.status_code, _rows(answer.text)) == (200, expected)


def test_outcomes_and_delays_stand_beside(desk: Desk) -> None:
    page = desk.world.get("/console/results", desk.key()).text
    assert all(word in page for word in ("1 (100.0%)", "¥2,140,000.00", "机构报送时滞"))
    assert "¥2,140,000.00" not in desk.world.get("/console/results", desk.key(), opened_from="2026-04-01").text


def test_an_office_sees_its_own_and_a_wrong_question_is_refused(desk: Desk) -> None:
    world = desk.world
    assert _rows(world.get("/console/results", world.office("lead", "341321"), by="region").text) == [
        ["砀山县", "1", "0", "1", "0"]
    ]
    assert "没有符合条件的台账行" in world.get("/console/results", world.office("csrc", "340000")).text
    assert world.get("/console/results", desk.key(), by="trade").status_code == 400


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_dimension_and_state_has_a_word(language: str) -> None:
    words = Words(language)
    assert all(words(f"rollup_{one.value}") for one in By)
    assert all(words.of("ledger", one.value) != one.value.replace("_", " ") for one in Status)
