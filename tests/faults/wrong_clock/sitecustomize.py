"""Puts the wall clock of a Python process off by the seconds in a file, from its start on and while it runs.

On a real jump too only the wall clock moves: the monotonic clock, sleeps and timeouts stay true. (libfaketime was tried:
with a true monotonic clock its 0.9.10 answers Python's sleeps with EINVAL.)
"""

from __future__ import annotations

import os
import time
from pathlib import Path

_FILE = Path(os.environ["FUNDWATCH_WRONG_CLOCK"])
_LOOK_S = 0.2
_true_ns = time.time_ns
_looked_at = -1.0
_off_s = 0


def _off() -> int:
    global _looked_at, _off_s
    now = time.monotonic()
    if now - _looked_at > _LOOK_S:
        _looked_at = now
        _off_s = int(_FILE.read_text() or 0)
    return _off_s


def _wrong_ns() -> int:
    return _true_ns() + _off() * 1_000_000_000


def _wrong() -> float:
    return _wrong_ns() / 1e9


time.time = _wrong
time.time_ns = _wrong_ns
