"""Many payer regions: persons of many cities pay in, none of them dominating (regulation.md F14)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from detector.features.layout import MOST_NOTED, TAG_PERSON
from detector.findings import EvaluationRows, Findings, ramp, share


@dataclass(frozen=True, slots=True)
class ManyPayerRegions:
    """At least ten cities among the payers within 30 days, spread evenly. Sellers on national platforms are paid through payment
    institutions, which are no payers; who is paid by persons of ten cities directly has found them by other ways.
    """

    key: str = "many_payer_regions@1"
    family: str = "structure"
    window: str = "W30"
    evidence_tag: int = TAG_PERSON
    evidence_sides: tuple[int, ...] = (0,)
    least_cities: int = 10
    least_evenness: float = 0.7
    least_known: int = 20
    least_known_share: float = 0.3

    def screen(self, rows: EvaluationRows) -> Any:
        """Rows outside which it cannot fire: payers enough, and with the branch's own city counterparties of enough cities."""
        away = rows.core["away"] >= min(self.least_cities - 1, MOST_NOTED)
        return away & (rows.w30["payers"] >= max(self.least_cities, self.least_known))

    def screen_closer(self, rows: EvaluationRows) -> Any:
        """The same, once counterparties were asked."""
        return rows.core["cities"] >= self.least_cities

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Value: distinct cities."""
        core = rows.core
        cities, known = core["cities"], share(core["known_regions"], rows.w30["payers"])
        even = core["city_entropy"] >= self.least_evenness * np.log(np.maximum(cities, 2))
        return Findings.where(
            (cities >= self.least_cities) & even,
            value=cities,
            threshold=self.least_cities,
            strength=ramp(cities, self.least_cities, 40),
            coverage=known,
            # Coverage guard of regulation.md §2.0: of too few known regions nothing can be said.
            evaluable=(core["known_regions"] >= self.least_known) & (known >= self.least_known_share),
        )

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:
        """Sentences with the cities and payers."""
        cities, payers = int(findings.value[k]), int(rows.w30["payers"][k])
        return (
            f"跨地区付款人：30日内{payers}名付款人中已知地区者来自{cities}个城市（参考线{self.least_cities}个），分布分散。",
            f"Many payer regions: payers of known region within 30 days, {payers} in all, come from {cities} cities (reference "
            f"{self.least_cities}), none of them dominating.",
        )


TYPOLOGY = ManyPayerRegions()
