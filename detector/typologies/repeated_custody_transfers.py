"""Repeated custody transfers: one security moves between custodians again and again (regulation.md S09; 1211, 1212)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from detector.features.layout import TAG_ANY
from detector.findings import EvaluationRows, Findings, ramp


@dataclass(frozen=True, slots=True)
class RepeatedCustodyTransfers:
    """At least three moves of one security within 30 days without inheritance, divorce or a court behind them. A firm's change
    of system moves every security once, whatever their number. Evaluable only where moves are sent with their security.
    """

    business: ClassVar[str] = "securities"
    key: str = "repeated_custody_transfers@1"
    family: str = "channel"
    window: str = "W30"
    evidence_tag: int = TAG_ANY
    evidence_sides: tuple[int, ...] = (0, 1)
    least_moves: int = 3

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: moves of the most moved security."""
        moves = rows.business["custody_moves"]
        return Findings.where(
            moves >= self.least_moves,
            value=moves,
            threshold=self.least_moves,
            strength=0.3 + ramp(moves, self.least_moves, 3 * self.least_moves),
        )

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:  # noqa: ARG002  the interface's
        """Sentences with the moves."""
        moves = int(findings.value[k])
        return (
            f"频繁转托管：30日内同一证券或基金份额转托管、非交易过户{moves}次（参考线{self.least_moves}次），未见继承、离婚、司法等事由。",
            f"Repeated custody transfers: one security moved {moves} times within 30 days (reference {self.least_moves}), with no "
            f"inheritance, divorce or court given as a reason.",
        )


TYPOLOGY = RepeatedCustodyTransfers()
