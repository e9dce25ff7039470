"""How numbers, money and times are written for people."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

from contract.shanghai import OFFSET_MS, parse_ms

_MONEY: Final = re.compile(r"-?[0-9]+\.[0-9]{2}", re.ASCII)
_SIGNS: Final = {"CNY": "¥", "USD": "US$"}
_RATIO: Final = re.compile(r".*(share|ratio|rate)$")


def money(text: str, currency: str = "CNY") -> str:
    """A decimal string with thousands apart, in yuan unless told.

    >>> money("2140000.00"), money("12940.00", "USD")
    ('¥2,140,000.00', 'US$12,940.00')
    """
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, _, cents = digits.partition(".")
    return f"{sign}{_SIGNS[currency]}{int(whole):,}.{cents}"


def time(text: str | None) -> str:
    """A time on the wire as Shanghai reads it.

    >>> time("2026-03-01T16:05:00.000Z")
    '2026-03-02 00:05'
    """
    if text is None:
        return "—"
    return datetime.fromtimestamp((parse_ms(text) + OFFSET_MS) // 1000, UTC).strftime("%Y-%m-%d %H:%M")


def short(text: str | None) -> str:
    """A pseudonym short enough for a table, its end kept apart by an ellipsis.

    >>> short("a:ABCDEFGHIJKLMNOPQRSTUVWXYZ"), short("acc-7")
    ('a:ABCDEF…WXYZ', 'acc-7')
    """
    if text is None:
        return "—"
    return text if len(text) <= 16 else f"{text[:8]}…{text[-4:]}"


def percent(ratio: float) -> str:
    """A ratio in per cent, one decimal."""
    return f"{ratio * 100:.1f}%"


def number(value: float) -> str:
    """A number with thousands apart and no needless decimals.

    >>> number(1234.5), number(0.6200), number(30.0)
    ('1,234.5', '0.62', '30')
    """
    return f"{value:,.4f}".rstrip("0").rstrip(".")


def measure(value: float | str | None, name: str, currency: str = "CNY") -> str:
    """A measure of a flag by what its value looks like: money is text with two decimals, shares are ratios.

    >>> measure("5000", "persons"), measure("1.00", "absorbed"), measure(0.5, "elderly_share"), measure(None, "x")
    ('5,000', '¥1.00', '50.0%', '—')
    """
    if value is None:
        return "—"
    if isinstance(value, str):
        return money(value, currency) if _MONEY.fullmatch(value) else number(int(value)) if value.isdecimal() else value
    return percent(value) if _RATIO.fullmatch(name) and 0 <= value <= 1 else number(value)


def segment(value: str) -> str:
    """An id as one segment of an address, slashes too: between raw ones browsers would fold dots away.

    >>> segment("a:1/../2")
    'a:1%2F..%2F2'
    """
    return quote(value, safe=":")
