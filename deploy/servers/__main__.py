"""``python -m deploy.servers [COMMAND…]``: Apache Kafka and PostgreSQL until Ctrl-C, or while a command runs.

A command finds the addresses in ``FUNDWATCH_TEST_KAFKA`` and ``FUNDWATCH_TEST_DATABASE``. Where a server cannot be had,
``CI=true`` fails; elsewhere the command runs without that address, so that tests fall back and say so.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, suppress

import click

from deploy.servers import kafka, postgres
from deploy.servers.process import ServerUnavailable

KAFKA = "FUNDWATCH_TEST_KAFKA"
DATABASE = "FUNDWATCH_TEST_DATABASE"
SERVERS: dict[str, Callable[[], AbstractContextManager[str]]] = {KAFKA: kafka.running, DATABASE: postgres.running}


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": ["-h", "--help"]})
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
def main(command: tuple[str, ...]) -> None:
    """Start Apache Kafka and PostgreSQL on this machine; run COMMAND beside them, or wait for Ctrl-C."""
    must_have = bool(os.environ.get("CI")) or not command
    with ExitStack() as stack:
        addresses = _start_all(stack, must_have=must_have)
        for name, address in addresses.items():
            click.echo(f"{name}={address}" if not command else f"started {name}", err=bool(command))
        if command:
            sys.exit(subprocess.run(command, env={**os.environ, **addresses}, check=False).returncode)
        click.echo("Ctrl-C ends both.", err=True)
        with suppress(KeyboardInterrupt):
            signal.pause()


def _start_all(stack: ExitStack, *, must_have: bool) -> dict[str, str]:
    addresses = {}
    for name, start in SERVERS.items():
        try:
            addresses[name] = stack.enter_context(start())
        except ServerUnavailable as error:
            if must_have:
                raise click.ClickException(str(error)) from error
            click.echo(f"going on without {name}: {error}", err=True)
    return addresses


if __name__ == "__main__":
    # Without this a SIGTERM would end us at once and leave the servers behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    main()
