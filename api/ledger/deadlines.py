"""By when an entry wants a person: working days of China, configured by state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from api.ledger.states import Status
from api.metrics import CALENDAR_FALLBACKS
from contract.shanghai import day_of
from contract.working_days import WorkingDays, calendar, read_overrides

NEVER_DUE: Final = 2**31 - 1
"""Stored where nothing is due, so that such rows sort last."""
USUAL_DAYS: Final[Mapping[Status, int]] = {
    Status.NEW: 5,
    Status.UNDER_ANALYSIS: 10,
    Status.REPORTED_CAMLMAC: 20,
    Status.REPORTED_LOCAL: 20,
    Status.TRANSFERRED: 20,
}
"""Our own choice, not the law's: settings ``API_DUE_DAYS`` change it."""


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Due days by state, and how many working days before one a warning begins."""

    days: Mapping[Status, int] = field(default_factory=lambda: USUAL_DAYS)
    warn_days: int = 2
    working_days: WorkingDays = field(default_factory=calendar)

    def due_day(self, status: Status, *, now_ms: int) -> int:
        """The Shanghai day by which an entry that came into ``status`` now wants its next step."""
        if status not in self.days:
            return NEVER_DUE
        return self._after(day_of(now_ms), self.days[status])

    def warning(self, due_day: int, *, now_ms: int) -> Literal["overdue", "soon"] | None:
        """Whether a due day has passed or is near."""
        today = day_of(now_ms)
        if due_day == NEVER_DUE:
            return None
        if due_day < today:
            return "overdue"
        return "soon" if due_day <= self.soon_day(now_ms=now_ms) else None

    def soon_day(self, *, now_ms: int) -> int:
        """The last Shanghai day that is called near now."""
        return self._after(day_of(now_ms), self.warn_days)

    def _after(self, day: int, count: int) -> int:
        before = self.working_days.fallbacks
        found = self.working_days.after(day, count)
        CALENDAR_FALLBACKS.inc(self.working_days.fallbacks - before)
        return found


def configured(days: Mapping[Status, int], warn_days: int, overrides: Path | None) -> Deadlines:
    """Deadlines by a file of working days, if any; raises ``ConfigurationError`` where it is none."""
    known = calendar() if overrides is None else WorkingDays(read_overrides(overrides))
    return Deadlines(days, warn_days, known)
