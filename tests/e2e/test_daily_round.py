"""An office's day in a real browser, from the flag that comes in to the audit that tells who did what."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from api.auth.principal import now_ms
from contract.shanghai import DAY_MS, text_ms
from tests.api.flags import NOON, finding, flag
from tests.e2e import city
from tests.e2e.site import Site, Visit, running

pytestmark = pytest.mark.e2e
WHY = "近90天向187名付款人中的96人返还款项，占收款人的62%。"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("day"), stream_life="PT1H") as site:
        city.fill(site.world, heard_ms=now_ms())
        yield site


def arrives(site: Site) -> None:
    """A flag that the detector has just published, as the ledger's writer stores it."""
    at = text_ms(NOON + 29 * DAY_MS + 30_000_000)
    told = [finding("payees_were_payers@1", family="payout", zh=WHY, en="96 of 187 payers were paid back."), finding()]
    site.world.store([flag("today", findings=told, opened_at=at, updated_at=at, subject_region="341302")], now_ms=now_ms())


def step(visit: Visit, reason: str, *, to: str | None = None, **fields: str) -> None:
    if to is not None:
        visit.page.select_option("select[name=to]", to)
    visit.page.fill("form.step textarea[name=reason]", reason)
    for name, value in fields.items():
        visit.page.fill(f"form.step [name={name}]", value)
    visit.page.click("form.step[action^='/console/ledger'] button.primary")


def test_an_offices_day(new_visit: Callable[[], Visit], site: Site) -> None:
    li, wang, qian = new_visit(), new_visit(), new_visit()
    li.goto("/console/sign-in")
    li.shot("sign-in", whole=False)
    li.sign_in(holder="li", role="analyst")
    wang.sign_in(holder="wang", role="supervisor")
    page = li.page

    # A flag comes in while Li looks at the area.
    page.wait_for_selector(".live.on")
    arrives(site)
    page.wait_for_selector(f"tr.fresh >> text={WHY}", timeout=20_000)

    # Li opens it, reads why, and looks at the account.
    page.click("tr.fresh a")
    page.wait_for_selector(".findings")
    assert WHY in page.inner_text(".findings")
    li.shot("flag")
    page.click(".facts >> text=新增")
    page.wait_for_selector("form.step")
    entry = page.url.removeprefix(site.address)

    li.shot("entry")

    # Li takes it up and proposes to refer it; Wang, a second person, confirms.
    step(li, "认领核查")
    page.wait_for_selector(".state.under_analysis")
    step(li, "涉及多名老年人，移送牵头部门", to="transferred", office="lead-341300")
    page.wait_for_selector(".waiting")
    assert page.locator("form.step button.primary").count() == 0
    wang.goto("/console/overview")
    assert wang.page.inner_text(".todo li:nth-child(3) strong") == "1"
    wang.page.click(".todo li:nth-child(3) a")
    wang.page.wait_for_url("**is_proposed=true**")
    wang.page.click("tbody td a")
    wang.page.wait_for_selector(".waiting")
    wang.shot("entry-second-person")
    step(wang, "同意移送")
    wang.page.wait_for_selector(".state.transferred")

    wang.goto("/console/ledger")
    wang.shot("ledger", whole=False)

    # Li exports the list and drafts the report; Wang sends it, the lead office has it.
    li.goto("/console/flags?category=illegal_fundraising")
    with page.expect_download() as waiting:
        page.click("text=导出 XLSX")
    assert waiting.value.path().stat().st_size > 5_000
    li.goto(entry)
    page.click("#draft button")
    page.wait_for_selector("text=疑点分析")
    report = page.url.removeprefix(site.address)
    wang.goto(report)
    wang.page.click("#step button.primary")
    wang.page.wait_for_selector(".report-sent")
    lead = new_visit()
    lead.sign_in("lead", "341300", holder="zhao")
    lead.goto("/console/reports")
    lead.page.click("tbody td a")
    lead.page.wait_for_selector("text=疑点分析")
    assert WHY in lead.page.inner_text("main")

    # Qian, the auditor, reads who did all of that.
    qian.sign_in(holder="qian", role="auditor")
    qian.goto("/console/audit")
    told = qian.page.inner_text("tbody")
    for act in ("ledger.proposed", "ledger.moved", "GET /console/flags.xlsx", "POST /console/reports"):
        assert act in told
    assert "li" in told
    assert "wang" in told
    assert [text for tab in (li, wang, lead, qian) for text in tab.complaints] == []
