"""Offices polling and streaming while flags arrive: ``python -m tests.benchmarks.bench_load [--offices N] [--rate N]``."""

from __future__ import annotations

import asyncio
import multiprocessing
import socket
import tempfile
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection as Pipe

import click
import uvicorn

from api.database import Database
from api.ledger import repository
from api.ledger.deadlines import Deadlines
from api.ledger.pacing import Pace
from api.server import KEEP_ALIVE_S
from contract import regions
from contract.flag import Flag
from tests.api.flags import NOON
from tests.api.world import make_world
from tests.benchmarks.bench_office import flags
from tests.benchmarks.bench_pages import cpu_seconds

_KINDS = ("pboc", "nfra", "lead")
_PATH = "/v1/flags?limit=50&sort=-updated_at"
_HEAD = "GET {} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\r\n"


def _cities(number: int) -> list[str]:
    codes = [code for code in sorted(regions.all_within(regions.NATION)) if code.endswith("00") and not code.endswith("0000")]
    # Half of the flags lie in one city, so some of the offices are its own.
    return ["341300", "340000", *codes][:number]


def _serve(url: str, offices: int, before: int, pipe: Pipe) -> None:
    """Fill a ledger, tell the address and keys, then serve until told to end."""
    world = make_world(url, rate_per_s=1e9, rate_burst=10**9, stream_life="PT1H")
    for batch in flags(before):
        world.store(batch)
    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    config = uvicorn.Config(
        world.app, log_config=None, access_log=False, timeout_graceful_shutdown=1, timeout_keep_alive=KEEP_ALIVE_S
    )
    server = uvicorn.Server(config)
    places = _cities(-(-offices // len(_KINDS)))
    keys = [world.office(_KINDS[n % len(_KINDS)], places[n // len(_KINDS)]) for n in range(offices)]
    pipe.send((listener.getsockname()[1], keys))

    def end() -> None:
        pipe.recv()
        server.should_exit = True

    threading.Thread(target=end, daemon=True).start()
    server.run(sockets=[listener])


def _write(url: str, before: int, rate: int, seconds: float, pipe: Pipe) -> None:
    """The ledger's writer, a process of its own as in ``fundwatch serve``: store flags at the rate when told to begin."""
    # Made before anything is measured: that takes as long as storing them.
    arriving = [one for batch in flags(before + int(rate * seconds)) for one in batch][before:]
    pipe.send(None)
    pipe.recv()
    pipe.send(_store(Database(url), arriving, rate, seconds))


def _store(database: Database, waiting: list[Flag], rate: int, seconds: float) -> int:
    """Store what has arrived by now, as the ledger's writer does, until the time is over; how many that were."""
    started, done, pace = time.monotonic(), 0, Pace()
    began = started
    while (passed := time.monotonic() - started) < seconds:
        arrived = min(len(waiting), int(passed * rate))
        if arrived == done or pace.rest_s(arrived - done, time.monotonic() - began) > 0:
            time.sleep(0.01)
            continue
        began = time.monotonic()
        for batch in pace.parts(waiting[done : min(arrived, done + 2000)]):
            with database.writing() as connection:
                repository.store(connection, batch, now_ms=NOON, deadlines=Deadlines())
            done += len(batch)
    return done


async def _poll(port: int, key: str, every_s: float, until: float, taken: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
    await asyncio.sleep(hash(key) % 1000 / 1000 * every_s)
    while time.monotonic() < until:
        started = time.monotonic()
        writer.write(_HEAD.format(_PATH, key).encode())
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise click.ClickException(head[:40].decode())
        length = next(int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length"))
        await reader.readexactly(length)
        taken.append((time.monotonic() - started) * 1000)
        await asyncio.sleep(max(0.0, every_s - (time.monotonic() - started)))
    writer.close()


async def _stream(port: int, key: str, until: float, events: list[int]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
    writer.write(_HEAD.format("/v1/flags/stream", key).encode())
    while (left := until - time.monotonic()) > 0:
        try:
            async with asyncio.timeout(left):
                chunk = await reader.read(2**20)
        except TimeoutError:
            break
        events.append(chunk.count(b"event: flag"))
    writer.close()


async def _clients(port: int, keys: list[str], every_s: float, seconds: float, taken: list[float], events: list[int]) -> None:
    until = time.monotonic() + seconds
    polls = [_poll(port, key, every_s, until, taken) for key in keys]
    streams = [_stream(port, key, until, events) for key in keys]
    await asyncio.gather(*polls, *streams)


@click.command()
@click.option("--offices", default=200, show_default=True, help="Each polls once and holds one stream.")
@click.option("--every", "every_s", default=5.0, show_default=True, help="Seconds between two polls of one office.")
@click.option("--flags", "before", default=20_000, show_default=True, help="Flags that the ledger holds before.")
@click.option("--rate", default=1000, show_default=True, help="Flags that arrive a second.")
@click.option("--seconds", default=20.0, show_default=True)
def main(offices: int, every_s: float, before: int, rate: int, seconds: float) -> None:
    """Load the web's process and the writer's over SQLite; print flags stored, events sent, ms of a poll, CPU of each."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/ledger.sqlite"
        web, writer = _Child(_serve, url, offices, before), _Child(_write, url, before, rate, seconds)
        writer.pipe.recv()
        port, keys = web.pipe.recv()
        taken: list[float] = []
        events: list[int] = []
        spent = [-child.cpu() for child in (web, writer)]
        writer.pipe.send(None)
        asyncio.run(_clients(port, keys, every_s, seconds, taken, events))
        stored = writer.pipe.recv()
        spent = [gone + child.cpu() for gone, child in zip(spent, (web, writer), strict=True)]
        web.pipe.send(None)
        web.process.join()
    taken.sort()
    click.echo(f"{stored / seconds:.0f} flags a second stored of {rate} that arrived; {sum(events)} events to {offices} streams")
    click.echo(f"{len(taken)} polls: {taken[len(taken) // 2]:.0f} ms median, {taken[int(len(taken) * 0.99)]:.0f} ms p99")
    click.echo(f"{spent[0]:.1f} CPU-seconds of the web's process and {spent[1]:.1f} of the writer's in {seconds:.0f} s")


class _Child:
    """A process with a pipe to it."""

    def __init__(self, target: Callable[..., None], *arguments: object) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=target, args=(*arguments, theirs), daemon=True)
        self.process.start()

    def cpu(self) -> float:
        """CPU-seconds so far."""
        return cpu_seconds(self.process.pid or 0)


if __name__ == "__main__":
    main()
