"""The office application: API, its description and the console on one address."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from typing import Final

from fastapi import FastAPI

from api import errors, reference_pages
from api.accounts import endpoints as accounts
from api.accounts.service import Inquiries
from api.approvals import endpoints as approvals
from api.archive.history import History
from api.audit import endpoints as audit
from api.audit.middleware import Audited
from api.audit.writer import AuditWriter
from api.auth.issuer import Discovery, Endpoints, SignIn
from api.auth.limits import Limits
from api.auth.principal import Doorkeeper, now_ms
from api.auth.secret import ServerSecret
from api.auth.sessions import Sessions
from api.auth.tokens import IssuerKeys, Tokens
from api.config import ApiSettings
from api.console import app as console
from api.console.news import News
from api.coverage import endpoints as coverage
from api.database import Database
from api.flags import endpoints as flags
from api.flags import stream
from api.flags.feed import Feed
from api.flags.service import Lists
from api.keys import endpoints as keys
from api.leads import endpoints as leads
from api.leads import file as leads_file
from api.ledger import bulk, handover, importing
from api.ledger import endpoints as ledger
from api.ledger.service import Board
from api.middleware import BoundBody, Measure, NotModified, SafeHeaders
from api.password import endpoints as password
from api.reports import endpoints as reports
from api.reports import large_value
from api.reports.service import Desk
from api.rollups import endpoints as rollups
from api.schemes import endpoints as schemes
from api.schemes.service import Schemes
from api.summary import endpoints as summary
from api.suppressions import endpoints as suppressions
from api.tracing import endpoints as tracing
from api.tracing.service import Tracing
from api.watchlist import endpoints as watchlist
from api.watchlist import flags as touched_flags
from api.watchlist import signed_endpoints as signed_watchlist
from api.webhooks import endpoints as webhooks
from api.webhooks.addresses import Reach
from contract.archive.listing import Archive

_ABOUT = """Accounts that show abnormal movements of funds, for the offices that watch over them.

Send your office's key as `Authorization: Bearer <key>`. What your office may not see does not exist for it.
"""
_ROUTERS: Final = (
    # Before the flags themselves: "stream" is no flag's id.
    stream.ROUTER,
    flags.ROUTER,
    summary.ROUTER,
    rollups.ROUTER,
    coverage.ROUTER,
    # Before the accounts themselves: an id may hold anything.
    tracing.ROUTER,
    accounts.ROUTER,
    schemes.ROUTER,
    ledger.ROUTER,
    bulk.ROUTER,
    handover.ROUTER,
    importing.ROUTER,
    suppressions.ROUTER,
    approvals.ROUTER,
    reports.ROUTER,
    large_value.ROUTER,
    leads_file.ROUTER,
    leads.ROUTER,
    watchlist.ROUTER,
    touched_flags.ROUTER,
    signed_watchlist.ROUTER,
    audit.ROUTER,
    keys.ROUTER,
    password.ROUTER,
    webhooks.ROUTER,
    reference_pages.ROUTER,
)


def create_app(database: Database, secret: ServerSecret, settings: ApiSettings) -> FastAPI:
    """The application over a migrated database."""
    app = FastAPI(
        title="fundwatch",
        version=version("fundwatch"),
        description=_ABOUT,
        # Both are signed in and come from this server alone: see reference_pages.
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.database = database
    app.state.secret = secret
    app.state.audit = AuditWriter(database)
    app.state.lists = Lists(database, secret)
    history = None if settings.archive is None else History(Archive.at(settings.archive, option="--archive"))
    app.state.inquiries = Inquiries(database, secret, history, now_ms)
    life_s = settings.stream_life.total_seconds()
    app.state.streams = stream.Streams(database, secret, app.state.audit, Feed(database), life_s)
    app.state.news = News(database, life_s)
    app.state.limits = Limits(
        settings.rate_per_s, settings.rate_burst, settings.lockout_failures, settings.lockout.total_seconds()
    )
    app.state.schemes = Schemes(database, secret)
    app.state.tracing = Tracing(app.state.schemes, app.state.inquiries)
    app.state.board = Board(database, secret, settings.deadlines(), now_ms)
    app.state.reports = Desk(now_ms, settings.crime_code)
    app.state.reach = Reach(tuple(settings.webhook_networks))
    sessions = Sessions(secret, life_ms=round(settings.session.total_seconds() * 1000))
    app.state.doorkeeper = Doorkeeper(database, secret, sessions, _tokens(settings))
    app.state.issuer = _issuer(settings, secret)
    app.state.secure_cookies = settings.ends_tls
    errors.install(app)
    for router in _ROUTERS:
        app.include_router(router)
    console.install(app)
    app.add_middleware(BoundBody, most=settings.max_body_bytes)
    app.add_middleware(NotModified)
    app.add_middleware(Audited, writer=app.state.audit, legal_basis=settings.legal_basis)
    app.add_middleware(SafeHeaders, is_secure=settings.ends_tls)
    app.add_middleware(Measure)
    return app


def _tokens(settings: ApiSettings, audience: str | None = None) -> Tokens | None:
    if settings.oidc_issuer is None or settings.oidc_jwks is None:
        return None
    life_s = settings.oidc_most_life.total_seconds()
    return Tokens(settings.oidc_issuer, audience or settings.oidc_audience, IssuerKeys(settings.oidc_jwks), life_s)


def _issuer(settings: ApiSettings, secret: ServerSecret) -> SignIn | None:
    tokens = _tokens(settings, settings.oidc_client_id)
    if settings.oidc_client_id is None or settings.oidc_redirect is None or tokens is None:
        return None
    endpoints: Callable[[], Endpoints] = Discovery(tokens.issuer)
    if settings.oidc_authorize is not None and settings.oidc_token is not None:
        given = Endpoints(settings.oidc_authorize, settings.oidc_token)
        endpoints = lambda: given  # noqa: E731 - as good as a function of its own
    client_secret = None if settings.oidc_client_secret is None else settings.oidc_client_secret.get_secret_value()
    return SignIn(settings.oidc_client_id, client_secret, settings.oidc_redirect, endpoints, tokens, secret)
