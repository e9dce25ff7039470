"""Rates, lock-out, ETags and headers: what a server says to who asks too much or asks again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from api.auth.limits import Limits
from contract.errors import TooManyRequests
from tests.api.flags import flag
from tests.api.world import World, make_world

WRONG = "A" * 43


@pytest.fixture
def strict(tmp_path: Path) -> Iterator[World]:
    made = make_world(
        f"sqlite:///{tmp_path}/ledger.sqlite",
        rate_per_s=0.001,
        rate_burst=5,
        lockout_failures=3,
        lockout=timedelta(minutes=5),
        secure_cookies=True,
    )
    yield made
    made.close()


def test_a_key_that_asks_too_fast_is_told_when_to_come_back_and_another_is_not(strict: World) -> None:
    key, other = strict.office("pboc", "341300"), strict.office("nfra", "341300")
    answers = [strict.get("/v1/flags", key) for _ in range(6)]
    assert [one.status_code for one in answers] == [200] * 5 + [429]
    assert answers[-1].json()["error"] == "too_many_requests"
    assert int(answers[-1].headers["retry-after"]) > 0
    assert strict.get("/v1/flags", other).status_code == 200


def test_a_key_that_is_shown_wrongly_too_often_is_locked_even_for_who_has_it(strict: World) -> None:
    key, other = strict.office("pboc", "341300"), strict.office("pboc", "341300", holder="wu")
    wrong = key[:16] + WRONG
    assert [strict.get("/v1/flags", wrong).status_code for _ in range(4)] == [401, 401, 401, 429]
    assert strict.get("/v1/flags", key).status_code == 429
    assert strict.client.post("/console/sign-in", data={"key": key}).status_code == 429
    assert strict.get("/v1/flags", other).status_code == 200, "another key from the same address"


def test_who_shows_no_key_is_refused_and_never_locked(strict: World) -> None:
    assert {strict.get("/v1/flags", None).status_code for _ in range(9)} == {401}
    assert {strict.get("/v1/flags", "fw_x").status_code for _ in range(9)} == {401}


def test_limits_give_back_with_time() -> None:
    now = [0.0]
    limits = Limits(rate_per_s=2.0, burst=2, failures=2, lock_s=10.0, clock=lambda: now[0])
    limits.take("k")
    limits.take("k")
    with pytest.raises(TooManyRequests):
        limits.take("k")
    now[0] = 0.5
    limits.take("k")
    for _ in range(2):
        limits.failed("1.2.3.4", "k")
    limits.check("5.6.7.8", "k")
    with pytest.raises(TooManyRequests):
        limits.check("1.2.3.4", "k")
    now[0] = 10.6
    limits.check("1.2.3.4", "k")
    limits.failed("1.2.3.4", "k")
    limits.check("1.2.3.4", "k")


def test_an_answer_that_is_known_is_not_sent_again_and_is_audited_all_the_same(world: World) -> None:
    key = world.office("pboc", "341300")
    world.store([flag("a")])
    first = world.get("/v1/flags", key)
    ask = {"Authorization": f"Bearer {key}", "If-None-Match": f'"other", W/{first.headers["etag"]}'}
    again = world.client.get("/v1/flags", headers=ask)
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    world.store([flag("b")])
    assert world.client.get("/v1/flags", headers=ask).status_code == 200
    lines = world.get("/v1/audit", world.office("pboc", "341300", role="auditor")).json()["items"]
    assert [(line["status"], line["rows"]) for line in lines] == [(200, 2), (304, 1), (200, 1)]


def test_where_tls_ends_before_the_server_browsers_are_told_to_keep_to_it(strict: World, world: World) -> None:
    assert "strict-transport-security" in strict.client.get("/console/sign-in").headers
    assert "strict-transport-security" not in world.client.get("/console/sign-in").headers
