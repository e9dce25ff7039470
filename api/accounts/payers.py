"""Who paid into an account, by age and region: counts alone, none so small that it points at a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from contract.shanghai import DAY_MS, OFFSET_MS, date_of

NOT_PAYERS: Final = ("payment", "financial", "public_body")
"""Kinds that are never payers in the sense of a typology (contract §2.1)."""
BANDS: Final = ((18, 29), (30, 39), (40, 49), (50, 59), (60, 69), (70, 150))
LEAST: Final = 5
"""Fewer people than this stand under "others" (regulation §5.3)."""


@dataclass(frozen=True, slots=True)
class Payers:
    """People who paid in: by age band, largest regions first; ``untold`` are of unknown age, minors among them."""

    total: int
    by_age: dict[str, int]
    untold: int
    by_region: dict[str, int]
    other_regions: int


def payers_of(table: pa.Table) -> Payers:
    """Count the payers among movements (schema ``HISTORY``); ages as of the newest movement's year.

    Minors' ages are not told: they are sensitive data of people under 14 to 18, and no typology needs them.
    """
    people = _people(table)
    newest = pc.max(table["occurred_at"].cast(pa.int64())).as_py() if table.num_rows else 0
    year = date_of((newest + OFFSET_MS) // DAY_MS).year
    ages = [year - row["born"] for row in people if row["born"] is not None]
    by_age = {_name(low, high): sum(low <= age <= high for age in ages) for low, high in BANDS}
    regions: dict[str, int] = {}
    for row in people:
        if row["region"] is not None:
            regions[row["region"]] = regions.get(row["region"], 0) + 1
    told = {region: n for region, n in sorted(regions.items(), key=lambda item: (-item[1], item[0])) if n >= LEAST}
    return Payers(len(people), by_age, len(people) - sum(by_age.values()), told, len(people) - sum(told.values()))


def _people(table: pa.Table) -> list[dict[str, Any]]:
    kind = pc.fill_null(pc.is_in(table["counterparty_kind"], value_set=pa.array(NOT_PAYERS)), False)
    own = pc.fill_null(table["own_name"], False)
    paid_in = pc.and_(pc.equal(table["direction"], "credit"), pc.and_(pc.invert(kind), pc.invert(own)))
    columns = {
        "payer": pc.coalesce(table["counterparty_customer_id"], table["counterparty_id"]),
        "born": table["counterparty_birth_year"],
        "region": table["counterparty_region"],
    }
    known = pa.table(columns).filter(pc.and_(paid_in, pc.is_valid(columns["payer"])))
    grouped = known.group_by("payer").aggregate([("born", "max"), ("region", "max")])
    return [{"born": row["born_max"], "region": row["region_max"]} for row in grouped.to_pylist()]


def _name(low: int, high: int) -> str:
    return f"{low}+" if high == BANDS[-1][1] else f"{low}–{high}"
