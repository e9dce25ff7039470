"""From which devices holders move their money, by account row: kept only where an institution may use that (rules.LinkRules)."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from contract.hashing import hash64
from contract.shanghai import day_of
from detector.block import Block
from detector.features.columns import CONFLICTING, CUSTOMER_CHANGED, DUPLICATE
from detector.features.jit import inner, loop
from detector.features.memory import ACCOUNTS
from detector.features.tables import account_rows

DEVICES: Final = 4
"""Devices that are followed of an account: of more, the one unused longest gives way."""
WINDOW_DAYS: Final = 90
USE: Final = np.dtype([("device", "u8"), ("newest", "i4"), ("days", "u8", (2,))], align=True)
"""A device, its newest day, and a bit for each of the 128 days until then on which it was used, the newest the lowest."""
CAME: Final = np.dtype([("account", "u8"), ("device", "u8"), ("day", "i8")])


_HALF: Final = np.int64(64)


@inner
def _let_pass(days: Any, past: Any) -> None:
    """Move the bits on by so many days, none or more."""
    if past >= 2 * _HALF:
        days[0] = days[1] = np.uint64(0)
    elif past >= _HALF:
        days[1], days[0] = days[0] << np.uint64(past - _HALF), np.uint64(0)
    elif past > 0:
        days[1] = days[1] << np.uint64(past) | days[0] >> np.uint64(_HALF - past)
        days[0] = days[0] << np.uint64(past)


@inner
def _longest_unused(mine: Any) -> Any:
    place = 0
    for one in range(1, len(mine)):
        if mine[one].newest < mine[place].newest:
            place = one
    return place


@loop
def _note(uses: Any, rows: Any, devices: Any, days: Any) -> None:
    """Note each device's days, in order; one that comes late counts where it belongs."""
    for k in range(len(rows)):
        mine = uses[rows[k]]
        place = _longest_unused(mine)
        for one in range(len(mine)):
            if mine[one].device == devices[k]:
                place = one
        use = mine[place]
        if use.device != devices[k]:
            use.device, use.newest = devices[k], days[k]
            use.days[0], use.days[1] = np.uint64(1), np.uint64(0)
            continue
        _let_pass(use.days, days[k] - use.newest)
        use.newest = max(use.newest, days[k])
        ago = use.newest - days[k]
        if ago < 2 * _HALF:
            use.days[ago // _HALF] |= np.uint64(1) << np.uint64(ago % _HALF)


class DeviceBook:
    """Hashes only, of what the holder himself sent: on whose device a payment in was made says nothing of the account.

    128 bytes an account. A device counts where it was used on ``least_days`` of 90 days: a borrowed phone links nobody, nor
    one that was sold on (regulation §2.1, F10).
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
            _note(self._uses, rows, came["device"].copy(), came["day"].copy())

    def of(self, row: int, day: int) -> list[tuple[str, int]]:
        """Kind and value of each device that the account was used from on enough of the days until ``day``, by value."""
        within = (1 << WINDOW_DAYS) - 1
        found = []
        for device, newest, (low, high) in self._uses[row].tolist():
            days = (int(low) | int(high) << 64) << max(day - newest, 0) & within
            if device and days.bit_count() >= self._least_days:
                found.append(("device", device))
        return sorted(found)

    def state(self) -> dict[str, Any]:
        """All that must survive, as arrays."""
        return {"uses": self._uses, "came": self._came}

    def restore(self, parts: dict[str, Any]) -> None:
        """Take up what ``state`` gave."""
        self._uses, self._came = np.array(parts["uses"]).astype(USE), np.array(parts["came"]).astype(CAME)
