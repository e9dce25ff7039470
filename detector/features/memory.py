"""A shard's memory as plain arrays: pools, indexes over them, and counters, all visible to the kernels."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

from detector.features.layout import ACCOUNT, EVIDENCE, LINE, PAIR, SCHEDULE, SEEN
from detector.features.reserve import reserved

# Positions in ``Memory.counters``.
(
    ACCOUNTS,
    PAIRS,
    LINES,
    ARENA,
    EVIDENCES,
    DIRTY,
    SEEN_COUNT,
    SHARD_DAY,
    SEEN_FROM,
    COMPLETE_TO,
    MEMBERS,
    LONGEST,
    SCHEDULES,
    KNOWN_AGES,
    ELDERLY,
) = range(15)
FREE_LINES: Final = 16
"""First of eight heads of lists of free line blocks, one a size class (1, 2, 4 … 128 lines); -1 ends a list."""
FREE_MEMBERS: Final = 24
"""First of the heads of lists of free member blocks, one a size class (4, 8, 16 … counterparties)."""
COUNTERS: Final = 64
NO_DAY: Final = -(2**31)

POOLS: Final = ("accounts", "lines", "pairs", "members", "schedules", "evidence", "arena", "dirty")


class Memory(NamedTuple):
    """All arrays of one shard. Pools hold more room than is used; ``counters`` says how much is."""

    accounts: Any  # ACCOUNT
    account_index: Any  # int32, open addressing on ACCOUNT.key, -1 empty
    lines: Any  # LINE, blocks of 2**class lines
    pairs: Any  # PAIR
    members: Any  # int32 rows of pairs, blocks of 4 * 2**class an account
    pair_index: Any  # int32
    schedules: Any  # SCHEDULE
    seen: Any  # SEEN, open addressing on key, used != 0
    evidence: Any  # EVIDENCE
    arena: Any  # uint8, account and customer ids
    dirty: Any  # int32 rows touched since their last day evaluation
    counters: Any  # int64


ROOM: Final = {
    "accounts": (1 << 22, ACCOUNT),
    "lines": (1 << 26, LINE),
    "pairs": (1 << 25, PAIR),
    "members": (1 << 27, np.dtype(np.int32)),
    "schedules": (1 << 23, SCHEDULE),
    "evidence": (1 << 18, EVIDENCE),
    "arena": (1 << 29, np.dtype(np.uint8)),
    "dirty": (1 << 22, np.dtype(np.int32)),
}
"""Records of each pool that address space is reserved for, about 15 GB a shard, of which only touched pages are real.
Beyond it a pool is copied to a longer one."""
_LEAST: Final = 1024


def empty(room: int = _LEAST) -> Memory:
    """Memory for a new shard; ``room`` accounts fit before an index is made anew."""
    counters = np.zeros(COUNTERS, np.int64)
    counters[SHARD_DAY] = NO_DAY
    counters[FREE_LINES : FREE_LINES + 8] = -1
    counters[FREE_MEMBERS:] = -1
    return Memory(
        **{name: reserved(count, 4 * _LEAST, dtype) for name, (count, dtype) in ROOM.items()},
        account_index=np.full(2 * room, -1, np.int32),
        pair_index=np.full(8 * room, -1, np.int32),
        seen=np.zeros(8 * room, SEEN),
        counters=counters,
    )


def _doubled(pool: Any) -> Any:
    bigger = reserved(2 * len(pool), 2 * len(pool), pool.dtype)
    bigger[: len(pool)] = pool
    return bigger


def grown(memory: Memory, *pools: str) -> Memory:
    """The same memory with the named pools doubled; costs one copy of each."""
    return memory._replace(**{name: _doubled(getattr(memory, name)) for name in pools})


def nbytes(memory: Memory) -> int:
    """Bytes in use: records of the pools, and the tables and indexes whole."""
    c = memory.counters
    counted = (ACCOUNTS, LINES, PAIRS, MEMBERS, SCHEDULES, EVIDENCES, ARENA, ACCOUNTS)
    pools = sum(int(c[count]) * int(getattr(memory, name).itemsize) for name, count in zip(POOLS, counted, strict=True))
    return pools + sum(int(array.nbytes) for array in (memory.account_index, memory.pair_index, memory.seen, c))


def used(memory: Memory) -> dict[str, Any]:
    """The used part of every array, for a checkpoint; indexes are left out, they are rebuilt."""
    c = memory.counters
    return {
        "accounts": memory.accounts[: c[ACCOUNTS]],
        "lines": memory.lines[: c[LINES]],
        "pairs": memory.pairs[: c[PAIRS]],
        "members": memory.members[: c[MEMBERS]],
        "schedules": memory.schedules[: c[SCHEDULES]],
        "seen": memory.seen[memory.seen["used"] != 0],
        "evidence": memory.evidence[: c[EVIDENCES]],
        "arena": memory.arena[: c[ARENA]],
        "dirty": memory.dirty[: c[DIRTY]],
        "counters": c,
    }


def text_of(memory: Memory, at: int, length: int) -> str:
    """A string of the arena; ids are printable ASCII by the contract."""
    return bytes(memory.arena[at : at + length]).decode("ascii")
