"""Servers and demo children start, answer, fail loudly and leave nothing behind."""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path

import pytest

from deploy.demo import children as demo_children
from deploy.demo.children import ChildFailed, Children
from deploy.servers.process import ServerUnavailable, answers, free_port, needed_program, serving

WITHIN_S = 20.0
LISTEN = "import socket, sys, time; s = socket.create_server(('127.0.0.1', int(sys.argv[1]))); time.sleep(60)"
IGNORES_SIGTERM = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"


def _python(code: str, *arguments: str) -> list[str]:
    return [sys.executable, "-c", code, *arguments]


@pytest.fixture
def as_python(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the demo's children be small Python programs instead of our command line."""
    monkeypatch.setattr(demo_children, "fundwatch", lambda *arguments: [sys.executable, "-c", *arguments])


def test_a_server_is_entered_when_it_answers_and_gone_after(tmp_path: Path) -> None:
    port = free_port()
    command = _python(LISTEN, str(port))
    with serving(command, name="it", log=tmp_path / "log", ready=lambda: answers(port), within_s=WITHIN_S) as child:
        assert answers(port)
    assert child.returncode == -signal.SIGTERM
    assert not answers(port)


def test_a_server_that_ends_while_starting_says_why(tmp_path: Path) -> None:
    command = _python("import sys; sys.exit('no such disk')")
    with (
        pytest.raises(ServerUnavailable, match="ended while starting:\nno such disk"),
        serving(command, name="it", log=tmp_path / "log", ready=lambda: False, within_s=WITHIN_S),
    ):
        pytest.fail("entered")


def test_a_server_that_never_answers_is_ended(tmp_path: Path) -> None:
    with (
        pytest.raises(ServerUnavailable, match="did not answer within 0 s"),
        serving(_python(LISTEN, "0"), name="it", log=tmp_path / "log", ready=lambda: False, within_s=0.2),
    ):
        pytest.fail("entered")


def test_a_program_that_cannot_be_had_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deploy.servers.process.os.geteuid", lambda: 1000)
    with pytest.raises(ServerUnavailable, match="'no-such-server' is not installed: install the package 'no-such'"):
        needed_program("no-such-server", package="no-such")


@pytest.mark.usefixtures("as_python")
def test_a_child_gives_what_it_printed(tmp_path: Path) -> None:
    with Children(tmp_path) as children:
        assert children.run("it", ["print('done')"]) == "done\n"


@pytest.mark.usefixtures("as_python")
def test_a_child_that_fails_is_seen_with_the_end_of_its_log(tmp_path: Path) -> None:
    with Children(tmp_path) as children, pytest.raises(ChildFailed, match="'it' ended with exit code 1:\nbroken"):
        children.run("it", ["import sys; sys.exit('broken')"])


@pytest.mark.usefixtures("as_python")
def test_a_failure_of_another_child_ends_the_wait_for_one(tmp_path: Path) -> None:
    with Children(tmp_path) as children:
        children.start("ill", ["import sys; sys.exit('ill')"])
        with pytest.raises(ChildFailed, match="'ill'"):
            children.run("well", ["import time; time.sleep(60)"])


@pytest.mark.usefixtures("as_python")
def test_leaving_ends_every_child_even_one_that_will_not_listen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_children, "PATIENCE_S", 0.2)
    with Children(tmp_path) as children:
        started = [children.start(str(number), [IGNORES_SIGTERM]) for number in range(2)]
        deadline = time.monotonic() + WITHIN_S
        while not all(child.output.read_text() for child in started):
            assert time.monotonic() < deadline
    assert [child.process.returncode for child in started] == [-signal.SIGKILL] * 2
