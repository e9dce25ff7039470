"""``fundwatch serve``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from api.settings_reading import read_settings
from contract.logs import log_to_stderr


@click.command()
@click.option("--kafka", metavar="HOST:PORT", help="Broker to take flags from; without it the ledger stays as it is.")
@click.option("--database", metavar="URL", help="sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME.")
@click.option("--archive", metavar="URL", help="Where the detectors' archive lies.")
@click.option("--host", help="Address to listen on; 127.0.0.1 unless told.")
@click.option("--port", type=int, help="Port of API and console; 8000 unless told, 0 takes a free one.")
@click.option("--ops-host", help="Address of the operations port; 127.0.0.1 unless told.")
@click.option("--ops-port", type=int, help="Port of health and metrics; 8001 unless told.")
@click.option("--secret-file", type=click.Path(path_type=Path), help="The server's secret; made where it is missing.")
@click.option("--tls-cert", type=click.Path(path_type=Path), help="PEM chain of this server; then --port speaks TLS alone.")
@click.option("--tls-key", type=click.Path(path_type=Path), help="PEM key of --tls-cert.")
@click.option(
    "--tls-client-ca", type=click.Path(path_type=Path), help="PEM of authorities; then every client needs a certificate."
)
def serve(**options: Any) -> None:
    """Serve flags to offices: risk ledger, API and console on --port, health and metrics on --ops-port.

    Every option can also be set by a variable: API_DATABASE for --database, and so on. Offices and their keys come
    from `fundwatch office add`, with the same --database and --secret-file. Example:

    \b
        fundwatch serve --kafka 127.0.0.1:9092 --archive /var/lib/fundwatch/archive \\
            --database sqlite:////var/lib/fundwatch/ledger.sqlite --secret-file /var/lib/fundwatch/secret
    """
    from api.server import serve as run

    settings = read_settings(options)
    log_to_stderr()
    run(settings)
