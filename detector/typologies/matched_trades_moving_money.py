"""Matched trades that move money: two accounts trade with each other until the money of one is the other's (S06; 1209)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from detector.features.layout import TAG_ANY
from detector.findings import EvaluationRows, Findings, percent, ramp, yuan


@dataclass(frozen=True, slots=True)
class MatchedTradesMovingMoney:
    """At least six trades within 10 working days (three rounds, each opened and closed) mirrored by one and the same account of
    the firm: same security, quantity and price within two seconds; positions closed again, and money moved from one to the
    other. Seen where both accounts are in one shard. A registered market maker's licence suppresses it.
    """

    business: ClassVar[str] = "securities"
    key: str = "matched_trades_moving_money@1"
    family: str = "structure"
    window: str = "W10"
    evidence_tag: int = TAG_ANY
    evidence_sides: tuple[int, ...] = (0, 1)
    least_trades: int = 6
    most_open_share: float = 0.05
    least_moved_minor: int = 1_000_000

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: mirrored trades."""
        b = rows.business
        moved = np.abs(b["mirrored_gain"]) >= self.least_moved_minor
        return Findings.where(
            (b["mirrored"] >= self.least_trades) & (b["mirrored_open"] <= self.most_open_share) & moved,
            value=b["mirrored"],
            threshold=self.least_trades,
            strength=0.3 + ramp(b["mirrored"], self.least_trades, 3 * self.least_trades),
        )

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:
        """Sentences with the trades and what they moved."""
        b, trades = rows.business[k], int(findings.value[k])
        zh, en = ("获利", "gained") if b["mirrored_gain"] > 0 else ("亏损", "lost")
        moved, left = yuan(abs(int(b["mirrored_gain"]))), percent(float(b["mirrored_open"]))
        return (
            f"对敲转移资金：近10个工作日内与同一账户有{trades}笔同品种、同数量、同价格、同时的反向成交（参考线{self.least_trades}笔），"
            f"未平仓部分仅{left}，本账户{zh}{moved}元。",
            f"Matched trades move money: {trades} trades within 10 working days mirrored by one account in security, quantity, price and "
            f"second (reference {self.least_trades}), {left} left open; this account {en} {moved} yuan.",
        )


TYPOLOGY = MatchedTradesMovingMoney()
