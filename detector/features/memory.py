"""A shard's memory as plain arrays: pools, indexes over them, and counters, all visible to the kernels."""

from __future__ import annotations

from base64 import b32encode
from functools import lru_cache
from typing import Any, Final, NamedTuple

import numpy as np

from detector.features.days import DAY_MS, SHANGHAI_MS
from detector.features.index import SEGMENTS, SLOTS, Index, empty_index
from detector.features.index import nbytes as index_bytes
from detector.features.layout import (
    ACCOUNT,
    FORGET_PAIR_DAYS,
    KEEP_DAYS,
    LINE,
    NEVER,
    PAIR,
    RECENT,
    SCHEDULE,
    SEEN,
    SIDE,
    WEEKS,
    WIDE,
)
from detector.features.reserve import reserved

# Positions in ``Memory.counters``.
(
    ACCOUNTS,
    PAIRS,
    BLOCKS,
    ARENA,
    EVIDENCE,
    DIRTY,
    SHARD_DAY,
    SEEN_FROM,
    COMPLETE_TO,
    MEMBERS,
    LONGEST,
    SCHEDULES,
    KNOWN_AGES,
    ELDERLY,
    SIDES,
    WIDES,
) = range(16)
FREE_BLOCKS: Final = 16
"""Head of the list of free blocks of day lines; -1 ends a list, as in all of them."""
FREE_WIDE: Final = 17
FIRST_DAY: Final = 18
"""Counter with the first day that the shard saw, or -1: how much of everybody's past it can know."""
FREE_EVIDENCE: Final = 20
"""First of twelve heads of lists of free evidence blocks, one a size class."""
FREE_MEMBERS: Final = 32
"""First of the heads of lists of free member blocks, one a size class (4, 8, 16 … counterparties)."""
FREE_PAIRS: Final = 64
FREE_SIDES: Final = 65
FREE_SCHEDULES: Final = 66
FREE_WEEKS: Final = 67
WEEK_BLOCKS: Final = 68
PAIRS_FROM: Final = 69
"""Counter with a time (ms): a pair whose newest movement is older is as if it had never been, whether it stands or not."""
AGED_TO: Final = 70
"""Counter with the newest day that no window of a movement still to come reaches as a single day."""
SILENT_TO: Final = 71
"""Counter with a day: who moved last on it or before owns nothing but its row, unless an open flag holds it."""
SWEPT: Final = 72
"""Counter with the account row from which the next sweep goes on."""
LEFT: Final = 73
"""Counter with how many accounts the sweep still owes."""
HANDLED: Final = 74
"""Counter of movements handled, those apart that are duplicates or refused."""
LINK_PLACES: Final = 75
"""Counter with the places that are in use of ``recent``."""
LINK_MASK: Final = 76
"""Counter with the largest power of two that is no more than that, less one."""
LINKED: Final = 77
"""Counter of movements linked since ``LINK_EPOCH``, and the next one of those linked in the epoch before."""
LINKED_BEFORE: Final = 78
LINK_EPOCH: Final = 79
"""Counter with the time (ms) of the movement with which an epoch began; the window's begin ends it."""
COUNTERS: Final = 80
NO_DAY: Final = -(2**31)


class Memory(NamedTuple):
    """All arrays of one shard. Pools hold more room than is used; ``counters`` says how much is."""

    accounts: Any  # ACCOUNT
    account_index: Any  # Index, by key
    lines: Any  # LINE, blocks of three
    line_heads: Any  # int32, four a block: the next older block, and its days
    weeks: Any  # WEEKS
    wides: Any  # WIDE
    pairs: Any  # PAIR
    sides: Any  # SIDE
    members: Any  # int32 rows of pairs, blocks of 4 * 2**class an account
    pair_index: Any  # Index, by (account, counterparty)
    schedules: Any  # SCHEDULE
    seen: Any  # SEEN, in the slots of ``seen_index``
    seen_index: Any  # Index without rows, by event key
    seen_spare: Any  # SEEN, one segment
    recent: Any  # uint64, keys of the newest linked movements of the window, LINK_PLACES of them in use
    evidence: Any  # uint8, blocks of remembered movements
    arena: Any  # uint8, account and customer ids, pseudonyms packed
    dirty: Any  # int32 rows touched since their last day evaluation
    counters: Any  # int64


POOLS: Final = {
    "accounts": (1 << 24, ACCOUNT, ACCOUNTS, 1),
    "lines": (3 << 26, LINE, BLOCKS, 3),
    "line_heads": (4 << 26, np.dtype(np.int32), BLOCKS, 4),
    "weeks": (1 << 27, WEEKS, WEEK_BLOCKS, 1),
    "wides": (1 << 24, WIDE, WIDES, 1),
    "pairs": (1 << 28, PAIR, PAIRS, 1),
    "sides": (1 << 26, SIDE, SIDES, 1),
    "members": (1 << 29, np.dtype(np.int32), MEMBERS, 1),
    "schedules": (1 << 24, SCHEDULE, SCHEDULES, 1),
    "evidence": (1 << 34, np.dtype(np.uint8), EVIDENCE, 1),
    "arena": (1 << 31, np.dtype(np.uint8), ARENA, 1),
    "dirty": (1 << 24, np.dtype(np.int32), DIRTY, 1),
}
"""By pool: records that address space is reserved for (66.8 GB a shard; 76.4 with ``seen``, 82.8 with the indexes, 83.4 with
links; of it only touched pages are real, and beyond it a pool is copied to a longer one), what they are, which counter tells
how many are used, in units of how many."""
_LINK_RESERVED: Final = 1 << 26
"""For a thousand million movements in the window; where address space cannot be reserved, ``RECENT``."""
_LEAST: Final = 4096
_ACCOUNT_SEGMENTS: Final = 1 << 14
_PAIR_SEGMENTS: Final = 1 << 18
_SEEN_SEGMENTS: Final = 1 << 15
SEEN_RESERVED: Final = _SEEN_SEGMENTS * SLOTS


def empty() -> Memory:
    """Memory for a new shard."""
    counters = np.zeros(COUNTERS, np.int64)
    counters[SHARD_DAY] = NO_DAY
    counters[FREE_BLOCKS:] = -1
    counters[WEEK_BLOCKS] = counters[SWEPT] = counters[LEFT] = counters[HANDLED] = 0
    counters[PAIRS_FROM] = -NEVER
    counters[AGED_TO] = counters[SILENT_TO] = NO_DAY
    begin_links(counters)
    return Memory(
        **{name: reserved(count, 4 * _LEAST, dtype) for name, (count, dtype, _, _) in POOLS.items()},
        account_index=empty_index(_ACCOUNT_SEGMENTS),
        pair_index=empty_index(_PAIR_SEGMENTS),
        seen=reserved(SEEN_RESERVED, 4 * SLOTS, SEEN),
        seen_index=empty_index(_SEEN_SEGMENTS)._replace(rows=np.zeros(0, np.int32), spare=np.zeros(0, np.int32)),
        seen_spare=np.zeros(SLOTS, SEEN),
        recent=reserved(_LINK_RESERVED, RECENT, np.dtype(np.uint64)),
        counters=counters,
    )


def begin_links(counters: Any) -> None:
    """Nothing is linked yet, or nothing is known of how much is: checkpoints of before places were added do not say it."""
    counters[LINK_PLACES], counters[LINK_MASK] = RECENT, RECENT - 1
    counters[LINKED] = counters[LINKED_BEFORE] = counters[LINK_EPOCH] = 0


def forget_before(counters: Any, day: int, lateness_days: int, silent_days: int) -> None:
    """Say what is past when ``day`` begins: what no movement that may still be booked, and no window, can reach."""
    sure = day - lateness_days
    counters[PAIRS_FROM] = (sure - FORGET_PAIR_DAYS) * DAY_MS - SHANGHAI_MS
    counters[AGED_TO] = sure - KEEP_DAYS
    counters[SILENT_TO] = sure - silent_days


def used(memory: Memory) -> dict[str, Any]:
    """The used part of every array, for a checkpoint; indexes are left out, they are rebuilt."""
    c = memory.counters
    parts = {name: getattr(memory, name)[: int(c[counter]) * unit] for name, (_, _, counter, unit) in POOLS.items()}
    seen, recent = memory.seen[: SLOTS * int(memory.seen_index.meta[SEGMENTS])], memory.recent[: int(c[LINK_PLACES])]
    return parts | {"seen": seen, "recent": recent, "counters": c}


def nbytes(memory: Memory) -> int:
    """Bytes in use: records of the pools, the duplicate window, and the indexes."""
    parts = used(memory) | {"dirty": memory.dirty[: int(memory.counters[ACCOUNTS])]}
    indexes: tuple[Index, ...] = (memory.account_index, memory.pair_index, memory.seen_index)
    return sum(int(part.nbytes) for part in parts.values()) + sum(index_bytes(index) for index in indexes)


PSEUDONYM: Final = 28
"""Characters of an id as the contract makes them (contract §2.4): a letter, a colon, 26 characters of base32."""
PACKED: Final = 255
"""Length of a string in the arena that is such a pseudonym: its letter and 17 bytes."""
PACKED_BYTES: Final = 18


def text_of(memory: Memory, at: int, length: int) -> str:
    """A string of the arena; ids are printable ASCII by the contract."""
    start = int(at)
    if length != PACKED:
        return bytes(memory.arena[start : start + int(length)]).decode("ascii")
    return _spelled(bytes(memory.arena[start : start + PACKED_BYTES]))


@lru_cache(maxsize=1 << 16)
def _spelled(packed: bytes) -> str:
    """A packed pseudonym in its characters; who is flagged is named again with every revision, and spelling takes 8 µs."""
    return (packed[:1] + b":" + b32encode(packed[1:])).decode("ascii")[:PSEUDONYM]
