"""OIDC tokens of a real small issuer: what is taken, what is not, and what a forged one changes (nothing)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from sqlalchemy import select

from api.auth.tokens import IssuerKeys, fetched
from api.tables import AUDIT
from contract.errors import TransportUnavailable
from tests.api.flags import flag
from tests.api.issuer import ISSUER, Issuer
from tests.api.world import World, make_world


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    made = Issuer()
    yield made
    made.close()


@pytest.fixture
def trusting(tmp_path: Path, issuer: Issuer) -> Iterator[World]:
    made = make_world(f"sqlite:///{tmp_path}/ledger.sqlite", oidc_issuer=ISSUER, oidc_jwks=issuer.url)
    made.office("pboc", "341300")
    made.store([flag("a")])
    yield made
    made.close()


@pytest.mark.parametrize("kid", ["r1", "e1"])
def test_a_good_token_is_the_person_it_names(trusting: World, issuer: Issuer, kid: str) -> None:
    assert trusting.get("/v1/flags", issuer.token(kid=kid)).json()["items"][0]["account_id"] == "a:a"
    auditor = issuer.token(sub="u-2", fundwatch_role="auditor", preferred_username="wu")
    line = trusting.get("/v1/audit", auditor, holder="li").json()["items"][0]
    assert (line["office"], line["holder"], line["role"], line["action"]) == ("pboc-341300", "li", "analyst", "GET /v1/flags")
    assert line["key_id"].startswith("oidc:")
    assert trusting.get("/v1/audit", issuer.token()).status_code == 403, "the role decides, as a key's does"


NOW = int(time.time())
FORGED: dict[str, dict[str, Any]] = {
    "expired": {"iat": NOW - 900, "exp": NOW - 300},
    "of-tomorrow": {"iat": NOW + 86_400, "exp": NOW + 87_000},
    "for-a-year": {"exp": NOW + 31_536_000},
    "another-issuer": {"iss": "https://evil.example"},
    "for-another-server": {"aud": "elsewhere"},
    "without-end": {"exp": None},
    "of-nobody": {"sub": None},
    "of-an-office-that-is-none": {"fundwatch_office": "nowhere-1"},
    "without-office": {"fundwatch_office": None},
    "of-a-role-that-is-none": {"fundwatch_role": "king"},
    "name-of-control-characters": {"preferred_username": "li\n"},
    "unknown-key": {"kid": "x9"},
}


@pytest.mark.parametrize("name", FORGED)
def test_a_token_that_is_not_good_is_a_401_like_any_other(trusting: World, issuer: Issuer, name: str) -> None:
    answer = trusting.get("/v1/flags", issuer.token(**FORGED[name]))
    assert (answer.status_code, answer.json()["error"]) == (401, "unauthenticated")
    assert answer.json() == trusting.get("/v1/flags", "fw_" + "0" * 12 + "_" + "A" * 43).json()


def test_a_token_signed_by_somebody_else_or_by_nobody_is_refused(trusting: World, issuer: Issuer) -> None:
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    good = issuer.token()
    head, body, signature = good.split(".")
    tries = [
        issuer.token(key=stranger, algorithm="RS256"),
        issuer.token(key="x" * 40, algorithm="HS256"),
        jwt.encode({"sub": "u-1"}, "", algorithm="none", headers={"kid": "r1"}),
        f"{head}.{body}.",
        f"{head}.{body[:-2]}AA.{signature}",
        "a.b.c",
        "..",
    ]
    for one in tries:
        assert trusting.get("/v1/flags", one).status_code == 401, one
    with trusting.database.reading() as connection:
        refused = connection.execute(select(AUDIT.c.office_id).where(AUDIT.c.decision == "refused")).scalars().all()
    assert refused == [None] * len(tries), "every refusal has its line, and none claims an office"


def test_keys_that_change_are_asked_for_again_and_not_at_every_made_up_id(trusting: World, issuer: Issuer) -> None:
    keys = trusting.app.state.doorkeeper.tokens.keys
    clock = [0.0]
    keys.clock = lambda: clock[0]
    assert trusting.get("/v1/flags", issuer.token()).status_code == 200
    before = issuer.asked
    for number in range(20):
        trusting.get("/v1/flags", issuer.token(kid=f"made-up-{number}"))
    assert issuer.asked == before
    issuer.keys["new"] = (ec.generate_private_key(ec.SECP256R1()), "ES256")
    issuer.published.append("new")
    clock[0] = 31.0
    assert trusting.get("/v1/flags", issuer.token(kid="new")).status_code == 200
    issuer.published.remove("new")
    clock[0] = 700.0
    assert trusting.get("/v1/flags", issuer.token(kid="new")).status_code == 401, "a key that was taken back"


def test_an_issuer_that_is_away_is_not_asked_at_every_request_and_its_keys_are_kept_for_an_hour(issuer: Issuer) -> None:
    clock, asked, is_away = [0.0], [0], [False]

    def fetch(url: str) -> Any:
        asked[0] += 1
        if is_away[0]:
            raise TransportUnavailable("away")
        return fetched(url)

    keys = IssuerKeys(issuer.url, fetch=fetch, clock=lambda: clock[0])
    assert keys.key("r1") is not None
    is_away[0] = True
    clock[0] = 700.0
    for _ in range(50):
        assert keys.key("r1") is not None
        with pytest.raises(TransportUnavailable):
            keys.key("made-up")
    assert asked[0] == 2
    clock[0] = 3700.0
    with pytest.raises(TransportUnavailable):
        keys.key("r1")
    is_away[0] = False
    clock[0] = 3731.0
    assert keys.key("r1") is not None


def test_an_issuer_that_is_away_is_a_503_and_keys_go_on(tmp_path: Path) -> None:
    made = make_world(f"sqlite:///{tmp_path}/l.sqlite", oidc_issuer=ISSUER, oidc_jwks="http://127.0.0.1:1/jwks")
    token = jwt.encode({"sub": "x"}, "k" * 32, algorithm="HS256", headers={"kid": "r1"})
    assert made.get("/v1/flags", token).status_code == 503
    assert made.get("/v1/flags", made.office("pboc", "341300")).status_code == 200
    made.close()


def test_without_an_issuer_a_token_is_a_wrong_key(world: World, issuer: Issuer) -> None:
    assert world.get("/v1/flags", issuer.token()).status_code == 401


def test_a_stream_ends_with_its_token(trusting: World, issuer: Issuer) -> None:
    from api.audit.trail import Trail

    streams = trusting.app.state.streams
    assert streams._is_good(Trail(good_until_ms=NOW * 1000 + 10**6))  # noqa: SLF001
    assert not streams._is_good(Trail(good_until_ms=NOW * 1000 - 1))  # noqa: SLF001
