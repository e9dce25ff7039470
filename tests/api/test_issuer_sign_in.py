"""Signing in to the console through a real small issuer: who gets in, who does not, and what is told of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

import pytest
from pydantic import SecretStr, ValidationError
from sqlalchemy import select

from api.audit.record import decode
from api.auth import principal
from api.auth.issuer import Discovery
from api.config import BACK, ApiSettings
from api.tables import AUDIT
from contract.errors import TransportUnavailable
from tests.api.flags import flag
from tests.api.issuer import Issuer
from tests.api.world import World, make_world

HTML = {"Accept": "text/html"}
HERE = "http://localhost:8000"
BEGIN = "/console/sign-in/issuer"


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    made = Issuer()
    yield made
    made.close()


def settings(issuer: Issuer, **changed: Any) -> dict[str, Any]:
    usual = {
        "oidc_issuer": issuer.address,
        "oidc_jwks": issuer.url,
        "oidc_client_id": "fundwatch console",
        "oidc_client_secret": SecretStr("s:ecret"),
        "oidc_redirect": HERE + BACK,
    }
    return usual | changed


@pytest.fixture
def world(tmp_path: Path, issuer: Issuer) -> Iterator[World]:
    made = make_world(f"sqlite:///{tmp_path}/ledger.sqlite", **settings(issuer))
    made.office("pboc", "341300")
    made.store([flag("a")])
    yield made
    made.close()


class _Stay(HTTPRedirectHandler):
    def http_error_302(self, _request: Any, answer: Any, *_rest: Any) -> Any:
        return answer


def away(world: World) -> str:
    """Begin here; the address at the issuer that the browser is sent to."""
    answer = world.client.get(BEGIN)
    assert answer.status_code == 303
    return str(answer.headers["location"])


def at_the_issuer(address: str) -> str:
    """Sign in there; the path and query that the browser comes back with."""
    with build_opener(_Stay).open(address) as answer:
        back = urlsplit(answer.headers["Location"])
    assert f"{back.scheme}://{back.netloc}{back.path}" == HERE + BACK
    return f"{back.path}?{back.query}"


def made_up(world: World) -> str:
    """Begin here; a way back with a code that the issuer never gave."""
    state = dict(parse_qsl(urlsplit(away(world)).query))["state"]
    return f"{BEGIN}/back?code=made-up&state={state}"


def came_back(world: World) -> Any:
    return world.client.get(at_the_issuer(away(world)), headers=HTML)


def audited(world: World) -> list[Any]:
    with world.database.reading() as connection:
        lines = connection.execute(select(AUDIT.c.record).order_by(AUDIT.c.seq)).scalars().all()
    return [one for one in map(decode, lines) if "/console/sign-in" in one.action]


def test_who_signed_in_there_is_signed_in_here_as_the_person_that_the_issuer_names(world: World, issuer: Issuer) -> None:
    answer = came_back(world)
    assert answer.status_code == 200
    assert 'content="0; url=/console/overview"' in answer.text, "a page of ours goes on: a redirect would still be the issuer's"
    (session,) = [one for one in answer.headers.get_list("set-cookie") if one.startswith("fundwatch_session=")]
    assert "HttpOnly" in session
    assert "samesite=strict" in session.lower()
    assert world.client.get("/v1/flags").json()["items"][0]["account_id"] == "a:a"
    begun, back = audited(world)
    assert (begun.action, begun.office) == ("GET /console/sign-in/issuer", None)
    assert (back.office, back.holder, back.role, back.status) == ("pboc-341300", "li", "analyst", 200)
    assert back.key_id.startswith("oidc:")
    assert back.filters == {}, "the code opens a door"
    (form,) = issuer.forms
    assert form["basic"] == "fundwatch%20console:s%3Aecret"
    assert "client_secret" not in form


def test_the_session_has_the_role_that_the_issuer_named_and_ends_when_the_issuers_tokens_may(
    world: World, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    issuer.says = {"fundwatch_role": "auditor"}
    assert came_back(world).status_code == 200
    assert world.client.get("/v1/audit").status_code == 200
    assert world.client.put("/v1/password", json={"password": "correct horse battery"}).status_code == 403
    now = principal.now_ms()
    monkeypatch.setattr(principal, "now_ms", lambda: now + 3_590_000)
    assert world.client.get("/v1/audit").status_code == 200
    monkeypatch.setattr(principal, "now_ms", lambda: now + 3_601_000)
    assert world.client.get("/v1/audit").status_code == 401


def test_what_is_asked_for_differs_every_time_and_holds_no_secret(world: World) -> None:
    first, second = (dict(parse_qsl(urlsplit(away(world)).query)) for _ in range(2))
    assert (first["response_type"], first["code_challenge_method"], first["scope"]) == ("code", "S256", "openid profile")
    for name in ("state", "nonce", "code_challenge"):
        assert first[name] != second[name]
    assert "ecret" not in str(first)


def test_nobody_comes_back_who_did_not_begin_here(world: World) -> None:
    back = at_the_issuer(away(world))
    world.client.cookies.clear()
    assert world.client.get(back, headers=HTML).status_code == 401, "another browser"
    assert world.client.get("/v1/flags").status_code == 401


def test_a_way_back_works_once(world: World) -> None:
    back = at_the_issuer(away(world))
    assert world.client.get(back).status_code == 200
    world.client.cookies.delete("fundwatch_session")
    assert world.client.get(back).status_code == 401


def test_a_state_of_another_beginning_is_refused_before_the_issuer_is_asked(world: World, issuer: Issuer) -> None:
    back = at_the_issuer(away(world))
    away(world)
    assert world.client.get(back).status_code == 401
    assert issuer.forms == []


def test_who_takes_too_long_begins_anew(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    back = at_the_issuer(away(world))
    now = principal.now_ms()
    monkeypatch.setattr("api.console.issuer_sign_in.now_ms", lambda: now + 600_000)
    assert world.client.get(back).status_code == 401


@pytest.mark.parametrize(
    "says",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "fundwatch"},
        {"aud": ["fundwatch console", "other"], "azp": "other"},
        {"iss": "https://evil.example"},
        {"exp": 1},
        {"fundwatch_office": "nowhere-1"},
        {"fundwatch_role": "king"},
    ],
    ids=["nonce", "no-nonce", "audience", "party", "issuer", "over", "office", "role"],
)
def test_an_identity_token_that_is_not_for_this_sign_in_opens_nothing(world: World, issuer: Issuer, says: dict[str, Any]) -> None:
    issuer.says = says
    answer = came_back(world)
    assert answer.status_code == 401
    assert "统一身份认证未通过" in answer.text
    assert "fundwatch_session" not in str(answer.headers)
    assert (audited(world)[-1].decision, audited(world)[-1].office) == ("refused", None)


@pytest.mark.parametrize(
    "query",
    ["", "error=access_denied&state={state}", "code=made-up&state={state}", "code=x&state={state}&iss=https://evil.example"],
)
def test_a_way_back_without_a_good_code_is_refused(world: World, query: str) -> None:
    state = dict(parse_qsl(urlsplit(away(world)).query))["state"]
    assert world.client.get(f"{BEGIN}/back?{query.format(state=state)}").status_code == 401


def test_too_many_wrong_ways_back_lock_the_address_and_no_key(tmp_path: Path, issuer: Issuer) -> None:
    made = make_world(f"sqlite:///{tmp_path}/l.sqlite", lockout_failures=3, **settings(issuer))
    for _ in range(3):
        assert made.client.get(made_up(made)).status_code == 401
    assert made.client.get(made_up(made)).status_code == 429
    assert made.get("/v1/flags", made.office("pboc", "341300")).status_code == 200
    made.close()


def test_ways_back_that_nobody_began_lock_nobody_out(tmp_path: Path, issuer: Issuer) -> None:
    made = make_world(f"sqlite:///{tmp_path}/l.sqlite", lockout_failures=3, **settings(issuer))
    made.office("pboc", "341300")
    for _ in range(4):
        assert made.client.get(f"{BEGIN}/back?code=x&state=y").status_code == 401, "no cookie: an image on any page"
    for _ in range(4):
        away(made)
        assert made.client.get(f"{BEGIN}/back?code=x&state=y").status_code == 401, "a state that was not begun"
    assert came_back(made).status_code == 200
    made.close()


def test_a_token_endpoint_that_answers_no_http_is_a_503(world: World, issuer: Issuer) -> None:
    back = at_the_issuer(away(world))
    issuer.is_broken = True
    assert world.client.get(back).status_code == 503


def test_a_description_that_is_no_http_is_a_503(world: World, issuer: Issuer) -> None:
    issuer.is_broken = True
    assert world.client.get(BEGIN).status_code == 503


def test_endpoints_that_are_configured_are_not_looked_up_and_a_secret_may_go_by_the_body(tmp_path: Path, issuer: Issuer) -> None:
    issuer.description = {"issuer": "https://evil.example"}
    given = settings(issuer, oidc_authorize=f"{issuer.address}/authorize?tenant=1", oidc_token=f"{issuer.address}/token")
    made = make_world(f"sqlite:///{tmp_path}/l.sqlite", **given)
    made.office("pboc", "341300")
    assert "authorize?tenant=1&response_type=code" in away(made)
    assert came_back(made).status_code == 200
    made.close()
    issuer.description = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    made = make_world(f"sqlite:///{tmp_path}/m.sqlite", **settings(issuer))
    made.office("pboc", "341300")
    assert came_back(made).status_code == 200
    assert (issuer.forms[-1]["client_secret"], issuer.forms[-1]["basic"]) == ("s:ecret", "")
    made.close()


@pytest.mark.parametrize(
    "description",
    [{"issuer": "https://evil.example"}, {"token_endpoint": "http://evil.example/token"}, {"authorization_endpoint": 3}],
)
def test_a_description_that_is_not_the_issuers_own_is_not_followed(world: World, issuer: Issuer, description: Any) -> None:
    issuer.description = description
    answer = world.client.get(BEGIN, headers=HTML)
    assert answer.status_code == 503
    assert "location" not in answer.headers


def test_a_description_is_asked_for_seldom_and_kept_while_the_issuer_is_away(issuer: Issuer) -> None:
    clock, asked, is_away = [0.0], [0], [True]

    def fetch(_url: str) -> Any:
        asked[0] += 1
        if is_away[0]:
            raise TransportUnavailable("away")
        return issuer.described()

    endpoints = Discovery(issuer.address, fetch=fetch, clock=lambda: clock[0])
    for _ in range(20):
        with pytest.raises(TransportUnavailable):
            endpoints()
    assert asked[0] == 1
    is_away[0], clock[0] = False, 11.0
    known = endpoints()
    is_away[0], clock[0] = True, 4000.0
    assert endpoints() == known
    assert asked[0] == 3


def test_without_a_client_there_is_no_such_way_in(tmp_path: Path, issuer: Issuer) -> None:
    made = make_world(f"sqlite:///{tmp_path}/l.sqlite", oidc_issuer=issuer.address, oidc_jwks=issuer.url)
    assert made.client.get(BEGIN).status_code == 404
    assert made.client.get(f"{BEGIN}/back").status_code == 404
    assert BEGIN not in made.client.get("/console/sign-in").text
    made.close()


def test_the_door_names_the_way_through_the_issuer(world: World) -> None:
    assert f'href="{BEGIN}"' in world.client.get("/console/sign-in").text


@pytest.mark.parametrize(
    "changed",
    [
        {"oidc_redirect": None},
        {"oidc_redirect": "https://here.example/elsewhere"},
        {"oidc_redirect": "http://here.example" + BACK},
        {"oidc_issuer": "http://issuer.example"},
        {"oidc_token": "https://issuer.example/token"},
        {"oidc_token": "http://issuer.example/token", "oidc_authorize": "https://issuer.example/a"},
    ],
)
def test_settings_that_would_send_secrets_in_the_clear_or_nowhere_are_refused(issuer: Issuer, changed: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=r"API_OIDC|addresses"):
        ApiSettings(**settings(issuer, **changed))
