"""Offices polling and streaming while flags arrive: ``python -m tests.benchmarks.bench_load [--offices N] [--rate N]``."""

from __future__ import annotations

import asyncio
import multiprocessing
import socket
import tempfile
import threading
import time
from multiprocessing.connection import Connection as Pipe

import click
import uvicorn

from api.ledger.pacing import Pace
from api.server import KEEP_ALIVE_S
from contract import regions
from contract.flag import Flag
from tests.api.world import World, make_world
from tests.benchmarks.bench_office import BATCH, flags
from tests.benchmarks.bench_pages import cpu_seconds

_KINDS = ("pboc", "nfra", "lead")
_PATH = "/v1/flags?limit=50&sort=-updated_at"
_HEAD = "GET {} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\r\n"


def _cities(number: int) -> list[str]:
    codes = [code for code in sorted(regions.all_within(regions.NATION)) if code.endswith("00") and not code.endswith("0000")]
    # Half of the flags lie in one city, so some of the offices are its own.
    return ["341300", "340000", *codes][:number]


def _serve(url: str, offices: int, before: int, rate: int, seconds: float, pipe: Pipe) -> None:
    """Fill a ledger, tell the address and keys, then store flags at the rate until the time is over."""
    world = make_world(url, rate_per_s=1e9, rate_burst=10**9, stream_life="PT1H")
    made = [one for batch in flags(before + int(rate * seconds)) for one in batch]
    for start in range(0, before, BATCH):
        world.store(made[start : min(before, start + BATCH)])
    # Made before anything is measured: that takes as long as storing them.
    arriving = made[before:]
    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    config = uvicorn.Config(
        world.app, log_config=None, access_log=False, timeout_graceful_shutdown=1, timeout_keep_alive=KEEP_ALIVE_S
    )
    server = uvicorn.Server(config)
    places = _cities(-(-offices // len(_KINDS)))
    keys = [world.office(_KINDS[n % len(_KINDS)], places[n // len(_KINDS)]) for n in range(offices)]
    pipe.send((listener.getsockname()[1], keys))

    def write() -> None:
        pipe.recv()
        pipe.send(_store(world, arriving, rate, seconds))
        pipe.recv()
        server.should_exit = True

    threading.Thread(target=write, daemon=True).start()
    server.run(sockets=[listener])


def _store(world: World, waiting: list[Flag], rate: int, seconds: float) -> int:
    """Store what has arrived by now, as the ledger's writer does, until the time is over; how many that were."""
    started, done, pace = time.monotonic(), 0, Pace()
    while (passed := time.monotonic() - started) < seconds:
        arrived = min(len(waiting), int(passed * rate))
        if arrived == done:
            time.sleep(0.01)
            continue
        for batch in pace.parts(waiting[done : min(arrived, done + 2000)]):
            world.store(batch)
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
    """Load one process over SQLite and print what it held: flags stored, events sent, milliseconds of a poll, CPU."""
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = multiprocessing.Pipe()
        make = multiprocessing.get_context("spawn").Process
        args = (f"sqlite:///{folder}/ledger.sqlite", offices, before, rate, seconds, theirs)
        server = make(target=_serve, args=args)
        server.start()
        port, keys = ours.recv()
        taken: list[float] = []
        events: list[int] = []
        cpu = cpu_seconds(server.pid or 0)
        ours.send(None)
        asyncio.run(_clients(port, keys, every_s, seconds, taken, events))
        stored = ours.recv()
        cpu = cpu_seconds(server.pid or 0) - cpu
        ours.send(None)
        server.join()
    taken.sort()
    click.echo(f"{stored / seconds:.0f} flags a second stored of {rate} that arrived; {sum(events)} events to {offices} streams")
    click.echo(f"{len(taken)} polls: {taken[len(taken) // 2]:.0f} ms median, {taken[int(len(taken) * 0.99)]:.0f} ms p99")
    click.echo(f"{cpu:.1f} CPU-seconds of the server in {seconds:.0f} s")


if __name__ == "__main__":
    main()
