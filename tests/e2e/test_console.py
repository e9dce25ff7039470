"""The console in a real browser: sign in, find a flag, understand it; nothing asked of any other server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.flags import finding, flag
from tests.e2e.site import Site, Visit, running

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("e2e")) as site:
        world = site.world
        world.store([flag(f"f-{i}", score=80.0 + i % 20, minutes=i) for i in range(60)])
        world.store([flag("park", score=99.9, branch_region="341371", category="illegal_fundraising",
                          findings=[finding("payees_were_payers@1", zh="付款人收到返还。", en="Payers were paid back."),
                                    finding()])])  # fmt: skip
        world.store([flag("cash", category="large_value", findings=[finding("large_value_cash@1")])])
        yield site


def sign_in(visit: Visit, kind: str = "pboc", region: str = "341300", **person: Any) -> None:
    visit.sign_in(kind, region, **person)
    visit.goto("/console/flags")


def test_an_inspector_signs_in_finds_a_flag_and_reads_why(visit: Visit, site: Site) -> None:
    sign_in(visit)
    page = visit.page
    assert "数据截至" in page.inner_text(".as-of")
    assert "62" in page.inner_text(".count")
    page.select_option("select[name=region]", "341371")
    page.click("form.filters button.primary")
    page.wait_for_url("**region=341371**")
    assert page.locator("tbody tr").count() == 1
    page.click("tbody td a")
    page.wait_for_selector(".findings")
    assert page.locator(".findings > li").count() == 2
    assert "付款人收到返还。" in page.inner_text(".findings")
    page.click("text=English")
    page.wait_for_selector("text=Payers were paid back.")
    page.click("details summary >> nth=0")
    assert page.is_visible("text=e-1")
    assert visit.complaints == []


def test_pages_follow_each_other_until_the_list_ends(visit: Visit, site: Site) -> None:
    sign_in(visit)
    page = visit.page
    first = page.locator("tbody tr").count()
    page.click("a[rel=next]")
    page.wait_for_url("**cursor=**")
    assert first + page.locator("tbody tr").count() == 62
    assert page.locator("a[rel=next]").count() == 0


def test_a_wrong_key_stays_at_the_door_and_signing_out_leads_back_to_it(visit: Visit, site: Site) -> None:
    page = visit.page
    page.goto(site.address + "/console/flags")
    page.fill("#key", "fw_wrong")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=alert]")
    sign_in(visit)
    page.click("header form button")
    page.wait_for_url("**/console/sign-in")
    page.goto(site.address + "/console/flags")
    assert page.url.endswith("/console/sign-in")


def test_an_office_without_the_flag_sees_the_page_that_an_absent_one_gives(visit: Visit, site: Site) -> None:
    sign_in(visit, "lead", "341302")
    texts = []
    for flag_id in (flag("park").flag_id, "no-such-flag"):
        visit.page.goto(f"{site.address}/console/flags/{flag_id}")
        texts.append(visit.page.inner_text("main"))
    assert texts[0] == texts[1]
    assert "没有找到" in texts[0]


def test_two_people_close_a_case_from_the_board_and_the_history_tells_it(visit: Visit, site: Site) -> None:
    page = visit.page
    sign_in(visit, holder="li", role="analyst")
    page.click("nav >> text=风险台账")
    page.wait_for_selector("table.list")
    page.click("tbody tr:first-child td a")
    page.wait_for_selector("form.step")
    address = page.url
    page.fill("textarea[name=reason]", "认领核查")
    page.click("form.step button.primary")
    page.wait_for_selector(".state.under_analysis")
    page.select_option("select[name=to]", "closed")
    page.fill("textarea[name=reason]", "资金已清退")
    page.click("form.step button.primary")
    page.wait_for_selector("[role=alert]")
    assert "evidence" in page.inner_text("[role=alert]")
    page.select_option("select[name=to]", "closed")
    page.fill("textarea[name=reason]", "资金已清退")
    page.fill("textarea[name=evidence]", "清退确认书2026-3号")
    page.click("form.step button.primary")
    page.wait_for_selector(".waiting")
    assert page.locator("button.primary").count() == 0
    sign_in(visit, holder="wang", role="supervisor")
    page.goto(address)
    page.fill("textarea[name=reason]", "同意结案")
    page.click("form.step button.primary")
    page.wait_for_selector(".state.closed")
    told = page.inner_text("table")
    assert all(word in told for word in ("建账", "认领核查", "清退确认书2026-3号", "同意结案", "li", "wang"))
    # The refused form was a 422, which the browser notes; nothing else.
    assert [text for text in visit.complaints if "422" not in text] == []


def test_the_description_needs_no_other_server(visit: Visit, site: Site) -> None:
    sign_in(visit)
    visit.page.goto(site.address + "/docs")
    assert "/v1/flags/{flag_id}" in visit.page.inner_text("main")
    assert visit.complaints == []
