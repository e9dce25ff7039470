"""Pyramid levels on one account: parts of the entry fee go to those above whoever enters (regulation.md F16)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from detector.features.layout import SCHEDULE_SLOTS, TAG_RETURN
from detector.findings import EvaluationRows, Findings, percent, ramp, share, yuan


@dataclass(frozen=True, slots=True)
class PyramidLevels:
    """Thirty persons and more of whom most began with the one same fee, and payouts to them, within seven days of somebody's
    entry, at three and more exact parts of it, as many as entered at least: each entry is paid for, and once a level.

    A level is a part of its own, and who brings in people who bring in people is paid for several: five persons and more were
    paid at two different parts. A shop's coupon for bringing a friend, or a dealer's rebate of his class, is one part to each.
    What is paid back follows the entries of others; interest does not, and prizes or expenses of a club are other sums.

    Circles in which one account takes the fees and another pays are the scheme finding's (schemes.group_findings). A licensed
    institution pays its agents by levels as well, so it is not asked.
    """

    key: str = "pyramid_levels@1"
    family: str = "network"
    window: str = "W90"
    evidence_tag: int = TAG_RETURN
    evidence_sides: tuple[int, ...] = (1,)
    least_payers: int = 30
    least_fee_share: float = 0.5
    least_levels: int = 3
    least_payees: int = 15
    least_of_several: int = 5
    least_level_share: float = 0.6

    def screen(self, rows: EvaluationRows) -> Any:
        """Rows outside which it cannot fire."""
        payers, returnees = rows.w90["payers"], rows.w90["returnees"]
        return (payers >= self.least_payers) & (returnees >= self.least_payees) & (rows.core["licence"] == 0)

    def screen_closer(self, rows: EvaluationRows) -> Any:
        """The same, once counterparties were asked."""
        return (rows.core["level_parts"] >= self.least_levels) & self.screen(rows)

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: share of the payouts to payers that stand at a level."""
        core = rows.core
        at_level = share(core["level_payouts"], core["level_known"])
        fee = (core["tickets"] >= self.least_payers) & (share(core["ticket_mode"], core["tickets"]) >= self.least_fee_share)
        paid = (core["level_payees"] >= self.least_payees) & (core["level_several"] >= self.least_of_several)
        levels = (core["level_parts"] >= self.least_levels) & self._for_each_entry(rows)
        return Findings.where(
            self.screen(rows) & fee & paid & levels & (at_level >= self.least_level_share),
            value=at_level,
            threshold=self.least_level_share,
            strength=ramp(at_level, self.least_level_share, 1.0),
            coverage=rows.known_share,
            evaluable=core["credits_known"] > 0,
        )

    def _for_each_entry(self, rows: EvaluationRows) -> Any:
        """Whether as many payouts stand at a level as persons entered, of the few who recruit most as far as theirs are kept."""
        core = rows.core
        return core["level_payouts"] >= np.minimum(core["tickets"], SCHEDULE_SLOTS * core["level_payees"] // 2)

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:
        """Sentences with the fee, the parts and who was paid."""
        core = rows.core[k]
        fee, entered = yuan(core["ticket_usual"]), percent(float(share(core["ticket_mode"], core["tickets"])))
        parts = "、".join(percent(float(part)) for part in core["level"] if part > 0)
        at_level = percent(float(findings.value[k]))
        return (
            f"疑似传销层级：90日内{int(core['tickets'])}名付款人中{entered}首笔为{fee}元；新人加入后7日内向{int(core['level_payees'])}名付款人支付该款的"
            f"{parts}（{int(core['level_parts'])}种比例，参考线{self.least_levels}种），占返还笔数的{at_level}，其中"
            f"{int(core['level_several'])}名得到两种以上。",
            f"Pyramid levels: {entered} of {int(core['tickets'])} payers within 90 days entered with {fee} yuan; within 7 days of "
            f"entries {int(core['level_payees'])} payers were paid {parts.replace('、', ', ')} of it "
            f"({int(core['level_parts'])} parts, reference {self.least_levels}), {at_level} of the payouts to payers; "
            f"{int(core['level_several'])} persons were paid two parts and more.",
        )


TYPOLOGY = PyramidLevels()
