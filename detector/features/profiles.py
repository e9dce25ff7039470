"""What a profile says of an account, into its row."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa

from contract.hashing import hash64, utf8
from contract.movement import HOLDER_KINDS
from contract.profile import ACCOUNT_TYPES, LICENCES
from contract.shanghai import DAY_MS
from detector.features.accounts import account_of, customer_differs, short_of_room
from detector.features.intake import codes, numbers
from detector.features.jit import loop
from detector.features.layout import MOST_DAY, NEVER, TRADE_HALF
from detector.features.memory import NO_DAY, SHARD_DAY
from detector.features.pretexts import pretexts_of
from detector.features.trade import industry_class, name_class

DONE: Final = -1
CHANGED: Final = 1
OUTDATED: Final = 2
"""Why a profile does not count: it names another holder; a newer one of its account is known, and this was sent again."""
AHEAD_DAYS: Final = 31
"""A profile that says it holds from later on than the shard's day and so many more is taken to be of then: what gives a year
9999 must not keep out every later one."""


@loop
def _learn(
    m: Any, keys: Any, at: Any, ids: Any, customers: Any, customer_at: Any, customer_ids: Any, told_ms: Any, facts: Any,
    start: Any, refused: Any,
) -> Any:  # fmt: skip
    """Write facts (in the order of ``ProfileColumns``) from row ``start`` on; returns where room ended."""
    day = m.counters[SHARD_DAY]
    latest = (day + AHEAD_DAYS) * np.int64(DAY_MS) if day != NO_DAY else np.int64(NEVER)
    for i in range(start, len(keys)):
        if short_of_room(m):
            return i
        row = account_of(m, keys[i], at, ids, i)
        if customer_differs(m, row, customers[i], customer_at, customer_ids, i):
            refused[i] = CHANGED
            continue
        a = m.accounts[row]
        told = min(told_ms[i], latest)
        if told < a.told_ms:
            refused[i] = OUTDATED
            continue
        a.told_ms = told
        a.holder_kind = facts[i, 0]
        a.licence = facts[i, 1]
        a.account_type = facts[i, 2]
        if a.region == 0:
            a.region = facts[i, 3]
        a.subject_region = facts[i, 4]
        a.opened = facts[i, 5]
        a.closed = facts[i, 6]
        a.trade = facts[i, 7] | facts[i, 8] << TRADE_HALF
        a.capital = facts[i, 9]
        a.pretexts |= facts[i, 10]
    return DONE


class ProfileColumns:
    """A checked profile batch as the rows need it; ``learn`` resumes where memory had to grow.

    ``refused`` (rows) says why a profile does not count, 0 where it does. One older than what is known of its account does
    not: a file that is sent again begins with what its accounts were like at first. One without a time is the oldest.
    """

    def __init__(self, batch: pa.RecordBatch) -> None:
        self.refused = np.zeros(batch.num_rows, np.uint8)
        self._keys = hash64(batch.column("account_id"))
        self._ids = utf8(batch.column("account_id"))
        self._customers = hash64(batch.column("customer_id"))
        self._customer_ids = utf8(batch.column("customer_id"))
        self._told_ms = numbers(batch.column("updated_at").cast(pa.int64()), np.int64, 0)
        self._facts = np.stack(
            [
                codes(batch.column("holder_kind"), HOLDER_KINDS),
                codes(batch.column("holder_licence"), LICENCES),
                codes(batch.column("account_type"), ACCOUNT_TYPES),
                numbers(batch.column("branch_region"), np.int32, 0),
                numbers(batch.column("subject_region"), np.int32, 0),
                _days(batch.column("opened_on")),
                _days(batch.column("closed_on")),
                industry_class(batch.column("industry")),
                name_class(batch.column("holder_name_class"), batch.column("business_scope")),
                numbers(batch.column("registered_capital_minor"), np.int64, 0),
                pretexts_of(batch.column("holder_name_class"), batch.column("business_scope")),
            ],
            axis=1,
        ).astype(np.int64)

    def learn(self, memory: Any, start: int = 0) -> int:
        """Write rows from ``start`` on; ``DONE``, or the row before which memory must grow."""
        told, names = self._told_ms, (*self._ids, self._customers, *self._customer_ids)
        return int(_learn(memory, self._keys, *names, told, self._facts, start, self.refused))


def _days(dates: pa.Array) -> Any:
    return np.clip(numbers(dates.cast(pa.int32()), np.int32, 0), -MOST_DAY, MOST_DAY)
