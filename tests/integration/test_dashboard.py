"""Every query of the provisioned dashboard gives series from a real Prometheus that scrapes our own metrics."""

from __future__ import annotations

import importlib
import json
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server
from prometheus_client.metrics import MetricWrapperBase

from deploy.servers import prometheus

pytestmark = pytest.mark.integration

PROJECT = Path(__file__).parents[2]
DASHBOARD = json.loads((PROJECT / "deploy/grafana/dashboards/fundwatch.json").read_text())
QUERIES = sorted({target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]})
WITHIN_S = 30.0


def _declared() -> Iterator[MetricWrapperBase]:
    for module in ("producers.metrics", "detector.metrics", "api.metrics"):
        for value in vars(importlib.import_module(module)).values():
            if isinstance(value, Counter | Gauge | Histogram):
                yield value


def _touch(metric: MetricWrapperBase, step: int) -> None:
    """Give a metric (or one child of it) a value that grows, as a running process would."""
    labels = getattr(metric, "_labelnames", ())
    child: Any = metric.labels(*["trial"] * len(labels)) if labels else metric
    match metric:
        case Counter():
            child.inc(step)
        case Gauge():
            child.set(step)
        case Histogram():
            child.observe(0.001 * step)


@contextmanager
def _our_metrics() -> Iterator[tuple[str, list[MetricWrapperBase]]]:
    """All metrics that our processes declare, on one page of a registry of this test's own."""
    registry = CollectorRegistry()
    metrics = list(_declared())
    for metric in metrics:
        registry.register(metric)
    server, thread = start_http_server(0, addr="127.0.0.1", registry=registry)
    try:
        yield f"127.0.0.1:{server.server_port}", metrics
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _ask(address: str, query: str) -> list[Any]:
    url = f"{address}/api/v1/query?{urllib.parse.urlencode({'query': query})}"
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310
        body = json.load(answer)
    assert body["status"] == "success"
    series: list[Any] = body["data"]["result"]
    return series


def test_every_query_of_the_dashboard_gives_series() -> None:
    with _our_metrics() as (target, metrics), prometheus.running([target]) as address:
        deadline = time.monotonic() + WITHIN_S
        silent, step = set(QUERIES), 0
        while silent and time.monotonic() < deadline:
            step += 1
            for metric in metrics:
                _touch(metric, step)
            silent = {query for query in silent if not _ask(address, query)}
            # A rate needs two scrapes, a second apart.
            time.sleep(0.25)
        assert silent == set()
