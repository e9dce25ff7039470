"""``fundwatch office``: who may ask, and with which keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import click
from sqlalchemy import Connection

from api.auth import keys, repository
from api.auth.offices import Kind, Office, check_office
from api.auth.principal import now_ms
from api.auth.repository import OFFICE_ITSELF
from api.auth.roles import Role
from api.auth.secret import ServerSecret, read_or_make
from api.config import ApiSettings
from api.database import Database
from api.settings_reading import read_settings
from contract.commands import Verbs
from contract.errors import ConfigurationError, NotFound, RequestError
from contract.shanghai import text_ms

_NAMES: Final = {Kind.PBOC: "PBOC", Kind.NFRA: "NFRA", Kind.CSRC: "CSRC", Kind.LEAD: "LEAD", Kind.POLICE: "POLICE"}
_MOST_NAME: Final = 64


def _places(command: Callable[..., None]) -> Callable[..., None]:
    """Where the ledger and its secret lie: the same for every sub-command and for ``serve``."""
    for option in (
        click.option("--secret-file", type=click.Path(path_type=Path), help="The server's secret, as for serve."),
        click.option("--database", metavar="URL", help="The ledger's database, as for serve (API_DATABASE)."),
    ):
        command = option(command)
    return command


@contextmanager
def _ledger(settings: ApiSettings) -> Iterator[tuple[Connection, ServerSecret]]:
    secret = read_or_make(settings.secret_path())
    database = Database(settings.database.get_secret_value())
    try:
        database.migrate()
        with database.writing() as connection:
            yield connection, secret
    except RequestError as error:
        raise ConfigurationError(str(error)) from error
    finally:
        database.close()


def _give_key(
    connection: Connection, secret: ServerSecret, office_id: str, life: timedelta, role: Role, holder: str = OFFICE_ITSELF
) -> str:
    text, key = keys.new_key()
    now = now_ms()
    repository.add_key(
        connection,
        office_id,
        key_id=key.key_id,
        digest=keys.digest(key, secret),
        now_ms=now,
        expires_ms=now + round(life.total_seconds() * 1000),
        role=role,
        holder=holder,
    )
    return text


_ROLE: Final = click.Choice([role.value for role in Role])


@click.group(cls=Verbs)
def office() -> None:
    """Add offices, give and take away their keys."""


@office.command()
@click.argument("office_id", required=False)
@click.option("--kind", type=click.Choice([kind.value for kind in Kind]), required=True, help="What the office is.")
@click.option("--region", required=True, help="Its area: code of the region table, 000000 for the whole country.")
@click.option("--name", help="Its name as people read it.")
@click.option("--days", type=click.IntRange(1, 3650), help="How long the key lasts; a year unless told.")
@click.option("--role", type=_ROLE, default=Role.ANALYST.value, show_default=True, help="What the key allows.")
@_places
def add(office_id: str | None, kind: str, region: str, name: str | None, days: int | None, role: str, **places: Any) -> None:
    """Add an office and print its first key, once: only a digest of it is kept.

    OFFICE_ID is KIND-REGION unless told, for example PBOC-3413. The key alone goes to standard output.

    \b
        fundwatch office add --kind pboc --region 341300 --role administrator \\
            --database sqlite:////var/lib/fundwatch/ledger.sqlite --secret-file /var/lib/fundwatch/secret
    """
    settings = read_settings(places)
    wanted = office_id or f"{_NAMES[Kind(kind)]}-{_short(region)}"
    new = Office(wanted, Kind(kind), region, name or wanted)
    check_office(new)
    with _ledger(settings) as (connection, secret):
        repository.add_office(connection, new, now_ms=now_ms())
        text = _give_key(connection, secret, wanted, timedelta(days=days) if days else settings.key_life, Role(role))
    click.echo(f"office {wanted} added; its key, shown once:", err=True)
    click.echo(text)


@office.command()
@click.argument("office_id")
@click.option("--holder", required=True, help="The person, by a name of the office's own choice.")
@click.option("--role", type=_ROLE, required=True, help="What the key allows.")
@click.option("--days", type=click.IntRange(1, 3650), help="How long the key lasts; a year unless told.")
@_places
def key(office_id: str, holder: str, role: str, days: int | None, **places: Any) -> None:
    """Give a person of OFFICE_ID a key of their own: two-person steps need two holders.

    \b
        fundwatch office key PBOC-3413 --holder wang --role supervisor \\
            --database sqlite:////var/lib/fundwatch/ledger.sqlite
    """
    if not holder.strip() or len(holder) > _MOST_NAME:
        raise ConfigurationError(f"--holder must be 1 to {_MOST_NAME} characters")
    settings = read_settings(places)
    with _ledger(settings) as (connection, secret):
        life = timedelta(days=days) if days else settings.key_life
        text = _give_key(connection, secret, office_id, life, Role(role), holder.strip())
    click.echo(text)


@office.command(name="list")
@_places
def list_offices(**places: Any) -> None:
    """List offices with their keys' ids and ends, one key a line.

    \b
        fundwatch office list --database sqlite:////var/lib/fundwatch/ledger.sqlite
    """
    with _ledger(read_settings(places)) as (connection, _secret):
        offices = repository.all_offices(connection)
    now = now_ms()
    for found, its_keys in offices:
        click.echo(f"{found.office_id}\t{found.kind}\t{found.level}\t{found.region}\t{found.name}")
        for one in its_keys:
            state = "in use" if one.is_good(now) else "revoked" if one.revoked_ms else "expired"
            click.echo(f"  key {one.key_id}\t{state}\tuntil {text_ms(one.expires_ms)}\t{one.role}\t{one.holder}")


@office.command()
@click.argument("office_id")
@click.option("--keep-hours", type=click.IntRange(0, 720), default=24, show_default=True, help="Old keys end then.")
@click.option("--days", type=click.IntRange(1, 3650), help="How long the new key lasts; a year unless told.")
@click.option("--holder", default=OFFICE_ITSELF, show_default=True, help="Whose key; role and holder stay.")
@_places
def rotate(office_id: str, keep_hours: int, days: int | None, holder: str, **places: Any) -> None:
    """Give OFFICE_ID, or one person there, a new key; the old ones end after --keep-hours.

    \b
        fundwatch office rotate PBOC-3413 --holder wang --keep-hours 24 \\
            --database sqlite:////var/lib/fundwatch/ledger.sqlite
    """
    settings = read_settings(places)
    with _ledger(settings) as (connection, secret):
        role = repository.expire_keys(connection, office_id, holder=holder, at_ms=now_ms() + keep_hours * 3_600_000)
        if role is None:
            raise NotFound("no office of this id, or no key of this holder: fundwatch office list names them")
        life = timedelta(days=days) if days else settings.key_life
        text = _give_key(connection, secret, office_id, life, role, holder)
    click.echo(text)


@office.command()
@click.argument("office_id")
@click.option("--key", "key_id", help="One key's id; all of the office's keys unless told.")
@_places
def revoke(office_id: str, key_id: str | None, **places: Any) -> None:
    """Revoke OFFICE_ID's keys at once; its sessions end with them.

    \b
        fundwatch office revoke PBOC-3413 --key 0123456789ab --database sqlite:////var/lib/fundwatch/ledger.sqlite
    """
    with _ledger(read_settings(places)) as (connection, _secret):
        number = repository.revoke_keys(connection, office_id, now_ms=now_ms(), key_id=key_id)
    click.echo(f"{number} keys revoked", err=True)


def _short(region: str) -> str:
    """An area's code as people write it: 340000 is 34, 341300 is 3413, the country CN."""
    short = region
    while short.endswith("00"):
        short = short[:-2]
    return short or "CN"
