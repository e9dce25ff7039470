"""Transfer without trading: money passes through a securities account to another bank of the holder (regulation.md S07)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from detector.business.layout import SECURITIES
from detector.features.layout import TAG_ANY
from detector.findings import EvaluationRows, Findings, ramp, yuan


@dataclass(frozen=True, slots=True)
class TransferWithoutTrading:
    """At least three sums within 10 working days that came from one account and left for another within three days, with no
    trade in between. Money that is parked in reverse repos or products has trades; money that goes back where it came from
    has passed nowhere.
    """

    business: ClassVar[str] = "securities"
    key: str = "transfer_without_trading@1"
    family: str = "structure"
    window: str = "W10"
    evidence_tag: int = TAG_ANY
    evidence_sides: tuple[int, ...] = (0, 1)
    least_passages: int = 3
    least_passed_minor: int = 5_000_000

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: sums that passed through."""
        b = rows.business
        return Findings.where(
            (b["place"] == SECURITIES)
            & (b["passages"] >= self.least_passages)
            & (b["passed"] >= self.least_passed_minor)
            & (b["trades_w10"] == 0),
            value=b["passages"],
            threshold=self.least_passages,
            strength=0.3 + ramp(b["passages"], self.least_passages, 3 * self.least_passages),
        )

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:
        """Sentences with the passages and their sum."""
        b, passages = rows.business[k], int(findings.value[k])
        return (
            f"银证转账快进快出而不交易：近10个工作日内有{passages}笔资金（参考线{self.least_passages}笔）转入后3日内转往另一账户，"
            f"合计{yuan(b['passed'])}元，期间无证券交易。",
            f"Transfer without trading: {passages} sums within 10 working days (reference {self.least_passages}) left for another "
            f"account within three days, {yuan(b['passed'])} yuan in all, and nothing was traded.",
        )


TYPOLOGY = TransferWithoutTrading()
