"""A shard fed with movements and profiles written as short dicts, without files or broker."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa

from contract.flag import Flag, encode
from contract.movement import MOVEMENT
from contract.profile import PROFILE
from contract.shanghai import parse_ms
from detector.catalogue import ModelRules, load_catalogue
from detector.engine import Shard

INSTITUTION = "BANK1"
CATALOGUE = dataclasses.replace(load_catalogue(), models=ModelRules(n_trees=1, height=2))
"""The built-in catalogue with models so small that a shard is made in a millisecond."""
_MOVEMENT: dict[str, Any] = {
    "institution_code": INSTITUTION,
    "institution_type": "bank",
    "account_id": "a:1",
    "branch_region": "341302",
    "direction": "credit",
    "currency": "CNY",
    "kind": "transfer",
    "counterparty_id": "a:other",
    "counterparty_region": "110101",
}


def movement(event_id: str, at: str, yuan: float, **fields: Any) -> dict[str, Any]:
    """A movement at a Shanghai time such as ``2026-04-01T10:00``; ``**fields`` as in the contract, money in minor units."""
    seconds = at if at.count(":") == 2 else f"{at}:00"
    occurred_at = parse_ms(f"{seconds}+08:00")
    return {**_MOVEMENT, "event_id": event_id, "occurred_at": occurred_at, "amount_minor": round(yuan * 100), **fields}


def profile(account_id: str, holder_kind: str | None, **fields: Any) -> dict[str, Any]:
    """What the bank knows of an account."""
    return {
        "account_id": account_id,
        "institution_code": INSTITUTION,
        "institution_type": "bank",
        "holder_kind": holder_kind,
        **fields,
    }


def batch_of(rows: Sequence[dict[str, Any]], schema: pa.Schema) -> pa.RecordBatch:
    """Rows as a checked batch, absent fields null."""
    return pa.RecordBatch.from_pylist([{name: row.get(name) for name in schema.names} for row in rows], schema=schema)


def new_shard(*profiles: dict[str, Any]) -> Shard:
    """A shard that has learned some profiles."""
    shard = Shard(INSTITUTION, 0, CATALOGUE)
    if profiles:
        shard.profiles(batch_of(profiles, PROFILE))
    return shard


def feed(shard: Shard, rows: Sequence[dict[str, Any]], sizes: Iterable[int] = ()) -> list[Flag]:
    """Flags of the rows, in batches of ``sizes`` and then the rest."""
    flags: list[Flag] = []
    at = 0
    for size in (*sizes, len(rows)):
        part = rows[at : at + size]
        at += size
        if part:
            flags += shard.movements(batch_of(part, MOVEMENT)).flags
    return flags


def until(shard: Shard, day: str) -> list[Flag]:
    """Flags of the days before ``day`` being over."""
    return shard.watermark(parse_ms(f"{day}T00:00:00+08:00")).flags


def large(flags: Iterable[Flag]) -> list[Flag]:
    """The large-value flags among them."""
    return [flag for flag in flags if flag.category == "large_value"]


def lines(flags: Iterable[Flag]) -> list[bytes]:
    """Flags as lines of the flags file."""
    return [encode(flag) for flag in flags]
