"""``fundwatch audit``: whether the audit is whole, for the operator."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any, Final

import click

from api.audit.verification import verify as verify_chain
from api.database import Database
from api.settings_reading import read_settings
from contract.commands import Verbs
from contract.errors import ConfigurationError

_HEAD: Final = re.compile(r"([0-9]{1,18}):([0-9a-f]{64})", re.ASCII)


@click.group(cls=Verbs)
def audit() -> None:
    """Check the audit of who asked for what."""


@audit.command()
@click.option("--database", metavar="URL", help="The ledger's database, as for serve (API_DATABASE).")
@click.option("--secret-file", type=click.Path(path_type=Path), hidden=True, help="Not needed; as for serve.")
@click.option("--head", metavar="LINES:HASH", help="A head noted earlier, which must still be part of the chain.")
def verify(head: str | None, **places: Any) -> None:
    """Read the whole chain of hashes; exit 1 where a line was changed, left out or put in.

    Prints the chain's head as LINES:HASH. Keep it somewhere else: given back with --head it also shows whether lines
    were cut off the end, or the whole chain was computed anew.

    \b
        fundwatch audit verify --database sqlite:////var/lib/fundwatch/ledger.sqlite
    """
    noted = _HEAD.fullmatch(head) if head else None
    if head and noted is None:
        raise ConfigurationError("--head must be LINES:HASH as an earlier run printed it")
    database = Database(read_settings(places).database.get_secret_value())
    try:
        with database.reading() as connection:
            known = {"known_seq": int(noted[1]), "known_hash": bytes.fromhex(noted[2])} if noted else {}
            verdict = verify_chain(connection, **known)  # type: ignore[arg-type]
    finally:
        database.close()
    if verdict.is_whole:
        click.echo(f"{verdict.lines}:{verdict.head.hex()}")
        click.echo(f"whole: {verdict.lines} lines", err=True)
        return
    click.echo(f"broken at line {verdict.broken_at}: {verdict.broken_because}", err=True)
    sys.exit(1)
