"""Leads as a CSV file: checked as a whole before the first is written down."""

from __future__ import annotations

import csv
import io
from typing import Final

from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from api import errors
from api.leads.endpoints import LeadIn
from contract.errors import Unprocessable

COLUMNS: Final = ("kind", "text", "subject", "region", "received_on", "informant")
MOST: Final = 500


def read_leads(text: str) -> list[LeadIn]:
    """The leads of a file with a header line; raises ``Unprocessable`` that names row and field, never a value."""
    rows = csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline=""), strict=True)
    try:
        if rows.fieldnames is None or not set(rows.fieldnames) <= set(COLUMNS):
            raise Unprocessable(f"file: its first line names columns among {', '.join(COLUMNS)}")
        leads = [_lead(number, row) for number, row in enumerate(rows, start=2)]
    except csv.Error:
        raise Unprocessable("file: not a CSV file in UTF-8") from None
    if not 0 < len(leads) <= MOST:
        raise Unprocessable(f"file: 1 to {MOST} leads")
    return leads


def _lead(number: int, row: dict[str, str | None]) -> LeadIn:
    if None in row or None in row.values():
        raise Unprocessable(f"row {number}: not as many cells as the first line")
    try:
        return LeadIn.model_validate({name: value for name, value in row.items() if value and value.strip()})
    except ValidationError as error:
        located = [{**problem, "loc": ("body", *problem["loc"])} for problem in error.errors()]
        raise Unprocessable(f"row {number}: {errors.describe(RequestValidationError(located))}") from None
