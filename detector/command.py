"""``fundwatch detect``: one detector worker."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import click
import structlog
from prometheus_client import start_http_server

from contract.archive.listing import Archive
from contract.errors import ConfigurationError, StoreUnavailable, TransportUnavailable
from contract.logs import log_to_stderr
from contract.topics import EVIDENCE
from detector.archive.rebuild import Progress, Rebuild
from detector.catalogue import load_catalogue
from detector.checkpoint import CheckpointStore
from detector.config import MIB, DetectorSettings, read_settings
from detector.opening import Opening, WithoutCommit
from detector.patience import Patience
from detector.sides.desk import Desk
from detector.transport.kafka import KafkaTransport
from detector.transport.kafka_sides import KafkaSides
from detector.worker import Worker

log = structlog.get_logger()
TELL_S: Final = 5.0
_T = TypeVar("_T")


@click.command()
@click.option("--kafka", help="Broker, HOST:PORT[,HOST:PORT…].")
@click.option("--checkpoint", help="Folder or object store URL of checkpoints, shared by all workers.")
@click.option("--archive", help="Folder or object store URL where what was consumed is kept for good: docs/archive.md.")
@click.option("--config", type=click.Path(path_type=Path), help="TOML that changes thresholds or switches typologies off.")
@click.option("--calendar", type=click.Path(path_type=Path), help="TOML of days on and off beyond the built-in calendar.")
@click.option("--group", help="Consumer group. Default: fundwatch-detect.")
@click.option("--ops-port", type=int, help="Port for /metrics; none where absent.")
@click.option("--ops-host", help="Address of the metrics port. Default: 127.0.0.1.")
@click.option("--adopt", is_flag=True, help="Go on from the newest checkpoint where the group has lost its commits.")
@click.option("--rebuild-from", metavar="ARCHIVE", help="First rebuild shards without a usable checkpoint from this archive.")
@click.option("--from-the-beginning", is_flag=True, help="Judge the log anew although checkpoints without a commit exist.")
def detect(
    rebuild_from: str | None,
    from_the_beginning: bool,
    adopt: bool,
    **options: Any,
) -> None:
    """Judge movements as they come; start as many workers as there is work for.

    Workers of one group share the partitions of all institutions' topics and hand shards over with their checkpoints.
    SIGTERM and Ctrl-C end one cleanly. Example:

    \b
        fundwatch detect --kafka 127.0.0.1:9092 --checkpoint /var/lib/fundwatch/checkpoints \\
            --archive /var/lib/fundwatch/archive --ops-port 9101
    """
    if adopt and from_the_beginning:
        raise ConfigurationError("give --adopt or --from-the-beginning, not both")
    settings = read_settings(options)
    catalogue = load_catalogue(settings.config, settings.calendar)
    archive = Archive.at(settings.archive) if settings.archive else None
    source = Archive.at(rebuild_from, option="--rebuild-from") if rebuild_from is not None else None
    log_to_stderr()
    serve_metrics(settings.ops_port, settings.ops_host)
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    least_shared = settings.checkpoint_shared_from_mib * MIB
    keep = settings.keep_checkpoints
    store = awaited(lambda: CheckpointStore.at(str(settings.checkpoint), keep, least_shared=least_shared), stopped)
    transport = _connected(settings, stopped) if store is not None else None
    if store is None or transport is None:
        return
    without_commit = WithoutCommit.ADOPT if adopt else WithoutCommit.BEGIN if from_the_beginning else WithoutCommit.REFUSE
    desk = _desk(settings, transport, stopped)
    if stopped.is_set():
        return
    evidence = awaited(lambda: transport.has(EVIDENCE), stopped)
    if evidence is None:
        return
    if not evidence:
        log.warning("evidence_topic_absent", topic=EVIDENCE)
    future_ms = int(settings.future.total_seconds() * 1000)
    opening = Opening(transport, store, catalogue, future_ms, without_commit, archive, desk, evidence)
    if source is not None:
        rebuild(source, opening, transport, stopped)
    worker = Worker(
        transport,
        store,
        opening,
        settings.checkpoint_every.total_seconds(),
        stopped.is_set,
        background_from=settings.checkpoint_beside_from_mib * MIB,
    )
    worker.run()


def rebuild(source: Archive, opening: Opening, transport: KafkaTransport, stopped: threading.Event) -> None:
    """Rebuild what has no usable checkpoint, saying now and then how far it is."""
    said = [time.monotonic()]

    def tell(progress: Progress) -> None:
        now = time.monotonic()
        if now - said[0] >= TELL_S and progress.seconds_left is not None:
            said[0] = now
            share = round(100 * progress.done / progress.whole, 1)
            log.info("rebuild_progress", percent=share, rows=progress.rows, seconds_left=round(progress.seconds_left))

    shards = Rebuild(source, opening, transport, tell, stopped.is_set).run()
    log.info("rebuild_ended", shards=shards)


def serve_metrics(port: int | None, host: str) -> None:
    """Answer ``/metrics`` where a port is named; raises ``ConfigurationError`` for one that cannot be used."""
    if port is None:
        return
    try:
        start_http_server(port, host)
    except OSError as error:
        raise ConfigurationError(f"--ops-port or --ops-host cannot be used: {error.strerror}") from error


def _connected(settings: DetectorSettings, stopped: threading.Event) -> KafkaTransport | None:
    """The broker, waited for while it is away; ``None`` where we were stopped meanwhile."""
    session_s = settings.kafka_session.total_seconds()
    return awaited(
        lambda: KafkaTransport(str(settings.kafka), settings.group, settings.poll_records, session_s=session_s), stopped
    )


def _desk(settings: DetectorSettings, transport: KafkaTransport, stopped: threading.Event) -> Desk | None:
    """Side inputs, ``None`` where the broker has no topics for them: the stream is judged without."""
    reader = awaited(lambda: KafkaSides(str(settings.kafka)), stopped)
    if reader is None:
        return None
    if not reader.exist:
        log.warning("side_topics_absent", missing=reader.missing)
        reader.close()
        return None
    return Desk(reader, transport.publish_turn, transport.flush)


def awaited(connect: Callable[[], _T], stopped: threading.Event) -> _T | None:
    """What needs a broker or a store, waited for while it is away; ``None`` where we were stopped meanwhile."""
    patience = Patience(stopped.is_set, stopped.wait)
    while not stopped.is_set():
        try:
            return connect()
        except (TransportUnavailable, StoreUnavailable) as error:
            patience.wait(error)
    return None
