"""Event ids of the day's movements with persons, kept until the day turns: what a member flag shows as evidence."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa

from detector.block import Block
from detector.features.columns import USED

MOST: Final = 20


class NewestEvents:
    """One day's ids; they are looked up for the few accounts that are told, and then forgotten."""

    def __init__(self) -> None:
        self._accounts: list[Any] = []
        self._ids: list[pa.Array] = []

    def add(self, block: Block, start: int, stop: int, status: Any) -> None:
        """Note counted movements whose other side is, or may be, a person."""
        x, part = block.columns, slice(start, stop)
        with_person = (x.kind[part] <= 1) & (x.counterparty[part] != 0) & (x.excluded[part] == 0) & (x.reversal_of[part] == 0)
        chosen = np.flatnonzero(with_person & (status[part] == USED))
        self._accounts.append(x.account[part][chosen])
        self._ids.append(block.column("event_id", start, stop).take(pa.array(chosen)))

    def of(self, accounts: Any) -> list[list[str]]:
        """The newest ids of each account (by key), oldest first."""
        if not len(accounts):
            return []
        order = np.argsort(accounts)
        keys = np.concatenate([np.zeros(0, np.uint64), *self._accounts])
        place = np.minimum(np.searchsorted(accounts[order], keys), len(accounts) - 1)
        hit = np.flatnonzero(accounts[order][place] == keys)
        found: list[list[str]] = [[] for _ in range(len(accounts))]
        if len(hit):
            ids = pa.chunked_array(self._ids, pa.string()).take(pa.array(hit)).to_pylist()
            for k, name in zip(order[place[hit]].tolist(), ids, strict=True):
                found[k].append(name)
        return [ids[-MOST:] for ids in found]

    def forget(self) -> None:
        """The day is over."""
        self._accounts, self._ids = [], []

    def state(self) -> dict[str, Any]:
        """All that must survive; ids hold no line break."""
        ids = "\n".join(pa.chunked_array(self._ids, pa.string()).to_pylist())
        return {"accounts": np.concatenate([np.zeros(0, np.uint64), *self._accounts]), "ids": ids.encode()}

    def restore(self, parts: dict[str, Any]) -> None:
        """Take up what ``state`` gave."""
        ids = bytes(parts["ids"]).decode()
        self._accounts, self._ids = [np.array(parts["accounts"])], [pa.array(ids.split("\n") if ids else [], pa.string())]
