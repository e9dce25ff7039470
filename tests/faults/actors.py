"""The product's own processes under a supervisor that starts them again whenever they have ended."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from deploy.demo.children import fundwatch
from deploy.servers.process import tail

AGAIN_S = 0.3
"""Between an end and the next start, as an operator's supervisor would wait."""


@dataclass(slots=True)
class Actor:
    """One command that runs for good; ``ends`` are exits that no fault asked for, with the last line of the log."""

    name: str
    arguments: list[str]
    folder: Path
    env: dict[str, str] = field(default_factory=dict)
    starts: int = 0
    ends: list[str] = field(default_factory=list)
    expected_end: bool = False
    _process: subprocess.Popen[bytes] | None = None
    _ended_at: float = 0.0
    _born_at: int = 0

    @property
    def log(self) -> Path:
        """The log of all its lives."""
        return self.folder / f"{self.name}.log"

    def start(self) -> None:
        """Begin a life."""
        self.starts += 1
        self.expected_end = False
        with self.log.open("ab") as sink:
            self._born_at = sink.tell()
            self._process = subprocess.Popen(
                fundwatch(*self.arguments),
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
                env={**os.environ, **self.env},
                start_new_session=True,
            )

    def signal(self, number: int) -> None:
        """Send a signal if it lives, to all processes that it consists of."""
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.expected_end = True
        self.signal(signal.SIGKILL)

    def ask_to_end(self) -> None:
        """Let it end in order."""
        self.expected_end = True
        self.signal(signal.SIGTERM)

    def wait(self, seconds: float) -> int | None:
        """Exit code, or None where it still lives after ``seconds``."""
        assert self._process is not None
        try:
            return self._process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            return None

    @property
    def code(self) -> int | None:
        """Exit code of its last life, None while it lives."""
        assert self._process is not None
        return self._process.poll()

    def tend(self) -> None:
        """Start it again where it has ended, a moment later; an end that nobody asked for is noted."""
        if self.code is None:
            return
        if not self._ended_at:
            self._ended_at = time.monotonic()
            if not self.expected_end:
                self.ends.append(f"exit {self.code}: {tail(self.log, 1)[-300:]}")
        elif time.monotonic() - self._ended_at >= AGAIN_S:
            self._ended_at = 0.0
            self.start()

    def newest(self, events: Sequence[str]) -> str | None:
        """Which of these log events it said last in this life, None where it said none yet."""
        with self.log.open("rb") as log:
            log.seek(self._born_at)
            said = re.findall(rb'"event": "([a-z_]+)"', log.read())
        return next((name for one in reversed(said) if (name := one.decode()) in events), None)

    def count(self, event: str) -> int:
        """How often a log event stands in its log."""
        return self.log.read_text(errors="replace").count(f'"event": "{event}"')
