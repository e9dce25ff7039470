"""Looks up the industries of accounts that are new in the ledger, and again where they may have changed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from itertools import groupby
from operator import itemgetter
from typing import Final

import structlog

from api.archive.profiles import industries
from api.database import Database
from api.industries import repository
from contract.archive.listing import Archive
from contract.errors import FatalError, RetryableError
from contract.shanghai import DAY_MS

_LOG = structlog.get_logger(__name__)
EVERY_S: Final = 600.0
"""One look reads some columns of an institution's archive, whatever the number of accounts: seldom, and many at once."""
_MOST: Final = 5_000
_AGAIN_MS: Final = 7 * DAY_MS


class IndustryLearner:
    """Runs in a thread until told to stop. Without it, or before its first look, an industry is unknown, not left out."""

    def __init__(self, database: Database, archive: Archive, clock_ms: Callable[[], int]) -> None:
        self._database = database
        self._archive = archive
        self._clock_ms = clock_ms
        self._stop = threading.Event()

    def run(self) -> None:
        """Go on until stopped; a database or an archive that is away is waited for, one that is damaged is told."""
        while not self._stop.is_set():
            try:
                self.run_once()
            except (RetryableError, FatalError) as error:
                _LOG.warning("industries_waiting", detail=str(error))
            self._stop.wait(EVERY_S)

    def stop(self) -> None:
        """Ask to end; what is asked of one institution is finished."""
        self._stop.set()

    def run_once(self) -> int:
        """Ask for everybody who is due, some at a time; how many were asked for.

        An institution whose archive cannot be read holds up no other: it is left out of this look, and told at its end.
        """
        now, asked = self._clock_ms(), 0
        unreadable: dict[str, str] = {}
        is_full = True
        while is_full and not self._stop.is_set():
            with self._database.reading() as connection:
                accounts = repository.wanted(connection, asked_before_ms=now - _AGAIN_MS, most=_MOST, without=unreadable)
            for institution, found in groupby(accounts, key=itemgetter(0)):
                if self._stop.is_set():
                    break
                names = [account for _, account in found]
                try:
                    known = industries(self._archive, institution, names)
                except (RetryableError, FatalError) as error:
                    unreadable[institution] = str(error)
                    continue
                self._keep(institution, names, known, now_ms=now)
                asked += len(names)
            is_full = len(accounts) == _MOST
        if unreadable:
            _LOG.warning("industries_waiting", institutions=sorted(unreadable), detail=sorted(set(unreadable.values())))
        return asked

    def _keep(self, institution: str, names: list[str], known: dict[str, str], *, now_ms: int) -> None:
        with self._database.writing() as connection:
            repository.keep(connection, [((institution, name), known.get(name)) for name in names], now_ms=now_ms)
