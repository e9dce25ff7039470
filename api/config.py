"""Settings of the office side, from ``API_…`` variables and the command line."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated

from annotated_types import Ge, Gt, Le
from pydantic import AfterValidator, IPvAnyNetwork, SecretStr, StringConstraints, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from api.ledger.deadlines import USUAL_DAYS, Deadlines, configured
from api.ledger.states import Status
from contract.topics import brokers

SQLITE = "sqlite:///"
TRUSTED = ("https://", "http://127.0.0.1:", "http://localhost:", "http://[::1]:")
"""Where secrets and keys may go: over TLS, or within this machine."""
BACK = "/console/sign-in/issuer/back"


Brokers = Annotated[str, AfterValidator(brokers)]


class ApiSettings(BaseSettings):
    """What ``fundwatch serve`` and ``fundwatch office`` need to know; read once, then passed as plain arguments."""

    model_config = SettingsConfigDict(env_prefix="API_", frozen=True, extra="forbid")

    database: SecretStr = SecretStr("sqlite:///fundwatch.sqlite")
    """SQLAlchemy URL; secret because it may hold a password."""
    kafka: Brokers | None = None
    """Broker as HOST:PORT[,HOST:PORT…]; without one nothing new enters the ledger."""
    kafka_session: Annotated[timedelta, Ge(timedelta(seconds=1)), Le(timedelta(minutes=30))] = timedelta(seconds=45)
    """How long the ledger's writer may be silent before the broker gives the flags to another."""
    archive: str | None = None
    """Where the detectors' archive lies; without one no movements and flows are served."""
    host: str = "127.0.0.1"
    port: Annotated[int, Ge(0), Le(65535)] = 8000
    ops_host: str = "127.0.0.1"
    ops_port: Annotated[int, Ge(0), Le(65535)] = 8001
    secret_file: Path | None = None
    """File of the server's secret, made at first start; default beside the SQLite file, else ``fundwatch.secret``."""
    session: timedelta = timedelta(hours=8)
    """How long a sign-in to the console lasts."""
    key_life: timedelta = timedelta(days=365)
    """How long a new office key lasts."""
    max_body_bytes: Annotated[int, Ge(1024)] = 1_048_576
    due_days: dict[Status, Annotated[int, Ge(1), Le(260)]] = dict(USUAL_DAYS)
    """Working days within which an entry wants its next step, by state; a state left out has no deadline."""
    warn_days: Annotated[int, Ge(1), Le(60)] = 2
    """Working days before a deadline from which on it is called near."""
    calendar: Path | None = None
    """TOML file of working days and holidays that the calendar does not know yet (``working``, ``holidays``)."""
    crime_code: Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{4}$")] | None = None
    """TOSC of illegal fund-raising by table 10.6 of the central bank's interface, which is not public."""
    stream_life: Annotated[timedelta, Ge(timedelta(0))] = timedelta(hours=1)
    """How long an event stream stays open; its client takes it up again where it ended."""
    rate_per_s: Annotated[float, Gt(0)] = 50.0
    """Requests a second that one key may make for long; ``rate_burst`` at once."""
    rate_burst: Annotated[int, Ge(1)] = 200
    lockout_failures: Annotated[int, Ge(1)] = 10
    """Wrong tries of one key from one address until that key is locked for that address."""
    lockout: timedelta = timedelta(minutes=5)
    legal_basis: str = "PIPL 13(3)"
    """What every audit line names as the ground for handling personal data: a statutory duty."""
    webhook_networks: list[IPvAnyNetwork] = []
    """Networks inside ours that webhooks may go to all the same, plain HTTP too; as JSON: ``["10.1.2.0/24"]``."""
    webhook_timeout: Annotated[timedelta, Ge(timedelta(milliseconds=100)), Le(timedelta(seconds=30))] = timedelta(seconds=5)
    """How long a receiver of a webhook may take for all of its answer."""
    secure_cookies: bool = False
    """Send the session cookie over TLS only; switch on wherever TLS ends before this server. On by itself with ``tls_cert``."""
    tls_cert: Path | None = None
    """PEM chain of this server; with it ``--port`` speaks TLS 1.2 and 1.3 and nothing else."""
    tls_key: Path | None = None
    tls_client_ca: Path | None = None
    """PEM of the authorities whose client certificates are let in; with it everybody needs one (mutual TLS)."""
    oidc_issuer: str | None = None
    """Issuer whose tokens are taken beside keys, as its tokens name it."""
    oidc_jwks: str | None = None
    """Where the issuer publishes its keys: https, or this machine."""
    oidc_audience: str = "fundwatch"
    oidc_most_life: Annotated[timedelta, Ge(timedelta(minutes=1)), Le(timedelta(hours=24))] = timedelta(hours=1)
    """Tokens that are made for longer are refused: nobody but the issuer can take one back."""

    oidc_client_id: str | None = None
    """Our name at the issuer; with it people sign in to the console through the issuer."""
    oidc_client_secret: SecretStr | None = None
    """None for a client that is registered as public; PKCE is used in either case."""
    oidc_redirect: str | None = None
    """Address of ``/console/sign-in/issuer/back`` as browsers reach it, registered at the issuer."""
    oidc_authorize: str | None = None
    """Authorization and token endpoint, where the issuer describes itself at no address that we reach."""
    oidc_token: str | None = None

    @field_validator("database")
    @classmethod
    def _known_engine(cls, value: SecretStr) -> SecretStr:
        url = value.get_secret_value()
        if not url.startswith((SQLITE, "postgresql://", "postgresql+psycopg://")):
            raise ValueError("must start with sqlite:/// or postgresql://")
        if url.removeprefix(SQLITE) in ("", ":memory:"):
            raise ValueError("needs a file: the ledger outlives the process")
        return value

    @model_validator(mode="after")
    def _coherent(self) -> ApiSettings:
        if (self.tls_cert is None) != (self.tls_key is None):
            raise ValueError("API_TLS_CERT and API_TLS_KEY go together")
        if self.tls_client_ca is not None and self.tls_cert is None:
            raise ValueError("API_TLS_CLIENT_CA needs API_TLS_CERT")
        if (self.oidc_issuer is None) != (self.oidc_jwks is None):
            raise ValueError("API_OIDC_ISSUER and API_OIDC_JWKS go together")
        if self.oidc_jwks is not None and not self.oidc_jwks.startswith(TRUSTED):
            raise ValueError("API_OIDC_JWKS must be https://, or http:// on this machine")
        if self.oidc_client_id is not None:
            self._signs_in_by_issuer()
        return self

    def _signs_in_by_issuer(self) -> None:
        if self.oidc_issuer is None or self.oidc_redirect is None:
            raise ValueError("API_OIDC_CLIENT_ID needs API_OIDC_ISSUER, API_OIDC_JWKS and API_OIDC_REDIRECT")
        if not self.oidc_redirect.endswith(BACK):
            raise ValueError(f"API_OIDC_REDIRECT must end with {BACK}")
        if (self.oidc_authorize is None) != (self.oidc_token is None):
            raise ValueError("API_OIDC_AUTHORIZE and API_OIDC_TOKEN go together")
        asked = self.oidc_issuer if self.oidc_token is None else self.oidc_token
        for address in (asked, self.oidc_redirect, self.oidc_authorize or asked):
            if not address.startswith(TRUSTED):
                raise ValueError("addresses of API_OIDC_… must be https://, or http:// on this machine")

    @property
    def ends_tls(self) -> bool:
        """Whether this server or one before it ends TLS, so that browsers can be kept to it."""
        return self.secure_cookies or self.tls_cert is not None

    def deadlines(self) -> Deadlines:
        """The deadlines that these settings make; raises ``ConfigurationError`` for a calendar that is none."""
        return configured(self.due_days, self.warn_days, self.calendar)

    def secret_path(self) -> Path:
        """The secret's file by the rule of ``secret_file``."""
        if self.secret_file is not None:
            return self.secret_file
        url = self.database.get_secret_value()
        if url.startswith(SQLITE) and (path := url.removeprefix(SQLITE).partition("?")[0]):
            return Path(path + ".secret")
        return Path("fundwatch.secret")
