"""What a shard tells the scheme process of devices: those that a holder used on enough days, whatever happens in between."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pytest

from contract.evidence import Evidence
from contract.hashing import hash64
from contract.movement import MOVEMENT
from contract.shanghai import parse_ms
from detector.catalogue import LinkRules, load_catalogue
from detector.engine import Shard
from tests.detector.shards import INSTITUTION, batch_of, movement

CATALOGUE = replace(load_catalogue(), links=LinkRules(use_devices=True))


def date_of(day: int) -> str:
    """A day counted from the first of March."""
    return (date(2026, 3, 1) + timedelta(days=day)).isoformat()


def on(day: int, device: str, **fields: Any) -> list[dict[str, Any]]:
    """A day on which the account of many payers pays out from a device."""
    at = date_of(day)
    paid_in = [
        movement(f"in{day}.{k}", f"{at}T08:{k:02d}", 30_000 + k, counterparty_id=f"a:p{day}.{k}", counterparty_kind="person")
        for k in range(20)
    ]
    return [
        *paid_in,
        movement(f"out{day}.{device}", f"{at}T09:00", 5_000, **{"direction": "debit", "device_id": device, **fields}),
    ]


def told(days: dict[int, list[dict[str, Any]]], *, restart_after: int | None = None) -> set[int]:
    """Devices that the shard tells of its account in the end, ten days after the last one; ``days`` are what comes on each."""
    shard = Shard(INSTITUTION, 0, CATALOGUE, evidence=True)
    found: set[int] = set()
    quiet: dict[int, list[dict[str, Any]]] = {max(days) + more: [] for more in range(1, 11)}
    for day, rows in (days | quiet).items():
        shard.movements(batch_of(rows, MOVEMENT))
        if day == restart_after:
            shard = Shard.restore(INSTITUTION, 0, CATALOGUE, shard.state())
        for one in shard.watermark(parse_ms(date_of(day + 1) + "T00:00:00+08:00")).evidence:
            if isinstance(one, Evidence):
                found = {value for kind, value in one.links if kind == "device"}
    return found


def keys(*devices: str) -> set[int]:
    return set(hash64(pa.array(devices)).tolist())


@pytest.mark.parametrize("restart_after", [None, 2, 3, 4])
def test_a_device_is_told_once_it_was_used_on_three_days(restart_after: int | None) -> None:
    days = {day: on(day, "v:2" if day == 5 else "v:1") for day in range(2, 6)}
    assert told(days, restart_after=restart_after) == keys("v:1")
    assert told({day: days[day] for day in (2, 3)}, restart_after=restart_after) == set()


def test_a_day_is_one_day_however_often_the_device_is_used() -> None:
    more = [movement(f"more{k}", f"{date_of(2)}T10:0{k}", 900, direction="debit", device_id="v:1") for k in range(3)]
    assert told({2: [*on(2, "v:1"), *more], 3: on(3, "v:1"), 4: on(4, "v:2")}) == set()


def test_a_day_that_comes_late_is_the_day_it_was() -> None:
    *paid_in, used = on(2, "v:1")
    assert told({2: paid_in, 3: on(3, "v:1"), 4: [used, *on(4, "v:1")], 5: on(5, "v:2")}) == keys("v:1")
    again = {**used, "event_id": "again", "occurred_at": used["occurred_at"] + 1}
    assert told({2: on(2, "v:1"), 3: on(3, "v:1"), 4: [again, *on(4, "v:2")], 5: on(5, "v:2")}) == set()


def test_a_device_unused_for_ninety_days_is_told_no_more() -> None:
    days = {day: on(day, "v:1") for day in (2, 3, 4)}
    assert told(days | {60: on(60, "v:2"), 75: on(75, "v:2")}) == keys("v:1")
    assert told(days | {60: on(60, "v:2"), 95: on(95, "v:2")}) == set()


def test_on_whose_device_money_came_in_says_nothing() -> None:
    assert told({day: on(day, "v:1", direction="credit") for day in range(2, 7)}) == set()


def test_of_more_devices_than_are_followed_the_one_unused_longest_gives_way() -> None:
    kept = {2 + k: on(2 + k, f"v:{k % 3}") for k in range(9)}
    assert told(kept | {11: on(11, "v:8"), 12: on(12, "v:9")}) == keys("v:1", "v:2")
