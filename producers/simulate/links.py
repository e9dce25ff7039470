"""What holders share in the institutions' books: families' addresses and phones, firms' representatives, parks, employers."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from producers.simulate.town import Town

ELDERLY: Final = 60
A_CHILDS_PHONE, A_CHILDS_DEVICE = 0.15, 0.08
"""Shares of the elderly whose account is registered with, or used on, a younger family member's phone."""

IN_A_PARK, WITH_AN_AGENCY, MORE_FIRMS = 0.3, 0.06, 0.1
"""Shares of firms that are registered at a park's address or with a bookkeeper's phone, or whose representative has others."""

CAPITALS: Final = {
    30_000: 0.04, 100_000: 0.13, 500_000: 0.22, 1_000_000: 0.24, 2_000_000: 0.12, 5_000_000: 0.12, 10_000_000: 0.08, 50_000_000: 0.03,
    100_000_000: 0.02,
}  # fmt: skip
"""Registered capital in yuan by its shares: what is subscribed need not be paid, so large sums cost nothing."""

SCOPES: Final = {
    "C2669": "化学制品生产；销售", "F5179": "日用百货批发；农副产品销售", "E4710": "房屋建筑；装饰装修", "I6510": "软件开发；信息技术服务",
    "L7249": "商务信息咨询；企业管理咨询；投资咨询", "A0190": "农作物种植；农副产品收购；种养殖合作", "K7020": "物业管理；房屋租赁",
    "C3670": "汽车配件制造", "G5430": "道路货物运输；仓储", "O8111": "汽车修理；汽车用品销售", "F5212": "食品零售；日用品零售",
    "H6210": "正餐服务", "D4420": "电力供应", "S9410": "", "P8331": "普通高中教育", "J6720": "基金募集与管理", "J6637": "消费贷款",
    "J6812": "人身保险", "J6930": "非银行支付服务",
}  # fmt: skip
"""Registered scope by industry: it follows the industry alone."""

SENSITIVE: Final = {
    "L7249": (("投资", 0.25), ("资产管理", 0.08), ("财富管理", 0.03)),
    "A0190": (("合作社", 0.3), ("互助", 0.02)),
    "I6510": (("区块链", 0.04),),
    "F5179": (("养老", 0.01),),
}
"""Sensitive words that names of firms of an industry hold, with their shares: most are nothing but names."""


def linked(town: Town, rng: np.random.Generator, persons: Any, companies: Any, shops: Any, employed: Any, employer: Any) -> Any:
    """Fill in what holders share; a family number an entry of ``persons``."""
    family = _families(town, rng, persons)
    _firms(town, rng, persons, companies, shops)
    for account, firm in zip(employed.tolist(), employer.tolist(), strict=True):
        town.employer[account] = town.customer[firm]
    return family


def _families(town: Town, rng: np.random.Generator, persons: Any) -> Any:
    """One to five people at an address; some of the elderly have a younger one's phone or use his device."""
    sizes = rng.choice([1, 2, 3, 4, 5], len(persons), p=[0.24, 0.27, 0.27, 0.14, 0.08])
    family = np.repeat(np.arange(len(sizes)), sizes)[: len(persons)]
    shuffled = rng.permutation(len(persons))
    number = np.empty(len(persons), np.int64)
    number[shuffled] = family
    head = persons[shuffled[np.searchsorted(family, number)]]
    chance = rng.random((2, len(persons)))
    for k, account in enumerate(persons.tolist()):
        at = int(head[k])
        town.address[account] = town.customer[at]
        if town.start.year - town.birth_year[account] >= ELDERLY:
            town.phone[account] = town.customer[at if chance[0, k] < A_CHILDS_PHONE else account]
            town.device[account] = town.customer[at if chance[1, k] < A_CHILDS_DEVICE else account]
    return number


def _firms(town: Town, rng: np.random.Generator, persons: Any, companies: Any, shops: Any) -> None:
    """Representatives, some of several firms; parks and bookkeepers that many firms share; capital, scope, words in names."""
    firms = np.concatenate([companies, shops]).tolist()
    owner = (
        persons[rng.permutation(len(persons))[: len(firms)]] if len(firms) <= len(persons) else rng.choice(persons, len(firms))
    )
    parks = [town.customer[k] for k in rng.choice(firms, max(2, len(firms) // 40))]
    agencies = [town.customer[k] for k in rng.choice(firms, max(1, len(firms) // 150))]
    capital = rng.choice(list(CAPITALS), len(firms), p=list(CAPITALS.values()))
    drawn = rng.random((5, len(firms)))
    for place, account in enumerate(firms):
        shared = drawn[0, place] < MORE_FIRMS and place
        town.legal[account] = town.legal[firms[place - 1]] if shared else town.customer[int(owner[place])]
        if drawn[1, place] < IN_A_PARK:
            town.address[account] = parks[int(drawn[3, place] * len(parks))]
        if drawn[2, place] < WITH_AN_AGENCY:
            town.phone[account] = agencies[int(drawn[3, place] * len(agencies))]
        town.capital[account] = int(capital[place])
        describe(town, account, float(drawn[4, place]))


def describe(town: Town, account: int, chance: float) -> None:
    """Scope by industry, and a sensitive word in the name with its share (``chance`` in [0, 1))."""
    industry = str(town.industry[account])
    town.scope[account] = SCOPES.get(industry) or None
    for word, share in SENSITIVE.get(industry, ()):
        if chance < share:
            town.name_class[account] = word
            return
        chance -= share
