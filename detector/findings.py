"""What a typology reads (evaluation rows) and what it gives (findings, as columns over the same rows)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol, runtime_checkable

import numpy as np

from detector.business.layout import BUSINESS
from detector.business.rows import BusinessRows
from detector.features.layout import TODAY, W10, W30, W90
from detector.sides.contacts import CONTACT


@dataclass(frozen=True)
class EvaluationRows:
    """Accounts at the moments when they were judged.

    ``core`` is a structured array (layout.EVALUATION, one entry a row); ``windows`` one of layout.WINDOW, (rows, 4).
    Money in minor units. What typologies ask for again and again is made once a buffer (hence no slots).
    """

    core: Any
    windows: Any
    listed: Any = None
    book: BusinessRows | None = None

    def __len__(self) -> int:
        return len(self.core)

    def only(self, at: Any) -> EvaluationRows:
        """The rows ``at`` (positions, rising) alone."""
        listed = None if self.listed is None else self.listed[at]
        book = None if self.book is None else self.book.only(at)
        return EvaluationRows(self.core[at], self.windows[at], listed, book)

    @cached_property
    def contact(self) -> Any:
        """Contact with the watch list as of the last turn (sides.contacts.CONTACT), zero where there is none."""
        return self.listed if self.listed is not None else np.zeros(len(self), CONTACT)

    @cached_property
    def business(self) -> Any:
        """Columns of the business book (business.layout.BUSINESS), zero where there is none."""
        return self.book.columns if self.book is not None else np.zeros(len(self), BUSINESS)

    @cached_property
    def today(self) -> Any:
        """Sums of the as-of day."""
        return self.windows[:, TODAY]

    @cached_property
    def w10(self) -> Any:
        """Sums of the 10 working days that end with the as-of day."""
        return self.windows[:, W10]

    @cached_property
    def w30(self) -> Any:
        """Sums of 30 calendar days."""
        return self.windows[:, W30]

    @cached_property
    def w90(self) -> Any:
        """Sums of 90 calendar days."""
        return self.windows[:, W90]

    def may_speak(self, bit: int, least: int) -> Any:
        """Where ``least`` counterparties may have written of what ``bit`` (layout.PAIR_TEXT_*) stands for: one ever has."""
        return ((self.core["spoken"] & bit) > 0) | (least < 1)

    @cached_property
    def known_share(self) -> Any:
        """Share of an account's credits whose payer is known, the coverage of everything over counterparties."""
        return share(self.core["credits_known"], self.core["credits"])


@dataclass(frozen=True, slots=True)
class Findings:
    """One typology over rows: where it fired, by how much, and where it could not be evaluated.

    ``fired`` and ``evaluable`` boolean; ``value``, ``threshold``, ``strength`` and ``coverage`` float64, the last two
    in [0, 1]; all of the rows' length.
    """

    fired: Any
    value: Any
    threshold: Any
    strength: Any
    coverage: Any
    evaluable: Any

    @classmethod
    def where(
        cls, fired: Any, *, value: Any, threshold: Any, strength: Any, coverage: Any = 1.0, evaluable: Any = True
    ) -> Findings:
        """Findings where ``fired`` holds and the typology is evaluable; scalars are spread over all rows."""
        count = len(fired)
        can = _column(evaluable, count, np.bool_)
        return cls(
            fired=np.asarray(fired, np.bool_) & can,
            value=_column(value, count, np.float64),
            threshold=_column(threshold, count, np.float64),
            strength=_unit(_column(strength, count, np.float64)),
            coverage=_unit(_column(coverage, count, np.float64)),
            evaluable=can,
        )


def _column(x: Any, count: int, dtype: Any) -> Any:
    """``x`` as a column of that length; a scalar is spread. (Twenty typologies a buffer: broadcasting showed in profiles.)"""
    if isinstance(x, np.ndarray) and x.shape == (count,):
        return x if x.dtype == dtype else x.astype(dtype)
    return np.full(count, x, dtype)


def _unit(column: Any) -> Any:
    return np.minimum(np.maximum(column, 0.0), 1.0)


@runtime_checkable
class Typology(Protocol):
    """A named, versioned pattern; its thresholds are the fields of a frozen dataclass.

    It may have ``screen(rows)``, a cheap mask of the rows outside which it cannot fire: without one it is asked about every row.
    A screen reads the account's own figures and its windows, for counterparties (features.evaluate.CLOSER) are asked only where
    some screen says so; ``screen_closer(rows)`` may then say it more narrowly.
    """

    @property
    def key(self) -> str:
        """Name and version, ``pass_through@1``."""

    @property
    def family(self) -> str:
        """One of contract.flag.FAMILIES."""

    @property
    def window(self) -> str:
        """The window spoken of: W10, W30, W90, D1, …"""

    @property
    def evidence_tag(self) -> int:
        """Which remembered movements are evidence: a TAG_* of the layout."""

    @property
    def evidence_sides(self) -> tuple[int, ...]:
        """0 for credits, 1 for debits, or both."""

    def evaluate(self, rows: EvaluationRows) -> Findings:
        """Findings over evaluation rows."""

    def say(self, rows: EvaluationRows, k: int, findings: Findings) -> tuple[str, str]:
        """The sentences of row ``k``, Chinese and English, with the numbers in them."""


def share(part: Any, whole: Any) -> Any:
    """``part / whole`` as float64, 0 where there is nothing to share."""
    whole = np.asarray(whole, np.float64)
    return np.divide(part, whole, out=np.zeros(whole.shape), where=whole > 0)


def from_persons(window: Any) -> Any:
    """Share of a window's inflow that natural persons sent (regulation §2.0 np_share), in [0, 1].

    What acquirers and payment institutions settle is left out: persons pay that too, and it says nothing of who.
    """
    persons, rest = window["credited_by_persons"], window["credited"] - window["from_payment"]
    return share(persons, rest)


def ramp(value: Any, threshold: Any, full: Any) -> Any:
    """Strength from 0.5 at the threshold to 1 at ``full``, linear between, clipped.

    >>> float(ramp(15, 15, 45)), float(ramp(30, 15, 45)), float(ramp(99, 15, 45))
    (0.5, 0.75, 1.0)
    """
    return _unit(0.5 + 0.5 * (np.asarray(value, np.float64) - threshold) / (full - threshold))


def yuan(minor: int) -> str:
    """Whole yuan with thousands separators, for sentences.

    >>> yuan(214000000)
    '2,140,000'
    """
    return f"{int(minor) // 100:,}"


def percent(ratio: float) -> str:
    """A ratio as a percentage without needless digits.

    >>> percent(0.625), percent(0.0012)
    ('62.5%', '0.12%')
    """
    return f"{ratio * 100:.1f}%" if abs(ratio) >= 0.01 else f"{ratio * 100:.2f}%"
