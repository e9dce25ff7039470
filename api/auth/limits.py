"""How much one caller may ask: a rate for each key, and a lock for who keeps showing a wrong one."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeVar

from contract.errors import TooManyRequests

_K = TypeVar("_K")
_V = TypeVar("_V")
_MOST_CALLERS: Final = 100_000
"""Callers remembered; the one that was silent longest is forgotten first."""


@dataclass(slots=True)
class Limits:
    """Token buckets by key, and failures by address and key id, in this process.

    A lock is for one key from one address: a script with an old key locks out nobody else behind the same address,
    and nobody locks an office out from elsewhere.
    """

    rate_per_s: float
    burst: int
    failures: int
    lock_s: float
    clock: Callable[[], float] = time.monotonic
    _buckets: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)
    _failed: OrderedDict[tuple[str, str], tuple[int, float]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, key_id: str) -> None:
        """One request of a key; raises ``TooManyRequests`` where it asks faster than it may."""
        now = self.clock()
        with self._lock:
            left, at = self._buckets.get(key_id, (float(self.burst), now))
            left = min(float(self.burst), left + (now - at) * self.rate_per_s)
            self._buckets[key_id] = (left - 1 if left >= 1 else left, now)
            _forget(self._buckets, key_id)
        if left < 1:
            raise TooManyRequests("slow down", retry_after_s=math.ceil((1 - left) / self.rate_per_s))

    def check(self, address: str, key_id: str) -> None:
        """Raise ``TooManyRequests`` while the key is locked for this address, right or wrong.

        Who shows no key, or text that is none, has no key to be locked.
        """
        if not key_id:
            return
        with self._lock:
            count, since = self._failed.get((address, key_id), (0, 0.0))
            left = since + self.lock_s - self.clock()
        if count >= self.failures and left > 0:
            raise TooManyRequests("too many wrong keys; wait", retry_after_s=math.ceil(left))

    def failed(self, address: str, key_id: str) -> None:
        """Note a wrong key; old failures are forgotten when the lock's time has passed since the last one."""
        if not key_id:
            return
        now, caller = self.clock(), (address, key_id)
        with self._lock:
            count, since = self._failed.get(caller, (0, now))
            self._failed[caller] = (1 if now - since > self.lock_s else count + 1, now)
            _forget(self._failed, caller)


def _forget(callers: OrderedDict[_K, _V], newest: _K) -> None:
    callers.move_to_end(newest)
    if len(callers) > _MOST_CALLERS:
        callers.popitem(last=False)
