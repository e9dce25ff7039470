"""The list of flags in a real browser: filters that an office keeps, keys, exports, and being told of news."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from api.auth.principal import now_ms
from tests.api.flags import flag
from tests.e2e import city
from tests.e2e.site import Site, Visit, running

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("flags"), stream_life="PT1H") as site:
        city.fill(site.world, heard_ms=now_ms())
        yield site


def test_a_filter_is_kept_for_the_whole_office_and_for_no_other(new_visit: Callable[[], Visit]) -> None:
    mine, theirs, elsewhere = new_visit(), new_visit(), new_visit()
    mine.sign_in(holder="li")
    mine.goto("/console/flags?severity=huge&severity=especially_huge&sort=-updated_at")
    shown = mine.page.inner_text(".count")
    mine.page.click("details.keep summary")
    mine.page.fill("details.keep input[name=name]", "重大风险点")
    mine.page.click("details.keep button")
    mine.page.wait_for_selector(".chip.chosen >> text=重大风险点")
    mine.shot("flags", whole=False)
    theirs.sign_in(holder="wang", role="viewer")
    theirs.goto("/console/flags")
    theirs.page.click(".chip >> text=重大风险点")
    theirs.page.wait_for_selector(".chip.chosen")
    assert theirs.page.inner_text(".count") == shown
    assert theirs.page.locator(".chip button").count() == 0
    elsewhere.sign_in("lead", "341300")
    elsewhere.goto("/console/flags")
    assert "重大风险点" not in elsewhere.page.inner_text("main")
    mine.page.click(".chip button")
    mine.page.wait_for_selector(".chip", state="detached")


def test_a_list_is_worked_through_by_keys(visit: Visit) -> None:
    visit.sign_in()
    visit.goto("/console/flags")
    page = visit.page
    third = page.locator("tbody tr >> nth=2").locator("a").first.get_attribute("href")
    for key in "jjjkj":
        page.keyboard.press(key)
    assert page.locator("tr.at").count() == 1
    page.keyboard.press("Enter")
    page.wait_for_selector(".findings")
    assert page.url.endswith(str(third))
    page.go_back()
    page.wait_for_selector("table.list")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "region"
    assert visit.complaints == []


def test_the_same_rows_go_out_as_text_and_as_a_workbook(visit: Visit) -> None:
    visit.sign_in()
    visit.goto("/console/flags?category=suspicious")
    for name in ("csv", "xlsx"):
        with visit.page.expect_download() as waiting:
            visit.page.click(f"a[href^='/console/flags.{name}']")
        assert waiting.value.suggested_filename == f"flags.{name}"


def test_who_works_through_a_list_is_told_and_nothing_moves(visit: Visit, site: Site) -> None:
    visit.sign_in()
    visit.goto("/console/flags")
    page = visit.page
    page.wait_for_selector(".live.on")
    before = page.inner_text("tbody")
    site.world.store([flag("news", score=100.0)])
    page.wait_for_selector(".live.news a", timeout=20_000)
    assert page.inner_text("tbody") == before
    page.click(".live.news a")
    page.wait_for_selector("tbody >> text=a:news")
