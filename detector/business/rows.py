"""The book's settled columns beside evaluation rows: a second set that typologies of securities and insurance read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class BusinessRows:
    """``columns`` is a structured array (layout.BUSINESS), an entry a row, zero where nothing was settled at the last turn.

    ``places`` says what the shard has entries of (``bank``, ``securities``, ``insurance``); ``events`` gives the event ids of
    a row's entries that a typology of that name speaks of, oldest first, 20 at most.
    """

    columns: Any
    places: frozenset[str]
    events: Callable[[int, str], list[str]]

    def only(self, at: Any) -> BusinessRows:
        """The rows ``at`` (positions) alone."""
        return BusinessRows(self.columns[at], self.places, lambda k, name: self.events(int(at[k]), name))

    def then(self, after: BusinessRows) -> BusinessRows:
        """These rows and behind them ``after``, of a shard with entries of the same places."""
        own = len(self.columns)
        return BusinessRows(
            np.concatenate([self.columns, after.columns]),
            self.places,
            lambda k, name: self.events(k, name) if k < own else after.events(k - own, name),
        )
