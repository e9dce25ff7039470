"""The ledger's writer in a process of its own: told of here, ended with us, never ended unnoticed."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import SecretStr

from api.config import ApiSettings
from api.database import Database
from api.ledger import told
from api.ledger.orders import decode
from api.ledger.states import Status
from api.ledger.told import Told
from api.ledger.writer_process import WriterProcess, orders
from api.metrics import LEDGER_FLAGS, LEDGER_LAG, LEDGER_WAITS
from contract.errors import FatalError
from tests.api.flags import NOON

_ENDS_WITH_INPUT = """
import sys
sys.stdout.write(sys.argv[1] + "\\n")
sys.stdout.flush()
sys.stdin.read()
"""


def counted(flags: float, waits: float = 0.0) -> Told:
    return Told(is_reading=True, lag_s=1.5, counts={"flags": [({}, flags)], "waits": [({"dependency": "broker"}, waits)]})


def value(metric: object) -> float:
    return metric._value.get()  # type: ignore[attr-defined,no-any-return]  # noqa: SLF001


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline, "waited too long"
        threading.Event().wait(0.01)


def python(code: str, *arguments: str) -> list[str]:
    return [sys.executable, "-c", code, *arguments]


def test_what_the_writer_counted_is_counted_here_once() -> None:
    flags, waits = value(LEDGER_FLAGS), value(LEDGER_WAITS.labels("broker"))
    first, second = counted(3.0), counted(5.0, waits=2.0)
    told.take_over(first, None)
    told.take_over(second, first)
    told.take_over(second, second)
    assert value(LEDGER_FLAGS) - flags == 5.0
    assert value(LEDGER_WAITS.labels("broker")) - waits == 2.0
    assert value(LEDGER_LAG) == 1.5


def test_what_is_told_says_every_counter_with_its_labels() -> None:
    LEDGER_WAITS.labels("database").inc()
    line = told.encode(told.told(is_reading=False))
    said = told.decode(line)
    assert line.count(b"\n") == 1
    assert ({"dependency": "database"}, value(LEDGER_WAITS.labels("database"))) in said.counts["waits"]
    assert said.counts["flags"] == [({}, value(LEDGER_FLAGS))]


def test_a_writer_is_reading_while_it_says_so_and_no_longer() -> None:
    now = 0.0
    line = told.encode(counted(0.0)).decode().strip()
    writer = WriterProcess(b"{}\n", command=python(_ENDS_WITH_INPUT, line), clock=lambda: now)
    assert not writer.is_reading()
    listening = threading.Thread(target=writer.run)
    listening.start()
    until(writer.is_reading)
    now = 11.0
    assert not writer.is_reading()
    writer.stop()
    listening.join()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_to_the_whole_group_are_not_the_writers(number: int) -> None:
    writer = WriterProcess(b"{}\n", command=python(_ENDS_WITH_INPUT, told.encode(counted(0.0)).decode().strip()))
    os.kill(writer._process.pid, number)  # noqa: SLF001 - as a supervisor would
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == set(), "ours are as before"
    writer.stop()
    writer.run()


@pytest.mark.parametrize("code", [0, 3])
def test_a_writer_that_ends_by_itself_is_an_error(code: int) -> None:
    writer = WriterProcess(b"{}\n", command=python(f"raise SystemExit({code})"))
    with pytest.raises(FatalError, match=f"exit code {code}"):
        writer.run()
    writer.stop()


def test_a_writer_that_fails_while_it_ends_is_an_error() -> None:
    writer = WriterProcess(b"{}\n", command=python("import sys; sys.stdin.read(); raise SystemExit(1)"))
    writer.stop()
    with pytest.raises(FatalError, match="exit code 1"):
        writer.run()


def test_the_real_writer_waits_for_its_broker_and_ends_when_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # One half of a pair whose other half stood on the command line, which the writer does not have.
    monkeypatch.setenv("API_TLS_CERT", "server.pem")
    url = f"sqlite:///{tmp_path}/ledger.sqlite"
    database = Database(url)
    database.migrate()
    database.close()
    before = value(LEDGER_WAITS.labels("broker"))
    settings = ApiSettings(database=SecretStr(url), kafka="127.0.0.1:1", due_days={Status.NEW: 3}, tls_key=Path("server.key"))
    writer = WriterProcess(orders(settings))
    listening = threading.Thread(target=writer.run)
    listening.start()
    until(lambda: value(LEDGER_WAITS.labels("broker")) > before or not listening.is_alive())
    assert listening.is_alive(), "it ended by itself"
    assert not writer.is_reading()
    writer.stop()
    listening.join(30)
    assert not listening.is_alive()


def test_deadlines_are_the_same_in_the_writer(tmp_path: Path) -> None:
    calendar = tmp_path / "days.toml"
    calendar.write_text("holidays = [2026-03-03]\n", "utf-8")
    settings = ApiSettings(kafka="h:1", due_days={Status.NEW: 3, Status.TRANSFERRED: 7}, warn_days=4, calendar=calendar)
    here, there = settings.deadlines(), decode(orders(settings)).deadlines()
    assert (there.days, there.warn_days) == ({Status.NEW: 3, Status.TRANSFERRED: 7}, 4)
    usual = ApiSettings(due_days={Status.NEW: 3}).deadlines().due_day(Status.NEW, now_ms=NOON)
    assert there.due_day(Status.NEW, now_ms=NOON) == here.due_day(Status.NEW, now_ms=NOON) == usual + 1


def test_orders_hold_what_was_set_and_no_mask() -> None:
    line = orders(ApiSettings(database=SecretStr("postgresql://u:secret@h/n"), kafka="h:1"))
    assert b'"postgresql://u:secret@h/n"' in line
    assert line.count(b"\n") == 1
