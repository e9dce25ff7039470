"""Vulnerable payers: most payers are elderly, or students (regulation.md F09)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import comb
from typing import Any

import numpy as np

from detector.features.layout import MOST_NOTED, TAG_PERSON
from detector.findings import EvaluationRows, Findings, percent, ramp, share


@cache
def no_chance(most_chance: float, most_known: int) -> Any:
    """From how many on it is no chance that so many payers are the same, int64[101, most_known], by percent and known payers.

    If each is so with that chance, as many or more are with at most ``most_chance``; where not even all are, one more than all.

    >>> no_chance(0.0005, 20)[20, [5, 6, 8, 10, 19]].tolist()
    [5, 6, 7, 8, 11]
    """
    table = np.zeros((101, most_known), np.int64)
    for percents in range(101):
        for known in range(most_known):
            so, tail = known + 1, 0.0
            while so > 0:
                one = percents / 100
                tail += comb(known, so - 1) * one ** (so - 1) * (1.0 - one) ** (known - so + 1)
                if tail > most_chance:
                    break
                so -= 1
            table[percents, known] = so
    return table


@dataclass(frozen=True, slots=True)
class VulnerablePayers:
    """Among the payers within 90 days whose age is known, at least half are 60 or older and twice as many as among all payers
    that the institution's shard knows; or half are students. Unknown ages are not evaluable, never young.

    Where fewer than twenty are known, it is asked how likely so many would be so by chance: if payers were old as often as
    the shard's are, and never rarer than one in five.
    """

    key: str = "vulnerable_payers@1"
    family: str = "identity"
    window: str = "W90"
    evidence_tag: int = TAG_PERSON
    evidence_sides: tuple[int, ...] = (0,)
    least_share: float = 0.5
    least_known: int = 20
    few_known: int = 6
    least_payers: int = 10
    most_chance: float = 0.0005
    least_usual: float = 0.2
    least_known_share: float = 0.3
    least_lift: float = 2.0

    def _enough(self, known: Any, so: Any, usual: Any, rows: EvaluationRows) -> Any:
        """Whether an attribute is known of enough payers to speak of a share; of few where that many are ``so`` by no chance."""
        percents = np.ceil(100 * np.clip(usual, self.least_usual, 1.0)).astype(np.int64)
        table = no_chance(self.most_chance, self.least_known)
        few = (known >= self.few_known) & (so >= table[percents, np.minimum(known, self.least_known - 1)])
        payers = rows.w90["payers"]
        return ((known >= self.least_known) | few) & (payers >= self.least_payers) & (known >= self.least_known_share * payers)

    def _elderly(self, rows: EvaluationRows) -> Any:
        """Share of the elderly among payers of known age; 0 where too few are known or no more than usual."""
        core = rows.core
        elderly = share(core["elderly"], core["known_ages"])
        lifted = elderly >= self.least_lift * core["usual_elderly"]
        return np.where(self._enough(core["known_ages"], core["elderly"], core["usual_elderly"], rows) & lifted, elderly, 0.0)

    def _students(self, rows: EvaluationRows) -> Any:
        """Share of students among payers of known occupation; 0 where too few are known."""
        core = rows.core
        students = share(core["students"], core["known_occupations"])
        return np.where(self._enough(core["known_occupations"], core["students"], np.zeros(len(rows)), rows), students, 0.0)

    def screen(self, rows: EvaluationRows) -> Any:
        """Rows outside which it cannot fire."""
        least = min(self.least_known, self.few_known)
        return (rows.core["described"] >= min(least, MOST_NOTED)) & (rows.w90["payers"] >= max(least, self.least_payers))

    def screen_closer(self, rows: EvaluationRows) -> Any:
        """The same, once counterparties were asked."""
        return np.maximum(self._elderly(rows), self._students(rows)) >= self.least_share

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: the larger of the elderly's and the students' share among known payers."""
        core, payers = rows.core, rows.w90["payers"]
        elderly, students = self._elderly(rows), self._students(rows)
        ages = self._enough(core["known_ages"], core["elderly"], core["usual_elderly"], rows)
        occupations = self._enough(core["known_occupations"], core["students"], np.zeros(len(rows)), rows)
        value = np.maximum(elderly, students)
        return Findings.where(
            value >= self.least_share,
            value=value,
            threshold=self.least_share,
            strength=ramp(value, self.least_share, 0.9),
            coverage=share(np.where(elderly >= students, core["known_ages"], core["known_occupations"]), payers),
            evaluable=ages | occupations,
        )

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:
        """Sentences with who is known and how many of them are elderly, or students, whichever is more."""
        core, ratio, line = rows.core[k], percent(float(findings.value[k])), percent(self.least_share)
        one = EvaluationRows(rows.core[k : k + 1], rows.windows[k : k + 1])
        if self._students(one)[0] > self._elderly(one)[0]:
            students, known = int(core["students"]), int(core["known_occupations"])
            return (
                f"付款人以学生为主：90日内职业已知的{known}名付款人中学生{students}名，占比{ratio}（参考线{line}）。",
                f"Vulnerable payers: of {known} payers of known occupation within 90 days {students} are students, {ratio} (reference "
                f"{line}).",
            )
        elderly, known, usual = int(core["elderly"]), int(core["known_ages"]), percent(float(core["usual_elderly"]))
        return (
            f"付款人以老年人为主：90日内年龄已知的{known}名付款人中60岁以上{elderly}名，占比{ratio}（参考线{line}；同机构付款人中老年人占"
            f"{usual}）。",
            f"Vulnerable payers: of {known} payers of known age within 90 days {elderly} are 60 or older, {ratio} (reference {line}; "
            f"elderly among all payers here {usual}).",
        )


TYPOLOGY = VulnerablePayers()
