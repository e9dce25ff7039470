"""Under what name money is collected (regulation §2.1 F24): a tag beside what a flag says, never a reason for one."""

from __future__ import annotations

import functools
from typing import Any, Final

import numpy as np
import pyarrow as pa

from detector.features.lexicon import PRETEXT_SHIFT, WORDS, Lexicon

PRETEXT_TAG: Final = "pretext:"
PRETEXTS: Final[dict[str, str]] = {
    "financial_innovation": "金融创新 区块链 数字货币 虚拟货币 虚拟币 数字资产 数字藏品 元宇宙 通证 代币 比特币 泰达币 usdt",
    "epidemic_control": "疫情 防疫 抗疫 防控物资 口罩",
    "charity": "慈善 公益 爱心 善款 捐款 捐赠 助学 扶贫 救助",
    "crowdfunding": "众筹",
    "private_fund": "私募 基金份额 基金认购 基金款 产业基金 股权基金",
    "investment_consulting": "投资咨询 投资顾问 投顾 理财咨询 理财顾问 财富管理 财富咨询",
}
"""The six names of the seed's first task, and words of each; the words are an engineering proposal, so no law."""
_NAMES: Final = tuple(PRETEXTS)


@functools.cache
def shared_lexicon() -> Lexicon:
    """All words that are looked for in a text, one lexicon a process: what it remembers of texts changes no answer."""
    return Lexicon(WORDS | {1 << PRETEXT_SHIFT + k: words for k, words in enumerate(PRETEXTS.values())})


def pretexts_of(*columns: pa.Array) -> Any:
    """Bits (uint8) of the pretexts that each row's texts name, by position in ``PRETEXTS``."""
    said = np.bitwise_or.reduce([shared_lexicon().column(column) for column in columns])
    return (said >> PRETEXT_SHIFT).astype(np.uint8)


def pretext_tags(bits: int) -> list[str]:
    """Tags of a flag for such bits.

    >>> pretext_tags(0b10100)
    ['pretext:charity', 'pretext:private_fund']
    """
    return [PRETEXT_TAG + name for k, name in enumerate(_NAMES) if bits >> k & 1]
