"""Settings of the bank side, from ``PRODUCER_…`` variables and the command line."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from annotated_types import Ge, Le
from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from contract.errors import ConfigurationError
from contract.topics import brokers


def _state_folder() -> Path:
    """Where a user's programs keep such things."""
    home = os.environ.get("XDG_STATE_HOME")
    return (Path(home) if home else Path.home() / ".local" / "state") / "fundwatch" / "produce"


Brokers = Annotated[str, AfterValidator(brokers)]


class ProducerSettings(BaseSettings):
    """What ``fundwatch produce`` needs to know beside its files; read once, then passed as plain arguments."""

    model_config = SettingsConfigDict(env_prefix="PRODUCER_", frozen=True, extra="forbid")

    kafka: Brokers | None = None
    """Broker as HOST:PORT[,HOST:PORT…]."""
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] | None = None
    username: str | None = None
    password: SecretStr | None = None
    ca_file: Path | None = None
    """Certificates that the broker's own is checked against."""
    pseudonym_key: Path | None = None
    """File of the monitoring area's key."""
    connect_timeout: Annotated[timedelta, Ge(timedelta(0))] = timedelta(seconds=30)
    """How long to look for a broker at the start before giving up."""
    delivery_timeout: Annotated[timedelta, Ge(timedelta(seconds=60))] = timedelta(hours=6)
    """How long a record may wait for a broker that is away before the run fails."""
    rows_per_record: Annotated[int, Ge(1), Le(10_000)] = 1000
    in_flight_mib: Annotated[int, Ge(1), Le(1024)] = 32
    """Most that is sent and not yet acknowledged: bounds memory, and what a broken run must send again."""
    progress: Path = Field(default_factory=_state_folder)
    """Folder that remembers what of which file has arrived: counts and offsets, nothing of the data."""
    ops_host: str = "127.0.0.1"
    """Address of the metrics port."""
    metrics_port: Annotated[int, Ge(0), Le(65535)] | None = None

    @model_validator(mode="after")
    def _coherent(self) -> ProducerSettings:
        if self.security_protocol.startswith("SASL") != (self.sasl_mechanism is not None):
            raise ValueError("PRODUCER_SASL_MECHANISM goes with a PRODUCER_SECURITY_PROTOCOL that begins with SASL")
        if self.sasl_mechanism and not (self.username and self.password):
            raise ValueError("PRODUCER_SASL_MECHANISM needs PRODUCER_USERNAME and PRODUCER_PASSWORD")
        return self


def read_settings(options: dict[str, Any]) -> ProducerSettings:
    """Settings with the options that were given; raises ``ConfigurationError`` that names what to change."""
    given = {name: value for name, value in options.items() if value is not None}
    try:
        return ProducerSettings(**given)
    except ValidationError as error:
        problem = error.errors()[0]
        message = problem["msg"].removeprefix("Value error, ")
        if not problem["loc"]:
            raise ConfigurationError(message) from None
        name = str(problem["loc"][0])
        shown = f"--{name.replace('_', '-')}" if name in given else f"PRODUCER_{name.upper()}"
        # Without the original: it shows the value, which may be a password.
        raise ConfigurationError(f"{shown}: {message}") from None
