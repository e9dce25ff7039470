"""States of a ledger entry and the steps between them (regulation.md §4.4)."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from api.ledger.tracks import Track


class Status(StrEnum):
    """Where an entry stands."""

    NEW = "new"
    UNDER_ANALYSIS = "under_analysis"
    DISMISSED = "dismissed"
    REPORTED_CAMLMAC = "reported_camlmac"
    REPORTED_LOCAL = "reported_local"
    TRANSFERRED = "transferred"
    CLOSED = "closed"


S = Status
_STEPS: Final[dict[Status, tuple[Status, ...]]] = {
    S.NEW: (S.UNDER_ANALYSIS,),
    S.UNDER_ANALYSIS: (S.DISMISSED, S.REPORTED_CAMLMAC, S.REPORTED_LOCAL, S.TRANSFERRED, S.CLOSED),
    S.REPORTED_CAMLMAC: (S.UNDER_ANALYSIS, S.REPORTED_LOCAL, S.TRANSFERRED, S.CLOSED),
    S.REPORTED_LOCAL: (S.UNDER_ANALYSIS, S.REPORTED_CAMLMAC, S.TRANSFERRED, S.CLOSED),
    S.TRANSFERRED: (S.UNDER_ANALYSIS, S.CLOSED),
    S.DISMISSED: (S.UNDER_ANALYSIS,),
    S.CLOSED: (S.UNDER_ANALYSIS,),
}
TWO_PERSONS: Final = frozenset({S.DISMISSED, S.TRANSFERRED, S.CLOSED})
"""Steps that one person proposes and another confirms."""
ENDED: Final = frozenset({S.DISMISSED, S.CLOSED})
"""New evidence opens these again."""
NEEDS_EVIDENCE: Final = frozenset({S.CLOSED})
_AML_ONLY: Final = frozenset({S.REPORTED_CAMLMAC})


def steps(status: Status, track: Track) -> tuple[Status, ...]:
    """Where an entry can go from ``status``.

    >>> [step.value for step in steps(Status.NEW, Track.JOINT)]
    ['under_analysis']
    >>> Status.REPORTED_CAMLMAC in steps(Status.UNDER_ANALYSIS, Track.JOINT)
    False
    """
    return tuple(step for step in _STEPS[status] if track is Track.AML or step not in _AML_ONLY)
