"""Sessions of the console."""

from __future__ import annotations

import pytest

from api.auth import repository
from api.auth.principal import now_ms
from api.auth.secret import ServerSecret
from api.auth.sessions import Session, Sessions
from tests.api.flags import flag
from tests.api.world import World

HTML = {"Accept": "text/html"}


def signed_in(world: World, kind: str = "pboc", region: str = "341300") -> str:
    answer = world.client.post("/console/sign-in", data={"key": world.office(kind, region)})
    assert answer.status_code == 303
    return str(answer.headers["set-cookie"])


def test_a_key_opens_the_console_and_its_cookie_is_kept_from_scripts_and_other_sites(world: World) -> None:
    cookie = signed_in(world)
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    assert world.client.get("/console/flags", headers=HTML).status_code == 200


def test_a_wrong_key_gets_the_form_again(world: World) -> None:
    answer = world.client.post("/console/sign-in", data={"key": "fw_nothing"})
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers
    assert "密钥无效" in answer.text


def test_signing_out_forgets_the_session(world: World) -> None:
    signed_in(world)
    world.client.post("/console/sign-out")
    assert world.client.get("/console/flags", headers=HTML).headers["location"] == "/console/sign-in"


def test_revoking_a_key_ends_its_sessions_at_once(world: World) -> None:
    signed_in(world)
    with world.database.writing() as connection:
        assert repository.revoke_keys(connection, "pboc-341300", now_ms=now_ms()) == 1
    assert world.client.get("/console/flags", headers=HTML).status_code == 303
    assert world.client.get("/v1/flags").status_code == 401


@pytest.mark.parametrize("path", ["/console/sign-in", "/console/sign-out"])
def test_a_form_of_another_site_is_refused(world: World, path: str) -> None:
    answer = world.client.post(path, data={"key": "x"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert (answer.status_code, answer.json()["error"]) == (403, "forbidden")


def test_a_forged_or_ended_token_is_no_session() -> None:
    sessions = Sessions(ServerSecret(bytes(32)), life_ms=1000)
    held = Session("abc", 1000)
    token = sessions.issue(held)
    assert sessions.read(token, now_ms=999) == held
    assert sessions.read(token, now_ms=1000) is None
    assert Sessions(ServerSecret(bytes(31) + b"x"), life_ms=1000).read(token, now_ms=0) is None
    assert sessions.read(token[:-2], now_ms=0) is None
    for garbage in ("", "é", "====", "A" * 100):
        assert sessions.read(garbage, now_ms=0) is None


def test_pages_speak_chinese_first_and_english_when_asked_and_remember_it(world: World) -> None:
    signed_in(world)
    world.store([flag("one")])
    path = f"/console/flags/{flag('one').flag_id}"
    assert "日终余额不足" in world.client.get(path).text
    english = world.client.get(path + "?lang=en").text
    assert "left again by the evening" in english
    assert "日终余额不足" not in english
    assert 'lang="en"' in world.client.get("/console/flags").text


def test_markup_in_a_flag_is_text_on_the_page(world: World) -> None:
    signed_in(world)
    world.store([flag("x", account_id="<script>alert(1)</script>", tags=["<b>"])])
    for path in ("/console/flags", f"/console/flags/{flag('x').flag_id}"):
        page = world.client.get(path).text
        assert "<script>" not in page
        assert "&lt;script&gt;" in page


def test_an_empty_list_says_so_and_a_wrong_filter_is_a_page(world: World) -> None:
    signed_in(world)
    assert "没有符合条件的预警" in world.client.get("/console/flags", headers=HTML).text
    wrong = world.client.get("/console/flags?min_score=abc", headers=HTML)
    assert wrong.status_code == 400
    assert "筛选条件有误" in wrong.text


def test_the_police_page_says_that_cases_come_by_referral(world: World) -> None:
    signed_in(world, "police")
    assert "按移送案件查看" in world.client.get("/console/flags").text
