"""Audited pages of 100 rows a CPU-second of one server: ``python -m tests.benchmarks.bench_pages [--pages N]``."""

from __future__ import annotations

import http.client
import itertools
import multiprocessing
import os
import socket
import tempfile
import threading
import time
from multiprocessing.connection import Connection as Pipe
from pathlib import Path

import click
import uvicorn

from tests.api.world import make_world
from tests.benchmarks.bench_office import flags

_PATHS = ("/v1/flags?limit=100", "/v1/flags?limit=100&sort=-updated_at", "/v1/flags?limit=100&category=illegal_fundraising")


def _serve(url: str, number: int, profile: str | None, pipe: Pipe) -> None:
    """Fill a ledger, tell address and key, and answer until the other side hangs up."""
    world = make_world(url, rate_per_s=1e9, rate_burst=10**9)
    for batch in flags(number):
        world.store(batch)
    listener = socket.create_server(("127.0.0.1", 0), backlog=256)
    server = uvicorn.Server(uvicorn.Config(world.app, log_config=None, access_log=False, timeout_graceful_shutdown=1))
    pipe.send((listener.getsockname()[1], world.office("pboc", "341300")))

    def end() -> None:
        pipe.recv()
        server.should_exit = True

    threading.Thread(target=end, daemon=True).start()
    if profile is None:
        server.run(sockets=[listener])
        return
    import cProfile

    profiler = cProfile.Profile()
    profiler.runcall(server.run, sockets=[listener])
    profiler.dump_stats(profile)


def cpu_seconds(pid: int) -> float:
    """CPU time that a process has taken, user and system."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def ask(port: int, key: str, paths: list[str], taken: list[float]) -> None:
    """Ask for pages over one connection, noting milliseconds of each."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for path in paths:
        started = time.perf_counter()
        connection.request("GET", path, headers={"Authorization": f"Bearer {key}"})
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200 or not body:
            raise click.ClickException(f"answered {answer.status}")
        taken.append((time.perf_counter() - started) * 1000)
    connection.close()


@click.command()
@click.option("--flags", "number", default=3000, show_default=True, help="How many flags the ledger holds.")
@click.option("--pages", default=960, show_default=True, help="Pages asked for.")
@click.option("--connections", default=16, show_default=True, help="Connections at once.")
@click.option("--profile", type=click.Path(dir_okay=False), help="Write the server's profile here; slower.")
def main(number: int, pages: int, connections: int, profile: str | None) -> None:
    """Start a server over SQLite, ask it for pages, print pages a CPU-second of the server and milliseconds a page."""
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = multiprocessing.Pipe()
        make = multiprocessing.get_context("spawn").Process
        server = make(target=_serve, args=(f"sqlite:///{folder}/ledger.sqlite", number, profile, theirs))
        server.start()
        port, key = ours.recv()
        taken: list[float] = []
        ask(port, key, list(_PATHS) * 5, [])
        shares = [list(itertools.islice(itertools.cycle(_PATHS), pages // connections)) for _ in range(connections)]
        threads = [threading.Thread(target=ask, args=(port, key, share, taken)) for share in shares]
        cpu, wall = cpu_seconds(server.pid or 0), time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        cpu, wall = cpu_seconds(server.pid or 0) - cpu, time.perf_counter() - wall
        ours.send(None)
        server.join()
    taken.sort()
    click.echo(f"{len(taken)} pages in {cpu:.2f} CPU-seconds of the server: {len(taken) / cpu:.0f} a CPU-second")
    click.echo(f"{wall:.1f} s; milliseconds a page: {taken[len(taken) // 2]:.0f} median, {taken[int(len(taken) * 0.99)]:.0f} p99")


if __name__ == "__main__":
    main()
