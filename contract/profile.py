"""The profile: what an institution knows of an account and its holder, slowly changing."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from contract.movement import TIMESTAMP

LICENCES: Final = (
    "bank",
    "insurer",
    "securities",
    "fund",
    "trust",
    "payment",
    "consumer_finance",
    "charity",
    "public_body",
)
ACCOUNT_TYPES: Final = (
    "current",
    "payroll",
    "escrow",
    "fund_collection",
    "settlement",
    "securities_cash",
    "premium_collection",
)

PROFILE: Final = pa.schema(
    [
        ("account_id", pa.string()),
        ("institution_code", pa.string()),
        ("institution_type", pa.string()),
        ("customer_id", pa.string()),
        ("holder_kind", pa.string()),
        ("holder_licence", pa.string()),
        ("account_type", pa.string()),
        ("branch_region", pa.string()),
        ("subject_region", pa.string()),
        ("opened_on", pa.date32()),
        ("closed_on", pa.date32()),
        ("birth_year", pa.int64()),
        ("occupation", pa.string()),
        ("industry", pa.string()),
        ("business_scope", pa.string()),
        ("holder_name_class", pa.string()),
        ("registered_capital_minor", pa.int64()),
        ("legal_representative_id", pa.string()),
        ("address_id", pa.string()),
        ("phone_id", pa.string()),
        ("employer_id", pa.string()),
        ("updated_at", TIMESTAMP),
    ]
)
"""A checked profile batch; ``updated_at`` may be null (acts from the start)."""
