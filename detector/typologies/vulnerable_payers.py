"""Vulnerable payers: most payers are elderly, or students (regulation.md F09)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detector.features.layout import TAG_PERSON
from detector.findings import EvaluationRows, Findings, percent, ramp, share


@dataclass(frozen=True, slots=True)
class VulnerablePayers:
    """Among the payers within 90 days whose age is known, at least half are 60 or older and twice as many as among all payers
    that the institution's shard knows; or half are students. Unknown ages are not evaluable, never young.
    """

    key: str = "vulnerable_payers@1"
    family: str = "identity"
    window: str = "W90"
    evidence_tag: int = TAG_PERSON
    evidence_sides: tuple[int, ...] = (0,)
    least_share: float = 0.5
    least_known: int = 20
    least_known_share: float = 0.3
    least_lift: float = 2.0

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: the larger of the elderly's and the students' share among known payers."""
        core, payers = rows.core, np.maximum(rows.w90["payers"], 1)
        known = (core["known_ages"] >= self.least_known) & (core["known_ages"] >= self.least_known_share * payers)
        working = (core["known_occupations"] >= self.least_known) & (core["known_occupations"] >= self.least_known_share * payers)
        elderly = np.where(known, share(core["elderly"], core["known_ages"]), 0.0)
        lifted = elderly >= self.least_lift * core["usual_elderly"]
        students = np.where(working, share(core["students"], core["known_occupations"]), 0.0)
        value = np.maximum(np.where(lifted, elderly, 0.0), students)
        return Findings.where(
            value >= self.least_share,
            value=value,
            threshold=self.least_share,
            strength=ramp(value, self.least_share, 0.9),
            coverage=np.where(known, share(core["known_ages"], payers), share(core["known_occupations"], payers)),
            evaluable=known | working,
        )

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:
        """Sentences with who is known and how many are elderly or students."""
        core, ratio = rows.core[k], percent(float(findings.value[k]))
        usual = percent(float(core["usual_elderly"]))
        return (
            f"付款人以老年人或学生为主：90日内年龄已知的{int(core['known_ages'])}名付款人中60岁以上{int(core['elderly'])}名，"
            f"学生{int(core['students'])}名，占比{ratio}（参考线{percent(self.least_share)}；同机构付款人中老年人占{usual}）。",
            f"Vulnerable payers: of {int(core['known_ages'])} payers of known age within 90 days {int(core['elderly'])} are 60 or "
            f"older, {int(core['students'])} are students, {ratio} (reference {percent(self.least_share)}; elderly among all payers "
            f"here {usual}).",
        )


TYPOLOGY = VulnerablePayers()
