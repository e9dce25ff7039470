"""Night activity: many movements between midnight and six (regulation.md F13)."""

from __future__ import annotations

from dataclasses import dataclass

from detector.features.layout import TAG_ANY
from detector.findings import EvaluationRows, Findings, percent, ramp, share


@dataclass(frozen=True, slots=True)
class NightActivity:
    """Weak, and never alone: it counts only beside another finding of its family."""

    key: str = "night_activity@1"
    family: str = "channel"
    window: str = "W30"
    evidence_tag: int = TAG_ANY
    evidence_sides: tuple[int, ...] = (0, 1)
    least_share: float = 0.3
    least_movements: int = 20

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: share of movements at night."""
        count = rows.w30["credits"] + rows.w30["debits"]
        ratio = share(rows.w30["night"], count)
        return Findings.where(
            (ratio >= self.least_share) & (count >= self.least_movements),
            value=ratio,
            threshold=self.least_share,
            strength=ramp(ratio, self.least_share, 1.0),
        )

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:
        """Sentences with the number and share of movements at night."""
        w, ratio = rows.w30[k], percent(float(findings.value[k]))
        return (
            f"夜间交易：30日内{int(w['credits'] + w['debits'])}笔收付中{int(w['night'])}笔发生在0时至6时，占{ratio}"
            f"（参考线{percent(self.least_share)}）。",
            f"Night activity: {int(w['night'])} of {int(w['credits'] + w['debits'])} movements within 30 days between midnight and "
            f"six, {ratio} (reference {percent(self.least_share)}).",
        )


TYPOLOGY = NightActivity()
