"""Two configurations over the same movements: which flags a change gains, loses or changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

from contract.flag import LARGE_VALUE, Flag
from detector.decision import CATEGORY_NAMES

Outcomes = dict[tuple[str, str], Flag]
"""Institution and account to what the account came to: its flag revision of the highest category, the earliest of those."""


class Change(NamedTuple):
    """One account whose outcome differs; a category is ``none`` where it was never flagged."""

    institution_code: str
    account_id: str
    base: str
    changed: str
    typologies: tuple[str, ...]
    """What spoke for the higher of the two."""


def outcomes(flags: Iterable[Flag]) -> Outcomes:
    """What each account came to; large-value flags follow the law and no configuration, so they stay apart."""
    highest: Outcomes = {}
    for flag in flags:
        key = (flag.institution_code, flag.account_id)
        if flag.category != LARGE_VALUE and (key not in highest or _rank(flag) > _rank(highest[key])):
            highest[key] = flag
    return highest


def _rank(flag: Flag | None) -> int:
    return CATEGORY_NAMES.index(flag.category) if flag else 0


def changes(base: Outcomes, changed: Outcomes) -> list[Change]:
    """Accounts whose category differs, gravest difference first, then by institution and account."""
    found = []
    for key in base.keys() | changed.keys():
        before, after = base.get(key), changed.get(key)
        if _rank(before) != _rank(after):
            higher = max((before, after), key=_rank)
            spoke = tuple(sorted(one.typology for one in higher.findings if one.strength > 0)) if higher else ()
            found.append(Change(*key, CATEGORY_NAMES[_rank(before)], CATEGORY_NAMES[_rank(after)], spoke))
    return sorted(found, key=lambda one: (-max(map(CATEGORY_NAMES.index, (one.base, one.changed))), one[:2]))


def summed_up(base: Outcomes, changed: Outcomes, patterns: dict[str, str]) -> dict[str, Any]:
    """Counts of what each configuration flags and of what differs, ready for JSON.

    ``patterns`` names labelled accounts' patterns; accounts without a label count as ``unlabelled``.
    """
    differing = changes(base, changed)
    up = [one for one in differing if CATEGORY_NAMES.index(one.changed) > CATEGORY_NAMES.index(one.base)]
    down = [one for one in differing if one not in up]
    return {
        "base": _by_category(base),
        "changed": _by_category(changed),
        "gained": _described(up, patterns),
        "lost": _described(down, patterns),
    }


def _by_category(found: Outcomes) -> dict[str, int]:
    counts = Counter(flag.category for flag in found.values())
    return {name: counts[name] for name in CATEGORY_NAMES[1:]}


def _described(some: list[Change], patterns: dict[str, str]) -> dict[str, Any]:
    return {
        "accounts": len(some),
        "by_step": dict(sorted(Counter(f"{one.base} → {one.changed}" for one in some).items())),
        "by_typology": dict(sorted(Counter(key for one in some for key in one.typologies).items())),
        "by_pattern": dict(sorted(Counter(patterns.get(one.account_id, "unlabelled") for one in some).items()))
        if patterns
        else {},
    }
