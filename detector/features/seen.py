"""The duplicate window: what is remembered of each movement of the last days, found by the key of its event.

Entries stand in the segments themselves. A segment that fills up first forgets what the window has left behind, and is
split only where that is not enough. What is older than the window counts as never seen, whether it still stands or not.
"""

from __future__ import annotations

from typing import Any

from detector.features.index import MOST, MOST_KEPT, SLOTS, divide, home, mark_of, segment_of
from detector.features.jit import apart, inner, loop
from detector.features.memory import SEEN_FROM
from detector.features.tables import mix


@inner
def seen_slot(index: Any, seen: Any, key: Any) -> Any:
    """Slot of an event key; ``used`` is 0 there where the event is not known."""
    h = mix(key)
    base, k, mark = segment_of(index, h) * SLOTS, home(h), mark_of(h)
    while index.marks[base + k] != 0 and (index.marks[base + k] != mark or seen[base + k].key != key):
        k = (k + 1) & (SLOTS - 1)
    return base + k


@inner
def is_known(m: Any, slot: Any) -> Any:
    """Whether the slot holds a movement of the window."""
    return m.seen[slot].used != 0 and m.seen[slot].ms >= m.counters[SEEN_FROM]


@inner
def _enter(index: Any, seen: Any, entry: Any) -> None:
    h = mix(entry.key)
    segment = segment_of(index, h)
    base, k = segment * SLOTS, home(h)
    while index.marks[base + k] != 0:
        k = (k + 1) & (SLOTS - 1)
    index.marks[base + k] = mark_of(h)
    seen[base + k] = entry
    index.fill[2 * segment] += 1


@apart
def _make_room(index: Any, seen: Any, spare: Any, h: Any, from_ms: Any) -> None:
    """Forget what is before ``from_ms`` in the segment of ``h``, and split it where it is still too full."""
    segment = segment_of(index, h)
    base, kept = segment * SLOTS, 0
    for k in range(SLOTS):
        spare[k] = seen[base + k]
        if index.marks[base + k] == 0 or spare[k].ms < from_ms:
            spare[k].used = 0
        kept += spare[k].used != 0
        index.marks[base + k] = 0
        seen[base + k].used = 0
    index.fill[2 * segment] = 0
    if kept > MOST_KEPT:
        divide(index, h)
    for k in range(SLOTS):
        if spare[k].used != 0:
            _enter(index, seen, spare[k])


@inner
def note_slot(m: Any, slot: Any, key: Any) -> Any:
    """Slot for a new event whose ``seen_slot`` is ``slot``: taken, its key and mark set; the rest is the caller's to fill."""
    index = m.seen_index
    h = mix(key)
    if index.marks[slot] == 0:
        segment = segment_of(index, h)
        if index.fill[2 * segment] >= MOST:
            _make_room(index, m.seen, m.seen_spare, h, m.counters[SEEN_FROM])
            slot = seen_slot(index, m.seen, key)
            segment = segment_of(index, h)
        index.fill[2 * segment] += 1
        index.marks[slot] = mark_of(h)
    m.seen[slot].key = key
    return slot


@loop
def enter_all(index: Any, seen: Any, spare: Any, entries: Any, from_ms: Any) -> None:
    """Enter stored entries that are used and not before ``from_ms`` into an empty table with room for them."""
    for at in range(len(entries)):
        if entries[at].used == 0 or entries[at].ms < from_ms:
            continue
        h = mix(entries[at].key)
        if index.fill[2 * segment_of(index, h)] >= MOST:
            _make_room(index, seen, spare, h, from_ms)
        _enter(index, seen, entries[at])
