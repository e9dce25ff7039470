"""The movements that an account's evidence block remembers, as event ids."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from detector.features.layout import EVIDENCE_SLOTS, TAG_DEBIT, TAG_TERMINAL


class Remembered:
    """Newest credits and debits of one account by event id, read out of its block once and only when asked for."""

    def __init__(self, block: Any) -> None:
        self._block = block
        self._read: tuple[list[tuple[str, int]], list[tuple[str, int]]] | None = None
        self._newest = ""

    def _sides(self) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
        """Event ids and tags of the newest credits and of the newest debits, oldest first."""
        if self._read is None:
            data = self._block.tobytes()
            at, end = 2, 2 + int.from_bytes(data[:2], "little")
            sides: tuple[list[tuple[str, int]], list[tuple[str, int]]] = ([], [])
            while at < end:
                length, tags = data[at], data[at + 1]
                if not tags & TAG_TERMINAL:
                    self._newest = data[at + 2 : at + 2 + length].decode("latin-1")
                    sides[1 if tags & TAG_DEBIT else 0].append((self._newest, tags))
                at += 2 + length
            self._read = (sides[0][-EVIDENCE_SLOTS:], sides[1][-EVIDENCE_SLOTS:])
        return self._read

    def with_tag(self, sides: Sequence[int], tag: int) -> list[str]:
        """Event ids with ``tag`` (a TAG_* of the layout), credits before debits, oldest first, 20 at most."""
        found: list[str] = []
        for side in sides:
            found += [name for name, own in self._sides()[side] if own & tag]
        return found[-EVIDENCE_SLOTS:]

    def newest(self) -> str:
        """The account's newest customer movement that is remembered; empty where none is."""
        self._sides()
        return self._newest
