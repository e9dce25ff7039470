"""A scheme's followed money as the console shows it: the picture of payers' money, and the tables beside it."""

from __future__ import annotations

from typing import Any, Final, get_args

from fastapi import Request

from api.console.charts.ribbons import Ribbons, Stop, Stream, ribbons
from api.tracing.outcome import Traced
from api.tracing.purses import PAYERS, Rule
from api.tracing.schemas import told
from api.tracing.service import Answer
from contract.money import minor_to_text

MOST_ACCOUNTS: Final = 12
MOST_RECEIVERS: Final = 7
"""Drawn by themselves; the others stand together."""
SHOWN_RECEIVERS: Final = 20
SITS: Final = "sits"
_PEOPLE, _REST, _OTHERS = "people", "rest", "others"
_NAMED: Final = ("receiver", "own")
_MOST_LEVELS: Final = 5


def view(answer: Answer) -> dict[str, Any]:
    """The answer's fields with the drawing; accounts carry their place among the scheme's members."""
    fields = told(answer)
    accounts = [one | {"place": at} for at, one in enumerate(fields["accounts"])]
    read = [one for one in accounts if one["is_read"]]
    return fields | {
        "drawing": drawing(answer.traced),
        "names": names(answer.traced),
        "read": sorted(read, key=lambda one: -float(one["sits"]["payers"])),
        "not_read": len(accounts) - len(read),
        "unknown_openings": sum(one["opening"] is None and one["movements"] > 0 for one in read),
        "overdrawn": sum((held.opening or 0) < 0 for held in answer.traced.accounts),
        "borrowers": sum(held.lent > 0 for held in answer.traced.accounts),
        "lent": minor_to_text(sum(held.lent for held in answer.traced.accounts)),
        "missing": minor_to_text(sum(held.missing for held in answer.traced.accounts)),
        "uncounted": sum(one["uncounted"] for one in read),
        "went": [one for one in fields["went"] if one["movements"] or any(answer.traced.went[one["destination"]])],
        "receivers": fields["receivers"][:SHOWN_RECEIVERS],
        "more_receivers": fields["receivers_left_out"] + max(0, len(fields["receivers"]) - SHOWN_RECEIVERS),
    }


def rules_of(request: Request) -> list[dict[str, str]]:
    """The rules with the address of this page by each."""
    return [{"name": one, "address": f"?{request.url.include_query_params(rule=one).query}#traced"} for one in get_args(Rule)]


def drawing(found: Traced) -> Ribbons | None:
    """Payers' money from them through the accounts to where it went and sits; None where there is none.

    Stops are named by place (``0``, ``1`` …), destination, or ``to-3`` for the receiver at that place of all receivers.
    """
    passed = {at: _passed(found, at) for at in range(len(found.accounts))}
    drawn = sorted((at for at in passed if passed[at]), key=lambda at: (-passed[at], at))[:MOST_ACCOUNTS]
    name = {at: str(at) if at in drawn else _REST for at in passed}
    streams = _into(found, name) + _between(found, name) + _out(found, name)
    if not streams:
        return None
    levels = _levels(drawn, found)
    last = max(levels.values(), default=1) + 1
    stops = [Stop(_PEOPLE, 0, _PEOPLE), *(Stop(str(at), levels[at], "account") for at in drawn), Stop(_REST, last - 1, _REST)]
    ends = dict.fromkeys(one.target for one in streams if not one.target.isdigit() and one.target != _REST)
    stops += [Stop(end, last, end.partition("-")[0]) for end in sorted(ends, key=lambda end: end == SITS)]
    return ribbons(stops, streams)


def names(found: Traced) -> dict[str, str | None]:
    """Who stands at each stop that is one receiver: by its account, or its holder where no account was told."""
    return {f"to-{at}": found.receivers[at].party.account_id or found.receivers[at].party.customer_id for at in _named(found)}


def _named(found: Traced) -> list[int]:
    """Places of the receivers that are drawn by themselves, those that got most first."""
    return [at for at, one in enumerate(found.receivers) if one.destination in _NAMED][:MOST_RECEIVERS]


def _passed(found: Traced, at: int) -> int:
    held = found.accounts[at]
    return held.came_in[PAYERS] + held.received[PAYERS]


def _into(found: Traced, name: dict[int, str]) -> list[Stream]:
    return _added((_PEOPLE, name[at], held.came_in[PAYERS], "in") for at, held in enumerate(found.accounts))


def _between(found: Traced, name: dict[int, str]) -> list[Stream]:
    return _added((name[a], name[b], sums[PAYERS], "between") for (a, b), sums in found.between.items() if name[a] != name[b])


def _out(found: Traced, name: dict[int, str]) -> list[Stream]:
    """Ways out, the largest receivers by themselves, and what sits."""
    of = {at: f"to-{at}" for at in _named(found)}
    ways = []
    for way in found.ways:
        end = of.get(way.receiver, _OTHERS) if way.destination in _NAMED else way.destination  # type: ignore[arg-type]
        ways.append((name[way.account], end, way.sums[PAYERS], end.partition("-")[0]))
    sits = [(name[at], SITS, held.sits[PAYERS], SITS) for at, held in enumerate(found.accounts)]
    return _added([*ways, *sits])


def _added(parts: Any) -> list[Stream]:
    """One stream for each pair of ends, in yuan."""
    sums: dict[tuple[str, str, str], int] = {}
    for source, target, minor, kind in parts:
        if minor:
            sums[source, target, kind] = sums.get((source, target, kind), 0) + minor
    return [Stream(source, target, minor / 100, kind) for (source, target, kind), minor in sums.items()]


def _levels(drawn: list[int], found: Traced) -> dict[int, int]:
    """A column for each account: behind those that gave it more of payers' money than it gave them, ``_MOST_LEVELS`` deep."""
    net = {
        (a, b)
        for (a, b), sums in found.between.items()
        if a in drawn and b in drawn and sums[PAYERS] > found.between.get((b, a), [0])[PAYERS]
    }
    levels = dict.fromkeys(drawn, 1)
    for _ in range(_MOST_LEVELS - 1):
        for a, b in sorted(net):
            levels[b] = min(_MOST_LEVELS, max(levels[b], levels[a] + 1))
    return levels
