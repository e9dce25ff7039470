"""What each field may hold beyond its Arrow type: words, patterns and kinds of text (contract §2.1, §2.2)."""

from __future__ import annotations

from typing import Final

from contract.countries import COUNTRIES
from contract.currencies import CURRENCIES
from contract.movement import BATCH_CODES, CHANNELS, DIRECTIONS, HOLDER_KINDS, INSTITUTION_TYPES, KINDS, OCCUPATIONS
from contract.profile import ACCOUNT_TYPES, LICENCES

ID_PATTERN: Final = r"^[\x21-\x7E]{1,96}$"
INSTITUTION_PATTERN: Final = r"^[A-Za-z0-9_-]{1,32}$"
REGION_PATTERN: Final = r"^[0-9]{6}$"
YEAR_PATTERN: Final = r"^(18[89][0-9]|19[0-9]{2}|20[0-4][0-9])$"
_DECIMAL: Final = r"^(0|[1-9][0-9]{0,17})(\.[0-9]{1,8})?$"
_MONEY: Final = r"^(0|[1-9][0-9]{0,12})(\.[0-9]{1,2})?$"

WORDS: Final[dict[str, tuple[str, ...]]] = {
    "institution_type": INSTITUTION_TYPES,
    "direction": DIRECTIONS,
    "currency": CURRENCIES,
    "kind": KINDS,
    "counterparty_kind": HOLDER_KINDS,
    "counterparty_occupation": OCCUPATIONS,
    "counterparty_country": COUNTRIES,
    "channel": CHANNELS,
    "batch_code": BATCH_CODES,
    "side": ("buy", "sell"),
    "holder_kind": HOLDER_KINDS,
    "holder_licence": LICENCES,
    "account_type": ACCOUNT_TYPES,
    "occupation": OCCUPATIONS,
}
TEXTS: Final = ("purpose", "remark", "counterparty_institution", "business_scope", "holder_name_class", "payer_relation")
REGIONS: Final = ("branch_region", "counterparty_region", "subject_region")
YEARS: Final = ("counterparty_birth_year", "birth_year")
DATES: Final = ("policy_issued_on", "opened_on", "closed_on")
PATTERNS: Final = {
    "institution_code": INSTITUTION_PATTERN,
    "quantity": _DECIMAL,
    "price": _DECIMAL,
    "premium_due": _MONEY,
    "cash_value": _MONEY,
    # A section of GB/T 4754, or a division, group or class with or without its section's letter.
    "industry": r"^([A-T]|[A-T]?[0-9]{1,4})$",
}
IN_CLEAR: Final = ("account_id", "customer_id", "counterparty_id", "counterparty_customer_id", "agent_id")
"""Ids in which a person's or card's own number refuses the row."""
