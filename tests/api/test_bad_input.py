"""Bad input to the offices' service: a clear 4xx with the one body, nothing changed, and an audit row."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import func, select

from api.tables import APPROVALS, AUDIT, ENTRIES, HISTORY, LEADS, REPORTS, SUPPRESSIONS, WATCHLIST, WEBHOOKS
from tests.api.flags import flag
from tests.api.ledger.steps import id_of
from tests.api.world import World, make_world

KEPT = (ENTRIES, HISTORY, LEADS, REPORTS, SUPPRESSIONS, WATCHLIST, WEBHOOKS, APPROVALS)
ENTRY = id_of("a")
STEP = {"to": "under_analysis", "reason": "核查", "expected_version": 1}
LEAD = {"kind": "tip_off", "text": "有人集资", "received_on": "2026-03-01"}
Bad = tuple[str, str, dict[str, Any], int]


def ask(method: str, path: str, status: int, **more: Any) -> Any:
    return pytest.param((method, path, more, status), id=f"{method} {path.partition('?')[0][:40]} {status}")


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, str]]:
    """A world that stays as it is, as nothing here changes it, and a supervisor's key."""
    made = make_world(f"sqlite:///{tmp_path_factory.mktemp('standing')}/ledger.sqlite")
    yield made, filled(made)
    made.close()


@pytest.fixture
def key(world: World) -> str:
    return filled(world)


def filled(world: World) -> str:
    world.store([flag("a"), flag("theirs", branch_region="341202"), *(flag(f"f{number}") for number in range(3))])
    return world.office("pboc", "341300", role="supervisor")


def state(world: World) -> list[int]:
    """How many rows of everything that a request could change, and their versions."""
    with world.database.reading() as connection:
        counts = [int(connection.execute(select(func.count()).select_from(table)).scalar_one()) for table in KEPT]
        return [*counts, int(connection.execute(select(func.sum(ENTRIES.c.version))).scalar_one())]


def refusals(world: World) -> int:
    with world.database.reading() as connection:
        refused = select(func.count()).select_from(AUDIT).where(AUDIT.c.decision == "refused")
        return int(connection.execute(refused).scalar_one())


def refused(world: World, send: Callable[[], Any], status: int) -> None:
    """Send what has to be refused: with this status and the one body, one audit row, and nothing changed."""
    before, lines = state(world), refusals(world)
    answer = send()
    assert answer.status_code == status, answer.text
    assert set(answer.json()) == {"error", "detail"}
    assert state(world) == before
    assert refusals(world) == lines + 1


FILTERS = [
    ask("GET", f"{path}?{query}", 400)
    for path in ("/v1/flags", "/v1/ledger", "/v1/audit", "/v1/reports/accounts", "/v1/reports/large-value", "/v1/rollups")
    for query in ("colour=red",)
]
CURSORS = [
    ask("GET", f"{path}?cursor={cursor}", 400)
    for path in ("/v1/flags", "/v1/ledger", "/v1/leads", "/v1/watchlist", "/v1/suppressions",
                 "/v1/reports/accounts", "/v1/reports/large-value")
    for cursor in ("x", "A" * 512, "%00", "..%2f..", "-1")
]  # fmt: skip
OTHERS = [
    ask("GET", f"/v1/flags/{flag('theirs').flag_id}", 404),
    ask("GET", "/v1/accounts/a:theirs", 404),
    ask("GET", f"/v1/ledger/{id_of('theirs')}", 404),
    ask("POST", f"/v1/ledger/{id_of('theirs')}/transitions", 404, json=STEP),
    ask("POST", f"/v1/ledger/{id_of('theirs')}/handover", 404, json={"holder": "x", "reason": "x", "expected_version": 1}),
    ask("POST", "/v1/suppressions", 404, json={"entry_id": id_of("theirs"), "reason": "x"}),
    ask("POST", "/v1/reports/accounts", 404, json={"account_id": "a:theirs", "institution_code": "BANK01"}),
]
BODIES = [
    ask("POST", f"/v1/ledger/{ENTRY}/transitions", 422, content=b"{"),
    ask("POST", f"/v1/ledger/{ENTRY}/transitions", 422, content=b"\xff\xfe"),
    ask("POST", f"/v1/ledger/{ENTRY}/transitions", 422, json=[]),
    ask("POST", f"/v1/ledger/{ENTRY}/transitions", 422, json=STEP | {"colour": "red"}),
    ask("POST", f"/v1/ledger/{ENTRY}/transitions", 422, json=STEP | {"expected_version": "one"}),
    ask("POST", f"/v1/ledger/{ENTRY}/transitions", 422, json=STEP | {"reason": "卡号 6222021001116245702"}),
    ask("POST", f"/v1/ledger/{ENTRY}/transitions", 422, json=STEP | {"reason": "x" * 1001}),
    ask("POST", f"/v1/ledger/{ENTRY}/transitions", 409, json=STEP | {"expected_version": 2**70}),
    ask("POST", f"/v1/ledger/{ENTRY}/transitions", 409, json=STEP | {"to": "closed"}),
    ask("POST", "/v1/leads", 422, json=LEAD | {"subject": "341302195501010014"}),
    ask("POST", "/v1/leads", 422, json=LEAD | {"received_on": "yesterday"}),
    ask("POST", "/v1/leads", 400, content=("[" * 10_000).encode()),
    ask("POST", "/v1/suppressions", 422, json={"entry_id": ENTRY, "reason": "x", "days": 0}),
    ask("POST", "/v1/reports/accounts", 422, json={"account_id": "a:a", "institution_code": "BANK01", "trigger": "99"}),
]


@pytest.mark.parametrize("bad", [*FILTERS, *CURSORS, *OTHERS, *BODIES])
def test_bad_input_is_refused_in_one_body_changes_nothing_and_is_in_the_audit(standing: tuple[World, str], bad: Bad) -> None:
    world, key = standing
    method, path, more, status = bad
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    role = "auditor" if path.startswith("/v1/audit") else None
    if role is not None:
        headers["Authorization"] = f"Bearer {world.office('pboc', '341300', role=role)}"
    refused(world, lambda: world.client.request(method, path, headers=headers, **more), status)


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Basic eDp5", "Bearer fw_000000000000_" + "A" * 43, "Bearer a.b.c", "x"])
def test_a_forged_or_empty_key_is_refused(world: World, key: str, header: str) -> None:
    assert key
    refused(world, lambda: world.client.get("/v1/flags", headers={"Authorization": header}), 401)


def test_an_expired_key_is_refused(world: World, key: str) -> None:
    assert key
    old = world.office("pboc", "341300", life_ms=-1)
    path = f"/v1/ledger/{ENTRY}/transitions"
    refused(world, lambda: world.post(path, old, STEP), 401)


def test_an_oversized_body_is_refused_before_anybody_reads_it(world: World, key: str) -> None:
    body = json.dumps(LEAD | {"text": "x" * 1_100_000}).encode()
    refused(world, lambda: world.client.post("/v1/leads", content=body, headers={"Authorization": f"Bearer {key}"}), 413)
    lines = select(AUDIT.c.action, AUDIT.c.office_id).order_by(AUDIT.c.seq.desc()).limit(1)
    with world.database.reading() as connection:
        # It met no route, so that nobody is known yet whose audit it would be.
        assert tuple(connection.execute(lines).one()) == ("POST too large", None)


def test_a_step_that_comes_second_is_refused(world: World, key: str) -> None:
    path = f"/v1/ledger/{ENTRY}/transitions"
    assert world.post(path, key, STEP).status_code == 201
    refused(world, lambda: world.post(path, key, STEP), 409)


def test_an_idempotency_key_of_another_request_is_refused(world: World, key: str) -> None:
    path, headers = f"/v1/ledger/{ENTRY}/transitions", {"Authorization": f"Bearer {key}", "Idempotency-Key": "k"}
    assert world.client.post(path, json=STEP, headers=headers).status_code == 201
    refused(world, lambda: world.client.post(path, json=STEP | {"reason": "anders"}, headers=headers), 409)
    before = state(world)
    assert world.client.post(path, json=STEP, headers=headers).status_code == 201, "the first answer again"
    assert state(world) == before


def test_another_persons_idempotency_key_is_another_key(world: World, key: str) -> None:
    path = f"/v1/ledger/{ENTRY}/transitions"
    assert (
        world.client.post(path, json=STEP, headers={"Authorization": f"Bearer {key}", "Idempotency-Key": "k"}).status_code == 201
    )
    other = world.office("pboc", "341300", holder="wang")
    headers = {"Authorization": f"Bearer {other}", "Idempotency-Key": "k"}
    refused(world, lambda: world.client.post(path, json=STEP, headers=headers), 409)


@pytest.mark.parametrize("event_id", ["1", "x" * 600, "AAAA"])
def test_a_stream_position_that_is_none_is_refused(world: World, key: str, event_id: str) -> None:
    headers = {"Authorization": f"Bearer {key}", "Last-Event-ID": event_id}
    refused(world, lambda: world.client.get("/v1/flags/stream", headers=headers), 400)


def test_a_purpose_that_is_none_is_refused(world: World, key: str) -> None:
    headers = {"Authorization": f"Bearer {key}", "Fundwatch-Purpose": "CURIOSITY"}
    refused(world, lambda: world.client.get("/v1/flags", headers=headers), 400)
