"""One revision of a scheme as the wire has it."""

from __future__ import annotations

from collections import Counter

from contract.flag import Engine
from contract.money import minor_to_text
from contract.regions import parents
from contract.scheme import Link, Member, Scheme
from contract.shanghai import date_of, day_start_ms, text_ms
from detector.decision import CATEGORY_NAMES, as_counted, score
from detector.schemes.judging import Judged
from detector.schemes.payers import LEAST_PAYERS_OF_REGION, located, payer_regions
from detector.schemes.picture import Picture
from detector.schemes.roles import Own
from detector.schemes.scheme_book import OpenScheme
from detector.schemes.totals import lines_of, totals_of


def inside_of(scheme: OpenScheme) -> float:
    """Place inside the category's band, by the strength of what was found."""
    return min(1.0, sum(one.strength for one in scheme.findings) / 4.0)


def score_of(scheme: OpenScheme, category: int) -> float:
    """Score to one decimal, in the band of ``category``: the scheme's, or a member's of whom less is said."""
    return round(float(score(category, inside_of(scheme))), 1)


def scheme_of(
    scheme: OpenScheme,
    picture: Picture,
    judged: Judged,
    own: list[Own],
    links: list[Link],
    day: int,
    engine: Engine,
    closed_because: str | None = None,
    merged_into: str | None = None,
) -> Scheme:
    """The revision; the members of ``scheme`` are those of ``judged``, in its order."""
    moment, m = text_ms(day_start_ms(day + 1)), judged.measures
    return Scheme(
        scheme_id=scheme.scheme_id,
        revision=scheme.revision,
        status="closed" if closed_because else "open",
        category=CATEGORY_NAMES[scheme.category],
        severity=scheme.severity,
        score=score_of(scheme, scheme.category),
        stage=scheme.stage,
        tags=sorted({tag for a in judged.part.accounts.tolist() for tag in picture.accounts[a].tags}),
        members=_members(scheme, picture, judged, own),
        links=links,
        totals=totals_of(judged, scheme.history),
        lines=lines_of(scheme.history),
        findings=as_counted(scheme.findings),
        not_evaluable=["vulnerable_payers@1"] if m.known_ages < 20 or m.known_ages < 0.3 * m.payers else [],
        regions=_regions(picture, judged),
        lead_region=_lead(picture, judged, own),
        opened_at=text_ms(day_start_ms(scheme.opened_on + 1)),
        updated_at=moment,
        closed_at=moment if closed_because else None,
        closed_because=closed_because,
        merged_into=merged_into,
        first_movement_at=text_ms(m.first_ms),
        last_movement_at=text_ms(m.last_ms),
        engine=engine,
        payer_regions=payer_regions(judged.union),
        located_payers=located(judged.union),
    )


def _members(scheme: OpenScheme, picture: Picture, judged: Judged, own: list[Own]) -> list[Member]:
    made = []
    for a, figures in zip(judged.part.accounts.tolist(), own, strict=True):
        one = picture.accounts[a]
        membership = scheme.members[one.institution_code, one.account_id]
        made.append(
            Member(
                institution_code=one.institution_code,
                institution_type=one.institution_type,
                account_id=one.account_id,
                customer_id=one.customer_id,
                branch_region=one.branch_region,
                subject_region=one.subject_region,
                holder_kind=one.holder_kind,
                roles=membership.roles,
                since=date_of(membership.since).isoformat(),
                payers=figures.payers,
                credited=minor_to_text(figures.credited),
                returned=minor_to_text(figures.returned),
            )
        )
    return made


def _regions(picture: Picture, judged: Judged) -> list[str]:
    """Where members bank and are registered, and where at least ten payers bank."""
    accounts = [picture.accounts[a] for a in judged.part.accounts.tolist()]
    found = {one.branch_region for one in accounts} | {one.subject_region for one in accounts if one.subject_region}
    payers = Counter(judged.union.region[judged.union.payer & (judged.union.region > 0)].tolist())
    return sorted(found | {f"{region:06d}" for region, count in payers.items() if count >= LEAST_PAYERS_OF_REGION})


def _lead(picture: Picture, judged: Judged, own: list[Own]) -> str | None:
    """The city where the organiser is registered (条例 art. 20: a unit before a person), else where most money was taken."""
    money: Counter[str] = Counter()
    organisers = []
    for k, a in enumerate(judged.part.accounts.tolist()):
        one, gathers = picture.accounts[a], bool(judged.part.gathers[k])
        money[one.branch_region] += own[k].credited
        if gathers and one.subject_region:
            organisers.append((one.holder_kind != "company", -own[k].paid, one.subject_region))
    region = min(organisers)[2] if organisers else min(money, key=lambda code: (-money[code], code), default=None)
    if region is None:
        return None
    return next((code for code in (region, *parents(region)) if code.endswith("00") and code != "000000"), region)
