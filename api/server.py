"""The office side: API, console and operations port in this process, the ledger's writer in another, ending together."""

from __future__ import annotations

import contextlib
import signal
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Protocol

import structlog
import uvicorn
from fastapi import FastAPI

from api.app import create_app
from api.auth.principal import now_ms
from api.auth.secret import read_or_make
from api.config import ApiSettings
from api.database import Database
from api.industries.learner import IndustryLearner
from api.ledger.writer_process import WriterProcess, orders
from api.ops import Check, OpsServer
from api.outbox.kafka import KafkaSink
from api.outbox.publisher import Publisher
from api.webhooks.dispatcher import Dispatcher
from api.webhooks.sending import Sender
from contract.archive.listing import Archive
from contract.errors import ConfigurationError, FatalError

_LOG = structlog.get_logger(__name__)
_GRACE_S = 10
KEEP_ALIVE_S = 75
"""Longer than offices leave between two polls: one that closes just as the next request comes resets it."""


def serve(settings: ApiSettings) -> None:
    """Run until SIGTERM or SIGINT. Raises ``FatalError`` where the ledger's writer broke."""
    database = Database(settings.database.get_secret_value())
    database.migrate()
    app = create_app(database, read_or_make(settings.secret_path()), settings)
    checks: dict[str, Check] = {"database": database.answers}
    with ExitStack() as stack:
        stack.callback(database.close)
        stack.callback(app.state.audit.close)
        listener = stack.enter_context(_listen(settings.host, settings.port))
        server = _web_server(app, settings)
        failures: list[str] = []
        if settings.kafka is not None:
            writer = WriterProcess(orders(settings))
            stack.enter_context(_thread("ledger-writer", writer, server, failures))
            checks["ledger_writer"] = writer.is_reading
            stack.enter_context(_publishing(database, str(settings.kafka), server, failures))
        if settings.archive is not None:
            learner = IndustryLearner(database, Archive.at(settings.archive, option="--archive"), now_ms)
            stack.enter_context(_thread("industries", learner, server, failures))
        stack.enter_context(_telling(database, app, settings))
        ops = stack.enter_context(OpsServer(settings.ops_host, settings.ops_port, checks))
        _LOG.info("serving", host=settings.host, port=listener.getsockname()[1], ops_port=ops.port)
        with _ending_by_signal():
            server.run(sockets=[listener])
    _LOG.info("served")
    if failures:
        raise FatalError(failures[0])


def _web_server(app: FastAPI, settings: ApiSettings) -> uvicorn.Server:
    # access_log would write paths, and paths hold ids; date and server headers tell a client nothing it needs.
    config = uvicorn.Config(
        app,
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_S,
        timeout_keep_alive=KEEP_ALIVE_S,
        ssl_certfile=settings.tls_cert,
        ssl_keyfile=settings.tls_key,
        ssl_ca_certs=None if settings.tls_client_ca is None else str(settings.tls_client_ca),
        ssl_cert_reqs=ssl.CERT_NONE if settings.tls_client_ca is None else ssl.CERT_REQUIRED,
    )
    try:
        config.load()
    except (OSError, ssl.SSLError) as error:
        raise ConfigurationError("API_TLS_CERT, API_TLS_KEY or API_TLS_CLIENT_CA cannot be read as PEM") from error
    if config.ssl is not None:
        config.ssl.minimum_version = ssl.TLSVersion.TLSv1_2
    return uvicorn.Server(config)


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise ConfigurationError(f"--host or --port cannot be used: {error.strerror}") from error


@contextlib.contextmanager
def _publishing(database: Database, kafka: str, server: uvicorn.Server, failures: list[str]) -> Iterator[None]:
    """Send verdicts and the watch list to the detector, in a thread of its own."""
    publisher = Publisher(database, lambda: KafkaSink(kafka), now_ms)
    with _thread("outbox", publisher, server, failures):
        yield


class _Running(Protocol):
    def run(self) -> None: ...

    def stop(self) -> None: ...


@contextlib.contextmanager
def _thread(name: str, what: _Running, server: uvicorn.Server, failures: list[str]) -> Iterator[None]:
    """Run something beside the server; an error that it does not expect ends the whole process."""

    def run() -> None:
        try:
            what.run()
        except Exception as error:  # noqa: BLE001 - the boundary of the thread: told, and the process ends
            _LOG.exception("thread_failed", thread=name)
            failures.append(f"{name} failed: {type(error).__name__}")
            server.should_exit = True

    thread = threading.Thread(target=run, name=name)
    thread.start()
    try:
        yield
    finally:
        what.stop()
        thread.join()


@contextlib.contextmanager
def _telling(database: Database, app: FastAPI, settings: ApiSettings) -> Iterator[None]:
    """Tell webhooks of news in a thread; several processes take turns."""
    sender = Sender(app.state.reach, settings.webhook_timeout.total_seconds())
    dispatcher = Dispatcher(database, app.state.secret, sender, now_ms)
    thread = threading.Thread(target=dispatcher.run, name="webhooks")
    thread.start()
    try:
        yield
    finally:
        dispatcher.stop()
        thread.join()


@contextlib.contextmanager
def _ending_by_signal() -> Iterator[None]:
    """Let uvicorn's repetition of a signal, once it has ended by it, end nothing more: the rest closes in order."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    former = {number: signal.signal(number, _heed_not) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _heed_not(_number: int, _frame: object) -> None:
    """Do nothing."""
