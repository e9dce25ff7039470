"""The movements that an account's evidence block remembers, as event ids."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from detector.features.layout import EVIDENCE_SLOTS, ID_BYTES


class Remembered:
    """Newest credits and debits of one account by event id, read out of its block once and only when asked for."""

    def __init__(self, block: Any) -> None:
        self._block = block
        self._sides: dict[int, tuple[list[int], list[int], str]] = {}

    def _side(self, side: int) -> tuple[list[int], list[int], str]:
        """Tags and lengths by slot, and the text of all slots, one after another."""
        if side not in self._sides:
            block = self._block
            text = block["ids"][side].tobytes().decode("latin-1")
            self._sides[side] = (block["tags"][side].tolist(), block["length"][side].tolist(), text)
        return self._sides[side]

    def _slots(self, side: int) -> list[int]:
        """Slots in use, oldest first."""
        written = int(self._block["written"][side])
        first = written % EVIDENCE_SLOTS
        return list(range(written)) if written <= EVIDENCE_SLOTS else [*range(first, EVIDENCE_SLOTS), *range(first)]

    def with_tag(self, sides: Sequence[int], tag: int) -> list[str]:
        """Event ids with ``tag`` (a TAG_* of the layout), credits before debits, oldest first, 20 at most."""
        found: list[str] = []
        for side in sides:
            tags, lengths, text = self._side(side)
            found += [text[slot * ID_BYTES : slot * ID_BYTES + lengths[slot]] for slot in self._slots(side) if tags[slot] & tag]
        return found[-EVIDENCE_SLOTS:]

    def newest(self) -> str:
        """The account's newest customer movement that is remembered; empty where none is."""
        side = int(self._block["newest_side"])
        slots = self._slots(side)
        if not slots:
            return ""
        _, lengths, text = self._side(side)
        return text[slots[-1] * ID_BYTES : slots[-1] * ID_BYTES + lengths[slots[-1]]]
