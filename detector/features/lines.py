"""Day lines: one line a day on which an account moved, in blocks that double, sorted by day, newest last."""

from __future__ import annotations

from typing import Any

from detector.features.jit import inner
from detector.features.layout import KEEP_DAYS, NO_BALANCE
from detector.features.memory import FREE_LINES, LINES

MOST_CLASS = 7
"""128 lines: 92 days, and slack so that old ones leave many at a time."""
NEAR_END = 4
"""Lines that are looked at one by one before a search begins."""
NO_ROOM = -2
TOO_OLD = -1


@inner
def position(lines: Any, at: Any, count: Any, day: Any) -> Any:
    """Where ``day`` stands or would be inserted among ``count`` lines from ``at``."""
    low, high = 0, count
    while low < high:
        middle = (low + high) >> 1
        if lines[at + middle].day < day:
            low = middle + 1
        else:
            high = middle
    return low


@inner
def find(memory: Any, row: Any, day: Any) -> Any:
    """Index of the account's line of ``day``, or ``TOO_OLD`` where there is none (any more)."""
    account = memory.accounts[row]
    # What is looked for is mostly near the newest end.
    last = account.lines_at + account.lines - 1
    for at in range(last, max(last - NEAR_END, account.lines_at - 1), -1):
        if memory.lines[at].day <= day:
            return at if memory.lines[at].day == day else TOO_OLD
    place = position(memory.lines, account.lines_at, account.lines, day)
    if place < account.lines and memory.lines[account.lines_at + place].day == day:
        return account.lines_at + place
    return TOO_OLD


@inner
def _take_block(memory: Any, size_class: Any) -> Any:
    counters = memory.counters
    head = counters[FREE_LINES + size_class]
    if head >= 0:
        counters[FREE_LINES + size_class] = memory.lines[head].day
        return head
    at = counters[LINES]
    if at + (1 << size_class) > len(memory.lines):
        return NO_ROOM
    counters[LINES] = at + (1 << size_class)
    return at


@inner
def _drop_old(memory: Any, row: Any, newest: Any) -> None:
    """Let lines leave that no window of ``newest`` or of a late day can reach."""
    account = memory.accounts[row]
    at = account.lines_at
    old = position(memory.lines, at, account.lines, newest - KEEP_DAYS + 1)
    if old:
        for k in range(account.lines - old):
            memory.lines[at + k] = memory.lines[at + old + k]
        account.lines -= old


@inner
def _grow(memory: Any, row: Any) -> Any:
    account = memory.accounts[row]
    size_class = account.lines_class + 1 if account.lines else 0
    at = _take_block(memory, size_class)
    if at == NO_ROOM:
        return NO_ROOM
    if account.lines:
        old = account.lines_at
        for k in range(account.lines):
            memory.lines[at + k] = memory.lines[old + k]
        memory.lines[old].day = memory.counters[FREE_LINES + account.lines_class]
        memory.counters[FREE_LINES + account.lines_class] = old
    account.lines_at = at
    account.lines_class = size_class
    return at


@inner
def _clear(line: Any, day: Any) -> None:
    line.day = day
    line.credits = 0
    line.debits = 0
    line.payers = 0
    line.payees = 0
    line.returnees = 0
    line.new_payers = 0
    line.credits_from_persons = 0
    line.text_in = 0
    line.text_weak = 0
    line.text_out = 0
    line.night = 0
    line.credited = 0
    line.debited = 0
    line.credited_by_persons = 0
    line.from_payment = 0
    line.cash_out = 0
    line.near_cash[0] = 0
    line.near_cash[1] = 0
    line.balance = NO_BALANCE
    line.balance_ms = NO_BALANCE
    for k in range(2):
        line.at_marks[k] = 0
    for k in range(10):
        line.at_units[k] = 0


@inner
def line_of(memory: Any, row: Any, day: Any) -> Any:
    """Index of the account's line of ``day``, made where there was none.

    ``TOO_OLD`` where the day is beyond what is kept, ``NO_ROOM`` where the pool must grow first; nothing is
    changed then. A movement that is late by some days gets its line in its own place, so windows stay exact.
    """
    account = memory.accounts[row]
    count = account.lines
    if count == 0:
        if _grow(memory, row) == NO_ROOM:
            return NO_ROOM
        account.lines = 1
        _clear(memory.lines[account.lines_at], day)
        return account.lines_at
    newest = memory.lines[account.lines_at + count - 1].day
    if newest == day:
        return account.lines_at + count - 1
    if day <= newest - KEEP_DAYS:
        return TOO_OLD
    place = position(memory.lines, account.lines_at, count, day)
    if place < count and memory.lines[account.lines_at + place].day == day:
        return account.lines_at + place
    if count == (1 << account.lines_class):
        if account.lines_class == MOST_CLASS:
            _drop_old(memory, row, max(newest, day))
        elif _grow(memory, row) == NO_ROOM:
            return NO_ROOM
        count = account.lines
        place = position(memory.lines, account.lines_at, count, day)
    at = account.lines_at
    for k in range(count, place, -1):
        memory.lines[at + k] = memory.lines[at + k - 1]
    account.lines = count + 1
    _clear(memory.lines[at + place], day)
    return at + place
