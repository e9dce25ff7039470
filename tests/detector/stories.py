"""An account's life in few words: who paid in and who was paid, on which day, and what one typology says of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

import numpy as np

from contract.flag import Finding, Flag
from contract.money import minor_to_text
from contract.movement import MOVEMENT
from contract.profile import PROFILE
from contract.shanghai import text_ms
from detector.catalogue import Catalogue, found
from detector.engine import Shard
from detector.features.layout import TAG_ANY
from detector.findings import EvaluationRows, Findings
from detector.sides.inputs import quiet
from tests.detector.shards import CATALOGUE, INSTITUTION, batch_of, feed, movement, profile, until

MONDAY: Final = date(2026, 3, 9)
"""Day 0 of every story; the ten working days that end with day 11, a Friday, begin with it."""
_PAYER_KEY: Final = "a:p{}"


def on(day: int) -> str:
    """The date of a story's day."""
    return (MONDAY + timedelta(days=day)).isoformat()


def _minutes(day: int, hour: int, k: int) -> str:
    return f"{on(day)}T{hour + k // 60:02d}:{k % 60:02d}"


def paid_in(day: int, payers: Iterable[int], yuan: float, **fields: Any) -> list[dict[str, Any]]:
    """One credit from each payer, from nine in the morning, a minute apart; events are called ``in-<day>-<payer>``."""
    return [
        movement(f"in-{day}-{p}", _minutes(day, 9, k), yuan, **{"counterparty_id": _PAYER_KEY.format(p), **fields})
        for k, p in enumerate(payers)
    ]


def paid_out(day: int, payees: Iterable[int], yuan: float, **fields: Any) -> list[dict[str, Any]]:
    """One debit to each payee, from three in the afternoon; payee 7 is payer 7. Events are called ``out-<day>-<payee>``."""
    return [
        movement(
            f"out-{day}-{p}",
            _minutes(day, 15, k),
            yuan,
            **{"direction": "debit", "counterparty_id": _PAYER_KEY.format(p), **fields},
        )
        for k, p in enumerate(payees)
    ]


@dataclass(frozen=True, slots=True)
class Always:
    """A finding of its family on every account: with two of them, a flag shows whatever else is found."""

    key: str
    family: str
    window: str = "W90"
    evidence_tag: int = TAG_ANY
    evidence_sides: tuple[int, ...] = (0, 1)

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Fired everywhere."""
        return Findings.where(np.ones(len(rows), np.bool_), value=1.0, threshold=1.0, strength=0.5)

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:
        """Nothing to say."""
        return "一", "one"


COMPANIONS: Final = (Always("companion_network@1", "network"), Always("companion_lifecycle@1", "lifecycle"))


@dataclass(frozen=True, slots=True)
class Heard:
    """The last that one typology said of a story: its finding, or none, and whether it said that it could not judge."""

    finding: Finding | None
    not_evaluable: bool
    flag: Flag

    @property
    def fired(self) -> bool:
        """Whether there is a finding."""
        return self.finding is not None


def alone(name: str, **thresholds: Any) -> Catalogue:
    """A catalogue of one real typology beside two companions."""
    typology: Any = found()[name]
    return dataclasses.replace(CATALOGUE, typologies=(dataclasses.replace(typology, **thresholds), *COMPANIONS))


def last_day(rows: Sequence[dict[str, Any]]) -> int:
    """The story's day of its newest row."""
    newest = max(row["occurred_at"] for row in rows)
    return (date.fromisoformat(text_ms(newest + 8 * 3_600_000)[:10]) - MONDAY).days


def told(shard: Shard, rows: Sequence[dict[str, Any]]) -> list[Flag]:
    """Flags of the rows and of their last day's end."""
    return [*feed(shard, rows), *until(shard, on(last_day(rows) + 1))]


def hear(name: str, rows: Sequence[dict[str, Any]], *, turns: Any = quiet, **about: Any) -> Heard:
    """What the typology said last of account ``a:1``; ``about`` is its profile, ``turns`` what the list says when."""
    shard = Shard(INSTITUTION, 0, alone(name), turns=turns)
    if about:
        shard.profiles(batch_of([profile("a:1", about.pop("holder_kind", None), **about)], PROFILE))
    flags = [flag for flag in told(shard, sorted(rows, key=lambda row: row["occurred_at"])) if flag.category != "large_value"]
    assert flags, "the story is too small: no event of it is remembered, so nothing is judged"
    last = flags[-1]
    key = found()[name].key
    finding = next((one for one in last.findings if one.typology == key), None)
    return Heard(finding, key in last.not_evaluable, last)


def wire(row: dict[str, Any]) -> dict[str, Any]:
    """A row as its JSON object: money as decimal strings, times as text."""
    fields = {name: row[name] for name in MOVEMENT.names if row.get(name) is not None}
    fields["occurred_at"] = text_ms(fields["occurred_at"])
    for name in [name for name in fields if name.endswith("_minor")]:
        fields[name.removesuffix("_minor")] = minor_to_text(fields.pop(name))
    return fields


@dataclass(slots=True)
class Listening:
    """A typology that finds nothing and keeps every evaluation row that it was shown."""

    key: str = "listening@1"
    family: str = "identity"
    window: str = "W90"
    evidence_tag: int = TAG_ANY
    evidence_sides: tuple[int, ...] = (0, 1)
    shown: list[EvaluationRows] = field(default_factory=list)

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Keep the rows."""
        self.shown.append(EvaluationRows(rows.core.copy(), rows.windows.copy()))
        return Findings.where(np.zeros(len(rows), np.bool_), value=0.0, threshold=1.0, strength=0.0)

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:
        """Nothing to say."""
        raise NotImplementedError

    def newest(self) -> EvaluationRows:
        """The last row shown."""
        return EvaluationRows(self.shown[-1].core[-1:], self.shown[-1].windows[-1:])


def listened(*profiles: dict[str, Any]) -> tuple[Shard, Listening]:
    """A shard that judges nothing and what listens to it."""
    listening = Listening()
    shard = Shard(INSTITUTION, 0, dataclasses.replace(CATALOGUE, typologies=(listening,)))
    if profiles:
        shard.profiles(batch_of(profiles, PROFILE))
    return shard, listening
