"""``fundwatch produce``: a bank's file into Kafka."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, closing
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click
import msgspec
from prometheus_client import start_http_server
from rich.console import Console
from rich.progress import Progress as ProgressLine
from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

from contract.checks import INSTITUTION_PATTERN
from contract.errors import ConfigurationError, FundwatchError
from contract.logs import log_to_stderr
from contract.pseudonyms import Pseudonymiser
from producers.adapters import adapters
from producers.config import ProducerSettings, read_settings
from producers.files import check_heads, read_files
from producers.kafka import KafkaLog
from producers.progress import Progress, fingerprint
from producers.publish import Pace, Publisher
from producers.run import Account, run

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="FILE…")
@click.option("--institution", required=True, metavar="CODE", help="The reporting institution; rows of others are skipped.")
@click.option("--format", "fmt", metavar="NAME", help="csv, jsonl or parquet; told from the file's name where absent.")
@click.option("--kafka", metavar="HOST:PORT", help="Broker, several with commas between.")
@click.option("--profiles", type=FILE, multiple=True, help="Profiles of accounts (our own field names); may repeat.")
@click.option("--mapping", type=FILE, help="TOML that describes the bank's own layout: docs/connect-a-bank.md.")
@click.option("--pseudonym-key", type=FILE, help="Key file, for a mapping with [pseudonymise].")
@click.option("--rejects", type=FILE, help="Write refused rows here, a JSON line each: reason, field, file, row; no value.")
@click.option("--dry-run", is_flag=True, help="Read and check everything, send nothing; needs no broker.")
@click.option("--create-topics", type=click.IntRange(1, 1000), metavar="N", help="Make missing topics with N partitions.")
@click.option("--rate", type=click.FloatRange(0, min_open=True), metavar="N", help="At most N movements a second, for demos.")
@click.option("--anew", is_flag=True, help="Send everything, also what an earlier run has sent.")
@click.option("--progress", type=click.Path(path_type=Path, file_okay=False), help="Folder that remembers what was sent.")
@click.option("--metrics-port", type=click.IntRange(0, 65535), help="Serve metrics here while running.")
def produce(files: tuple[Path, ...], institution: str, **options: Any) -> None:
    """Send a bank's files into its Kafka topic, every row checked and every record acknowledged.

    Files are read in the order given, as one stream sorted by time. Refused rows are counted by reason and the rest
    goes on. A run that was broken off goes on where it stood when it is started again, and files that were sent are
    recognised by their content. The last line on standard output is a JSON summary. Try a new file without a broker
    first:

    \b
        fundwatch produce movements.csv --institution C1030134001 --dry-run --rejects rejects.jsonl
    """
    if not re.fullmatch(INSTITUTION_PATTERN, institution):
        raise ConfigurationError("--institution must be 1 to 32 letters, digits, '_' or '-'")
    if options["fmt"] is not None and options["fmt"] not in adapters():
        raise ConfigurationError(f"--format must be one of {', '.join(adapters())}")
    settings = read_settings({name: options[name] for name in ("kafka", "pseudonym_key", "progress", "metrics_port")})
    pseudonymiser = Pseudonymiser.from_file(settings.pseudonym_key) if settings.pseudonym_key else None
    read: dict[str, Any] = {name: options[name] for name in ("profiles", "mapping", "fmt")} | {"pseudonymiser": pseudonymiser}
    check_heads(files, **read)
    log_to_stderr()
    with ExitStack() as stack:
        rejects = stack.enter_context(_opened(options["rejects"])) if options["rejects"] else None
        _serve_metrics(settings, stack)
        publisher, progress, partitions = None, None, 1
        account = Account(institution)
        if not options["dry_run"]:
            log = stack.enter_context(closing(KafkaLog(settings, institution, create=options["create_topics"])))
            partitions = log.partitions
            progress = _remembered(settings, log, institution, files, options)
            stack.callback(progress.save)
            if progress.sent.complete:
                account.already_sent = progress.sent.movements
                _close(account, None, complete=True)
                return
            publisher = Publisher(
                log,
                account.acknowledged,
                Pace(options["rate"]),
                rows_per_record=settings.rows_per_record,
                most_in_flight=settings.in_flight_mib * 1024 * 1024,
                settled=progress.settled,
                skip=progress.sent.units,
            )
            account.already_sent = progress.sent.movements
        items = read_files(files, institution=institution, partitions=lambda _code: partitions, **read)
        try:
            _show(run(items, account, publisher, rejects.write if rejects else None))
        except FundwatchError:
            _close(account, publisher, complete=False)
            raise
        if progress is not None:
            progress.sent.complete = True
        _close(account, publisher, complete=True)


def _remembered(
    settings: ProducerSettings, log: KafkaLog, institution: str, files: tuple[Path, ...], options: dict[str, Any]
) -> Progress:
    """What earlier runs have sent of the same files, read in the same way, into the same topic."""
    others = [Path(one) for one in (*options["profiles"], options["mapping"], settings.pseudonym_key) if one]
    words = [
        version("fundwatch"),
        log.identity or str(settings.kafka),
        institution,
        options["fmt"] or "",
        str(log.partitions),
        str(len(files)),
    ]
    words += [str(len(options["profiles"])), str(options["mapping"] is not None)]
    name = fingerprint((*files, *others), words)
    return Progress.of(settings.progress, name, None if options["anew"] else log.ends)


def _opened(path: Path) -> Any:
    try:
        return path.open("wb")
    except OSError as error:
        raise ConfigurationError(f"--rejects {path} cannot be written: {error.strerror}") from error


def _serve_metrics(settings: ProducerSettings, stack: ExitStack) -> None:
    if settings.metrics_port is None:
        return
    try:
        server, thread = start_http_server(settings.metrics_port, settings.ops_host)
    except OSError as error:
        raise ConfigurationError(f"--metrics-port cannot be used: {error.strerror}") from error

    def stop() -> None:
        server.shutdown()
        server.server_close()
        thread.join()

    stack.callback(stop)


def _close(account: Account, publisher: Publisher | None, *, complete: bool) -> None:
    summary = account.summary(complete=complete, records=publisher.records if publisher else 0)
    click.echo(msgspec.json.encode(summary).decode())


def _show(accounts: Iterator[Account]) -> None:
    """Run through, with a line on a terminal and nothing when piped."""
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with ProgressLine(*columns, console=console, disable=not console.is_terminal, transient=True) as line:
        task = line.add_task("reading")
        for account in accounts:
            said = f"{account.read:,} read  {account.sent:,} acknowledged  {account.rejected:,} rejected"
            line.update(task, description=said)
