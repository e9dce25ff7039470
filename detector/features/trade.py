"""What a firm's industry, scope and name say: whether it sells to consumers, and words that the law keeps for the licensed."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa

from detector.features.layout import INDUSTRY_CONSUMER, INDUSTRY_OTHER, NAME_PLAIN, NAME_RESTRICTED, NAME_WATCHED
from detector.features.lexicon import normalised

CONSUMER_SECTIONS: Final = (
    *("D", "G", "H", "K", "O", "P", "Q", "R", "S", "E50", "F52", "I63", "N78"),
    *("I6422", "I6432", "L7111", "L712", "L7291", "L7298"),
)
"""GB/T 4754 sections (and divisions, and classes) whose firms collect from many persons by trade: utilities, transport, catering
and lodging, real estate and its management, services to residents, schooling, health, culture and sport, public bodies, retail,
telecommunications, parks, and who decorates homes; on-line games and platforms for daily life, who rents out cars and things,
travel agencies, ticket agencies."""
RESTRICTED: Final = ("金融", "交易所", "交易中心", "理财", "财富管理", "股权众筹")
"""Regulation 737 art. 9: not in the name or scope of a firm without a licence."""
WATCHED: Final = ("投资", "资产管理", "资本", "基金", "众筹", "养老", "合作社", "互助", "区块链", "数字货币")


def industry_class(column: pa.Array) -> Any:
    """INDUSTRY_* of every code (int8), 0 where unknown."""
    found = np.zeros(len(column), np.int8)
    for k, code in enumerate(column.to_pylist()):
        if code:
            found[k] = INDUSTRY_CONSUMER if code.startswith(CONSUMER_SECTIONS) else INDUSTRY_OTHER
    return found


def name_class(names: pa.Array, scopes: pa.Array) -> Any:
    """NAME_* by the words of the name (the class that the institution gives) and of the registered scope (int8)."""
    found = np.zeros(len(names), np.int8)
    for k, said in enumerate(zip(names.to_pylist(), scopes.to_pylist(), strict=True)):
        text = normalised(" ".join(part for part in said if part))
        if any(word in text for word in RESTRICTED):
            found[k] = NAME_RESTRICTED
        else:
            found[k] = NAME_WATCHED if any(word in text for word in WATCHED) else NAME_PLAIN
    return found
