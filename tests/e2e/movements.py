"""An archive with one collecting account: payers of a county town, monthly returns, people of many ages; seeded."""

from __future__ import annotations

import random
from typing import Any, Final

import pyarrow as pa

from contract.archive.columns import ARCHIVE
from contract.archive.listing import Archive
from contract.archive.names import ArchiveShelf
from contract.shanghai import DAY_MS
from detector.archive.writing import write
from tests.api.flags import NOON

ACCOUNT: Final = "a:a"
_REGIONS: Final = ("341302",) * 6 + ("341321",) * 3 + ("341371",) * 2 + ("320300", "340100")


def collecting_account(folder: str, *, payers: int = 90, days: int = 60, seed: int = 5) -> None:
    """Write the movements of ``ACCOUNT`` at BANK01, ending at noon of the flags' day."""
    draw = random.Random(seed)
    people = [
        (f"c:payer-{n:03d}", 2026 - draw.choice((17, 25, 38, 47, 55, 63, 66, 71, 78)), draw.choice(_REGIONS))
        for n in range(payers)
    ]
    rows: list[dict[str, Any]] = []
    for day in range(days):
        at = NOON - (days - 1 - day) * DAY_MS
        paying = draw.sample(people, min(len(people), 1 + day // 6))
        rows += [_movement(at, who, "credit", draw.choice((1, 2, 3, 5)) * 1_000_000) for who in paying]
        if day % 15 == 14:
            rows += [_movement(at + 3_600_000, who, "debit", 450_000) for who in draw.sample(people, day // 3)]
    for number, row in enumerate(rows):
        row |= {"log_offset": number, "event_id": f"E{number:05d}"}
    table = pa.Table.from_pylist([{name: row.get(name) for name in ARCHIVE.names} for row in rows], schema=ARCHIVE)
    write(Archive.at(folder), ArchiveShelf("fundwatch.events.v1.BANK01", 0, 1), (0, len(rows)), table, begins=True)


def _movement(at: int, who: tuple[str, int, str], direction: str, minor: int) -> dict[str, Any]:
    return {
        "log_row": 0, "record": "movement", "refused": False, "institution_code": "BANK01", "institution_type": "bank",
        "account_id": ACCOUNT, "branch_region": "341302", "occurred_at": at, "direction": direction, "amount_minor": minor,
        "currency": "CNY", "kind": "transfer", "counterparty_customer_id": who[0], "counterparty_birth_year": who[1],
        "counterparty_region": who[2], "counterparty_kind": "person",
    }  # fmt: skip
