"""From the buffer to flags: typologies, models, decision and the flag book, one drained buffer at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from contract.flag import Finding, Flag
from contract.money import minor_to_text
from contract.shanghai import day_start_ms
from detector import decision, likeness
from detector.business.book import BusinessBook
from detector.business.layout import INSURANCE, SECURITIES
from detector.catalogue import Catalogue
from detector.evidence import Remembered
from detector.features.buffer import Buffer
from detector.features.layout import CAUSE_DAY, CAUSE_SILENT, TAG_ANY
from detector.findings import EvaluationRows
from detector.flag_book import FlagBook, Judgement, holder_of
from detector.likeness import CONFIRMED_LIKENESS
from detector.model_outlier import MODEL_OUTLIER
from detector.scoring import Scoring, outlying
from detector.sides.effect import SideEffects
from detector.suppression import staff_only

LEAST_KNOWN_AGES = 20
LEAST_KNOWN_SHARE = 0.3
"""Coverage guard of regulation §2.0: an attribute known for fewer is not evaluable, never zero."""


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


class Judge:
    """Judges what a buffer holds, in order; owns the book and the models of one shard."""

    def __init__(
        self, catalogue: Catalogue, book: FlagBook, scoring: Scoring, sides: SideEffects, business: BusinessBook
    ) -> None:
        self._catalogue = catalogue
        self.business = business
        self.book = book
        self.scoring = scoring
        self.sides = sides

    def drain(self, buffer: Buffer, memory: Any) -> list[Flag]:
        """Flags of all that the buffer holds, in order; it is empty afterwards."""
        count, watched = buffer.count.tolist()
        if count == 0:
            return []
        moments = buffer.moments[:count]
        scores = self.scoring.score(moments, buffer.features[:count], buffer.own[:count])
        core = buffer.rows[:watched]
        book = None if self.business.is_empty else self.business.rows(memory.accounts["key"][core["account"]])
        rows = EvaluationRows(core, buffer.windows[:watched], self.sides.contacts(core["account"]), book)
        flags = self._judge(moments, scores, rows, buffer, memory)
        buffer.count[:] = 0
        return flags

    def _judge(self, moments: Any, scores: Any, rows: EvaluationRows, buffer: Buffer, memory: Any) -> list[Flag]:
        order = self.scoring.order(moments, scores)
        value, code = decision.score(decision.NONE, order), np.zeros(len(moments), np.int8)
        flags: list[Flag] = []
        if len(rows):
            self._look_again(rows)
            at = np.flatnonzero(moments["watched"] >= 0)
            chosen = np.flatnonzero(self._worth_asking(rows, scores[at]))
            if len(chosen):
                at = at[chosen]
                found = self._watched(rows.only(chosen), scores[at], order[at], buffer.evidence[chosen], memory)
                flags, code[at], value[at] = found
        self.scoring.keep_best(moments, value, code)
        return flags

    def _watched(self, rows: EvaluationRows, scores: Any, order: Any, evidence: Any, memory: Any) -> tuple[list[Flag], Any, Any]:
        """Flags of the rows that can be flagged, and the category code and score of each."""
        spoken = decision.speak(self._catalogue.typologies, rows)
        persisting = self._persisting(spoken, rows)
        code = decision.categories(spoken, rows, persisting, self._catalogue.decision)
        outlier = decision.Spoken(MODEL_OUTLIER, MODEL_OUTLIER.judge(rows, outlying(scores)), np.zeros(len(rows), np.bool_))
        code = np.where(outlier.counting, np.maximum(code, decision.OBSERVE), code).astype(np.int8)
        inside = decision.inside_band(code, spoken, order)
        said = [*spoken, outlier]
        if self.sides.learner.is_ready:
            code, inside = self._by_verdicts(said, rows, code, inside, scores)
        open_flags = self.book.book.open
        flags = []
        for k, (row, category) in enumerate(zip(rows.core["account"].tolist(), code.tolist(), strict=True)):
            # A flag that this very buffer opened is followed from its next row on.
            if category or row in open_flags:
                flag = self._one(k, rows, said, category, float(inside[k]), self.scoring.named(scores[k]), evidence[k], memory)
                if flag is not None:
                    flags.append(flag)
        return flags, code, decision.score(code, inside)

    def _by_verdicts(
        self, said: list[decision.Spoken], rows: EvaluationRows, code: Any, inside: Any, scores: Any
    ) -> tuple[Any, Any]:
        """Categories and places with what verdicts taught in them: ``observe`` may be raised, nothing else changes band."""
        chance = likeness.chances(self.sides.learner, said, rows, code, lambda k: self.scoring.named(scores[k]))
        alike = CONFIRMED_LIKENESS.judge(rows, chance, said)
        said.append(decision.Spoken(CONFIRMED_LIKENESS, alike, np.zeros(len(rows), np.bool_)))
        code = np.where(alike.fired, np.maximum(code, decision.OBSERVE), code).astype(np.int8)
        return code, likeness.reordered(inside, chance, self.sides.learner.verdicts)

    def _worth_asking(self, rows: EvaluationRows, scores: Any) -> Any:
        """Rows that may be flagged, and all of accounts that are, that may become so in this buffer, or that had a structure
        finding: what is left has no category, whatever the typologies say in detail.
        """
        may = decision.may_fire(self._catalogue.typologies, rows) | MODEL_OUTLIER.judge(rows, outlying(scores)).fired
        accounts = rows.core["account"]
        known = {*accounts[may].tolist()}
        open_flags, structure = self.book.book.open, self.book.book.structure_since
        return [row in known or row in open_flags or row in structure for row in accounts.tolist()]

    def _look_again(self, rows: EvaluationRows) -> None:
        """Note accounts whose silence a typology wants to see: nothing else would ever judge them again."""
        for typology in self._catalogue.typologies:
            looks_again = getattr(typology, "looks_again", None)
            if looks_again is not None and (rows.book is not None or getattr(typology, "business", "any") == "any"):
                wanted = looks_again(rows) & (rows.core["cause"] == CAUSE_DAY)
                for core in rows.core[wanted]:
                    self.book.book.quiet[int(core["account"])] = int(core["as_of"])

    def _persisting(self, spoken: Sequence[decision.Spoken], rows: EvaluationRows) -> Any:
        fired = decision.structure_alone(spoken, len(rows))
        watched = self.book.book.structure_since
        persisting = np.zeros(len(rows), np.bool_)
        days = rows.core["as_of"].tolist()
        for k, (row, hit) in enumerate(zip(rows.core["account"].tolist(), fired.tolist(), strict=True)):
            if hit or row in watched:
                persisting[k] = self.book.persists(row, days[k], hit)
        return persisting

    def _one(
        self,
        k: int,
        rows: EvaluationRows,
        spoken: Sequence[decision.Spoken],
        code: int,
        inside: float,
        model_scores: dict[str, float],
        block: Any,
        memory: Any,
    ) -> Flag | None:
        core = rows.named(k)
        fired = [one.typology.key for one in spoken if one.findings.fired[k]]
        day, cause = core["as_of"], core["cause"]
        remembered = Remembered(block)
        judged = Judgement(
            row=core["account"],
            day=day,
            moment_ms=day_start_ms(day + 1) if cause == CAUSE_SILENT else core["last_ms"],
            moved=cause == CAUSE_DAY,
            category=code,
            inside=inside,
            severity=decision.severity(core["credited_by_persons"], core["payers"]),
            measures=measures_of(core, None if rows.book is None else rows.business[k]),
            model_scores=model_scores,
            not_evaluable=[one.typology.key for one in spoken if not one.findings.evaluable[k]],
            first_ms=core["first_ms"],
            last_ms=core["last_ms"],
            suppressed=frozenset(one.typology.key for one in spoken if one.suppressed[k]),
            ended=ended_of(spoken, rows, k),
            tags=self.sides.tags(core["account"]) if any(key.startswith("watchlist_contact@") for key in fired) else [],
            most=decision.OBSERVE if staff_only(core) else decision.ILLEGAL,
        )
        by_key = {one.typology.key: one for one in spoken if one.findings.fired[k]}
        return self.book.judge(
            judged,
            fired,
            lambda: holder_of(memory, core["account"], core),
            lambda key: finding_of(by_key[key], rows, k, remembered),
            remembered.newest,
            lambda key: finding_of(by_key[key], rows, k, None),
        )


def ended_of(spoken: Sequence[decision.Spoken], rows: EvaluationRows, k: int) -> frozenset[str]:
    """Typologies whose finding of row ``k`` is over at once, where others stay for weeks."""
    if rows.listed is None:
        return frozenset()
    tellers = [(one.typology.key, ended) for one in spoken if (ended := getattr(one.typology, "ended", None))]
    return frozenset(key for key, ended in tellers if ended(rows)[k])


def finding_of(one: decision.Spoken, rows: EvaluationRows, k: int, remembered: Remembered | None) -> Finding:
    """The finding of row ``k``; a suppressed one stays, with strength 0. Without ``remembered`` it has no words or evidence."""
    findings = one.findings
    zh, en = one.typology.say(rows, k, findings) if remembered else ("", "")
    return Finding(
        typology=one.typology.key,
        family=one.typology.family,
        window=one.typology.window,
        value=round(findings.value.item(k), 4),
        threshold=round(findings.threshold.item(k), 4),
        strength=0.0 if one.suppressed[k] else round(findings.strength.item(k), 4),
        coverage=round(findings.coverage.item(k), 4),
        evidence=_evidence(one, rows, k, remembered) if remembered else [],
        zh=zh,
        en=en,
    )


def _evidence(one: decision.Spoken, rows: EvaluationRows, k: int, remembered: Remembered) -> list[str]:
    """Movements that show it: of the book where it has them, else those remembered with its tag, else any."""
    if rows.book is not None and one.is_conduct and (events := rows.book.events(k, one.name)):
        return events
    sides, tag = one.typology.evidence_sides, one.typology.evidence_tag
    return remembered.with_tag(sides, tag) or remembered.with_tag((0, 1), TAG_ANY)
