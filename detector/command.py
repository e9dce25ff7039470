"""``fundwatch detect``: one detector worker."""

from __future__ import annotations

import logging
import signal
import sys
from pathlib import Path
from typing import Any

import click
import structlog
from prometheus_client import start_http_server

from contract.errors import ConfigurationError
from detector.catalogue import load_catalogue
from detector.checkpoint import CheckpointStore
from detector.config import read_settings
from detector.transport.kafka import KafkaTransport
from detector.worker import Worker


def _log_to_stderr() -> None:
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")
    logging.getLogger("kafka").setLevel(logging.CRITICAL)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


@click.command()
@click.option("--kafka", help="Broker, HOST:PORT[,HOST:PORT…].")
@click.option("--checkpoint", help="Folder or object store URL of checkpoints, shared by all workers.")
@click.option("--archive", help="Not used yet: the archive comes with a later release.")
@click.option("--config", type=click.Path(path_type=Path), help="TOML that changes thresholds or switches typologies off.")
@click.option("--group", help="Consumer group. Default: fundwatch-detect.")
@click.option("--ops-port", type=int, help="Port for /metrics; none where absent.")
@click.option("--ops-host", help="Address of the metrics port. Default: 127.0.0.1.")
@click.option("--rebuild-from", hidden=True, help="Not built yet.")
@click.option("--from-the-beginning", is_flag=True, help="Judge the log anew although checkpoints without a commit exist.")
def detect(archive: str | None, rebuild_from: str | None, from_the_beginning: bool, **options: Any) -> None:  # noqa: ARG001
    """Judge movements as they come; start as many workers as there is work for.

    Workers of one group share the partitions of all institutions' topics and hand shards over with their checkpoints.
    SIGTERM and Ctrl-C end one cleanly. Example:

        fundwatch detect --kafka 127.0.0.1:9092 --checkpoint /var/lib/fundwatch/checkpoints --ops-port 9101
    """
    if rebuild_from is not None:
        raise ConfigurationError("--rebuild-from is not built yet: leave it out")
    settings = read_settings(options)
    _log_to_stderr()
    if settings.ops_port is not None:
        start_http_server(settings.ops_port, settings.ops_host)
    worker = Worker(
        KafkaTransport(
            str(settings.kafka), settings.group, settings.poll_records, session_s=settings.kafka_session.total_seconds()
        ),
        CheckpointStore.at(str(settings.checkpoint), settings.keep_checkpoints),
        load_catalogue(settings.config),
        future_ms=int(settings.future.total_seconds() * 1000),
        checkpoint_every_s=settings.checkpoint_every.total_seconds(),
        adopt=from_the_beginning,
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stop())
    worker.run()
