"""One scheme in a real browser: its graph over time, its totals, the lines, and what others see of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e import webs
from tests.e2e.site import Site, Visit, running

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("schemes"), stream_life="PT1H") as site:
        webs.fill(site.world)
        yield site


def test_a_scheme_is_read_as_a_graph_that_a_slider_takes_back_in_time(visit: Visit) -> None:
    visit.sign_in()
    page = visit.page
    page.click("nav >> text=团伙")
    page.wait_for_selector("table.list tbody tr")
    visit.shot("schemes", whole=False)
    page.click("tbody td a")
    page.wait_for_selector("#graph .node")
    assert page.locator("#graph .node").count() == len(webs.ROLES)
    assert page.locator("#graph .node.later").count() == 0
    told = page.inner_text("main")
    assert all(word in told for word in ("¥8,420,000.00", "吃紧期", "已达到", "2026-11-19", "法定代表人"))
    visit.shot("scheme")
    slider = page.locator("input[type=range]")
    slider.focus()
    for _ in range(8):
        page.keyboard.press("ArrowLeft")
    assert page.inner_text("output") < "2026-03-01"
    assert 0 < page.locator("#graph .node.later").count() < len(webs.ROLES)
    visit.shot("scheme-earlier", whole=False)
    page.click("#graph .node >> nth=0")
    page.wait_for_selector("text=风险评分变化")
    assert visit.complaints == []


@pytest.mark.parametrize(("kind", "region", "told"), [("lead", "341321", "仅显示汇总数据"), ("nfra", "341300", "职权范围内")])
def test_others_see_figures_or_their_own_members(visit: Visit, kind: str, region: str, told: str) -> None:
    visit.sign_in(kind, region)
    visit.goto(f"/console/schemes/{webs.web().scheme_id}")
    assert told in visit.page.inner_text(".notice")
    shown = visit.page.locator("#graph .node").count()
    assert shown == (0 if kind == "lead" else sum(one.institution_type == "bank" for one in webs.members()))


def test_an_office_with_payers_and_no_account_reads_what_it_adds_up_to(visit: Visit) -> None:
    visit.sign_in("lead", "340102")
    visit.page.click("nav >> text=团伙")
    visit.page.click("tbody td a")
    visit.page.wait_for_selector("text=付款人所在地区")
    told = visit.page.inner_text("main")
    assert all(word in told for word in ("仅显示汇总数据", "612名付款人中581人", "¥8,420,000.00"))
    assert not any(one.account_id in visit.page.content() for one in webs.members())
    visit.shot("scheme-assisting")
    assert visit.complaints == []


def test_an_office_elsewhere_finds_no_scheme(visit: Visit) -> None:
    visit.sign_in("lead", "341102")
    visit.goto("/console/schemes")
    assert "没有符合条件的团伙" in visit.page.inner_text("main")
    visit.goto(f"/console/schemes/{webs.web().scheme_id}")
    assert "没有找到" in visit.page.inner_text("main")
