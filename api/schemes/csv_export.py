"""Schemes as CSV: a row a scheme, harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from api.workbook import harmless

TOTALS: Final = (
    "payers",
    "payees",
    "elderly_payers",
    "absorbed",
    "returned",
    "unpaid_principal",
    "unpaid_after_interest",
    "payout_coverage",
    "new_payers_30d",
    "first_missed_payout",
)
COLUMNS: Final = (
    "scheme_id",
    "revision",
    "status",
    "ledger_status",
    "category",
    "severity",
    "stage",
    "score",
    "sight",
    "member_count",
    "accounts",
    *TOTALS,
    "lead_region",
    "regions",
    "typologies",
    "reasons_zh",
    "reasons_en",
    "opened_at",
    "updated_at",
    "closed_at",
    "closed_because",
    "merged_into",
)


def csv_chunks(pages: Iterable[Sequence[dict[str, Any]]]) -> Iterator[bytes]:
    """Header and rows as UTF-8, a chunk a page."""
    yield _chunk([COLUMNS])
    for page in pages:
        yield _chunk([cells(item) for item in page])


def cells(item: dict[str, Any]) -> list[str]:
    """A shown scheme's cells in the order of ``COLUMNS``; what the office may not see is empty."""
    values = {
        **item,
        **(item["totals"] or dict.fromkeys(TOTALS)),
        "accounts": " ".join(member["account_id"] for member in item["members"]),
        "regions": " ".join(item["regions"]),
        "typologies": " ".join(item["typologies"]),
        "reasons_zh": "；".join(finding["zh"] for finding in item["findings"]),
        "reasons_en": "; ".join(finding["en"] for finding in item["findings"]),
    }
    return [harmless(values[name]) for name in COLUMNS]


def _chunk(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()
