"""The statutory lines of large-value transactions, as far as it hangs on them what a flag tells (regulation.md §1.2)."""

from __future__ import annotations

from typing import Final, Literal

from contract.flag import Flag

Currency = Literal["CNY", "USD"]
CODES: Final = {
    "large_value_cash": "0501",
    "large_value_company_transfer": "0502",
    "large_value_person_transfer": "0503",
    "large_value_cross_border": "0504",
}
DOLLARS: Final = {"0501": 10_000, "0502": 200_000, "0503": 100_000, "0504": 10_000}
"""Lines in US dollars, Order 2016/3 art. 5. No code has the same line in CNY."""


def code_of(flag: Flag) -> str | None:
    """The line that the flag is about; None where it is about none."""
    return next((CODES.get(finding.typology.partition("@")[0]) for finding in flag.findings), None)


def currency_of(flag: Flag) -> Currency:
    """What the flag's sum is counted in: foreign currency has lines of its own, in US dollars."""
    line = DOLLARS.get(code_of(flag) or "")
    return "USD" if any(finding.threshold == line for finding in flag.findings) else "CNY"
