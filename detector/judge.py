"""From the buffer to flags: typologies, models, decision and the flag book, one drained buffer at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from contract.flag import Flag
from contract.shanghai import day_start_ms
from detector import decision, likeness
from detector.business.book import BusinessBook
from detector.business.rows import BusinessRows
from detector.catalogue import Catalogue
from detector.evidence import Remembered
from detector.features.buffer import Buffer
from detector.features.evaluate import look_closer, recall
from detector.features.layout import CAUSE_DAY, CAUSE_SILENT
from detector.features.pretexts import pretext_tags
from detector.features.rules import Rules
from detector.findings import EvaluationRows
from detector.flag_book import FlagBook, Judgement, holder_of
from detector.large_value_flags import not_evaluable_for
from detector.likeness import CONFIRMED_LIKENESS
from detector.model_outlier import MODEL_OUTLIER
from detector.scoring import Scoring, outlying
from detector.sides.effect import SideEffects
from detector.told import Told, finding_of, measures_of, outline_of


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
        self._held: tuple[int, BusinessRows | None] = (0, None)

    def hold(self, buffer: Buffer, memory: Any, book: BusinessBook) -> None:
        """Let what the buffer holds read ``book``, whatever later turns settle: it was judged before they came."""
        core = buffer.rows[: int(buffer.count[1])]
        self._held = (len(core), book.rows(memory.accounts["key"][core["account"]])) if len(core) else (0, None)

    def _business(self, accounts: Any, memory: Any) -> BusinessRows | None:
        """The book's rows of ``accounts``: of the first ones what was held for them."""
        (own, held), self._held = self._held, (0, None)
        if own and own == len(accounts):
            return held
        rows = None if self.business.is_empty else self.business.rows(memory.accounts["key"][accounts[own:]])
        return rows if held is None or rows is None else held.then(rows)

    def drain(self, buffer: Buffer, memory: Any, rules: Rules) -> list[Flag]:
        """Flags of all that the buffer holds, in order; it is empty afterwards.

        No account that was judged as its day ended, or for its silence, may have moved since.
        """
        count, watched = buffer.count.tolist()
        if count == 0:
            return []
        moments = buffer.moments[:count]
        scores = self.scoring.score(moments, buffer.features[:count], buffer.own[:count])
        core = buffer.rows[:watched]
        book = self._business(core["account"], memory)
        rows = EvaluationRows(core, buffer.windows[:watched], self.sides.contacts(core["account"]), book)
        flags = self._judge(moments, scores, rows, buffer, memory, rules)
        buffer.count[:] = 0
        return flags

    def _judge(self, moments: Any, scores: Any, rows: EvaluationRows, buffer: Buffer, memory: Any, rules: Rules) -> list[Flag]:
        order = self.scoring.order(moments, scores)
        value, code = decision.score(decision.NONE, order), np.zeros(len(moments), np.int8)
        flags: list[Flag] = []
        if len(rows):
            self._look_again(rows)
            at = np.flatnonzero(moments["watched"] >= 0)
            strange = MODEL_OUTLIER.judge(rows, outlying(scores[at])).fired
            typologies = self._catalogue.typologies
            chosen = self._worth_asking(rows.core["account"], decision.may_fire(typologies, rows) | strange)
            look_closer(memory, chosen, rules, buffer)
            near = rows.only(chosen)
            kept = self._worth_asking(near.core["account"], decision.may_fire(typologies, near, closer=True) | strange[chosen])
            if len(kept):
                chosen = chosen[kept]
                at = at[chosen]
                found = self._watched(near.only(kept), scores[at], order[at], chosen, buffer, memory)
                flags, code[at], value[at] = found
        self.scoring.keep_best(moments, value, code)
        return flags

    def _watched(
        self, rows: EvaluationRows, scores: Any, order: Any, places: Any, buffer: Buffer, memory: Any
    ) -> tuple[list[Flag], Any, Any]:
        """Flags of the rows that can be flagged, and the category code and score of each; ``places`` are theirs in the buffer."""
        spoken = decision.speak(self._catalogue.typologies, rows)
        persisting = self._persisting(spoken, rows)
        code = decision.categories(spoken, rows, persisting, self._catalogue.decision)
        most = decision.highest(spoken, rows).tolist()
        outlier = decision.Spoken(MODEL_OUTLIER, MODEL_OUTLIER.judge(rows, outlying(scores)), np.zeros(len(rows), np.bool_))
        code = np.where(outlier.counting, np.maximum(code, decision.OBSERVE), code).astype(np.int8)
        inside = decision.inside_band(code, spoken, order)
        said = [*spoken, outlier]
        if self.sides.learner.is_ready:
            code, inside = self._by_verdicts(said, rows, code, inside, scores)
        open_flags, told = self.book.book.open, Told(said, rows)
        accounts = rows.core["account"].tolist()
        # A flag that this very buffer opens is followed from its next row on.
        opening = {row for row, category in zip(accounts, code.tolist(), strict=True) if category}
        followed = [k for k, row in enumerate(accounts) if row in open_flags or row in opening]
        recall(memory, places[followed], buffer)
        flags = []
        for k in followed:
            category = int(code[k])
            if category or accounts[k] in open_flags:
                named = self.scoring.named(scores[k])
                block = buffer.evidence[places[k]]
                flag = self._one(k, rows, told, category, most[k], float(inside[k]), named, block, memory)
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

    def _worth_asking(self, accounts: Any, may: Any) -> Any:
        """Places of rows that ``may`` be flagged, and of all rows of accounts that are, that may become so in this buffer, or
        that had a structure finding: what is left has no category, whatever the typologies say in detail.
        """
        known = {*accounts[may].tolist()}
        open_flags, structure = self.book.book.open, self.book.book.structure_since
        asked = [row in known or row in open_flags or row in structure for row in accounts.tolist()]
        return np.flatnonzero(np.array(asked, np.bool_))

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

    def _tags(self, core: dict[str, Any], fired: Sequence[str]) -> list[str]:
        """What the account is called, then with whom of the watch list it is in contact."""
        in_contact = any(key.startswith("watchlist_contact@") for key in fired)
        return pretext_tags(core["pretexts"]) + (self.sides.tags(core["account"]) if in_contact else [])

    def _one(
        self,
        k: int,
        rows: EvaluationRows,
        told: Told,
        code: int,
        most: int,
        inside: float,
        model_scores: dict[str, float],
        block: Any,
        memory: Any,
    ) -> Flag | None:
        core = told.facts(k)
        fired = told.fired(k)
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
            not_evaluable=[*told.not_evaluable(k), *not_evaluable_for(core["holder_kind"])],
            first_ms=core["first_ms"],
            last_ms=core["last_ms"],
            suppressed=frozenset(told.suppressed(k)),
            ended=told.ended(k),
            tags=self._tags(core, fired),
            most=most,
        )
        return self.book.judge(
            judged,
            fired,
            lambda: holder_of(memory, core["account"], core),
            lambda key: finding_of(told.by_key[key], rows, k, remembered),
            remembered.newest,
            lambda key: outline_of(told.by_key[key], k),
        )
