"""Child processes that must answer before they count as started, and must be gone before they count as stopped."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from contract.errors import FatalError

POLL_S = 0.05
LOG_TAIL_LINES = 15


class ServerUnavailable(FatalError):
    """A server cannot be had on this machine: its program is missing or it did not come up."""


def free_port() -> int:
    """Return a TCP port of 127.0.0.1 that nobody listens on at this moment.

    Between this and the server's own bind another process may take it; the server then fails to start, loudly.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answers(port: int) -> bool:
    """Whether something accepts connections on this port of 127.0.0.1."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def needed_program(name: str, *, package: str, folders: Sequence[str] = ()) -> str:
    """Return the path of a program, installing its Debian package where we may (root with apt-get).

    Raises
    ------
    ServerUnavailable
        When the program is neither here nor can be installed.
    """
    path = _find(name, folders)
    if path is None and os.geteuid() == 0 and shutil.which("apt-get"):
        _apt_install(package)
        path = _find(name, folders)
    if path is None:
        raise ServerUnavailable(f"'{name}' is not installed: install the package '{package}'")
    return path


def _find(name: str, folders: Sequence[str]) -> str | None:
    for folder in folders:
        found = sorted(Path("/").glob(f"{folder.lstrip('/')}/{name}"))
        if found:
            return str(found[-1])
    return shutil.which(name)


def _apt_install(package: str) -> None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", package]
    if subprocess.run(install, env=quiet, capture_output=True, check=False).returncode == 0:
        return
    # A new machine knows no package list yet.
    subprocess.run(["apt-get", "update", "-qq"], env=quiet, capture_output=True, check=False)
    subprocess.run(install, env=quiet, capture_output=True, check=False)


@contextmanager
def serving(
    command: Sequence[str],
    *,
    name: str,
    log: Path,
    ready: Callable[[], bool],
    within_s: float,
    env: Mapping[str, str] | None = None,
    stop_signal: int = signal.SIGTERM,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run ``command`` until the block ends; enter the block once ``ready()`` says so.

    The child has a process group of its own, so that a Ctrl-C at the terminal reaches us and not it.

    Raises
    ------
    ServerUnavailable
        When it ends or stays silent instead of becoming ready; the message holds the last lines of its log.
    """
    with log.open("wb") as sink:
        child = subprocess.Popen(command, stdout=sink, stderr=sink, env=env, start_new_session=True)
    try:
        _await(child, name=name, log=log, ready=ready, within_s=within_s)
        yield child
    finally:
        stop(child, stop_signal)


def _await(child: subprocess.Popen[bytes], *, name: str, log: Path, ready: Callable[[], bool], within_s: float) -> None:
    deadline = time.monotonic() + within_s
    while not ready():
        if child.poll() is not None:
            raise ServerUnavailable(f"{name} ended while starting:\n{tail(log)}")
        if time.monotonic() > deadline:
            raise ServerUnavailable(f"{name} did not answer within {within_s:.0f} s:\n{tail(log)}")
        time.sleep(POLL_S)


def ask_to_end(child: subprocess.Popen[bytes], stop_signal: int = signal.SIGTERM) -> None:
    """Send the child's whole group a signal, if it still runs, and do not wait."""
    if child.poll() is None:
        _signal_group(child, stop_signal)


def stop(child: subprocess.Popen[bytes], stop_signal: int = signal.SIGTERM, *, within_s: float = 20.0) -> None:
    """Ask the child's whole group to end, and end it by force after ``within_s``."""
    ask_to_end(child, stop_signal)
    wait_or_kill(child, within_s=within_s)


def wait_or_kill(child: subprocess.Popen[bytes], *, within_s: float) -> None:
    """Wait for the end of a child that was asked, and end its group by force after ``within_s``."""
    try:
        child.wait(timeout=within_s)
    except subprocess.TimeoutExpired:
        _signal_group(child, signal.SIGKILL)
        child.wait()


def _signal_group(child: subprocess.Popen[bytes], number: int) -> None:
    try:
        os.killpg(child.pid, number)
    except ProcessLookupError:
        return


def tail(log: Path, lines: int = LOG_TAIL_LINES) -> str:
    """Return the last lines of a log, for an error message."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
