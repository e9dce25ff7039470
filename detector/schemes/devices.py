"""From which devices holders move their money, by account row: kept only where an institution may use that (rules.LinkRules)."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from contract.hashing import hash64
from contract.shanghai import day_of
from detector.block import Block
from detector.features.columns import CONFLICTING, CUSTOMER_CHANGED, DUPLICATE
from detector.features.jit import loop
from detector.features.memory import ACCOUNTS
from detector.features.tables import account_rows

DEVICES: Final = 4
"""Devices that are followed of an account: of more, the one used on the fewest days gives way, the longest unused first."""
USE: Final = np.dtype([("device", "u8"), ("newest", "i4"), ("days", "i4")], align=True)
CAME: Final = np.dtype([("account", "u8"), ("device", "u8"), ("day", "i8")])


@loop
def _count(uses: Any, rows: Any, devices: Any, days: Any) -> None:
    """Count each device's days, in order; a day is counted once, and none before the newest."""
    for k in range(len(rows)):
        mine = uses[rows[k]]
        place = 0
        for one in range(len(mine)):
            if mine[one].device == devices[k] or mine[one].device == 0:
                place = one
                break
            fewer = mine[one].days < mine[place].days
            if fewer or (mine[one].days == mine[place].days and mine[one].newest < mine[place].newest):
                place = one
        use = mine[place]
        if use.device != devices[k]:
            use.device, use.newest, use.days = devices[k], days[k], 1
        elif days[k] > use.newest:
            use.newest = days[k]
            use.days += 1


class DeviceBook:
    """Hashes only, of what the holder himself sent: on whose device a payment in was made says nothing of the account.

    64 bytes an account. A device counts once it was used on ``least_days`` days: a borrowed phone links nobody.
    """

    def __init__(self, least_days: int) -> None:
        self._least_days = least_days
        self._uses = np.zeros((1024, DEVICES), USE)
        self._came = np.zeros(0, CAME)

    def add(self, block: Block, start: int, stop: int, status: Any) -> None:
        """Note what was used; it is sorted in when the day turns."""
        column = block.column("device_id", start, stop)
        if column.null_count == len(column):
            return
        device, told, x = hash64(column), status[start:stop], block.columns
        counts = (device != 0) & (x.credit[start:stop] == 0)
        counts &= (told != DUPLICATE) & (told != CONFLICTING) & (told != CUSTOMER_CHANGED)
        came = np.zeros(np.count_nonzero(counts), CAME)
        came["account"], came["device"] = x.account[start:stop][counts], device[counts]
        came["day"] = day_of(x.ms[start:stop][counts])
        self._came = np.unique(np.concatenate([self._came, came]))

    def settle(self, memory: Any) -> None:
        """Sort in what was used since the last call."""
        came, self._came = self._came, np.zeros(0, CAME)
        count = int(memory.counters[ACCOUNTS])
        if count > len(self._uses):
            more = np.zeros((max(count, 2 * len(self._uses)) - len(self._uses), DEVICES), USE)
            self._uses = np.concatenate([self._uses, more])
        if len(came):
            came = came[np.lexsort((came["device"], came["account"], came["day"]))]
            rows = account_rows(memory.account_index, memory.accounts, came["account"].copy())
            _count(self._uses, rows, came["device"].copy(), came["day"].copy())

    def of(self, row: int) -> list[tuple[str, int]]:
        """Kind and value of each device that the account was used from on enough days, in order of value."""
        mine = self._uses[row]
        return [("device", value) for value in np.sort(mine["device"][mine["days"] >= self._least_days]).tolist()]

    def state(self) -> dict[str, Any]:
        """All that must survive, as arrays."""
        return {"uses": self._uses, "came": self._came}

    def restore(self, parts: dict[str, Any]) -> None:
        """Take up what ``state`` gave."""
        self._uses, self._came = np.array(parts["uses"]).astype(USE), np.array(parts["came"]).astype(CAME)
