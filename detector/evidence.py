"""The movements that an account's evidence block remembers, as event ids."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from detector.features.layout import EVIDENCE_SLOTS, ID_BYTES


class Remembered:
    """Newest credits and debits of one account by event id, read out of its block once and only when asked for."""

    def __init__(self, block: Any) -> None:
        self._block = block
        self._sides: dict[int, tuple[list[str], list[int]]] = {}

    def _side(self, side: int) -> tuple[list[str], list[int]]:
        """Event ids and tags of one side's movements, oldest first."""
        if side not in self._sides:
            block = self._block
            written = int(block["written"][side])
            first = written % EVIDENCE_SLOTS if written > EVIDENCE_SLOTS else 0
            slots = [*range(first, min(written, EVIDENCE_SLOTS)), *range(first)]
            tags, lengths = block["tags"][side].tolist(), block["length"][side].tolist()
            text = block["ids"][side].tobytes().decode("latin-1")
            ids = [text[slot * ID_BYTES : slot * ID_BYTES + lengths[slot]] for slot in slots]
            self._sides[side] = (ids, [tags[slot] for slot in slots])
        return self._sides[side]

    def with_tag(self, sides: Sequence[int], tag: int) -> list[str]:
        """Event ids with ``tag`` (a TAG_* of the layout), credits before debits, oldest first, 20 at most."""
        found: list[str] = []
        for side in sides:
            ids, tags = self._side(side)
            found += [name for name, own in zip(ids, tags, strict=True) if own & tag]
        return found[-EVIDENCE_SLOTS:]

    def newest(self) -> str:
        """The account's newest customer movement that is remembered; empty where none is."""
        ids, _ = self._side(int(self._block["newest_side"]))
        return ids[-1] if ids else ""
