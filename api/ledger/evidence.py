"""What a ledger entry knows of its flags, and whether a revision tells it something new."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import msgspec

from api.ledger.sight import marks_by_area
from contract.flag import CATEGORIES, SEVERITIES, Flag
from contract.regions import NATION
from contract.scheme import Scheme, Totals

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
    """All flags of an account that opened the entry or joined it, and every typology that ever spoke.

    The entry of a scheme has the scheme itself under its id in place of a flag; its members (institution and account),
    the areas with the types of the members there, and the flags of members that joined it.
    """

    flags: dict[str, Seen]
    typologies: list[str]
    members: list[str] = []
    areas: dict[str, str] = {}
    member_flags: list[str] = []

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


def with_member_flag(known: Evidence, flag: Flag) -> tuple[Evidence, list[str]]:
    """A scheme's evidence with a flag of one of its members: news only the first time."""
    if flag.flag_id in known.member_flags:
        return known, []
    return msgspec.structs.replace(known, member_flags=[*known.member_flags, flag.flag_id]), ["flag"]


def with_scheme(known: Evidence, scheme: Scheme, member_flags: Collection[str]) -> tuple[Evidence, list[str]]:
    """A scheme's evidence with this revision, and what is new in it; flags of members that are known already are not."""
    seen = _seen_scheme(scheme)
    before = known.flags.get(scheme.scheme_id)
    members = [f"{member.institution_code}|{member.account_id}" for member in scheme.members]
    come = sorted(set(members) - set(known.members))
    typologies = sorted({finding.typology.partition("@")[0] for finding in scheme.findings} - set(known.typologies))
    news = [f"typology:{name}" for name in typologies]
    if before is None:
        news.insert(0, "scheme")
    else:
        if _CATEGORY_RANK[scheme.category] > _CATEGORY_RANK[before.category]:
            news.insert(0, f"category:{scheme.category}")
        if _SEVERITY_RANK[scheme.severity] > _SEVERITY_RANK[known.severity]:
            news.append(f"severity:{scheme.severity}")
        if come:
            news.append(f"members:{len(come)}")
    evidence = Evidence(
        {scheme.scheme_id: seen},
        sorted({*known.typologies, *typologies}),
        sorted({*known.members, *come}),
        marks_by_area(scheme) or known.areas,
        sorted({*known.member_flags, *member_flags}),
    )
    return evidence, news


def _seen_scheme(scheme: Scheme) -> Seen:
    """A scheme as the entry holds it; the region is the lead office's, which decides who decides (Order 737 art. 20)."""
    branch = scheme.members[0].branch_region if scheme.members else NATION
    return Seen(
        scheme.lead_region or branch,
        scheme.lead_region,
        scheme.category,
        scheme.severity,
        round(scheme.score * 10),
        figures(scheme.totals) | {"members": len(scheme.members)},
        scheme.first_movement_at,
        scheme.last_movement_at,
    )


def figures(totals: Totals) -> dict[str, int | float | str | None]:
    """A scheme's totals as measures, by the names of the contract."""
    return dict(msgspec.structs.asdict(totals))
