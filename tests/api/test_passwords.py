"""Signing in by name and password: set with the key, checked by argon2, locked after wrong tries, ended with the key."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from api.auth import passwords, repository
from api.auth.principal import now_ms
from api.tables import PASSWORDS
from tests.api.world import World, make_world

GOOD = "correct horse 电池"


@pytest.fixture
def door(tmp_path: Path) -> Iterator[World]:
    made = make_world(f"sqlite:///{tmp_path}/ledger.sqlite", lockout_failures=3)
    yield made
    made.close()


@pytest.fixture(autouse=True)
def quick(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cheap digests where their cost is not what is tested."""
    if "costly" not in request.node.name:
        monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        passwords._nobodys.cache_clear()  # noqa: SLF001


def put(world: World, key: str, password: Any) -> Any:
    return world.client.put("/v1/password", json={"password": password}, headers={"Authorization": f"Bearer {key}"})


def enter(world: World, password: str, holder: str = "li", office: str = "pboc-341300", **headers: str) -> Any:
    data = {"office": office, "holder": holder, "password": password}
    return world.client.post("/console/sign-in", data=data, headers=headers)


def test_a_person_signs_in_by_name_and_the_session_ends_with_the_key(door: World) -> None:
    key = door.office("pboc", "341300", holder="li")
    assert put(door, key, GOOD).status_code == 200
    answer = enter(door, GOOD)
    assert answer.status_code == 303
    cookie = {"Cookie": answer.headers["set-cookie"].partition(";")[0]}
    door.client.cookies.clear()
    assert door.client.get("/v1/flags", headers=cookie).status_code == 200
    assert door.client.put("/v1/password", json={"password": GOOD + "x"}, headers=cookie).status_code == 403, "by the key alone"
    with door.database.writing() as connection:
        repository.revoke_keys(connection, "pboc-341300", now_ms=now_ms())
    assert door.client.get("/v1/flags", headers=cookie).status_code == 401
    assert enter(door, GOOD).status_code == 401


def test_costly_what_is_kept_is_an_argon2_digest_and_neither_answer_nor_audit_holds_the_password(door: World) -> None:
    key = door.office("pboc", "341300", holder="li")
    answer = put(door, key, GOOD)
    refused = put(door, key, "a" * 11)
    with door.database.reading() as connection:
        digests = connection.execute(select(PASSWORDS.c.digest)).scalars().all()
    assert [digest.partition(",")[0] for digest in digests] == ["$argon2id$v=19$m=65536"]
    audit = door.get("/v1/audit", door.office("pboc", "341300", role="auditor")).text
    assert "password.set" in audit
    for text in (answer.text, refused.text, audit):
        assert GOOD not in text
        assert "a" * 11 not in text


@pytest.mark.parametrize("password", ["short", "a" * 20, "password1234", "x" * 129, 7, None])
def test_a_password_that_is_easily_guessed_or_none_is_refused(door: World, password: Any) -> None:
    assert put(door, door.office("pboc", "341300", holder="li"), password).status_code == 422


def test_too_many_wrong_tries_lock_the_name_and_leave_the_key(door: World) -> None:
    key = door.office("pboc", "341300", holder="li")
    put(door, key, GOOD)
    assert [enter(door, "wrong password").status_code for _ in range(4)] == [401, 401, 401, 429]
    assert enter(door, GOOD).status_code == 429
    assert door.client.post("/console/sign-in", data={"key": key}).status_code == 303


def test_costly_a_name_that_nobody_has_is_refused_as_slowly_and_in_the_same_words(door: World) -> None:
    put(door, door.office("pboc", "341300", holder="li"), GOOD)
    enter(door, "x", holder="warm-up")
    seconds, pages = [], []
    for holder in ("li", "nobody"):
        started = time.process_time()
        pages.append(enter(door, "wrong password", holder=holder))
        seconds.append(time.process_time() - started)
    assert pages[0].text == pages[1].text
    assert seconds[1] > seconds[0] / 3


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        # What a browser sends from our own form where its referrer policy hides the origin.
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, 303),
        ({"Origin": "http://testserver", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "http://testserver"}, 303),
    ],
)
def test_a_form_of_another_site_is_refused(door: World, headers: dict[str, str], status: int) -> None:
    put(door, door.office("pboc", "341300", holder="li"), GOOD)
    assert enter(door, GOOD, **headers).status_code == status
