"""``fundwatch demo``: the whole stream on this machine, from simulated banks to an office's list."""

from __future__ import annotations

import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NoReturn

import click

from contract.errors import ConfigurationError, FatalError
from deploy.demo import broker, city, figures, kernels, offices, summary
from deploy.demo.children import Children
from deploy.demo.office_view import OfficeView
from deploy.demo.screen import Screen
from deploy.demo.stream import Progress, Stream
from deploy.servers.process import answers, free_port

POLL_S = 0.5
READY_WITHIN_S = 90.0
# Partitions of each institution's topic: more than one, so that the demo shows what it would be in earnest.
PARTITIONS = 2


@click.command()
@click.option("--days", type=click.IntRange(20, 730), default=60, show_default=True, help="Simulated days.")
@click.option("--accounts", type=click.IntRange(200, 200_000), default=3000, show_default=True, help="Accounts.")
@click.option("--port", type=click.IntRange(1, 65535), default=8080, show_default=True, help="API and console.")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Another seed, another city.")
@click.option("--schemes", type=click.IntRange(min=0), default=16, show_default=True, help="Fund-raising schemes.")
@click.option("--seconds", type=click.FloatRange(1), default=30.0, show_default=True, help="How long the data streams.")
@click.option("--once", is_flag=True, help="End when all data is through, with a summary.")
def demo(*, days: int, accounts: int, port: int, seed: int, schemes: int, seconds: float, once: bool) -> None:
    """Run the whole stream on this machine, with nothing else installed.

    Simulated institutions stream their movements over Kafka's protocol to the detector; flags reach the ledger, and
    offices see them on the console. The address and a key for each demo office are printed. Ctrl-C ends everything
    and leaves nothing behind.

    \b
    fundwatch demo                       look around in the console, end with Ctrl-C
    fundwatch demo --once                end by itself, with a summary (about a minute)
    fundwatch demo --days 120 --seed 7   a longer stream of another city
    """
    if answers(port):
        raise ConfigurationError(f"port {port} is taken: name another one with --port")
    size = city.Size(days=days, accounts=accounts, schemes=schemes, seed=seed)
    signal.signal(signal.SIGTERM, _as_ctrl_c)
    screen = Screen()
    with _folder(screen) as folder:
        _run(folder, screen, size, port=port, seconds=seconds, once=once)


def _as_ctrl_c(_number: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt


@contextmanager
def _folder(screen: Screen) -> Iterator[Path]:
    """A folder for the demo's files: kept when something failed, so that the logs can be read."""
    folder = Path(tempfile.mkdtemp(prefix="fundwatch-demo-"))
    try:
        yield folder
    except KeyboardInterrupt:
        screen.phase("ended by Ctrl-C")
    except BaseException:
        screen.phase(f"logs of all processes are kept in {folder}")
        raise
    shutil.rmtree(folder, ignore_errors=True)


def _run(folder: Path, screen: Screen, size: city.Size, *, port: int, seconds: float, once: bool) -> None:
    started = time.monotonic()
    with ExitStack() as stack:
        screen.phase("starting the embedded broker")
        kafka = stack.enter_context(broker.running())
        children = stack.enter_context(Children(folder))
        stream, view = _start(children, screen, size, kafka, port)
        screen.phase(f"{len(stream.city.per_institution)} institutions stream {stream.city.total:,} movements")
        stream.producers = city.produce(children, stream.city, kafka, seconds=seconds)
        progress = _watch(stream, screen, started)
        summary.show(view, progress, seconds=time.monotonic() - started)
        if not once:
            _stay(stream, screen)


def _start(children: Children, screen: Screen, size: city.Size, kafka: str, port: int) -> tuple[Stream, OfficeView]:
    """Everything but the producers: topics, detector, ledger with API and console, offices."""
    folder, ops = children.folder, (free_port(), free_port(), free_port())
    database = f"sqlite:///{folder / 'ledger.sqlite'}"
    serve = ["serve", "--kafka", kafka, "--database", database, "--port", str(port), "--ops-port", str(ops[1])]
    children.start("serve", serve)
    screen.phase(f"simulating a city: {size.accounts:,} accounts, {size.days} days, {size.schemes} schemes")
    town = city.simulate(children, size)
    screen.phase("compiling the detector's kernels where none are kept: a minute or two")
    kernels.compile_kernels(children, town)
    topics = [part for code in town.per_institution for part in ("--institution", f"{code}={PARTITIONS}")]
    children.run("topics", ["topics", "create", "--kafka", kafka, *topics])
    where = ["--kafka", kafka, "--checkpoint", str(folder / "checkpoints")]
    children.start("detect", ["detect", *where, "--ops-port", str(ops[0])])
    children.start("schemes", ["schemes", *where, "--ops-port", str(ops[2])])
    screen.phase("starting detector, scheme process, ledger, API and console")
    _await_ready(children, *ops)
    keys = offices.add_all(children, database)
    address = f"http://127.0.0.1:{port}"
    screen.access(address, keys)
    stream = Stream(children, town, detect_port=ops[0], schemes_port=ops[2], serve_port=ops[1])
    return stream, OfficeView(address, keys[offices.CENTRAL_BANK.office_id])


def _await_ready(children: Children, detect_port: int, serve_port: int, schemes_port: int) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while not (figures.scrape(detect_port) and figures.scrape(schemes_port) and figures.is_ready(serve_port)):
        children.check()
        if time.monotonic() > deadline:
            raise FatalError(f"detector and ledger were not ready within {READY_WITHIN_S:.0f} s")
        time.sleep(POLL_S)


def _watch(stream: Stream, screen: Screen, started: float) -> Progress:
    """Show the stream until all of it is through."""
    with screen.live() as live:
        while True:
            progress = stream.progress()
            screen.show(live, progress, total=stream.city.total, seconds=time.monotonic() - started)
            if stream.is_through(progress):
                return progress
            time.sleep(POLL_S)


def _stay(stream: Stream, screen: Screen) -> None:
    screen.phase("all data is through; console and API stay until Ctrl-C")
    while True:
        stream.children.check()
        sys.stderr.flush()
        time.sleep(POLL_S)
