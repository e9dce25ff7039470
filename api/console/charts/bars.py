"""Stacked bars by day: each day one column, each kind one part of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

_LEFT, _RIGHT, _BOTTOM, _TOP = 40, 8, 22, 8
_GAP: Final = 0.28
_MOST_LABELS: Final = 10
_WIDEST: Final = 64
"""One month alone is a bar, no wall."""
_WIDE, _ROOM = 10_000, 28
"""Heights from here on need more room for their numbers."""


@dataclass(frozen=True, slots=True)
class Part:
    """One rectangle: place and size, the kind that its class is named by, and what it says."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    at: str
    n: float


@dataclass(frozen=True, slots=True)
class Bars:
    """A chart: parts, the lines that one reads heights by, and the words below."""

    width: int
    height: int
    left: int
    base: float
    parts: list[Part]
    lines: list[tuple[float, float]]
    labels: list[tuple[float, str]]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not self.parts


def stacked(series: Mapping[str, Sequence[float]], at: Sequence[str], *, width: int = 720, height: int = 200) -> Bars:
    """Bars for ``series`` (kind → one value a place, none negative) over the places ``at``, first kind at the foot.

    >>> bars = stacked({"a": [1, 0], "b": [1, 4]}, ["Mon", "Tue"], width=248, height=130)
    >>> [(part.kind, part.at, part.n, round(part.height)) for part in bars.parts]
    [('a', 'Mon', 1, 25), ('b', 'Mon', 1, 25), ('b', 'Tue', 4, 100)]
    >>> bars.lines[-1][1], [label for _, label in bars.labels]
    (4, ['Mon', 'Tue'])
    """
    base = float(height - _BOTTOM)
    top = ceiling(max((sum(values[i] for values in series.values()) for i in range(len(at))), default=0))
    scale = (base - _TOP) / top
    left = _LEFT if top < _WIDE else _LEFT + _ROOM
    step = (width - left - _RIGHT) / max(1, len(at))
    wide = min(step * (1 - _GAP), _WIDEST)
    parts = []
    for place, name in enumerate(at):
        y = base
        for kind, values in series.items():
            if values[place] > 0:
                tall = values[place] * scale
                y -= tall
                parts.append(Part(left + (place + 0.5) * step - wide / 2, y, wide, tall, kind, name, values[place]))
    every = max(1, -(-len(at) // _MOST_LABELS))
    # The newest day is the one that is read: labels are counted back from it.
    labels = [(left + (i + 0.5) * step, name) for i, name in enumerate(at) if (len(at) - 1 - i) % every == 0]
    return Bars(width, height, left, base, parts, [(base - value * scale, value) for value in ticks(top)], labels)


def ceiling(most: float) -> float:
    """The least round number from ``most`` on: 1, 2, 4, 5 or 10 times a power of ten, and whole.

    >>> [ceiling(n) for n in (0, 1, 3, 7, 41, 380)]
    [1, 1, 4, 10, 50, 400]
    """
    power = 1
    while True:
        for step in (1, 2, 4, 5):
            if step * power >= most:
                return step * power
        power *= 10


def ticks(top: float) -> list[float]:
    """The values that lines are drawn at: 0, the top, and even steps between."""
    parts = 4 if top % 4 == 0 else 5 if top % 5 == 0 else 2 if top % 2 == 0 else 1
    return [top * n / parts if (top * n) % parts else top * n // parts for n in range(parts + 1)]
