"""The processes of the demo: started by our own command line, watched, ended together, their words kept in log files."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from contract.errors import FatalError
from deploy.servers.process import ask_to_end, tail, wait_or_kill

POLL_S = 0.1
# How long a child may take to finish what it has in hand.
PATIENCE_S = 15.0
LOG_LINES_SHOWN = 5


class ChildFailed(FatalError):
    """A process of the demo ended by itself and not with exit code 0."""


def fundwatch(*arguments: str) -> list[str]:
    """Return the command line of ``fundwatch`` as installed beside the Python that runs us."""
    return [str(Path(sysconfig.get_path("scripts")) / "fundwatch"), *arguments]


@dataclass(slots=True)
class Child:
    """One started process: its name, what it prints on standard output, and its log."""

    name: str
    process: subprocess.Popen[bytes]
    output: Path
    log: Path

    @property
    def ended(self) -> bool:
        """Whether it has ended with exit code 0.

        Raises
        ------
        ChildFailed
            When it ended otherwise; the message holds the end of its log.
        """
        code = self.process.poll()
        if code:
            raise ChildFailed(f"'{self.name}' ended with exit code {code}:\n{tail(self.log, LOG_LINES_SHOWN)}")
        return code == 0


@dataclass(slots=True)
class Children:
    """All processes of one demo; leaving the block ends those still running, newest first."""

    folder: Path
    env: dict[str, str] = field(default_factory=dict)
    started: list[Child] = field(default_factory=list)

    def __enter__(self) -> Children:
        return self

    def __exit__(self, _type: type[BaseException] | None, _error: BaseException | None, _tb: TracebackType | None) -> None:
        # Producers before what they feed; asked all at once, so that the slowest decides how long it takes.
        running = [child.process for child in reversed(self.started)]
        for process in running:
            ask_to_end(process)
        for process in running:
            wait_or_kill(process, within_s=PATIENCE_S)

    def start(self, name: str, arguments: Sequence[str]) -> Child:
        """Start ``fundwatch`` with these arguments; logs lie in the demo's folder under ``name``."""
        return self._start(name, fundwatch(*arguments))

    def start_module(self, name: str) -> Child:
        """Start a module of ours that is no command; logs lie in the demo's folder under its name."""
        return self._start(name, [sys.executable, "-m", name])

    def _start(self, name: str, command: list[str]) -> Child:
        output, log = self.folder / f"{name}.out", self.folder / f"{name}.log"
        with ExitStack() as sinks:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=sinks.enter_context(output.open("wb")),
                stderr=sinks.enter_context(log.open("wb")),
                env={**os.environ, **self.env},
                # A Ctrl-C at the terminal is for us: we end the others in order.
                start_new_session=True,
            )
        child = Child(name, process, output, log)
        self.started.append(child)
        return child

    def run(self, name: str, arguments: Sequence[str]) -> str:
        """Start one, wait for its end, return what it printed.

        Raises
        ------
        ChildFailed
            When it ended with another exit code than 0.
        """
        return self.finish(self.start(name, arguments))

    def finish(self, child: Child) -> str:
        """Wait for the end of one that was started, return what it printed."""
        while not child.ended:
            self.check()
            time.sleep(POLL_S)
        self.started.remove(child)
        return child.output.read_text()

    def check(self) -> None:
        """Raise ``ChildFailed`` if any of them has failed."""
        for child in self.started:
            _ = child.ended
