"""Words for who pays a premium or is paid, as institutions write them, in six classes."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa

from detector.business.layout import AGENT, EMPLOYER, OTHER, PROVIDER, RELATED, SELF

WORDS: Final = {
    SELF: "self holder policyholder same 本人 投保人",
    RELATED: (
        "spouse parent child grandparent grandchild sibling family relative insured beneficiary husband wife father mother "
        "son daughter 配偶 夫妻 丈夫 妻子 父母 父亲 母亲 子女 儿子 女儿 祖父母 外祖父母 孙子女 兄弟姐妹 亲属 家庭成员 "
        "被保险人 受益人"
    ),
    EMPLOYER: "employer company work_unit 单位 雇主 所在单位",
    AGENT: "agent broker salesman intermediary 代理人 业务员 经纪人 保险代理人",
    PROVIDER: "hospital provider clinic repair_shop garage 医院 医疗机构 维修厂 服务机构",
}
"""Class to words; every other word says that there is no relation that the institution knows of."""
_CLASS: Final = {word: code for code, line in WORDS.items() for word in line.split()}


def relation_classes(column: pa.Array) -> Any:
    """Class of each value (int8), 0 for null.

    >>> relation_classes(pa.array(["self", "子女", "friend", None])).tolist()
    [1, 2, 6, 0]
    """
    if column.null_count == len(column):
        return np.zeros(len(column), np.int8)
    encoded = column.dictionary_encode()
    table = np.array([_CLASS.get(word.strip().casefold(), OTHER) for word in encoded.dictionary.to_pylist()] + [0], np.int8)
    return table[encoded.indices.fill_null(len(encoded.dictionary)).to_numpy(zero_copy_only=False)]
