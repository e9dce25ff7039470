"""A value over time as steps: it holds from one point to the next, and each point says what it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

_LEFT, _RIGHT, _BOTTOM, _TOP = 40, 12, 22, 8
_HALF_A_LABEL: Final = 18
_MOST_LABELS: Final = 8


class Point(NamedTuple):
    """When (any rising number), how much, of which kind, and the words for the moment."""

    at: float
    value: float
    kind: str
    told: str


@dataclass(frozen=True, slots=True)
class Steps:
    """A chart: the path, its points, the lines that one reads by, and the words below."""

    width: int
    height: int
    left: int
    path: str
    points: list[tuple[float, float, Point]]
    lines: list[tuple[float, float]]
    labels: list[tuple[float, str]]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not self.points


def steps(points: Sequence[Point], *, top: float = 100.0, width: int = 720, height: int = 180, left: int = _LEFT) -> Steps:
    """Steps through ``points``, given in order of time, between 0 and ``top``; ``left`` is the room of the numbers.

    >>> drawn = steps([Point(0, 50, "a", "Mon"), Point(10, 100, "b", "Tue")], width=252, height=130)
    >>> drawn.path
    'M40.0 58.0H240.0V8.0'
    """
    base = float(height - _BOTTOM)
    first, last = (points[0].at, points[-1].at) if points else (0.0, 1.0)
    wide = (width - left - _RIGHT) / (last - first or 1.0)
    placed = [(left + (one.at - first) * wide, base - one.value / top * (base - _TOP), one) for one in points]
    path = ""
    for x, y, _ in placed:
        path += f"H{x:.1f}V{y:.1f}" if path else f"M{x:.1f} {y:.1f}"
    lines = [(base - value / top * (base - _TOP), value) for value in (0, top * 0.4, top * 0.6, top * 0.8, top)]
    return Steps(width, height, left, path, placed, lines, _labels(placed, width))


def _labels(placed: list[tuple[float, float, Point]], width: int) -> list[tuple[float, str]]:
    """The first word and each later one that has room, none beyond the edge."""
    labels: list[tuple[float, str]] = []
    for x, _, point in placed:
        if not labels or x - labels[-1][0] > 60:
            labels.append((min(x, width - _HALF_A_LABEL), point.told))
    return labels[:_MOST_LABELS]
