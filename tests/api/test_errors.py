"""One error body for every path, and nothing told that should not be."""

from __future__ import annotations

from typing import Any

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from api.flags.service import Lists
from contract.errors import LedgerUnavailable
from tests.api.flags import flag
from tests.api.world import World


@pytest.mark.parametrize(
    ("method", "path", "status", "error"),
    [
        ("GET", "/", 404, "not_found"),
        ("GET", "/v1/nothing", 404, "not_found"),
        ("GET", "/v1/flags/", 404, "not_found"),
        ("GET", "/console/static/none.css", 404, "not_found"),
        ("GET", "/console/static/../app.py", 404, "not_found"),
        ("DELETE", "/v1/flags", 405, "method_not_allowed"),
        ("POST", "/v1/summary", 405, "method_not_allowed"),
        ("GET", "/v1/flags/" + "x" * 200, 400, "bad_request"),
        ("GET", "/v1/flags/%00", 400, "bad_request"),
        ("GET", "/v1/accounts/%00", 400, "bad_request"),
        ("GET", "/v1/accounts/%E4%B8%AD/movements", 400, "bad_request"),
        ("GET", "/v1/ledger/%00", 400, "bad_request"),
        ("GET", "/v1/ledger?owner=%00", 400, "bad_request"),
        ("GET", "/console/flags/%00", 400, "bad_request"),
    ],
)
def test_the_frameworks_own_refusals_have_the_one_body(world: World, method: str, path: str, status: int, error: str) -> None:
    key = world.office("pboc", "341300")
    answer = world.client.request(method, path, headers={"Authorization": f"Bearer {key}"})
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert set(answer.json()) == {"error", "detail"}


@pytest.mark.parametrize(
    ("body", "detail"),
    [(b"{", "body: JSON decode error"), (b'{"colour": 1}', "unknown field"), (b"{}", "kind: Field required")],
)
def test_a_refused_body_is_told_where_it_is_wrong(world: World, body: bytes, detail: str) -> None:
    headers = {"Authorization": f"Bearer {world.office('lead', '341300')}", "Content-Type": "application/json"}
    answer = world.client.post("/v1/leads", headers=headers, content=body)
    assert answer.status_code == 422
    assert detail in answer.json()["detail"].split("; ")


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "streamed"])
def test_an_oversized_body_is_refused(world: World, announced: bool) -> None:
    body = b"key=" + b"x" * 1_100_000
    content: Any = body if announced else (body[at : at + 65_536] for at in range(0, len(body), 65_536))
    answer = world.client.post("/console/sign-in", content=content)
    assert (answer.status_code, answer.json()["error"]) == (413, "too_large")


def test_an_unexpected_error_is_a_500_that_says_nothing_of_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: Any, **_kwargs: Any) -> Any:
        raise RuntimeError("c:secret-customer")

    monkeypatch.setattr(Lists, "page", broken)
    with capture_logs():  # the default renderer draws every frame with its variables, for seconds
        answer = world.get("/v1/flags", world.office("pboc", "341300"))
    assert (answer.status_code, answer.json()["error"]) == (500, "internal")
    assert "secret-customer" not in answer.text


def test_a_database_that_is_away_is_a_503_with_a_time_to_come_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    key = world.office("pboc", "341300")

    def away(*_args: Any, **_kwargs: Any) -> Any:
        raise LedgerUnavailable("the ledger's database is away or busy")

    monkeypatch.setattr(Lists, "page", away)
    answer = world.get("/v1/flags", key)
    assert (answer.status_code, answer.json()["error"]) == (503, "unavailable")
    assert answer.headers["retry-after"] == "5"
    page = world.client.get("/console/flags", headers={"Authorization": f"Bearer {key}", "Accept": "text/html"})
    assert page.status_code == 503
    assert "台账数据库暂时不可用" in page.text


def test_metrics_know_route_templates_and_no_ids(world: World) -> None:
    key = world.office("pboc", "341300")
    world.store([flag("one")])
    world.get(f"/v1/flags/{flag('one').flag_id}", key)
    world.get("/made-up-path", key)
    labels = {
        sample.labels["route"]
        for metric in REGISTRY.collect()
        if metric.name == "api_request_duration_seconds"
        for sample in metric.samples
    }
    assert "/v1/flags/{flag_id}" in labels
    assert "unknown" in labels
    assert not any(flag("one").flag_id in label or "made-up" in label for label in labels)


def test_every_answer_tells_browsers_to_keep_to_this_server(world: World) -> None:
    for path in ("/v1/flags", "/console/sign-in", "/nothing"):
        headers = world.client.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert headers["x-content-type-options"] == "nosniff"
