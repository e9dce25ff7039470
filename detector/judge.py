"""From evaluation rows to flags: typologies, models, decision and the flag book, one drained buffer at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from contract.flag import Finding, Flag
from contract.money import minor_to_text
from contract.shanghai import day_start_ms
from detector import decision
from detector.catalogue import Catalogue
from detector.features.consume import Buffer
from detector.features.layout import CAUSE_DAY, CAUSE_SILENT, EVIDENCE_SLOTS, ID_BYTES, TAG_ANY
from detector.findings import EvaluationRows
from detector.flag_book import FlagBook, Judgement, holder_of
from detector.model_outlier import MODEL_OUTLIER
from detector.scoring import Scoring

LEAST_KNOWN_AGES: Final = 20
LEAST_KNOWN_SHARE: Final = 0.3
"""Coverage guard of regulation §2.0: an attribute known for fewer is not evaluable, never zero."""


def evidence_of(block: Any, sides: Sequence[int], tag: int) -> list[str]:
    """Newest remembered event ids with ``tag``, credits before debits, oldest first, 20 at most."""
    found: list[str] = []
    for side in sides:
        written = int(block["written"][side])
        tags, ids = block["tags"][side].tolist(), _event_ids(block, side)
        slots = (turn % EVIDENCE_SLOTS for turn in range(max(0, written - EVIDENCE_SLOTS), written))
        found += [ids[slot].decode("ascii") for slot in slots if tags[slot] & tag]
    return found[-EVIDENCE_SLOTS:]


def _event_ids(block: Any, side: int) -> list[bytes]:
    """All slots of one side; ids hold no NUL, so the padding falls away."""
    ids: list[bytes] = block["ids"][side].view(f"S{ID_BYTES}")[:, 0].tolist()
    return ids


def newest_event(block: Any) -> str:
    """The account's newest customer movement that is remembered; empty where none is."""
    side = int(block["newest_side"])
    written = int(block["written"][side])
    return _event_ids(block, side)[(written - 1) % EVIDENCE_SLOTS].decode("ascii") if written else ""


def _ratio(value: float) -> float:
    return round(float(value), 4)


def measures_of(core: Any) -> dict[str, int | float | str | None]:
    """What a flag tells in numbers; an age share that too few known ages carry is null, not zero."""
    known, payers = int(core["known_ages"]), int(core["payers"])
    enough = known >= LEAST_KNOWN_AGES and known >= LEAST_KNOWN_SHARE * payers
    return {
        "payers": payers,
        "payees": int(core["payees"]),
        "credited": minor_to_text(core["credited"]),
        "debited": minor_to_text(core["debited"]),
        "returned_to_payers": minor_to_text(core["returned"]),
        "elderly_payer_share": _ratio(core["elderly"] / known) if enough else None,
    }


class Judge:
    """Judges drained evaluation rows in order; owns the book and the models of one shard."""

    def __init__(self, catalogue: Catalogue, book: FlagBook, scoring: Scoring) -> None:
        self._catalogue = catalogue
        self.book = book
        self.scoring = scoring

    def drain(self, buffer: Buffer, memory: Any) -> list[Flag]:
        """Flags of all buffered rows, in order; the buffer is empty afterwards."""
        count = int(buffer.count[0])
        if count == 0:
            return []
        rows = EvaluationRows(buffer.rows[:count], buffer.windows[:count])
        flags = self._judge(rows, buffer, memory)
        buffer.rows[:count] = np.zeros((), buffer.rows.dtype)
        buffer.windows[:count] = np.zeros((), buffer.windows.dtype)
        buffer.has_evidence[:count] = 0
        buffer.count[0] = 0
        return flags

    def _judge(self, rows: EvaluationRows, buffer: Buffer, memory: Any) -> list[Flag]:
        model = self.scoring.score(rows)
        # A flag needs movements to show: accounts too small to have any remembered are never accused, and most are.
        at = np.flatnonzero(buffer.has_evidence[: len(rows)])
        plain = np.flatnonzero(buffer.has_evidence[: len(rows)] == 0)
        self.scoring.keep_best(rows.take(plain), decision.score(decision.NONE, model[plain]), decision.NONE)
        if not len(at):
            return []
        watched = rows.take(at)
        spoken = decision.speak(self._catalogue.typologies, watched)
        persisting = self._persisting(spoken, watched)
        code = decision.categories(spoken, watched, persisting, self._catalogue.decision)
        outlier = decision.Spoken(MODEL_OUTLIER, MODEL_OUTLIER.judge(watched, model[at]), np.zeros(len(at), np.bool_))
        code = np.where(outlier.counting, np.maximum(code, decision.OBSERVE), code).astype(np.int8)
        inside = decision.inside_band(code, spoken, model[at])
        self.scoring.keep_best(watched, decision.score(code, inside), code)
        open_flags = self.book.book.open
        flags = []
        for k, (row, category) in enumerate(zip(watched.core["account"].tolist(), code.tolist(), strict=True)):
            # A flag that this very buffer opened is followed from its next row on.
            if category or row in open_flags:
                flag = self._one(k, watched, [*spoken, outlier], category, float(inside[k]), buffer.evidence[at[k]], memory)
                if flag is not None:
                    flags.append(flag)
        return flags

    def _persisting(self, spoken: Sequence[decision.Spoken], rows: EvaluationRows) -> Any:
        fired = decision.structure_alone(spoken, len(rows))
        watched = self.book.book.structure_since
        known = np.fromiter(watched, np.int64, len(watched))
        persisting = np.zeros(len(rows), np.bool_)
        for k in np.flatnonzero(fired | np.isin(rows.core["account"], known)):
            core = rows.core[k]
            persisting[k] = self.book.persists(int(core["account"]), int(core["as_of"]), bool(fired[k]))
        return persisting

    def _one(
        self,
        k: int,
        rows: EvaluationRows,
        spoken: Sequence[decision.Spoken],
        code: int,
        inside: float,
        block: Any,
        memory: Any,
    ) -> Flag | None:
        core = rows.core[k]
        by_key = {one.typology.key: one for one in spoken}
        fired = [key for key, one in by_key.items() if one.findings.fired[k]]
        day, cause = int(core["as_of"]), int(core["cause"])
        judged = Judgement(
            row=int(core["account"]),
            day=day,
            moment_ms=day_start_ms(day + 1) if cause == CAUSE_SILENT else int(core["last_ms"]),
            moved=cause == CAUSE_DAY,
            category=code,
            inside=inside,
            severity=decision.severity(int(core["credited_by_persons"]), int(core["payers"])),
            measures=measures_of(core),
            model_scores=self.scoring.named(int(core["account"])),
            not_evaluable=[key for key, one in by_key.items() if not one.findings.evaluable[k]],
            first_ms=int(core["first_ms"]),
            last_ms=int(core["last_ms"]),
            newest_event=newest_event(block),
        )
        return self.book.judge(
            judged,
            fired,
            lambda: holder_of(memory, judged.row),
            lambda key: finding_of(by_key[key], rows, k, block),
        )


def finding_of(one: decision.Spoken, rows: EvaluationRows, k: int, block: Any) -> Finding:
    """The finding of row ``k`` with its sentences and evidence; a suppressed one stays, with strength 0."""
    zh, en = one.typology.say(rows, k, one.findings)
    evidence = evidence_of(block, one.typology.evidence_sides, one.typology.evidence_tag)
    return Finding(
        typology=one.typology.key,
        family=one.typology.family,
        window=one.typology.window,
        value=_ratio(one.findings.value[k]),
        threshold=_ratio(one.findings.threshold[k]),
        strength=0.0 if one.suppressed[k] else _ratio(one.findings.strength[k]),
        coverage=_ratio(one.findings.coverage[k]),
        evidence=evidence or evidence_of(block, (0, 1), TAG_ANY),
        zh=zh,
        en=en,
    )
