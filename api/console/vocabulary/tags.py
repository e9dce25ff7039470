"""Words of what flags and schemes are tagged with."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "tag_pretext": ("名义：{}", "Called: {}"),
    "tag_watchlist": ("名单主体 {}", "Listed subject {}"),
    "pretext_financial_innovation": ("金融创新", "financial innovation"),
    "pretext_epidemic_control": ("疫情防控", "epidemic control"),
    "pretext_charity": ("慈善", "charity"),
    "pretext_crowdfunding": ("社会众筹", "crowdfunding"),
    "pretext_private_fund": ("私募基金", "private fund"),
    "pretext_investment_consulting": ("投资咨询", "investment consulting"),
}
