"""Leads, reports, coverage, audit and administration in a real browser, each as the person whose desk it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from api.auth.principal import now_ms
from api.rejects import repository as rejects
from api.rejects.repository import Told
from contract.errors import Reason
from tests.api.flags import finding, flag
from tests.api.ledger.steps import id_of
from tests.api.rejects.test_rejects import reject
from tests.e2e import city
from tests.e2e.site import Site, Visit, running

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("desks"), stream_life="PT1H") as site:
        city.fill(site.world, heard_ms=now_ms())
        told = [
            finding("payees_were_payers@1", zh="近90天向187名付款人中的96人返还款项。", en="96 of 187 payers were paid back."),
            finding(),
        ]
        site.world.store(
            [flag("a", findings=told, subject_region="341302", not_evaluable=["vulnerable_payers@1", "night_activity@1"])]
        )
        yield site


def test_a_lead_is_written_down_matched_and_its_informant_asked_for(new_visit: Callable[[], Visit], tmp_path: Path) -> None:
    li, wang = new_visit(), new_visit()
    li.sign_in("lead", "341300", holder="li")
    li.goto("/console/leads")
    page = li.page
    assert "尚无线索" in page.inner_text("main")
    page.fill("#lead textarea[name=text]", "群众反映某养老公寓以预付床位费名义高息揽储。")
    page.fill("#lead input[name=subject]", "a:a")
    page.fill("#lead input[name=informant]", "张某")
    page.click("#lead button")
    page.wait_for_selector("tbody >> text=养老公寓")
    assert "张某" not in page.content()
    assert page.locator("tbody td a[href^='/console/flags/']").count() == 1
    file = tmp_path / "leads.csv"
    head = "kind,text,subject,region,received_on\r\n"
    file.write_text(
        head + "grid_report,网格员排查发现讲座推销,,341371,2026-03-20\r\npolice_platform,风险企业,c:a,,bad\r\n", "utf-8-sig"
    )
    page.set_input_files("#lead-file input", file)
    page.click("#lead-file button")
    page.wait_for_selector("[role=alert] >> text=row 3: received_on")
    assert page.locator("tbody tr").count() == 1
    file.write_text(
        head + "grid_report,网格员排查发现讲座推销,,341371,2026-03-20\r\npolice_platform,风险企业,c:a,,2026-03-21\r\n", "utf-8"
    )
    page.set_input_files("#lead-file input", file)
    page.click("#lead-file button")
    page.wait_for_selector("tbody >> text=讲座推销")
    assert page.locator("tbody tr").count() == 3
    li.shot("leads")
    assert page.locator("text=查看举报人").count() == 0
    wang.sign_in("lead", "341300", holder="wang", role="supervisor")
    wang.goto("/console/leads")
    wang.page.click("text=查看举报人")
    wang.page.wait_for_selector("text=张某")


def test_a_head_of_office_reads_what_came_of_the_ledger(visit: Visit) -> None:
    world = visit.site.world
    desk = world.office("pboc", "341300", role="supervisor", holder="zhao")
    for number, item in enumerate(world.get("/v1/ledger", desk, limit=60).json()["items"]):
        for version, to in enumerate(("under_analysis", "reported_local")[: number % 3], start=item["version"]):
            body = {"to": to, "reason": "核查", "expected_version": version}
            world.post(f"/v1/ledger/{item['entry_id']}/transitions", desk, body)
    visit.sign_in()
    visit.page.click("nav >> text=成效")
    visit.page.wait_for_selector(".part.confirmed")
    visit.page.select_option("[name=by]", "region")
    visit.page.click(".filters button")
    visit.page.wait_for_selector("tbody >> text=埇桥区")
    assert "由本系统首先发现" in visit.page.inner_text("aside")
    visit.shot("results")
    assert visit.complaints == []


def test_a_report_is_drafted_sent_by_a_second_person_and_sent_back(new_visit: Callable[[], Visit]) -> None:
    li, wang, office = new_visit(), new_visit(), new_visit()
    li.sign_in(holder="li")
    li.goto(f"/console/ledger/{id_of('a')}")
    li.page.click("#draft button")
    li.page.wait_for_selector("text=资金交易及客户行为情况")
    address = li.page.url.removeprefix(li.site.address)
    li.page.fill("#step textarea", "请核")
    li.page.click("#step button.primary")
    li.page.wait_for_selector("[role=alert] >> text=supervisor")
    wang.sign_in(holder="wang", role="supervisor")
    wang.goto(address)
    wang.page.click("#step button.primary")
    wang.page.wait_for_selector(".report-sent")
    wang.shot("report")
    office.sign_in("lead", "341300", holder="zhao")
    office.goto(address)
    office.page.fill("#step textarea", "请补充开户资料")
    office.page.click("#step button >> text=退回更正")
    office.page.wait_for_selector(".report-correction_requested")
    li.goto("/console/reports")
    li.page.wait_for_selector(".report-correction_requested")
    li.shot("reports")
    li.goto(address)
    assert "请补充开户资料" in li.page.inner_text("aside")
    with li.page.expect_download() as waiting:
        li.page.click("text=XLSX")
    assert waiting.value.suggested_filename.endswith(".xlsx")
    li.page.click("text=打印版")
    li.page.wait_for_selector("text=a:a")
    # The refused step was a 403, which the browser notes; nothing else.
    assert [text for tab in (li, wang, office) for text in tab.complaints if "403" not in text] == []


def test_coverage_tells_how_far_nothing_new_can_be_believed(visit: Visit) -> None:
    now = now_ms()
    told = [reject(offset, code="C1030134002", reason=Reason.BAD_TIME, field="occurred_at") for offset in range(640)]
    told += [reject(offset, code="P2004134001") for offset in range(12)]
    with visit.site.world.database.writing() as connection:
        rejects.count(connection, [Told(one, now) for one in told], now_ms=now)
    visit.sign_in()
    visit.goto("/console/coverage")
    assert visit.page.locator(".heat tbody tr").count() == 6
    assert visit.page.locator(".shade-5").count() > 0
    assert visit.page.locator("#rejected tbody tr").first.inner_text().split()[-3:] == ["时间不合规", "occurred_at", "640"]
    visit.shot("coverage")


def test_an_auditor_reads_who_asked_for_what_and_changes_nothing(new_visit: Callable[[], Visit]) -> None:
    analyst, auditor = new_visit(), new_visit()
    analyst.sign_in(holder="li")
    analyst.goto("/console/flags?region=341371")
    analyst.goto("/console/audit")
    assert "不能这样操作" in analyst.page.inner_text("main")
    auditor.sign_in(holder="qian", role="auditor")
    auditor.page.click("nav >> text=审计")
    auditor.page.wait_for_selector("table.list")
    auditor.shot("audit", whole=False)
    assert auditor.page.locator("main form[method=post]").count() == 0
    auditor.page.select_option("select[name=decision]", "refused")
    auditor.page.fill("input[name=holder]", "li")
    auditor.page.click("form.filters button")
    auditor.page.wait_for_selector("text=GET /console/audit")
    assert "region=341371" not in auditor.page.inner_text("tbody")


def test_an_administrator_gives_a_key_that_is_shown_once_and_takes_it_away(new_visit: Callable[[], Visit]) -> None:
    boss, sun = new_visit(), new_visit()
    boss.sign_in(role="administrator", holder="boss")
    page = boss.page
    assert page.url.endswith("/console/keys")
    page.fill("#give input[name=holder]", "sun")
    page.select_option("#give select[name=role]", "supervisor")
    page.click("#give button")
    key = page.inner_text(".given")
    boss.shot("keys", whole=False)
    sun.goto("/console/sign-in")
    sun.page.fill("#key", key)
    sun.page.keyboard.press("Enter")
    sun.page.wait_for_url("**/console/overview")
    boss.goto("/console/keys")
    assert key not in page.content()
    page.click("tr:has-text('sun') button")
    page.wait_for_selector("tr:has-text('sun') >> text=已吊销")
    sun.goto("/console/flags")
    assert sun.page.url.endswith("/console/sign-in")
