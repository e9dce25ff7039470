"""Where the loops leave the accounts that are to be judged, until Python drains it."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

from detector.features.jit import inner
from detector.features.layout import EVALUATION, EVIDENCE_BYTES, MOMENT, WINDOW
from detector.features.model_inputs import FEATURES, OWN_HISTORY

MOMENTS: Final = 8192
WATCHED: Final = 4096
"""Room for accounts that are judged and for those among them that can be flagged; where it is full changes no flag."""


AHEAD: Final = 16
"""Movements or accounts whose memory is asked for together."""


class Buffer(NamedTuple):
    """Columns of ``MOMENTS`` and of ``WATCHED`` entries; ``count`` says how many of each are used."""

    moments: Any  # MOMENT
    features: Any  # float64, (MOMENTS, FEATURES), what the models read
    own: Any  # float64, (MOMENTS, OWN_HISTORY)
    rows: Any  # EVALUATION
    windows: Any  # WINDOW, (WATCHED, 4)
    evidence: Any  # uint8, (WATCHED, bytes), remembered movements as they stood at that moment, of rows that are flagged
    count: Any  # int64[2]
    blank_row: Any
    blank_window: Any
    scratch: Any  # int64, what loops note for themselves; of no meaning between calls


def buffer() -> Buffer:
    """An empty buffer, 24 MiB, of which only what is used is ever in memory: 1.6 KB a row and what is written out beside it."""
    return Buffer(
        moments=np.zeros(MOMENTS, MOMENT),
        features=np.zeros((MOMENTS, len(FEATURES))),
        own=np.zeros((MOMENTS, len(OWN_HISTORY))),
        rows=np.zeros(WATCHED, EVALUATION),
        windows=np.zeros((WATCHED, 4), WINDOW),
        evidence=np.zeros((WATCHED, EVIDENCE_BYTES + 2), np.uint8),
        count=np.zeros(2, np.int64),
        blank_row=np.zeros(1, EVALUATION),
        blank_window=np.zeros(1, WINDOW),
        scratch=np.zeros(2 * AHEAD + 1, np.int64),
    )


@inner
def is_full(out: Any) -> Any:
    """Whether the buffer must be drained before one more account is judged."""
    return out.count[0] >= len(out.moments) or out.count[1] >= len(out.rows)
