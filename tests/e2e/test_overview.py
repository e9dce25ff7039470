"""The page that a day begins with, in a real browser: what is new, where, and what comes in while one looks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from api.auth.principal import now_ms
from contract.shanghai import DAY_MS, text_ms
from tests.api.flags import NOON, finding, flag
from tests.e2e import city
from tests.e2e.site import Site, Visit, running

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("overview"), stream_life="PT1H") as site:
        city.fill(site.world, heard_ms=now_ms())
        yield site


def test_an_inspector_sees_what_is_new_and_goes_down_to_a_county(visit: Visit) -> None:
    visit.sign_in()
    page = visit.page
    assert page.url.endswith("/console/overview")
    assert page.locator(".chart .part").count() > 30
    assert page.locator(".places tbody tr").count() == 7
    visit.shot("overview")
    page.click(".places a >> text=灵璧县")
    page.wait_for_url("**region=341323")
    assert "灵璧县" in page.inner_text("h1")
    assert page.locator(".places tbody tr").count() == 1
    page.click(".tile.illegal_fundraising")
    page.wait_for_selector("table.list tbody tr")
    assert page.input_value("select[name=region]") == "341323"
    assert visit.complaints == []


def test_a_new_flag_arrives_while_one_looks_and_nobody_reloads(visit: Visit, site: Site) -> None:
    visit.sign_in()
    page = visit.page
    page.wait_for_selector(".live.on")
    page.evaluate("window.stayed = true")
    told = finding(zh="刚刚发生的归集。", en="Collected just now.")
    site.world.store(
        [flag("live", findings=[told], updated_at=text_ms(NOON + 29 * DAY_MS + 20_000_000), opened_at=text_ms(NOON))]
    )
    page.wait_for_selector("tr.fresh >> text=刚刚发生的归集。", timeout=20_000)
    assert page.evaluate("window.stayed")
    assert "已更新" in page.inner_text(".live")
    visit.shot("overview-live", whole=False)


def test_an_office_hears_nothing_of_what_it_may_not_see(visit: Visit, site: Site) -> None:
    visit.sign_in("lead", "341321")
    page = visit.page
    page.wait_for_selector(".live.on")
    site.world.store([flag("unseen", branch_region="341302", minutes=60_000)])
    site.world.store([flag("large", category="large_value", branch_region="341321", minutes=60_000)])
    site.world.store([flag("seen", branch_region="341321", findings=[finding(zh="可见。")], minutes=60_001)])
    page.wait_for_selector("tr.fresh >> text=可见。", timeout=20_000)
    assert page.locator("tr.fresh").count() == 1


def test_without_scripts_the_page_reads_the_same(visit: Visit, site: Site) -> None:
    visit.page.context.add_init_script("throw new Error('no scripts here')")
    visit.page.route("**/console.js", lambda route: route.abort())
    visit.sign_in()
    assert visit.page.locator("[data-rows] tbody tr").count() == 12


def test_an_empty_area_says_that_nothing_new_means_nothing(visit: Visit) -> None:
    visit.sign_in("lead", "341102")
    assert "没有预警不等于没有风险" in visit.page.inner_text("main")
    visit.shot("overview-empty")
