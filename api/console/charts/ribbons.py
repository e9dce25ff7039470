"""Where money goes as ribbons between columns: as wide as the money, from who gave it on the left to where it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

_GAP, _TOP, _BAR = 14, 26, 12
_LEAST: Final = 1.5
"""A ribbon is never thinner, or small sums would not be seen."""
_ROW: Final = 40
"""Room that a place needs for its words."""


class Stop(NamedTuple):
    """A place where money is or passes: its column, its kind and the name that links use."""

    name: str
    column: int
    kind: str


class Stream(NamedTuple):
    """Money from one stop to another, of a kind."""

    source: str
    target: str
    money: float
    kind: str


class Bar(NamedTuple):
    """A drawn stop: its rectangle and what passes it."""

    x: float
    y: float
    height: float
    stop: Stop
    money: float


class Ribbon(NamedTuple):
    """A drawn stream: the path of its middle, how wide it is, and what it is."""

    path: str
    width: float
    stream: Stream


@dataclass(frozen=True, slots=True)
class Ribbons:
    """The drawing; ``bar`` is how wide a bar is."""

    width: int
    height: int
    bars: list[Bar]
    ribbons: list[Ribbon]
    bar: int = _BAR


def ribbons(stops: Sequence[Stop], streams: Sequence[Stream], *, width: int = 1080, words: int = 210) -> Ribbons:
    """Draw ``streams`` between ``stops``, whose columns count from 0; ``words`` is the room right of the last column.

    Stops without money are left out. Within a column stops stand by the middle of what comes to them.

    >>> stops = [Stop("a", 0, "k"), Stop("b", 1, "k"), Stop("c", 1, "k")]
    >>> drawn = ribbons(stops, [Stream("a", "b", 3, "k"), Stream("a", "c", 1, "k")])
    >>> [(bar.stop.name, round(bar.height)) for bar in drawn.bars]
    [('a', 200), ('b', 150), ('c', 50)]
    """
    streams = [one for one in streams if one.money > 0]
    passes = {stop.name: _passing(stop.name, streams) for stop in stops}
    columns = [[stop for stop in stops if stop.column == at and passes[stop.name]] for at in range(_columns(stops))]
    most = max((len(column) for column in columns), default=0)
    height = max(260, _TOP + most * (_ROW + _GAP))
    room = min((height - _TOP - 20 - _GAP * (len(column) - 1) for column in columns if column), default=1)
    scale = room / max((sum(passes[stop.name] for stop in column) for column in columns), default=1) if streams else 0
    step = (width - words - _BAR) / max(1, len(columns) - 1)
    bars: dict[str, Bar] = {}
    for at, column in enumerate(columns):
        y = float(_TOP)
        for stop in sorted(column, key=lambda one: _middle(one, streams, bars)) if at else column:
            tall = max(_LEAST, passes[stop.name] * scale)
            bars[stop.name] = Bar(at * step, y, tall, stop, passes[stop.name])
            y += max(tall, _ROW if at else tall) + _GAP
    bottom = max((bar.y + max(bar.height, _ROW) for bar in bars.values()), default=0)
    return Ribbons(width, round(max(bottom + 8, 120)), list(bars.values()), _drawn(streams, bars, scale))


def _columns(stops: Sequence[Stop]) -> int:
    return max((stop.column for stop in stops), default=-1) + 1


def _passing(name: str, streams: Sequence[Stream]) -> float:
    into = sum(one.money for one in streams if one.target == name)
    return max(into, sum(one.money for one in streams if one.source == name))


def _middle(stop: Stop, streams: Sequence[Stream], bars: dict[str, Bar]) -> float:
    """Where what comes to a stop comes from, the more the heavier; those whom nothing drawn reaches stand last."""
    known = [(bars[one.source], one.money) for one in streams if one.target == stop.name and one.source in bars]
    total = sum(money for _, money in known)
    return sum((bar.y + bar.height / 2) * money for bar, money in known) / total if total else float("inf")


def _drawn(streams: Sequence[Stream], bars: dict[str, Bar], scale: float) -> list[Ribbon]:
    """Each stream leaves and reaches its bars in order of the other end, so that few cross."""
    leaves = dict.fromkeys(bars, 0.0)
    starts: dict[int, float] = {}
    for at in sorted(range(len(streams)), key=lambda one: bars[streams[one].target].y):
        source = streams[at].source
        starts[at] = bars[source].y + leaves[source] + streams[at].money * scale / 2
        leaves[source] += streams[at].money * scale
    reaches = dict.fromkeys(bars, 0.0)
    ends: dict[int, float] = {}
    for at in sorted(range(len(streams)), key=lambda one: bars[streams[one].source].y):
        target = streams[at].target
        ends[at] = bars[target].y + reaches[target] + streams[at].money * scale / 2
        reaches[target] += streams[at].money * scale
    drawn = []
    for at, stream in enumerate(streams):
        x1, x2 = bars[stream.source].x + _BAR, bars[stream.target].x
        bend = max(40.0, (x2 - x1) / 2)
        path = (
            f"M{x1:.1f} {starts[at]:.1f}C{x1 + bend:.1f} {starts[at]:.1f} {x2 - bend:.1f} {ends[at]:.1f} {x2:.1f} {ends[at]:.1f}"
        )
        drawn.append(Ribbon(path, max(_LEAST, stream.money * scale), stream))
    return drawn
