"""What accounts' holders share, by account row: representative, address, phone, employer, and who acted for them."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa

from contract.hashing import hash64
from detector.block import Block
from detector.features.columns import CONFLICTING, CUSTOMER_CHANGED, DUPLICATE
from detector.features.memory import ACCOUNTS
from detector.features.tables import account_rows

SHARED: Final = ("legal_representative", "address", "phone", "employer")
AGENTS: Final = 4
"""Agents remembered of an account, the first ones; 64 bytes an account with the four values above."""


class LinkBook:
    """Hashes only; a later profile's value replaces the earlier one."""

    def __init__(self) -> None:
        self._values = np.zeros((1024, len(SHARED) + AGENTS), np.uint64)
        self._acted = np.zeros((0, 2), np.uint64)

    def profiles(self, batch: pa.RecordBatch, refused: Any, memory: Any) -> None:
        """Take a profile batch whose accounts the memory has; ``refused`` marks rows that do not count."""
        rows = self._rows(hash64(batch.column("account_id")), memory)
        rows[refused != 0] = -1
        for place, name in enumerate(SHARED):
            values = hash64(batch.column(f"{name}_id"))
            given = (values != 0) & (rows >= 0)
            self._values[rows[given], place] = values[given]

    def agents(self, block: Block, start: int, stop: int, status: Any) -> None:
        """Note who acted on whose account; it is sorted in when the day turns."""
        column = block.column("agent_id", start, stop)
        if column.null_count == len(column):
            return
        agent = hash64(column)
        told = status[start:stop]
        counts = (agent != 0) & (told != DUPLICATE) & (told != CONFLICTING) & (told != CUSTOMER_CHANGED)
        counts &= agent != block.columns.customer[start:stop]
        acted = np.stack([block.columns.account[start:stop][counts], agent[counts]], axis=1)
        self._acted = np.concatenate([self._acted, acted])

    def settle(self, memory: Any) -> None:
        """Sort in who acted since the last call."""
        self._reserve(memory)
        acted, self._acted = self._acted, np.zeros((0, 2), np.uint64)
        slots = slice(len(SHARED), len(SHARED) + AGENTS)
        for row, agent in zip(self._rows(acted[:, 0].copy(), memory).tolist(), acted[:, 1].tolist(), strict=True):
            known = self._values[row, slots]
            free = np.flatnonzero(known == 0)
            if len(free) and not (known == agent).any():
                known[free[0]] = agent

    def of(self, row: int) -> list[tuple[str, int]]:
        """Kind and value of all that is known of an account."""
        names = (*SHARED, *("agent",) * AGENTS)
        return [(name, value) for name, value in zip(names, self._values[row].tolist(), strict=True) if value]

    def state(self) -> dict[str, Any]:
        """All that must survive, as arrays."""
        return {"values": self._values, "acted": self._acted}

    def restore(self, parts: dict[str, Any]) -> None:
        """Take up what ``state`` gave."""
        self._values, self._acted = np.array(parts["values"]), np.array(parts["acted"])

    def _reserve(self, memory: Any) -> None:
        count = int(memory.counters[ACCOUNTS])
        if count > len(self._values):
            more = np.zeros((max(count, 2 * len(self._values)) - len(self._values), self._values.shape[1]), np.uint64)
            self._values = np.concatenate([self._values, more])

    def _rows(self, keys: Any, memory: Any) -> Any:
        self._reserve(memory)
        return account_rows(memory.account_index, memory.accounts, keys)
