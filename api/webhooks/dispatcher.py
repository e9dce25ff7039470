"""Tells webhooks of news, with retry: a thread that leases what is due, and a few that send."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import msgspec
import structlog
from sqlalchemy import select

from api.audit import repository as audit
from api.audit.record import AuditRecord, Decision
from api.auth import repository as offices
from api.auth.scope import visible_scope
from api.auth.sealing import Sealer
from api.auth.secret import ServerSecret
from api.database import Database
from api.flags import repository as flag_lists
from api.flags.filters import Selection
from api.metrics import WEBHOOK_DELIVERIES
from api.tables import LEDGER
from api.webhooks import repository
from api.webhooks.repository import Hook, Letter
from api.webhooks.sending import Sender
from contract import flag as flags
from contract.errors import LedgerUnavailable
from contract.shanghai import text_ms

_LOG = structlog.get_logger(__name__)
WAITS_S: Final = (1, 4, 16, 60, 240, 900, 3600)
"""Seconds until the next try after so many failures in a row; after one more the delivery is given up."""
_BATCH: Final = 100
_AT_ONCE: Final = 8
_LEASE_MS: Final = 60_000
_LOOK_S: Final = 1.0


class Notice(msgspec.Struct, frozen=True):
    """What a webhook is told of a flag: that it is there. What it says is for who fetches it with a key."""

    flag_id: str
    revision: int
    category: str
    updated_at: str


@dataclass(frozen=True, slots=True)
class _Delivery:
    hook: Hook
    position: int
    """Up to where the receiver knows then."""
    body: bytes
    accounts: list[str]
    delivery_id: str


class Dispatcher:
    """Sends what an office may see, by the office's own scope, at least once and in order.

    A receiver that is slow or away keeps nobody else waiting; a delivery that failed eight times becomes a dead letter
    and the next one goes out.
    """

    def __init__(self, database: Database, secret: ServerSecret, sender: Sender, clock_ms: Callable[[], int]) -> None:
        self._database = database
        self._sealer = Sealer(secret, "webhook")
        self._sender = sender
        self._clock_ms = clock_ms
        self._stop = threading.Event()

    def run(self) -> None:
        """Go on until stopped; a database that is away is waited for, and so is whatever else goes wrong."""
        while not self._stop.is_set():
            try:
                worked = self.run_once()
            except LedgerUnavailable:
                worked = 0
            except Exception as error:  # noqa: BLE001 - the boundary of the thread: told, and tried again
                _LOG.error("webhooks_failed", error=type(error).__name__, exc_info=error)
                worked = 0
            if not worked:
                self._stop.wait(_LOOK_S)

    def stop(self) -> None:
        """Ask to end; what is being sent is finished."""
        self._stop.set()

    def run_once(self) -> int:
        """Send what is due; how many webhooks had something."""
        now = self._clock_ms()
        with self._database.reading() as connection:
            if not repository.is_due(connection, now_ms=now):
                return 0
        with self._database.writing() as connection:
            leased = repository.lease(connection, now_ms=now, until_ms=now + _LEASE_MS, most=_AT_ONCE)
        if leased:
            with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="webhook") as pool:
                list(pool.map(self._serve, leased))
        return len(leased)

    def _serve(self, hook: Hook) -> None:
        delivery = self._delivery(hook)
        if delivery is None:
            return
        secret = self._sealer.open(hook.secret, context=hook.hook_id)
        error: str | None = "secret_lost"
        if secret is not None:
            at_s = self._clock_ms() // 1000
            error = self._sender.send(hook.url, delivery.body, secret=secret, delivery=delivery.delivery_id, at_s=at_s)
        WEBHOOK_DELIVERIES.labels("delivered" if error is None else "failed").inc()
        self._settle(delivery, error)

    def _delivery(self, hook: Hook) -> _Delivery | None:
        with self._database.reading() as connection:
            last = int(connection.execute(select(LEDGER.c.position)).scalar() or 0)
            office = offices.find_office(connection, hook.office_id)
            visible = None if office is None else visible_scope(office)
            news = []
            if visible is not None:
                news = flag_lists.after_position(connection, Selection(), hook.position, limit=_BATCH, visible=visible)
        if not news:
            with self._database.writing() as connection:
                repository.settle(connection, hook.hook_id, position=last)
            return None
        found = [flags.decode(row.document) for _, row in news]
        delivery_id = secrets.token_hex(12)
        notices = [Notice(flag.flag_id, flag.revision, flag.category, flag.updated_at) for flag in found]
        body = msgspec.json.encode({"delivery": delivery_id, "event": "flags", "flags": notices})
        position = news[-1][0] if len(news) == _BATCH else last
        return _Delivery(hook, position, body, list(dict.fromkeys(flag.account_id for flag in found)), delivery_id)

    def _settle(self, delivery: _Delivery, error: str | None) -> None:
        hook, now = delivery.hook, self._clock_ms()
        with self._database.writing() as connection:
            if error is None:
                told = {"failures": 0, "last_error": None, "delivered_ms": now}
                repository.settle(connection, hook.hook_id, position=delivery.position, next_ms=now, **told)
            elif hook.failures < len(WAITS_S):
                next_ms = now + WAITS_S[hook.failures] * 1000
                repository.settle(connection, hook.hook_id, failures=hook.failures + 1, next_ms=next_ms, last_error=error)
            else:
                repository.bury(connection, hook.hook_id, Letter(delivery.delivery_id, now, error, delivery.body))
                given_up = {"failures": 0, "last_error": error, "next_ms": now}
                repository.settle(connection, hook.hook_id, position=delivery.position, **given_up)
                _LOG.warning("webhook_given_up", hook=hook.hook_id, error=error)
            audit.append(connection, [_act(delivery, error, now)])


def _act(delivery: _Delivery, error: str | None, now: int) -> AuditRecord:
    hook = delivery.hook
    return AuditRecord(
        at=text_ms(now),
        request_id=delivery.delivery_id[:16],
        action="webhook.delivery",
        decision=Decision.DONE if error is None else Decision.FAILED,
        office=hook.office_id,
        holder=hook.created_by,
        target=hook.hook_id,
        rows=len(delivery.accounts),
        accounts=delivery.accounts if error is None else [],
        detail={"error": error},
    )
