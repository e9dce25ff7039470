"""The newest movements of an account that has something to show, by event id."""

from __future__ import annotations

from typing import Any

from detector.features.jit import inner
from detector.features.layout import EVIDENCE_SLOTS


@inner
def remember_event(block: Any, x: Any, i: Any, tags: Any) -> None:
    """Write the movement's event id and tags over the oldest of its side."""
    side = 0 if x.credit[i] else 1
    slot = block.written[side] % EVIDENCE_SLOTS
    first = x.event_at[i]
    length = x.event_at[i + 1] - first
    for k in range(length):
        block.ids[side, slot, k] = x.event_ids[first + k]
    for k in range(length, block.length[side, slot]):
        block.ids[side, slot, k] = 0
    block.length[side, slot] = length
    block.tags[side, slot] = tags
    block.written[side] += 1
    block.newest_side = side


@inner
def remember_terminal(block: Any, terminal: Any) -> None:
    """Note a terminal or merchant number; four different ones are told apart."""
    for k in range(len(block.terminals)):
        if block.terminals[k] == terminal:
            return
        if block.terminals[k] == 0:
            block.terminals[k] = terminal
            return
