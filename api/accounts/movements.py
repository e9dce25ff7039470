"""An account's movements and flows out of the archive, as an approved inquiry reads them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from contract.money import minor_to_text
from contract.movement import MOVEMENT
from contract.shanghai import DAY_MS, OFFSET_MS, date_of, text_ms

MOST_FLOWS: Final = 1_000_000
"""Movements that one answer about flows adds up; beyond them it says that it is not complete."""
MOST_COUNTERPARTIES: Final = 200


@dataclass(frozen=True, slots=True)
class Flows:
    """Sums in CNY minor units by day and by counterparty, largest first, as booked: reversals stand as movements."""

    by_day: list[dict[str, Any]]
    by_counterparty: list[dict[str, Any]]
    movements: int
    is_complete: bool


def as_wire(table: pa.Table) -> list[dict[str, Any]]:
    """Movements with the contract's names: amounts as decimal strings, times as text, what is not known left out."""
    rows = []
    for row in table.select(MOVEMENT.names).to_pylist():
        known = {name: value for name, value in row.items() if value is not None}
        wire = {}
        for name, value in known.items():
            if name.endswith("_minor"):
                wire[name.removesuffix("_minor")] = minor_to_text(value)
            elif name == "occurred_at":
                wire[name] = text_ms(round(value.timestamp() * 1000))
            else:
                wire[name] = value
        rows.append(wire)
    return rows


def flows_of(table: pa.Table) -> Flows:
    """Add up movements that count in CNY (contract §2.1), at most ``MOST_FLOWS`` of them."""
    is_complete = table.num_rows <= MOST_FLOWS
    table = table.slice(0, MOST_FLOWS)
    cny = pc.if_else(pc.equal(table["currency"], "CNY"), table["amount_minor"], table["cny_amount_minor"])
    into = pc.equal(table["direction"], "credit")
    local = pc.add(pc.cast(table["occurred_at"], pa.int64()), OFFSET_MS)
    key = pc.coalesce(table["counterparty_customer_id"], table["counterparty_id"])
    sums = pa.table(
        {
            "day": pc.divide(local, DAY_MS),
            "counterparty": key,
            "kind": table["counterparty_kind"],
            "credited": pc.if_else(into, cny, 0),
            "debited": pc.if_else(into, 0, cny),
        }
    ).filter(pc.is_valid(cny))
    return Flows(_by_day(sums), _by_counterparty(sums), table.num_rows, is_complete)


_SUMS: Final = [("credited", "sum"), ("debited", "sum"), ("credited", "count")]


def _by_day(sums: pa.Table) -> list[dict[str, Any]]:
    days = sums.group_by("day").aggregate(_SUMS).sort_by("day").to_pylist()
    return [{"day": date_of(day["day"]).isoformat()} | _amounts(day) for day in days]


def _by_counterparty(sums: pa.Table) -> list[dict[str, Any]]:
    known = sums.filter(pc.is_valid(sums["counterparty"]))
    grouped = known.group_by("counterparty").aggregate([*_SUMS, ("kind", "max"), ("day", "min"), ("day", "max")])
    total = pc.add(grouped["credited_sum"], grouped["debited_sum"])
    order = grouped.append_column("total", total).sort_by([("total", "descending"), ("counterparty", "ascending")])
    return [
        {
            "counterparty": one["counterparty"],
            "counterparty_kind": one["kind_max"],
            "first_on": date_of(one["day_min"]).isoformat(),
            "last_on": date_of(one["day_max"]).isoformat(),
        }
        | _amounts(one)
        for one in order.slice(0, MOST_COUNTERPARTIES).to_pylist()
    ]


def _amounts(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "credited": minor_to_text(row["credited_sum"]),
        "debited": minor_to_text(row["debited_sum"]),
        "movements": row["credited_count"],
    }
