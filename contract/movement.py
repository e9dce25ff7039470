"""The movement: one booked leg of funds on one account, as Arrow columns and as closed sets of words."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

INSTITUTION_TYPES: Final = ("bank", "securities", "insurance", "payment")
DIRECTIONS: Final = ("credit", "debit")
KINDS: Final = (
    "transfer",
    "cash",
    "card",
    "interest",
    "fee",
    "tax",
    "correction",
    "securities_transfer",
    "securities_trade",
    "premium",
    "surrender",
    "claim",
    "policy_loan",
    "other",
)
INSTITUTIONS_OWN_KINDS: Final = ("interest", "fee", "tax", "correction")
"""Kinds that the institution books by itself: no customer movement (contract §2.1)."""
HOLDER_KINDS: Final = ("person", "company", "sole_trader", "public_body", "financial", "payment")
OCCUPATIONS: Final = ("student", "retired", "farmer", "employed", "unemployed", "other")
CHANNELS: Final = ("counter", "atm", "online", "mobile", "pos", "phone", "third_party", "batch")
BATCH_CODES: Final = ("payroll", "pension", "dividend", "subsidy", "loan_drawdown", "loan_repayment", "refund")

TIMESTAMP: Final = pa.timestamp("ms", tz="UTC")

REQUIRED: Final = (
    "event_id",
    "institution_code",
    "institution_type",
    "account_id",
    "branch_region",
    "occurred_at",
    "direction",
    "amount",
    "currency",
)
MONEY_FIELDS: Final = ("amount", "cny_amount", "usd_amount", "balance_after")
"""Decimal strings in JSON and files; int64 minor units named ``<field>_minor`` in Arrow."""

MOVEMENT: Final = pa.schema(
    [
        ("event_id", pa.string()),
        ("institution_code", pa.string()),
        ("institution_type", pa.string()),
        ("account_id", pa.string()),
        ("branch_region", pa.string()),
        ("occurred_at", TIMESTAMP),
        ("direction", pa.string()),
        ("amount_minor", pa.int64()),
        ("currency", pa.string()),
        ("customer_id", pa.string()),
        ("cny_amount_minor", pa.int64()),
        ("usd_amount_minor", pa.int64()),
        ("kind", pa.string()),
        ("reversal_of", pa.string()),
        ("own_name", pa.bool_()),
        ("counterparty_id", pa.string()),
        ("counterparty_customer_id", pa.string()),
        ("counterparty_kind", pa.string()),
        ("counterparty_institution", pa.string()),
        ("counterparty_region", pa.string()),
        ("counterparty_country", pa.string()),
        ("counterparty_birth_year", pa.int64()),
        ("counterparty_occupation", pa.string()),
        ("channel", pa.string()),
        ("batch_code", pa.string()),
        ("purpose", pa.string()),
        ("remark", pa.string()),
        ("balance_after_minor", pa.int64()),
        ("agent_id", pa.string()),
        ("device_id", pa.string()),
        ("merchant_code", pa.string()),
        ("pos_id", pa.string()),
        ("instrument_code", pa.string()),
        ("side", pa.string()),
        ("quantity", pa.string()),
        ("price", pa.string()),
        ("product_code", pa.string()),
        ("policy_id", pa.string()),
        ("policy_issued_on", pa.string()),
        ("premium_due", pa.string()),
        ("cash_value", pa.string()),
        ("payer_relation", pa.string()),
    ]
)
"""A checked movement batch, the one form of data from adapter to archive.

Every field of the schema is present in a checked batch in memory (all-null where nobody gave it); on the wire
all-null columns are left out. ``kind`` is never null in a checked batch (absent = ``transfer``).
"""
