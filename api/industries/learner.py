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
                full = self.run_once() == _MOST
            except (RetryableError, FatalError) as error:
                _LOG.warning("industries_waiting", detail=str(error))
                full = False
            if not full:
                self._stop.wait(EVERY_S)

    def stop(self) -> None:
        """Ask to end; the look at hand is finished."""
        self._stop.set()

    def run_once(self) -> int:
        """Ask for those who are due; how many those were."""
        now = self._clock_ms()
        with self._database.reading() as connection:
            accounts = repository.wanted(connection, asked_before_ms=now - _AGAIN_MS, most=_MOST)
        for institution, found in groupby(accounts, key=itemgetter(0)):
            names = [account for _, account in found]
            known = industries(self._archive, institution, names)
            with self._database.writing() as connection:
                repository.keep(connection, [((institution, name), known.get(name)) for name in names], now_ms=now)
        return len(accounts)
