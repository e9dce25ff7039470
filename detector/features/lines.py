"""Day lines: one line a day on which an account moved, in blocks of three, linked from the newest to the oldest.

All blocks are alike, so what one account leaves behind any other can take. The days of a block stand together beside it
(``line_heads``: the next older block, then three days): who looks for a day touches no other line. Where the oldest block
would name an older one, it says where the account's week lines stand, as a negative number.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

from detector.features.jit import apart, inner
from detector.features.layout import FREED, KEEP_DAYS
from detector.features.line_values import forget_wide
from detector.features.memory import BLOCKS, FREE_BLOCKS
from detector.features.weeks import NONE, add_to_week, drop_past_weeks, free_weeks, hung

A_BLOCK: Final = 3
HEAD: Final = A_BLOCK + 1
TOO_OLD: Final = -1


class Days(NamedTuple):
    """The arrays of all day lines: what a function takes that needs nothing else of a memory."""

    lines: Any
    line_heads: Any
    wides: Any
    weeks: Any
    counters: Any


@inner
def days_of(m: Any) -> Any:
    """The day lines of a memory."""
    return Days(m.lines, m.line_heads, m.wides, m.weeks, m.counters)


@inner
def newest(a: Any) -> Any:
    """Line of the account's newest day, or -1."""
    return np.int64(a.lines_at) * A_BLOCK + (np.int64(a.lines) - 1) % A_BLOCK if a.lines > 0 else np.int64(-1)


@inner
def older(m: Any, at: Any) -> Any:
    """The line before line ``at``, or -1."""
    block = at // A_BLOCK
    if at > A_BLOCK * block:
        return at - 1
    before = np.int64(m.line_heads[HEAD * block])
    return A_BLOCK * before + A_BLOCK - 1 if before >= 0 else np.int64(-1)


@inner
def day_at(m: Any, at: Any) -> Any:
    """Day of line ``at``."""
    return np.int64(m.line_heads[at + at // A_BLOCK + 1])


@inner
def _set_day(m: Any, at: Any, day: Any) -> None:
    m.line_heads[at + at // A_BLOCK + 1] = day


@inner
def find(m: Any, a: Any, day: Any) -> Any:
    """The account's line of ``day``, or ``TOO_OLD`` where there is none (any more)."""
    at = newest(a)
    while at >= 0:
        block = at // A_BLOCK
        if m.line_heads[HEAD * block + 1] <= day:
            while day_at(m, at) > day:
                at -= 1
            return at if day_at(m, at) == day else np.int64(TOO_OLD)
        before = np.int64(m.line_heads[HEAD * block])
        at = A_BLOCK * before + A_BLOCK - 1 if before >= 0 else np.int64(-1)
    return np.int64(TOO_OLD)


@apart
def _age_chain(m: Any, block: Any, day: Any) -> Any:
    """Let a block and all older ones go into weeks as of ``day``; returns how many lines that were, and what stands for them."""
    newer, lines = np.int64(NONE), 0
    while block >= 0:
        before = np.int64(m.line_heads[HEAD * block])
        m.line_heads[HEAD * block] = newer
        newer, block = block, before
    weeks, oldest = hung(block), newer
    while oldest >= 0:
        for k in range(A_BLOCK):
            at = A_BLOCK * oldest + k
            weeks = add_to_week(m, weeks, at, day_at(m, at))
            forget_wide(m, at)
        newer = np.int64(m.line_heads[HEAD * oldest])
        _free_block(m, oldest)
        oldest = newer
        lines += A_BLOCK
    return lines, hung(drop_past_weeks(m, weeks, day))


@inner
def _free_block(m: Any, block: Any) -> None:
    m.line_heads[HEAD * block] = m.counters[FREE_BLOCKS]
    m.counters[FREE_BLOCKS] = block


@inner
def _newest_of(m: Any, a: Any, block: Any) -> Any:
    """Day of the newest line of one of the account's blocks."""
    return day_at(m, newest(a)) if block == a.lines_at else np.int64(m.line_heads[HEAD * block + A_BLOCK])


@apart
def age(m: Any, a: Any, day: Any) -> None:
    """Let blocks go into weeks that no window of ``day`` or of a late day can reach.

    The newest of them stays, as its last line says with what balance the first day within reach began. ``m`` as Days.
    """
    block = np.int64(a.lines_at)
    while block >= 0:
        before = np.int64(m.line_heads[HEAD * block])
        if _newest_of(m, a, block) <= day - KEEP_DAYS:
            if before >= 0:
                lines, ends = _age_chain(m, before, day)
                m.line_heads[HEAD * block] = ends
                a.lines -= lines
            elif before != NONE:
                m.line_heads[HEAD * block] = hung(drop_past_weeks(m, hung(before), day))
            return
        block = before


@apart
def free_lines(m: Any, a: Any) -> None:
    """Give back all days and weeks of an account; ``m`` as Days."""
    block, at = np.int64(a.lines_at), newest(a)
    while at >= 0:
        forget_wide(m, at)
        at = older(m, at)
    while block >= 0:
        before = np.int64(m.line_heads[HEAD * block])
        _free_block(m, block)
        block = before
    free_weeks(m, hung(block))
    a.lines = 0
    a.lines_at = FREED


@inner
def _clear(m: Any, at: Any, day: Any) -> None:
    line = m.lines[at]
    for k in range(len(line.money)):
        line.money[k] = 0
    for k in range(len(line.counts)):
        line.counts[k] = 0
    line.balance_low = 0
    line.balance_high = 0
    line.balance_at = 0
    line.wide = 0
    _set_day(m, at, day)


@inner
def _append(m: Any, a: Any, day: Any) -> Any:
    """A cleared line behind the account's newest; ``day`` is the newest of all. The caller makes sure of room."""
    if a.lines % A_BLOCK == 0:
        if a.lines > 0:
            age(days_of(m), a, day)
        block = m.counters[FREE_BLOCKS]
        if block >= 0:
            m.counters[FREE_BLOCKS] = m.line_heads[HEAD * block]
        else:
            block = m.counters[BLOCKS]
            m.counters[BLOCKS] = block + 1
        m.line_heads[HEAD * block] = a.lines_at if a.lines > 0 else NONE
        a.lines_at = block
    a.lines += 1
    at = newest(a)
    _clear(m, at, day)
    return at


@apart
def _insert(m: Any, a: Any, day: Any) -> Any:
    """A cleared line of a day between others; ``m`` as Days, as below."""
    at = _append(m, a, day_at(m, newest(a)))
    below = older(m, at)
    while below >= 0 and day_at(m, below) > day:
        m.lines[at] = m.lines[below]
        _set_day(m, at, day_at(m, below))
        at = below
        below = older(m, at)
    _clear(m, at, day)
    return at


@inner
def line_of(m: Any, row: Any, day: Any) -> Any:
    """The account's line of ``day``, made where there was none; ``TOO_OLD`` where that is beyond what is kept.

    A movement that is late by some days gets its line in its own place, so windows stay exact.
    """
    a = m.accounts[row]
    if a.lines == 0:
        return _append(m, a, day)
    last = day_at(m, newest(a))
    if last == day:
        return newest(a)
    if day > last:
        return _append(m, a, day)
    if day <= last - KEEP_DAYS:
        return np.int64(TOO_OLD)
    at = find(m, a, day)
    return at if at >= 0 else _insert(days_of(m), a, day)
