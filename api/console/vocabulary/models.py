"""Names of the models beside the typologies."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "model_half_space_trees": ("整体离群（半空间树）", "Outlier overall (half-space trees)"),
    "model_peer_group": ("偏离同类账户", "Apart from its peers"),
    "model_own_history": ("偏离自身历史", "Above its own past"),
    "model_edge_rarity": ("罕见交易对手", "Rare counterparties"),
    "model_money_trail": ("资金链路可追踪性", "Money handed on"),
    "model_new_company": ("新往来对手异常", "New company kept"),
    "model_new_counterparties": ("新增交易对手", "New counterparties"),
    "model_tail_probability": ("评分尾部概率", "Tail probability"),
    "model_river_detector": ("River 检测器", "River's detector"),
    "model_verdict_learner": ("历次核查相似度", "Like what was confirmed"),
}
