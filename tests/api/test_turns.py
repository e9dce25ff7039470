"""The lock of SQLite's writers: first come, first served, in one process and among several."""

from __future__ import annotations

import fcntl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

import pytest

from api.turns import SharedTurns, Turns


def test_who_comes_back_at_once_waits_behind_who_waited() -> None:
    turns, order = Turns(), list[str]()
    entered = threading.Event()

    def waits() -> None:
        entered.set()
        with turns.mine(patience_s=20):
            order.append("waited")

    with turns.mine(patience_s=1):
        other = threading.Thread(target=waits)
        other.start()
        assert entered.wait(20)
        until = time.monotonic() + 20
        while not turns._waiting and time.monotonic() < until:  # noqa: SLF001 - nothing else tells that it waits
            threading.Event().wait(0.001)
    with turns.mine(patience_s=20):
        order.append("came back")
    other.join()
    assert order == ["waited", "came back"]


@pytest.fixture(params=["one process", "several"])
def turns(request: pytest.FixtureRequest, tmp_path: Path) -> Turns | SharedTurns:
    return Turns() if request.param == "one process" else SharedTurns(tmp_path / "ledger")


def test_patience_ends_and_the_turn_goes_on_to_others(turns: Turns | SharedTurns) -> None:
    with turns.mine(patience_s=1), pytest.raises(TimeoutError), turns.mine(patience_s=0.01):
        pass
    with turns.mine(patience_s=0.01):
        pass


def test_the_turn_is_given_back_after_an_error(turns: Turns | SharedTurns) -> None:
    with pytest.raises(KeyError), turns.mine(patience_s=1):
        raise KeyError
    with turns.mine(patience_s=0.01):
        pass


def test_never_two_at_once(turns: Turns | SharedTurns) -> None:
    inside, most = 0, 0

    def work() -> None:
        nonlocal inside, most
        for _ in range(200):
            with turns.mine(patience_s=20):
                inside += 1
                most = max(most, inside)
                inside -= 1

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (inside, most) == (0, 1)


_OTHER = """
import sys
from pathlib import Path
from api.turns import SharedTurns
print("asks", flush=True)
with SharedTurns(Path(sys.argv[1])).mine(patience_s=20):
    print("waited", flush=True)
    sys.stdin.read()
"""


def test_a_process_that_comes_back_at_once_waits_behind_another_that_waited(tmp_path: Path) -> None:
    turns = SharedTurns(tmp_path / "ledger")
    # The turn is given back before the other ends, and the other ends whatever fails.
    with ExitStack() as others, ExitStack() as turn:
        turn.enter_context(turns.mine(patience_s=1))
        other = others.enter_context(_other(tmp_path / "ledger"))
        assert other.readline() == b"asks\n"
        until = time.monotonic() + 20
        while not (is_next := _is_locked(tmp_path / "ledger.next")) and time.monotonic() < until:
            threading.Event().wait(0.001)
        assert is_next, "the other never came to wait"
        turn.close()
        with pytest.raises(TimeoutError), turns.mine(patience_s=0.05):
            pass
        assert other.readline() == b"waited\n"
    with turns.mine(patience_s=20):
        pass


@contextmanager
def _other(beside: Path) -> Iterator[IO[bytes]]:
    """What another process says that asks for its turn and keeps it; killed in the end, whatever happens."""
    command = [sys.executable, "-c", _OTHER, str(beside)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield process.stdout
        finally:
            process.kill()


def _is_locked(path: Path) -> bool:
    with path.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
