"""An account's counterparties as a block of pair rows that doubles: read side by side, where a chain waits at every link."""

from __future__ import annotations

from typing import Any

from detector.features.jit import inner
from detector.features.memory import FREE_MEMBERS, LONGEST, MEMBERS

LEAST = 4
"""Counterparties in the smallest block."""


@inner
def _take_block(memory: Any, size_class: Any) -> Any:
    """Start of a free block, or of a new one; the caller makes sure of room."""
    counters = memory.counters
    head = counters[FREE_MEMBERS + size_class]
    if head >= 0:
        counters[FREE_MEMBERS + size_class] = memory.members[head]
        return head
    at = counters[MEMBERS]
    counters[MEMBERS] = at + (LEAST << size_class)
    return at


@inner
def _give_back(memory: Any, at: Any, size_class: Any) -> None:
    memory.members[at] = memory.counters[FREE_MEMBERS + size_class]
    memory.counters[FREE_MEMBERS + size_class] = at


@inner
def most_needed(memory: Any) -> Any:
    """Room that one more counterparty of any account may take: twice the longest block, or one of the smallest."""
    return max(2 * memory.counters[LONGEST], LEAST)


@inner
def add(memory: Any, row: Any, pair: Any) -> None:
    """Append a pair to the account's members; ``accounts[row].pairs`` is how many there are before it."""
    account = memory.accounts[row]
    count = account.pairs
    if count == 0:
        account.members_class = 0
        account.members_at = _take_block(memory, 0)
    elif count == (LEAST << account.members_class):
        old, size_class = account.members_at, account.members_class
        at = _take_block(memory, size_class + 1)
        for k in range(count):
            memory.members[at + k] = memory.members[old + k]
        _give_back(memory, old, size_class)
        account.members_at = at
        account.members_class = size_class + 1
        memory.counters[LONGEST] = max(memory.counters[LONGEST], LEAST << (size_class + 1))
    memory.members[account.members_at + count] = pair
    account.pairs = count + 1
    account.met += 1


@inner
def free_members(memory: Any, account: Any) -> None:
    """Give back the block of an account that has no counterparty left."""
    _give_back(memory, account.members_at, account.members_class)
    account.members_at = -1
    account.members_class = 0


@inner
def shrink(memory: Any, account: Any) -> None:
    """Move the members into the shortest block that holds them, where there is room for one."""
    size_class = 0
    while LEAST << size_class < account.pairs:
        size_class += 1
    counters = memory.counters
    if counters[FREE_MEMBERS + size_class] < 0 and counters[MEMBERS] + (LEAST << size_class) > len(memory.members):
        return
    old, at = account.members_at, _take_block(memory, size_class)
    for k in range(account.pairs):
        memory.members[at + k] = memory.members[old + k]
    _give_back(memory, old, account.members_class)
    account.members_at = at
    account.members_class = size_class


@inner
def remove(memory: Any, row: Any, pair: Any) -> None:
    """Take a pair out of the account's members; the others keep their order."""
    account = memory.accounts[row]
    k = account.members_at
    while memory.members[k] != pair:
        k += 1
    for later in range(k, account.members_at + account.pairs - 1):
        memory.members[later] = memory.members[later + 1]
    account.pairs -= 1
    if account.pairs == 0:
        free_members(memory, account)
