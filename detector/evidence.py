"""The movements that an account's evidence block remembers, as event ids."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from detector.features.layout import EVIDENCE_SLOTS


class Remembered:
    """Newest credits and debits of one account by event id, read out of its block once and only when asked for."""

    def __init__(self, block: Any) -> None:
        self._block = block
        self._sides: dict[int, list[tuple[int, str]]] = {}

    def _side(self, side: int) -> list[tuple[int, str]]:
        """Tags and event id of one side's movements, oldest first."""
        if side not in self._sides:
            block = self._block
            written = int(block["written"][side])
            tags, lengths = block["tags"][side].tolist(), block["length"][side].tolist()
            ids = block["ids"][side]
            text, width = ids.tobytes().decode("latin-1"), ids.shape[1]
            slots = [turn % EVIDENCE_SLOTS for turn in range(max(0, written - EVIDENCE_SLOTS), written)]
            self._sides[side] = [(tags[slot], text[slot * width : slot * width + lengths[slot]]) for slot in slots]
        return self._sides[side]

    def with_tag(self, sides: Sequence[int], tag: int) -> list[str]:
        """Event ids with ``tag`` (a TAG_* of the layout), credits before debits, oldest first, 20 at most."""
        found = [name for side in sides for tags, name in self._side(side) if tags & tag]
        return found[-EVIDENCE_SLOTS:]

    def newest(self) -> str:
        """The account's newest customer movement that is remembered; empty where none is."""
        side = self._side(int(self._block["newest_side"]))
        return side[-1][1] if side else ""
