"""Apache Kafka and PostgreSQL that can be killed and started again on their own data."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from deploy.servers import kafka, postgres
from deploy.servers.process import ServerUnavailable, answers, free_port, stop, tail

START_S = 120.0


@dataclass(slots=True)
class Server:
    """One server: its command, its log, and how to tell that it answers."""

    name: str
    command: list[str]
    log: Path
    ready: Callable[[], bool]
    stop_signal: int = signal.SIGTERM
    env: Mapping[str, str] = field(default_factory=dict)
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers; raises ``ServerUnavailable`` where it does not.

        What was killed may leave a port or memory taken for a moment; then it is started once more, as an operator would.
        """
        deadline = time.monotonic() + START_S
        self._begin()
        while not self.ready():
            if time.monotonic() > deadline:
                raise ServerUnavailable(f"{self.name} does not come up again:\n{tail(self.log)}")
            if self._process is not None and self._process.poll() is not None:
                time.sleep(0.5)
                self._begin()
            time.sleep(0.05)

    def _begin(self) -> None:
        with self.log.open("ab") as sink:
            environment = {**os.environ, **self.env}
            self._process = subprocess.Popen(
                self.command, stdout=sink, stderr=sink, env=environment, start_new_session=True, cwd="/"
            )

    def kill(self) -> None:
        """End it at once, whatever it has in hand."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> None:
        """Let it end in order."""
        if self._process is not None:
            stop(self._process, self.stop_signal, within_s=60.0)


@contextmanager
def apache_kafka(home: Path, *, inner: int, outer: int) -> Iterator[tuple[Server, str]]:
    """One broker that clients reach at ``outer`` (a proxy before ``inner``); gives it and an address past the proxy."""
    home.mkdir()
    direct, controller = free_port(), free_port()
    settings = {
        "listeners": f"PLAINTEXT://127.0.0.1:{direct},PROXIED://127.0.0.1:{inner},CONTROLLER://127.0.0.1:{controller}",
        "advertised.listeners": f"PLAINTEXT://127.0.0.1:{direct},PROXIED://127.0.0.1:{outer}",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "controller.quorum.bootstrap.servers": f"127.0.0.1:{controller}",
        "group.min.session.timeout.ms": "1000",
    }
    command = kafka.prepared(home, direct, settings)
    server = Server(
        "Apache Kafka",
        command,
        home / "server.log",
        lambda: answers(direct) and answers(inner),
        env={"LOG_DIR": str(home)},
    )
    try:
        server.start()
        yield server, f"127.0.0.1:{direct}"
    finally:
        server.kill()


@contextmanager
def postgresql(port: int) -> Iterator[tuple[Server, str]]:
    """One cluster that writes as safely as it does by default; gives it and its database's URL past any proxy."""
    # Not in a test's own folder: the server runs as another account, which must be able to walk to its data.
    home = Path(tempfile.mkdtemp(prefix="fundwatch-postgres-"))
    command, address = postgres.prepared(home, port, ())
    server = Server("PostgreSQL", command, home / "server.log", lambda: postgres.accepts(address), stop_signal=signal.SIGINT)
    try:
        server.start()
        yield server, postgres.make_database(address)
    finally:
        server.kill()
        shutil.rmtree(home, ignore_errors=True)
