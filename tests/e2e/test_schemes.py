"""One scheme in a real browser: its graph over time, its totals, the lines, and what others see of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.e2e import web_movements, webs
from tests.e2e.site import Site, Visit, running

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("schemes")
    web_movements.fill(str(folder / "archive"))
    with running(folder, stream_life="PT1H", archive=str(folder / "archive")) as site:
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


def test_payers_money_is_followed_with_an_approval_that_a_second_person_records(new_visit: Callable[[], Visit]) -> None:
    li, wang = new_visit(), new_visit()
    path = f"/console/schemes/{webs.web().scheme_id}"
    li.sign_in("lead", "341300", holder="li")
    li.goto(path)
    assert "申请涵盖本机构可见的16个成员账户" in li.page.inner_text("#traced")
    li.page.click("details.ask summary")
    given = {"reference": "处非办批〔2026〕7号", "approver": "市处非办主要负责人", "investigators": "王某\n李某"}
    for name, value in given.items():
        li.page.fill(f"#ask [name={name}]", value)
    li.page.select_option("#ask [name=purpose]", "ILLEGAL_FUNDRAISING_PREVENTION")
    li.page.click("#ask button")
    li.page.wait_for_selector(".waiting-line")
    wang.sign_in("lead", "341300", holder="wang", role="supervisor")
    wang.goto(path)
    wang.page.click("text=记录批准")
    wang.page.wait_for_selector("text=凭此批准查看")
    li.goto(path)
    li.page.click("text=凭此批准查看")
    li.page.wait_for_selector("#traced .ribbon")
    page = li.page
    told = page.inner_text("#traced")
    assert all(word in told for word in ("先进先出", "收支平衡", "现存何处", "a:H7OUSE…QRLS", "取现", "未知，按零计"))
    assert "c:payer-" not in page.content(), "payers are counted, not listed"
    li.shot("scheme-traced", part="#traced")
    sits = page.inner_text(".balance tbody tr:last-child")
    page.click("text=按比例")
    page.wait_for_selector(".chip.chosen >> text=按比例")
    assert page.inner_text(".balance tbody tr:last-child") != sits
    page.click("text=English")
    page.wait_for_selector("#traced >> text=What leaves is of each origin")
    assert li.complaints == []


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
