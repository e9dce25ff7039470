"""Longer pools where no address space could be reserved for them, and memory restored from a checkpoint's parts."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from detector.features import memory as mem
from detector.features.accounts import short_of_room
from detector.features.index import SLOTS, Index, grown_index, is_short
from detector.features.jit import loop
from detector.features.reserve import reserved
from detector.features.seen import enter_all
from detector.features.tables import index_accounts, index_pairs

_LEAST: Final = 16_384


@loop
def _lacks_room(m: Any) -> Any:
    return short_of_room(m)


@loop
def _lacks_segments(index: Any) -> Any:
    return is_short(index)


def _doubled(pool: Any) -> Any:
    bigger = reserved(2 * len(pool), 2 * len(pool), pool.dtype)
    bigger[: len(pool)] = pool
    return bigger


def with_room(m: mem.Memory) -> mem.Memory:
    """The same memory with room for one more movement, whatever it brings; costs a copy of what is too short.

    With reserved address space this is reached only at the end of that; elsewhere at every doubling.
    """
    while _lacks_room(m):
        m = _longer(m)
    return m


def _longer(m: mem.Memory) -> mem.Memory:
    for name in (*mem.POOLS, "seen"):
        m = m._replace(**{name: _doubled(getattr(m, name))}) if _is_short(m, name) else m
    if m.counters[mem.LINK_PLACES] >= len(m.recent):
        m = m._replace(recent=_doubled(m.recent))
    for name in ("account_index", "pair_index", "seen_index"):
        index = getattr(m, name)
        if _lacks_segments(index):
            m = m._replace(**{name: grown_index(index)})
    return m


def _is_short(m: mem.Memory, name: str) -> bool:
    # A third: one more counterparty may take twice the longest block of members there is.
    return 3 * len(mem.used(m)[name]) > len(getattr(m, name))


def restored(parts: dict[str, Any]) -> mem.Memory:
    """Memory from the used parts of a checkpoint; indexes are built anew, about a third of a second a million pairs.

    Parts are taken out of ``parts`` one by one: where nobody else holds them, no more than one is there twice.
    """
    m = mem.empty()
    seen = np.asarray(parts.pop("seen")).astype(m.seen.dtype, copy=False)
    for name in mem.POOLS:
        used = parts.pop(name)
        pool = _of_length(m, name, len(used))
        pool[: len(used)] = used
        m = m._replace(**{name: pool})
        del used
    m.counters[:] = parts.pop("counters")
    if m.counters[mem.LINK_PLACES] < 0:
        mem.begin_links(m.counters)
    recent = parts.pop("recent")
    m = m if len(recent) <= len(m.recent) else m._replace(recent=np.zeros(len(recent), np.uint64))
    m.recent[: len(recent)] = recent
    m = m._replace(
        seen=_of_length(m, "seen", len(seen)),
        account_index=_wide_enough(m.account_index, int(m.counters[mem.ACCOUNTS])),
        pair_index=_wide_enough(m.pair_index, int(m.counters[mem.PAIRS])),
        seen_index=_wide_enough(m.seen_index, len(seen)),
    )
    index_accounts(m.account_index, m.accounts, m.counters[mem.ACCOUNTS])
    index_pairs(m.pair_index, m.pairs, m.counters[mem.PAIRS])
    enter_all(m.seen_index, m.seen, m.seen_spare, seen, m.counters[mem.SEEN_FROM])
    return m


def _of_length(m: mem.Memory, name: str, used: int) -> Any:
    """The empty memory's pool, or a longer one where so much is used."""
    pool = getattr(m, name)
    most = mem.SEEN_RESERVED if name == "seen" else mem.POOLS[name][0]
    while len(pool) < min(3 * used + _LEAST, most):
        pool = _doubled(pool)
    return pool


def _wide_enough(index: Index, keys: int) -> Index:
    while SLOTS * len(index.fill) // 2 < 4 * keys + 4 * SLOTS:
        index = grown_index(index)
    return index
