"""A scheme as a graph: columns by what members do with the money, from those who pay in to where it goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

ORDER: Final = ("collects", "passes_on", "gathers", "pays_out", "staff", "linked")
"""From the first hand that takes payers' money to those who are linked only; a member stands at its first role."""
MOST: Final = 60
"""Members drawn, by the money that they took; the page says how many were left out."""
_COLUMN, _ROW, _TOP, _LEFT = 170, 54, 44, 150
_LEAST_WIDTH: Final = 660
"""A drawing is as wide as its card: of one column alone, names would stand there like headlines."""


class Node(NamedTuple):
    """A member: where it stands, its place in the scheme's list, its role, and from which step of time on."""

    x: float
    y: float
    place: int
    role: str
    radius: float
    since: int


class Edge(NamedTuple):
    """A link: its ends, its kind, how thick (by money for a flow), and from which step of time on."""

    x1: float
    y1: float
    x2: float
    y2: float
    kind: str
    width: float
    amount: str | None
    since: int


@dataclass(frozen=True, slots=True)
class Graph:
    """A drawing: nodes, edges, the columns' words, and the days that a slider moves over."""

    width: int
    height: int
    nodes: list[Node]
    edges: list[Edge]
    columns: list[tuple[float, str]]
    days: list[str]
    left_out: int


def graph(members: Sequence[dict[str, Any]], links: Sequence[dict[str, Any]], *, until: str) -> Graph:
    """Place ``members`` and draw ``links`` (contract's ``Scheme``), up to the day of ``until`` (a time on the wire).

    >>> two = [{"roles": ["collects"], "since": "2026-01-01T0", "credited": "9.00"}] * 2
    >>> drawn = graph(two, [{"a": 0, "b": 1, "kind": "flow", "amount": "4.00"}], until="2026-01-03T0")
    >>> [(node.place, node.role) for node in drawn.nodes], drawn.days
    ([(0, 'collects'), (1, 'collects')], ['2026-01-01', '2026-01-03'])
    """
    kept = sorted(range(len(members)), key=lambda at: (-float(members[at]["credited"]), at))[:MOST]
    days = sorted({str(members[at]["since"])[:10] for at in kept} | {until[:10]})
    most = max((float(members[at]["credited"]) for at in kept), default=0) or 1.0
    used = [role for role in ORDER if any(_role(members[at]) == role for at in kept)]
    nodes: dict[int, Node] = {}
    height = _TOP
    for column, role in enumerate(used):
        mine = [at for at in kept if _role(members[at]) == role]
        for row, at in enumerate(mine):
            size = 7 + 11 * (float(members[at]["credited"]) / most) ** 0.5
            since = days.index(str(members[at]["since"])[:10])
            nodes[at] = Node(_LEFT + column * _COLUMN, _TOP + 30 + row * _ROW, at, role, size, since)
        height = max(height, _TOP + len(mine) * _ROW + 30)
    columns = [(float(_LEFT + column * _COLUMN), role) for column, role in enumerate(used)]
    width = max(_LEAST_WIDTH, _LEFT + len(used) * _COLUMN)
    return Graph(width, height, list(nodes.values()), _edges(links, nodes), columns, days, len(members) - len(kept))


def _edges(links: Sequence[dict[str, Any]], nodes: dict[int, Node]) -> list[Edge]:
    drawn = [link for link in links if link["a"] in nodes and link["b"] in nodes]
    most = max((float(link["amount"]) for link in drawn if link["amount"] is not None), default=0) or 1.0
    edges = []
    for link in drawn:
        a, b = nodes[link["a"]], nodes[link["b"]]
        wide = 1.0 if link["amount"] is None else 1.2 + 5 * (float(link["amount"]) / most) ** 0.5
        edges.append(Edge(a.x, a.y, b.x, b.y, link["kind"], wide, link["amount"], max(a.since, b.since)))
    return edges


def _role(member: dict[str, Any]) -> str:
    return next((role for role in ORDER if role in member["roles"]), ORDER[-1])
