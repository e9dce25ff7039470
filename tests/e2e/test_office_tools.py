"""Many at once, handing over, hiding, watch list and webhooks in a real browser, each as the person whose desk it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from api.auth.principal import now_ms
from api.webhooks.addresses import Reach
from tests.api.flags import finding, flag
from tests.api.ledger.steps import id_of
from tests.e2e import city
from tests.e2e.site import Site, Visit, running

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("tools"), stream_life="PT1H") as site:
        city.fill(site.world, heard_ms=now_ms())
        site.world.app.state.reach = Reach(resolve=lambda _host, _port: ["93.184.216.34"])
        site.world.store([flag("a", score=99.9), flag("b", score=99.8), flag("c", score=99.7)])
        yield site


def test_rows_are_ticked_and_moved_together(visit: Visit) -> None:
    visit.sign_in(holder="li")
    visit.goto("/console/ledger?sort=-score")
    page = visit.page
    for name in ("a", "b", "c"):
        page.check(f"input[value='{id_of(name)} 1']")
    page.select_option("#bulk select[name=to]", "under_analysis")
    page.fill("#bulk input[name=reason]", "同一线索，集中核查。")
    visit.shot("ledger-many", whole=False)
    page.click("#bulk button")
    page.wait_for_selector("[role=status] >> text=3")
    assert "分析中" in page.locator("tbody tr").first.inner_text()


def test_an_entry_is_handed_over_and_hidden_with_a_second_person(new_visit: Callable[[], Visit], site: Site) -> None:
    li, wang = new_visit(), new_visit()
    li.sign_in(holder="li")
    li.goto(f"/console/ledger/{id_of('c')}")
    page = li.page
    page.click("summary >> text=移交办理")
    page.fill("#handover input[name=holder]", "sun")
    page.fill("#handover textarea[name=reason]", "本人休假，由孙某接办。")
    li.shot("entry-handover")
    page.click("#handover button")
    page.wait_for_selector("dd >> text=sun")
    page.click("summary >> text=暂不显示")
    page.fill("#suppress textarea[name=reason]", "已核实为物业费专户，期满复核。")
    page.click("#suppress button")
    wang.sign_in(holder="wang", role="supervisor")
    wang.goto("/console/suppressions")
    wang.page.click("td button:has-text('批准')")
    wang.page.wait_for_selector("text=生效中")
    more = [finding(), finding("structuring@1")]
    site.world.store([flag("c", score=99.7, revision=2, findings=more)], now_ms=now_ms() + 1000)
    wang.goto("/console/suppressions")
    wang.page.wait_for_selector("tbody td a[href^='/console/flags/']")
    wang.shot("suppressions")
    li.goto("/console/ledger?sort=-score")
    assert li.page.locator(f"a[href='/console/ledger/{id_of('c')}']").count() == 0


def test_a_finding_is_written_and_cleared(visit: Visit) -> None:
    visit.sign_in("lead", "341300", holder="wang", role="supervisor")
    page = visit.page
    for subject, status, number in (("c:a", "FOUND", "1"), ("c:b", "FOUND", "2"), ("c:b", "CLEARED", "3")):
        visit.goto("/console/watchlist")
        page.fill("#subject input[name=subject]", subject)
        page.select_option("#subject select[name=status]", status)
        page.fill("#subject input[name=reference]", f"宿处非〔2026〕{number}号")
        page.click("#subject button")
        page.wait_for_selector(f"tbody >> text=〔2026〕{number}号")
    assert page.locator("tbody tr").count() == 2
    visit.shot("watchlist")
    page.select_option("form.filters select", "CLEARED")
    page.click("form.filters button")
    page.wait_for_url("**status=CLEARED")
    assert page.locator("tbody tr").count() == 1


def test_an_administrator_adds_a_webhook(visit: Visit) -> None:
    visit.sign_in(holder="zhou", role="administrator")
    visit.goto("/console/webhooks")
    page = visit.page
    page.fill("#hook input[name=url]", "https://10.0.0.1/x")
    visit.site.world.app.state.reach = Reach()
    page.click("#hook button")
    page.wait_for_selector("[role=alert]")
    visit.site.world.app.state.reach = Reach(resolve=lambda _host, _port: ["93.184.216.34"])
    page.fill("#hook input[name=url]", "https://risk.pboc-suzhou.example/hooks/fundwatch")
    page.click("#hook button")
    page.wait_for_selector("[role=status] .given")
    visit.shot("webhooks")
    visit.goto("/console/webhooks")
    assert page.locator(".given").count() == 0
    page.click("text=删除")
    page.wait_for_selector("text=尚无推送地址")
