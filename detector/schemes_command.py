"""``fundwatch schemes``: links accounts across shards and institutions."""

from __future__ import annotations

import re
import signal
import threading
from pathlib import Path
from typing import Any

import click
import structlog

from contract.errors import ConfigurationError
from contract.logs import log_to_stderr
from contract.topics import EVIDENCE
from detector.catalogue import load_catalogue
from detector.checkpoint import CheckpointStore
from detector.command import awaited, serve_metrics
from detector.config import read_schemes_settings
from detector.opening import WithoutCommit
from detector.scheme_opening import SchemeOpening
from detector.scheme_worker import SchemeWorker
from detector.transport.kafka import KafkaTransport

log = structlog.get_logger()


@click.command()
@click.option("--kafka", help="Broker, HOST:PORT[,HOST:PORT…].")
@click.option("--checkpoint", help="Folder or object store URL of checkpoints; the detector's own may be used.")
@click.option("--config", type=click.Path(path_type=Path), help="TOML of thresholds; give what the detector is given.")
@click.option("--calendar", type=click.Path(path_type=Path), help="TOML of days on and off beyond the built-in calendar.")
@click.option("--group", help="Consumer group. Default: fundwatch-schemes.")
@click.option("--ops-port", type=int, help="Port for /metrics; none where absent.")
@click.option("--ops-host", help="Address of the metrics port. Default: 127.0.0.1.")
@click.option("--adopt", is_flag=True, help="Go on from the newest checkpoint where the group has lost its commits.")
@click.option("--from-the-beginning", is_flag=True, help="Judge the log anew although checkpoints without a commit exist.")
def schemes(from_the_beginning: bool, adopt: bool, **options: Any) -> None:
    """Find schemes: accounts at any institutions that collect together, each ordinary alone.

    Reads what the detector's workers tell of candidate accounts (fundwatch.evidence.v1) and judges each day once every
    shard has closed it; writes schemes (fundwatch.schemes.v1) and flags of members. One process works; a second one
    started beside it stands by and goes on from the checkpoint when the first ends. SIGTERM and Ctrl-C end it cleanly.

    \b
    fundwatch topics create --kafka 127.0.0.1:9092 --institution B1=4
    fundwatch detect  --kafka 127.0.0.1:9092 --checkpoint /var/lib/fundwatch/checkpoints
    fundwatch schemes --kafka 127.0.0.1:9092 --checkpoint /var/lib/fundwatch/checkpoints --ops-port 9103
    """
    if adopt and from_the_beginning:
        raise ConfigurationError("give --adopt or --from-the-beginning, not both")
    settings = read_schemes_settings(options)
    catalogue = load_catalogue(settings.config, settings.calendar)
    log_to_stderr()
    serve_metrics(settings.ops_port, settings.ops_host)
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    store = awaited(lambda: CheckpointStore.at(str(settings.checkpoint), settings.keep_checkpoints), stopped)
    if store is None:
        return
    transport = awaited(
        lambda: KafkaTransport(
            str(settings.kafka),
            settings.group,
            settings.poll_records,
            session_s=settings.kafka_session.total_seconds(),
            pattern=f"^{re.escape(EVIDENCE)}$",
        ),
        stopped,
    )
    if transport is None:
        return
    if not awaited(lambda: transport.has(EVIDENCE), stopped) and not stopped.is_set():
        # It is joined when it comes: the client looks for it.
        log.warning("evidence_topic_absent", topic=EVIDENCE)
    without_commit = WithoutCommit.ADOPT if adopt else WithoutCommit.BEGIN if from_the_beginning else WithoutCommit.REFUSE
    opening = SchemeOpening(transport, store, catalogue, without_commit)
    every_s, silent_s = settings.checkpoint_every.total_seconds(), settings.silent_after.total_seconds()
    SchemeWorker(transport, store, opening, every_s, silent_s, stopped.is_set).run()
