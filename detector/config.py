"""Settings of the detector, from ``DETECTOR_…`` variables and the command line."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

from annotated_types import Ge, Le, Len
from pydantic import AfterValidator, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from contract.errors import ConfigurationError
from contract.topics import brokers

MIB: Final = 1024 * 1024
Brokers = Annotated[str, AfterValidator(brokers)]


class DetectorSettings(BaseSettings):
    """What one worker needs to know; read once, then passed as plain arguments."""

    model_config = SettingsConfigDict(env_prefix="DETECTOR_", frozen=True, extra="forbid")

    kafka: Brokers | None = None
    """Broker as HOST:PORT[,HOST:PORT…]."""
    checkpoint: str | None = None
    """Folder or object store URL for checkpoints, shared by all workers of a group."""
    archive: str | None = None
    """Folder or object store URL of the archive; none is written where absent."""
    group: Annotated[str, Len(min_length=1)] = "fundwatch-detect"
    """Consumer group; workers of one group share the partitions."""
    kafka_session: Annotated[timedelta, Ge(timedelta(seconds=1)), Le(timedelta(minutes=30))] = timedelta(seconds=45)
    """How long a worker may be silent before the broker gives its shards to others; the broker has limits of its own."""
    config: Path | None = None
    """TOML that changes thresholds or switches typologies off."""
    calendar: Path | None = None
    """TOML with lists ``working`` and ``holidays`` of dates, for years that the built-in calendar does not know."""
    checkpoint_every: Annotated[timedelta, Ge(timedelta(seconds=1))] = timedelta(seconds=30)
    keep_checkpoints: Annotated[int, Ge(2), Le(100)] = 2
    checkpoint_shared_from_mib: Annotated[int, Ge(0)] = 16
    """Size of a shard's state, in MiB, from which its checkpoints name chunks of earlier ones that have not changed."""
    checkpoint_beside_from_mib: Annotated[int, Ge(0)] = 64
    """Size of a worker's state, in MiB, from which checkpoints are written beside the stream."""
    future: Annotated[timedelta, Ge(timedelta(0))] = timedelta(minutes=10)
    """How far a movement's time may lie after its record's."""
    poll_records: Annotated[int, Ge(1), Le(500)] = 20
    """Most records a poll; a record holds up to 10,000 movements."""
    ops_host: str = "127.0.0.1"
    ops_port: Annotated[int, Ge(0), Le(65535)] | None = None


class SchemesSettings(BaseSettings):
    """What the scheme process needs to know."""

    model_config = SettingsConfigDict(env_prefix="SCHEMES_", frozen=True, extra="forbid")

    kafka: Brokers | None = None
    """Broker as HOST:PORT[,HOST:PORT…]."""
    checkpoint: str | None = None
    """Folder or object store URL for checkpoints; the workers' own may be used."""
    group: Annotated[str, Len(min_length=1)] = "fundwatch-schemes"
    """Consumer group; of several processes one works and the others stand by."""
    kafka_session: Annotated[timedelta, Ge(timedelta(seconds=1)), Le(timedelta(minutes=30))] = timedelta(seconds=45)
    """How long the process may be silent before the broker lets another work; the broker has limits of its own."""
    config: Path | None = None
    """TOML of thresholds, as of the workers."""
    calendar: Path | None = None
    """TOML with lists ``working`` and ``holidays`` of dates, as of the workers."""
    checkpoint_every: Annotated[timedelta, Ge(timedelta(seconds=1))] = timedelta(seconds=30)
    keep_checkpoints: Annotated[int, Ge(2), Le(100)] = 2
    silent_after: Annotated[timedelta, Ge(timedelta(seconds=1))] = timedelta(minutes=10)
    """How long a shard more than three days behind the others may stand still before nobody waits for it any longer."""
    poll_records: Annotated[int, Ge(1), Le(10_000)] = 500
    ops_host: str = "127.0.0.1"
    ops_port: Annotated[int, Ge(0), Le(65535)] | None = None


_S = TypeVar("_S", DetectorSettings, SchemesSettings)


def read_settings(options: dict[str, Any]) -> DetectorSettings:
    """Settings with the options that were given; raises ``ConfigurationError`` that names what to change."""
    return _read(DetectorSettings, options)


def read_schemes_settings(options: dict[str, Any]) -> SchemesSettings:
    """Settings of the scheme process, as ``read_settings``."""
    return _read(SchemesSettings, options)


def _read(kind: type[_S], options: dict[str, Any]) -> _S:
    prefix = kind.model_config["env_prefix"]
    given = {name: value for name, value in options.items() if value is not None}
    try:
        settings = kind(**given)
    except ValidationError as error:
        problem = error.errors()[0]
        name = str(problem["loc"][0]) if problem["loc"] else "settings"
        shown = f"--{name.replace('_', '-')}" if name in given else f"{prefix}{name.upper()}"
        raise ConfigurationError(f"{shown}: {problem['msg'].removeprefix('Value error, ')}") from None
    for name in ("kafka", "checkpoint"):
        if not getattr(settings, name):
            raise ConfigurationError(f"give --{name} or {prefix}{name.upper()}")
    return settings
