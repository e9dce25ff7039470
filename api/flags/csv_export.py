"""Flags as CSV: the rows of the list, streamed, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from api.flags.repository import FlagRow
from api.workbook import harmless
from contract import flag as flags

COLUMNS: Final = (
    "flag_id",
    "revision",
    "status",
    "ledger_status",
    "category",
    "score",
    "severity",
    "institution_code",
    "institution_type",
    "branch_region",
    "subject_region",
    "account_id",
    "customer_id",
    "holder_kind",
    "opened_at",
    "updated_at",
    "closed_at",
    "due_on",
    "scheme_id",
    "typologies",
    "reasons_zh",
    "reasons_en",
    "measures",
)


def csv_chunks(pages: Iterable[Sequence[FlagRow]]) -> Iterator[bytes]:
    """Header and rows as UTF-8, a chunk a page, so that memory does not grow with the export."""
    yield _chunk([COLUMNS])
    for page in pages:
        yield _chunk([cells(row) for row in page])


def cells(row: FlagRow) -> list[str]:
    """A flag's cells in the order of ``COLUMNS``, harmless in a spreadsheet."""
    flag = flags.decode(row.document)
    special = {
        "ledger_status": row.ledger_status,
        "scheme_id": row.scheme_id,
        "typologies": " ".join(finding.typology for finding in flag.findings),
        "reasons_zh": "；".join(finding.zh for finding in flag.findings),
        "reasons_en": "; ".join(finding.en for finding in flag.findings),
        "measures": "; ".join(f"{name}={value}" for name, value in flag.measures.items()),
    }
    return [harmless(special[name] if name in special else getattr(flag, name)) for name in COLUMNS]


def _chunk(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()
