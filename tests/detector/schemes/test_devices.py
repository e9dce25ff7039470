"""What a shard tells the scheme process of devices: those that a holder used on enough days, whatever happens in between."""

from __future__ import annotations

from dataclasses import replace
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
MARCH = "2026-03-{:02d}"


def on(day: int, device: str, **fields: Any) -> list[dict[str, Any]]:
    """A day on which the account of many payers pays out from a device."""
    at = MARCH.format(day)
    paid_in = [
        movement(f"in{day}.{k}", f"{at}T08:{k:02d}", 30_000 + k, counterparty_id=f"a:p{day}.{k}", counterparty_kind="person")
        for k in range(20)
    ]
    return [
        *paid_in,
        movement(f"out{day}.{device}", f"{at}T09:00", 5_000, **{"direction": "debit", "device_id": device, **fields}),
    ]


def told(days: list[list[dict[str, Any]]], *, restart_after: int | None = None) -> set[int]:
    """Devices that the shard tells of its account in the end."""
    shard = Shard(INSTITUTION, 0, CATALOGUE, evidence=True)
    found: set[int] = set()
    for number, rows in enumerate(days):
        shard.movements(batch_of(rows, MOVEMENT))
        if number == restart_after:
            shard = Shard.restore(INSTITUTION, 0, CATALOGUE, shard.state())
        evidence = shard.watermark(parse_ms(MARCH.format(number + 3) + "T00:00:00+08:00")).evidence
        for one in evidence:
            if isinstance(one, Evidence):
                found = {value for kind, value in one.links if kind == "device"}
    return found


def keys(*devices: str) -> set[int]:
    return set(hash64(pa.array(devices)).tolist())


@pytest.mark.parametrize("restart_after", [None, 0, 1, 2])
def test_a_device_is_told_once_it_was_used_on_three_days(restart_after: int | None) -> None:
    days = [on(2, "v:1"), on(3, "v:1"), on(4, "v:1"), on(5, "v:2")]
    assert told(days, restart_after=restart_after) == keys("v:1")
    assert told(days[:2], restart_after=restart_after) == set()


def test_a_day_is_one_day_however_often_the_device_is_used() -> None:
    thrice = [
        *on(2, "v:1"),
        *(movement(f"more{k}", f"2026-03-02T10:0{k}", 900, direction="debit", device_id="v:1") for k in range(3)),
    ]
    assert told([thrice, on(3, "v:1")]) == set()


def test_on_whose_device_money_came_in_says_nothing() -> None:
    assert told([on(day, "v:1", direction="credit") for day in range(2, 7)]) == set()


def test_of_more_devices_than_are_followed_the_one_used_least_gives_way() -> None:
    kept = [on(2 + k, f"v:{k % 3}") for k in range(9)]
    assert told([*kept, on(11, "v:8"), on(12, "v:9")]) == keys("v:0", "v:1", "v:2")
