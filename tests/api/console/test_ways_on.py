"""From one page to the next, and what a page says where there is no way."""

from __future__ import annotations

import re

from api.console.charts.line import Point, steps
from tests.api.console.test_ledger_pages import Person
from tests.api.flags import flag
from tests.api.schemes_made import member, scheme
from tests.api.world import World

WEB = scheme("web", [member("a"), member("b")])


def test_the_page_of_a_flag_leads_to_the_scheme_of_its_account(world: World) -> None:
    world.store([flag("a"), flag("alone")])
    world.store_schemes([WEB])
    li = Person(world, "li", "analyst")
    assert f'href="/console/schemes/{WEB.scheme_id}"' in li.get(f"/console/flags/{flag('a').flag_id}").text
    assert "所属团伙" not in li.get(f"/console/flags/{flag('alone').flag_id}").text


def test_who_is_refused_a_page_is_told_so_in_chinese_and_led_to_one_that_opens(world: World) -> None:
    refused = Person(world, "chief", "administrator").get("/console/flags")
    assert refused.status_code == 403
    main = refused.text.partition("<main")[2]
    assert "不允许此操作" in main
    assert re.findall(r'class="button" href="([^"]*)"', main) == ["/console/keys"]
    english = Person(world, "other", "administrator").get("/console/flags?lang=en").text
    assert "does not allow this" in english


def test_the_audit_says_in_words_what_a_request_was_for(world: World) -> None:
    auditor = Person(world, "sun", "auditor")
    auditor.get("/console/overview")
    page = auditor.get("/console/audit").text
    assert "反洗钱监管" in page
    assert ">AML_SUPERVISION<" not in page


def test_figures_of_a_part_are_marked_as_the_offices_own_members(world: World) -> None:
    far = scheme("far", [member("a"), member("far", branch_region="340102")])
    world.store_schemes([far, WEB])
    rows = Person(world, "li", "analyst").get("/console/schemes").text.split("<tr>")[2:]
    marked = {one.scheme_id: "仅本机构可见成员" in row for one in (far, WEB) for row in rows if one.scheme_id in row}
    assert marked == {far.scheme_id: True, WEB.scheme_id: False}


def test_a_member_that_the_office_sees_no_flag_of_has_no_page_to_lead_to(world: World) -> None:
    world.store([flag("a")])
    far = scheme("far", [member("a"), member("far", branch_region="110105")])
    world.store_schemes([far])
    key = world.office("lead", "341300")
    page = world.get(f"/console/schemes/{far.scheme_id}", key).text
    assert "a:far" in page
    assert set(re.findall(r'href="(/console/accounts/[^"]*)"', page)) == {"/console/accounts/a:a"}
    assert world.get("/console/accounts/a:far", key).status_code == 404


def test_no_word_below_a_chart_stands_beyond_its_edge() -> None:
    drawn = steps([Point(0, 1, "a", "02-09"), Point(9, 2, "a", "02-15")], width=340)
    assert [x for x, _ in drawn.labels] == [40, 340 - 18]
