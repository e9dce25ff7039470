"""The embedded broker: the binary of the wheel ``noida-db`` speaking Kafka's protocol, for demonstration and tests only."""

from __future__ import annotations

import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from deploy.servers.process import ServerUnavailable, answers, free_port, serving

WHEEL = "noida-db"
START_S = 20.0


def binary() -> Path:
    """Return the wheel's own binary; its Python wrapper would outlive us when we end.

    Raises
    ------
    ServerUnavailable
        When the wheel is not installed.
    """
    try:
        files = distribution(WHEEL).files or []
    except PackageNotFoundError:
        raise ServerUnavailable("the embedded broker is not installed: install fundwatch[demo]") from None
    for file in files:
        if file.parent.name == "noida_db" and file.stem == WHEEL:
            path = Path(str(file.locate()))
            path.chmod(path.stat().st_mode | stat.S_IXUSR)
            return path
    raise ServerUnavailable("the wheel of the embedded broker holds no binary for this machine")


@contextmanager
def running(port: int | None = None) -> Iterator[str]:
    """Run the broker with an empty log until the block ends; gives its ``host:port``.

    It keeps its log in memory and on disk in a folder of its own. Ended by SIGTERM: after a SIGKILL, what it
    acknowledged in the last 2 s may be gone.
    """
    port = port or free_port()
    with tempfile.TemporaryDirectory(prefix="fundwatch-broker-") as folder:
        home = Path(folder)
        with serving(
            [
                *(str(binary()), "start", "--data-dir", str(home / "data"), "--host", "127.0.0.1"),
                *("--only", "kafka", "--kafka-port", str(port)),
            ],
            name="the embedded broker",
            log=home / "broker.log",
            ready=lambda: answers(port),
            within_s=START_S,
        ):
            yield f"127.0.0.1:{port}"
