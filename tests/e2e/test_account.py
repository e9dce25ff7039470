"""One account in a real browser: understood from its flags, and opened with an approval that two people made."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from api.auth.principal import now_ms
from contract.shanghai import DAY_MS, text_ms
from tests.api.flags import NOON, finding, flag
from tests.e2e import city, movements
from tests.e2e.site import Site, Visit, running

pytestmark = pytest.mark.e2e
PATH = f"/console/accounts/{movements.ACCOUNT}"
GROWS = (
    ("observe", 47.0, ["unit_priced_credits@1"]),
    ("observe", 55.5, ["unit_priced_credits@1", "dispersed_in_concentrated_out@1"]),
    ("suspicious", 71.0, ["pass_through@1", "unit_priced_credits@1"]),
    ("illegal_fundraising", 84.5, ["payees_were_payers@1", "unit_priced_credits@1", "pass_through@1"]),
    ("illegal_fundraising", 93.4, ["payees_were_payers@1", "return_rate_lattice@1", "unit_priced_credits@1", "pass_through@1"]),
)
SENTENCES = {
    "payees_were_payers@1": "近90天向187名付款人中的96人返还款项，占收款人的62%。",
    "return_rate_lattice@1": "返还金额与本金之比集中于1.5%的整数倍，符合度87%。",
    "unit_priced_credits@1": "72%的入账为10,000元的整数倍，共143笔。",
    "dispersed_in_concentrated_out@1": "10个工作日内自58名对手分散转入，并向2名对手集中转出。",
    "pass_through@1": "连续5日资金当日转入当日转出，日终余额不足当日转入的5%。",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("account")
    movements.collecting_account(str(folder / "archive"))
    with running(folder, archive=str(folder / "archive")) as site:
        city.fill(site.world, heard_ms=now_ms())
        for revision, (category, score, typologies) in enumerate(GROWS, start=1):
            told = [finding(name, zh=SENTENCES[name]) for name in typologies]
            grows = flag("a", revision=revision, category=category, score=score, findings=told,
                         severity="filing" if category == "illegal_fundraising" else None, subject_region="341302",
                         measures={"payers": 37 * revision, "payees": 19 * revision, "credited": f"{420_000 * revision}.00",
                                   "returned_to_payers": f"{62_000 * revision}.00", "elderly_payer_share": 0.61},
                         updated_at=text_ms(NOON + revision * 2 * DAY_MS))  # fmt: skip
            site.world.store([grows])
        yield site


def fill(visit: Visit, **changes: str) -> None:
    page = visit.page
    page.click("details.ask summary")
    given = {"reference": "调查通知书2026-7号", "approver": "宿州市分行行长", "investigators": "王某\n李某"} | changes
    for name, value in given.items():
        page.fill(f"#ask [name={name}]", value)
    page.select_option("#ask [name=purpose]", "AML_INVESTIGATION")
    page.click("#ask button")


def test_an_account_is_understood_from_its_flags(visit: Visit) -> None:
    visit.sign_in()
    visit.goto("/console/flags")
    visit.page.fill(".find input", movements.ACCOUNT)
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_selector(".chart .path")
    page = visit.page
    assert page.locator(".chart circle").count() == len(GROWS)
    assert page.locator(".findings > li").count() == 4
    assert "同类别" in page.inner_text("aside")
    assert "调查人员" not in page.inner_text("aside")
    visit.shot("account")
    assert visit.complaints == []


def test_movements_open_with_an_approval_that_a_second_person_records(new_visit: Callable[[], Visit]) -> None:
    li, wang = new_visit(), new_visit()
    li.sign_in(holder="li")
    li.goto(PATH)
    fill(li, investigators="王某\n王某")
    li.page.wait_for_selector("[role=alert] >> text=investigators")
    li.goto(PATH)
    fill(li)
    li.page.wait_for_selector(".waiting-line")
    assert li.page.locator(".waiting-line button").count() == 0
    wang.sign_in(holder="wang", role="supervisor")
    wang.goto(PATH)
    wang.page.click("text=记录批准")
    wang.page.wait_for_selector("text=凭此批准查看")
    li.goto(PATH)
    li.shot("account-approval")
    li.page.click("text=凭此批准查看")
    li.page.wait_for_selector("#moved .part.credited")
    told = li.page.inner_text("#moved")
    assert all(word in told for word in ("付款人年龄", "埇桥区", "主要对手", "c:payer-"))
    li.shot("account-flows")
    other = li.page.url
    wang.goto(other.removeprefix(wang.site.address).replace("a:a", "a:none"))
    assert "没有找到" in wang.page.inner_text("main")


def test_an_approval_of_nobody_opens_nothing(visit: Visit) -> None:
    visit.sign_in("lead", "341300")
    visit.goto(PATH + "?approval=made-up")
    assert "不能这样操作" in visit.page.inner_text("main")
    assert "c:payer-" not in visit.page.content()


def test_a_city_office_that_may_not_approve_is_told_so(visit: Visit) -> None:
    visit.sign_in("nfra", "341300")
    visit.goto(PATH)
    fill(visit)
    visit.page.wait_for_selector("[role=alert] >> text=approver_level")


ODD = ["a:1/../2", "a:1/./2", "../a:up", "a://x", "a:%2e%2e/y", "a:q?w=1#f;'\"<&+", "a:end/", "/a:begin"]


@pytest.mark.parametrize("account", ODD)
def test_links_to_accounts_of_odd_names_lead_there(visit: Visit, account: str) -> None:
    one = flag("odd" + account, account_id=account)
    visit.site.world.store([one])
    visit.sign_in()
    visit.goto(f"/console/flags/{one.flag_id}")
    visit.page.click("h1 a")
    visit.page.wait_for_url("**/console/accounts/**")
    expect(visit.page.locator("h1")).to_contain_text(account)
    visit.page.goto(visit.site.address + "/console/flags")
    visit.page.fill(".find input", account)
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_url("**/console/accounts/**")
    expect(visit.page.locator("h1")).to_contain_text(account)
