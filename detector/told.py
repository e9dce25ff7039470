"""What is told of judged rows: facts, measures and findings with their words and evidence, as Python values a flag is made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, cast

import numpy as np

from contract.flag import Finding
from contract.money import minor_to_text
from detector import decision
from detector.business.layout import INSURANCE, SECURITIES
from detector.evidence import Remembered
from detector.features.layout import TAG_ANY
from detector.findings import EvaluationRows
from detector.flag_book import Outline

LEAST_KNOWN_AGES = 20
LEAST_KNOWN_SHARE = 0.3
"""Coverage guard of regulation §2.0: an attribute known for fewer is not evaluable, never zero."""


FACTS: Final = (
    "account",
    "as_of",
    "cause",
    "first_ms",
    "last_ms",
    "institution_type",
    "holder_kind",
    "region",
    "subject_region",
    "pretexts",
    "customer_at",
    "customer_len",
    "payers",
    "payees",
    "credited",
    "debited",
    "returned",
    "credited_by_persons",
    "known_ages",
    "elderly",
    "payers_on_payroll",
)
"""Of an evaluation row: what a judgement and a flag are made of, whichever typologies speak."""
BUSINESS_MEASURES: Final = {
    SECURITIES: {"deposits_w90": "deposits", "withdrawals_w90": "withdrawals", "turnover_w90": "turnover"},
    INSURANCE: {"premiums_w90": "premium_sum", "payouts_w90": "payout_sum"},
}
"""Sums of the business book that a flag tells beside the others, by place; own-name money is no customer movement elsewhere."""


def measures_of(core: dict[str, Any], settled: Any = None) -> dict[str, int | float | str | None]:
    """What a flag tells in numbers; an age share that too few known ages carry is null, not zero.

    ``settled`` is the business book's row of the account (business.layout.BUSINESS), where there is one.
    """
    told = {} if settled is None else BUSINESS_MEASURES.get(int(settled["place"]), {})
    known, payers = core["known_ages"], core["payers"]
    enough = known >= LEAST_KNOWN_AGES and known >= LEAST_KNOWN_SHARE * payers
    return {
        "payers": payers,
        "payees": core["payees"],
        "credited": minor_to_text(core["credited"]),
        "debited": minor_to_text(core["debited"]),
        "returned_to_payers": minor_to_text(core["returned"]),
        "elderly_payer_share": round(core["elderly"] / known, 4) if enough else None,
        **{name: minor_to_text(int(settled[field])) for name, field in told.items()},
    }


class Told:
    """What was said of some rows, turned round: by row the keys of the typologies, in the order in which they spoke."""

    def __init__(self, said: Sequence[decision.Spoken], rows: EvaluationRows) -> None:
        self.by_key = {one.typology.key: one for one in said}
        self._keys = np.array([*self.by_key], np.object_)
        self._fired = np.column_stack([one.findings.fired for one in said])
        self._mute = ~np.column_stack([one.findings.evaluable for one in said])
        self._suppressed = np.column_stack([one.suppressed for one in said])
        tellers = (
            [(key, getattr(one.typology, "ended", None)) for key, one in self.by_key.items()] if rows.listed is not None else []
        )
        self._ended = [(key, ended(rows)) for key, ended in tellers if ended is not None]
        self._facts = {name: rows.core[name].tolist() for name in FACTS}

    def facts(self, k: int) -> dict[str, Any]:
        """What a judgement reads of row ``k``, as Python values by name."""
        return {name: column[k] for name, column in self._facts.items()}

    def fired(self, k: int) -> list[str]:
        """Those that fired on row ``k``."""
        return cast("list[str]", self._keys[self._fired[k]].tolist())

    def not_evaluable(self, k: int) -> list[str]:
        """Those that could not judge row ``k``."""
        return cast("list[str]", self._keys[self._mute[k]].tolist())

    def suppressed(self, k: int) -> list[str]:
        """Those whose family does not count for row ``k``."""
        return cast("list[str]", self._keys[self._suppressed[k]].tolist())

    def ended(self, k: int) -> frozenset[str]:
        """Those whose finding of row ``k`` is over at once, where others stay for weeks."""
        return frozenset(key for key, over in self._ended if over[k])


def outline_of(one: decision.Spoken, k: int) -> Outline:
    """What of the finding of row ``k`` decides; a suppressed one stays, with strength 0."""
    return Outline(one.typology.key, one.typology.family, _strength(one, k))


def _strength(one: decision.Spoken, k: int) -> float:
    return 0.0 if one.suppressed[k] else round(one.findings.strength.item(k), 4)


def finding_of(one: decision.Spoken, rows: EvaluationRows, k: int, remembered: Remembered) -> Finding:
    """The finding of row ``k`` with its words and evidence."""
    findings = one.findings
    zh, en = one.typology.say(rows, k, findings)
    return Finding(
        typology=one.typology.key,
        family=one.typology.family,
        window=one.typology.window,
        value=round(findings.value.item(k), 4),
        threshold=round(findings.threshold.item(k), 4),
        strength=_strength(one, k),
        coverage=round(findings.coverage.item(k), 4),
        evidence=_evidence(one, rows, k, remembered),
        zh=zh,
        en=en,
    )


def _evidence(one: decision.Spoken, rows: EvaluationRows, k: int, remembered: Remembered) -> list[str]:
    """Movements that show it: of the book where it has them, else those remembered with its tag, else any."""
    if rows.book is not None and one.is_conduct and (events := rows.book.events(k, one.name)):
        return events
    sides, tag = one.typology.evidence_sides, one.typology.evidence_tag
    return remembered.with_tag(sides, tag) or remembered.with_tag((0, 1), TAG_ANY)
