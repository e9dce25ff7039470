"""PostgreSQL from the operating system's package: a cluster of its own in a temporary folder, on 127.0.0.1."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from deploy.servers.process import ServerUnavailable, free_port, needed_program, serving

FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/local/pgsql/bin")
# No account of the operating system named so is needed, but the server refuses to run as root.
UNPRIVILEGED = "postgres"
USER = "fundwatch"
START_S = 60.0
# A cluster that is thrown away needs no safe disk writes.
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@contextmanager
def running(port: int | None = None) -> Iterator[str]:
    """Run an empty cluster until the block ends; gives a SQLAlchemy URL of its database ``fundwatch``.

    Raises
    ------
    ServerUnavailable
        When PostgreSQL cannot be had or does not come up.
    """
    port = port or free_port()
    home = Path(tempfile.mkdtemp(prefix="fundwatch-postgres-"))
    try:
        command, address = prepared(home, port, QUICK)
        with serving(
            command,
            name="PostgreSQL",
            log=home / "server.log",
            ready=lambda: accepts(address),
            within_s=START_S,
            # SIGINT: roll back what is open and end; SIGTERM would wait for every client.
            stop_signal=signal.SIGINT,
        ):
            yield make_database(address)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def prepared(home: Path, port: int, settings: Sequence[str]) -> tuple[list[str], str]:
    """Make an empty cluster in ``home``; return the command that starts it and ``user:password@host:port``.

    Raises ``ServerUnavailable`` when it cannot be had.
    """
    initdb = needed_program("initdb", package="postgresql", folders=FOLDERS)
    server = needed_program("postgres", package="postgresql", folders=FOLDERS)
    password = secrets.token_urlsafe(16)
    _make_cluster(initdb, home, password)
    given = [f"-c{setting}" for setting in (*settings, f"unix_socket_directories={home}")]
    command = [*_as_unprivileged(), server, "-D", str(home / "data"), "-h", "127.0.0.1", "-p", str(port), *given]
    return command, f"{USER}:{password}@127.0.0.1:{port}"


def make_database(address: str) -> str:
    """Make the empty database ``fundwatch`` in the cluster at ``address`` and return its SQLAlchemy URL."""
    _execute(f"postgresql://{address}/postgres", sql.SQL("CREATE DATABASE fundwatch"))
    return f"postgresql+psycopg://{address}/fundwatch"


@contextmanager
def fresh_database(url: str) -> Iterator[str]:
    """Make an empty database in the cluster of ``url``, give its URL, drop it when the block ends."""
    name = f"fundwatch_{uuid.uuid4().hex}"
    base, _, _ = url.rpartition("/")
    plain = f"{base.replace('+psycopg', '')}/postgres"
    _execute(plain, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield f"{base}/{name}"
    finally:
        _execute(plain, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _make_cluster(initdb: str, home: Path, password: str) -> None:
    secret = home / "password"
    secret.write_text(password)
    if os.geteuid() == 0:
        for path in (home, secret):
            shutil.chown(path, UNPRIVILEGED, UNPRIVILEGED)
    options = ["-U", USER, "--pwfile", str(secret), "-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "-N"]
    command = [*_as_unprivileged(), initdb, "-D", str(home / "data"), *options]
    made = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
    if made.returncode != 0:
        raise ServerUnavailable(f"PostgreSQL's cluster could not be made:\n{made.stderr[-1500:]}")


def _as_unprivileged() -> Sequence[str]:
    if os.geteuid() != 0:
        return ()
    try:
        pwd.getpwnam(UNPRIVILEGED)
    except KeyError:
        raise ServerUnavailable(f"PostgreSQL refuses to run as root and there is no user '{UNPRIVILEGED}'") from None
    # It becomes the server itself: runuser would stay beside it, and the server would not be our child.
    return ("setpriv", "--reuid", UNPRIVILEGED, "--regid", UNPRIVILEGED, "--clear-groups", "--")


def accepts(address: str) -> bool:
    """Whether the cluster at ``address`` takes connections."""
    try:
        with psycopg.connect(f"postgresql://{address}/postgres", connect_timeout=1):
            return True
    except psycopg.OperationalError:
        return False


def _execute(plain_url: str, statement: sql.SQL | sql.Composed) -> None:
    with psycopg.connect(plain_url, autocommit=True) as connection:
        connection.execute(statement)
