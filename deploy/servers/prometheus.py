"""Prometheus from the operating system's package, scraping addresses of this machine into a temporary folder."""

from __future__ import annotations

import json
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from deploy.servers.process import free_port, needed_program, serving

START_S = 30.0


@contextmanager
def running(targets: Sequence[str], *, scrape_interval_s: int = 1) -> Iterator[str]:
    """Run Prometheus until the block ends, scraping ``host:port`` targets; gives its address as a URL.

    Raises
    ------
    ServerUnavailable
        When it cannot be had or does not come up.
    """
    program = needed_program("prometheus", package="prometheus")
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(prefix="fundwatch-prometheus-") as folder:
        home = Path(folder)
        config = home / "prometheus.yml"
        # JSON is YAML.
        config.write_text(
            json.dumps(
                {
                    "global": {"scrape_interval": f"{scrape_interval_s}s"},
                    "scrape_configs": [{"job_name": "trial", "static_configs": [{"targets": list(targets)}]}],
                }
            )
        )
        with serving(
            [
                *(program, f"--config.file={config}", f"--storage.tsdb.path={home / 'data'}"),
                f"--web.listen-address=127.0.0.1:{port}",
            ],
            name="Prometheus",
            log=home / "prometheus.log",
            ready=lambda: _is_ready(address),
            within_s=START_S,
        ):
            yield address


def _is_ready(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/-/ready", timeout=1) as page:  # noqa: S310
            return bool(page.status == 200)
    except (urllib.error.URLError, OSError):
        return False
