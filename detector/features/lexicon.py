"""Remarks and purposes against the lexicons of regulation §2.1 F08: one look a distinct text, one bit a class."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Final

import numpy as np
import pyarrow as pa

TEXT_IN, TEXT_WEAK, TEXT_OUT, TEXT_STRONG, TEXT_NEGATIVE, TEXT_P2P, TEXT_FUND, TEXT_POLICY = 1, 2, 4, 8, 16, 32, 64, 128
"""Bits of ``Columns.text``: classes of the lexicon that a remark hits."""
PRETEXT_SHIFT: Final = 8
"""Above them stand the pretexts that a text names (features.pretexts), so that one look at a text finds both."""

WORDS: Final[dict[int, str]] = {
    TEXT_IN: (
        "投资款 投资 入股 入股款 股金 理财 理财款 集资 募集 基金款 股权众筹 众筹投资 报单 报单款 原始股 配资 单数 复投 标会 抬会 "
        "拆分盘 互助盘"
    ),
    TEXT_WEAK: (
        "认购 认购款 项目款 合作款 借款 充值 入会费 会费 加盟费 保证金 众筹 存款 互助金 份额 认养 "
        "会钱 会款 跟单 矿机 算力 养老床位 资金互助"
    ),
    TEXT_OUT: (
        "利息 返利 返息 分红 收益 本息 本金返还 到期 兑付 提成 佣金 返点 推荐奖 提现 静态 动态 赎回 红利 派息 "
        "直推奖 间推奖 见点奖 对碰奖 级差奖"
    ),
    TEXT_STRONG: (
        "复投 报单 静态收益 动态收益 返本付息 保本保息 拉人头 原始股 资金盘 月息 日息 抬会 拆分盘 互助盘 保本高息 稳赚不赔"
    ),
    TEXT_FUND: "私募",
    TEXT_POLICY: "保费 保险费 保单 投保 续保",
    TEXT_P2P: "网贷 p2p 出借 借款标 标的 满标 债权转让 平台充值",
    TEXT_NEGATIVE: (
        "工资 代发 物业费 水电费 学费 住宿费 培训费 房租 押金 货款 报销 社保 公积金 医保 保费 保险费 党费 团费 工会费 捐款 退款 "
        "税 罚款 份子 红包 彩礼 粮款 土地流转 拆迁款 抚恤 低保 贷款利息 退利息 认筹 诚意金 定金 购房 招标会 投标会 开标会 评标会"
    ),
}
"""Class bit to words, regulation §2.1 (engineering proposal there, so configuration, not law).

One word stands elsewhere than there: 认购 is what buyers of a flat write as well (look-alike L30), so it counts only beside
payers who use another word. Others are ours. Of lending circles (民间会社, 法释 2022 art. 2(11)): 抬会 is said of nothing else;
标会 is customary among a few friends too, so it is plain, and tenders are negative, in whose names it stands; 会钱 and 会款 are
what a party or an association costs as well, so they are weak, as what members bring to a society, investors to a herd or a
film, followers to a trader's account or a mine, the elderly for a bed. 会费 stays weak, as the regulation has it. Pyramids name
their bonuses (直推奖, 对碰奖), and a scheme's public names are strong. Ordinary trade's words (货款, 回购) are in no class."""

_NOISE: Final = re.compile(r"[\W_]+", re.UNICODE)
MOST_REMEMBERED: Final = 200_000
"""Distinct texts whose answer is kept; beyond it memory starts anew (the answer never changes, only its cost)."""


def normalised(text: str) -> str:
    """Fold width and case, drop spaces, punctuation and signs.

    >>> normalised("复 投(第２期)！")
    '复投第2期'
    """
    return _NOISE.sub("", unicodedata.normalize("NFKC", text).casefold())


class Lexicon:
    """Classes of a remark. Costs one pass over each distinct text that has not been met lately.

    A strong word cannot be talked away: text with one is not negative, whatever else it says.

    >>> Lexicon().bits("复投") == TEXT_IN | TEXT_STRONG
    True
    >>> Lexicon().bits("七月工资")  == TEXT_NEGATIVE
    True
    """

    def __init__(self, words: dict[int, str] | None = None) -> None:
        self._classes = {
            bit: re.compile("|".join(sorted(map(re.escape, line.split()), key=len, reverse=True)))
            for bit, line in (words or WORDS).items()
        }
        self._known: dict[str, int] = {}

    def bits(self, text: str) -> int:
        """Class bits of one text, 0 where it hits nothing."""
        folded = normalised(text)
        found = 0
        for bit, pattern in self._classes.items():
            if pattern.search(folded):
                found |= bit
        return found & ~TEXT_NEGATIVE if found & TEXT_STRONG else found

    def column(self, column: pa.Array) -> Any:
        """Class bits (uint16) of a string column; 0 where null."""
        if column.null_count == len(column):
            return np.zeros(len(column), np.uint16)
        encoded = column.dictionary_encode()
        if len(self._known) > MOST_REMEMBERED:
            self._known.clear()
        table = np.zeros(len(encoded.dictionary) + 1, np.uint16)
        for k, text in enumerate(encoded.dictionary.to_pylist()):
            bits = self._known.get(text)
            if bits is None:
                bits = self._known[text] = self.bits(text)
            table[k] = bits
        codes = encoded.indices.fill_null(len(encoded.dictionary)).to_numpy(zero_copy_only=False)
        return table[codes]
