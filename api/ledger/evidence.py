"""What a ledger entry knows of its flags, and whether a revision tells it something new."""

from __future__ import annotations

from typing import Final

import msgspec

from contract.flag import CATEGORIES, SEVERITIES, Flag

_CATEGORY_RANK: Final = {name: rank for rank, name in enumerate(CATEGORIES)}
_SEVERITY_RANK: Final = {None: -1} | {name: rank for rank, name in enumerate(SEVERITIES)}


class Seen(msgspec.Struct, frozen=True):
    """A flag as the entry last saw it."""

    branch_region: str
    subject_region: str | None
    category: str
    severity: str | None
    score_tenths: int
    measures: dict[str, int | float | str | None]
    first_movement_at: str
    last_movement_at: str

    @property
    def rank(self) -> tuple[int, int, int]:
        """Order of weight among an account's flags."""
        return (_CATEGORY_RANK[self.category], _SEVERITY_RANK[self.severity], self.score_tenths)


class Evidence(msgspec.Struct, frozen=True):
    """All flags of an account that opened the entry or joined it, and every typology that ever spoke."""

    flags: dict[str, Seen]
    typologies: list[str]

    @property
    def strongest(self) -> Seen:
        """The flag that gives the entry its category, score and measures."""
        return max(self.flags.values(), key=lambda seen: seen.rank)

    @property
    def severity(self) -> str | None:
        """The highest severity of any flag."""
        return max((seen.severity for seen in self.flags.values()), key=lambda one: _SEVERITY_RANK[one])


NOTHING: Final = Evidence({}, [])


def joined(known: Evidence, flag: Flag) -> tuple[Evidence, list[str]]:
    """The evidence with this revision, and what is new in it: empty where only measures moved."""
    seen = Seen(
        flag.branch_region,
        flag.subject_region,
        flag.category,
        flag.severity,
        -1 if flag.score is None else round(flag.score * 10),
        flag.measures,
        flag.first_movement_at,
        flag.last_movement_at,
    )
    typologies = sorted({finding.typology.partition("@")[0] for finding in flag.findings} - set(known.typologies))
    news = [f"typology:{name}" for name in typologies]
    if flag.flag_id not in known.flags:
        news.insert(0, "flag")
    elif _CATEGORY_RANK[flag.category] > _CATEGORY_RANK[known.flags[flag.flag_id].category]:
        news.insert(0, f"category:{flag.category}")
    if known.flags and _SEVERITY_RANK[flag.severity] > _SEVERITY_RANK[known.severity]:
        news.append(f"severity:{flag.severity}")
    return Evidence(known.flags | {flag.flag_id: seen}, sorted({*known.typologies, *typologies})), news
