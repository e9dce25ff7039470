"""How a report goes to its addressees and back: draft, sent, received, correction requested, corrected."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class State(StrEnum):
    """Where a report stands, as a whole and at each addressee."""

    DRAFT = "draft"
    SENT = "sent"
    RECEIVED = "received"
    CORRECTION_REQUESTED = "correction_requested"
    CORRECTED = "corrected"


S = State
BY_AUTHOR: Final[dict[State, frozenset[State]]] = {
    S.SENT: frozenset({S.DRAFT}),
    S.CORRECTED: frozenset({S.CORRECTION_REQUESTED}),
}
"""Steps of the office that wrote it, each by a second person, and the states that they lead out of."""
BY_ADDRESSEE: Final[dict[State, frozenset[State]]] = {
    S.RECEIVED: frozenset({S.SENT, S.CORRECTED}),
    S.CORRECTION_REQUESTED: frozenset({S.SENT, S.CORRECTED, S.RECEIVED}),
}
"""Steps of an addressee with what was delivered to it."""
EDITABLE: Final = frozenset({S.DRAFT, S.CORRECTION_REQUESTED})
_MOST_URGENT: Final = (S.CORRECTION_REQUESTED, S.CORRECTED, S.SENT, S.RECEIVED)


def whole(deliveries: list[State]) -> State:
    """Where a report stands by its deliveries: what wants somebody's work goes before what is done.

    >>> whole([]), whole([State.RECEIVED, State.SENT]), whole([State.CORRECTION_REQUESTED, State.RECEIVED])
    (<State.DRAFT: 'draft'>, <State.SENT: 'sent'>, <State.CORRECTION_REQUESTED: 'correction_requested'>)
    """
    return next((state for state in _MOST_URGENT if state in deliveries), State.DRAFT)
