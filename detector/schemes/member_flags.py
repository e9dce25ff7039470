"""Flags of accounts that only their scheme gives away: made, revised and closed with it (contract §3, "one writer a flag")."""

from __future__ import annotations

from typing import Final

import msgspec

from contract.evidence import Evidence
from contract.flag import Engine, Finding, Flag
from contract.money import minor_to_text
from contract.shanghai import day_start_ms, text_ms
from detector.decision import CATEGORY_NAMES, ILLEGAL, OBSERVE
from detector.flag_book import flag_id
from detector.schemes.record import score_of
from detector.schemes.roles import Own
from detector.schemes.scheme_book import AccountKey, OpenMemberFlag, OpenScheme

LEFT: str = "left_scheme"
"""Why a member flag closes while its scheme goes on."""
LEAST_OWN_PAYERS: Final = 10
"""Payers from which an account that only takes money in shows something itself, as regulation.md F08 has it of words."""
LEAST_OWN_PAYEES: Final = 6
"""Persons paid from which an account that only pays shows something itself: friends pay each other back too."""
LIVED_ON: Final = 3
"""An account is mostly its holder's own where what persons paid in, times this, is less than all that was credited."""
_OF_MEMBERS = ("linked_accounts@1", "staff_layering@1", "pyramid_levels@1")
_ROLES = {
    "collects": ("收款", "collects"),
    "pays_out": ("付款", "pays out"),
    "passes_on": ("转手", "hands on"),
    "gathers": ("归集", "gathers"),
    "staff": ("员工账户", "staff"),
}


def category_of_member(scheme: OpenScheme, roles: list[str], own: Own, credited: int) -> int:
    """The scheme's category for who takes payers' money, pays or hands on; who only receives of members is looked at.

    Where collected money goes on to may be the organiser or whoever sold him a car: nothing of the account itself says. Nor
    does it of one whom a few of the scheme's payers paid and who hands nothing on, or who paid a few of them: they may be
    a victim's friends. Nor does a victim hand on what friends paid him, whose account, of all ``credited`` to it (minor
    units) but by the scheme's own, mostly took his own money: what went to the scheme was that.
    """
    shows = set(roles) - {"gathers", "linked"}
    if "collects" in shows and LIVED_ON * own.credited < credited - own.from_members:
        shows -= {"passes_on"}
    a_few = (shows == {"collects"} and own.payers < LEAST_OWN_PAYERS) or (shows == {"pays_out"} and own.payees < LEAST_OWN_PAYEES)
    return scheme.category if shows and not a_few else min(scheme.category, OBSERVE)


def spoken_of(scheme: OpenScheme, account: Evidence, roles: list[str], own: Own) -> list[Finding]:
    """What the scheme's findings say of one member, with its own movements as evidence.

    Where ``linked_accounts`` was not found over the union, being found together with the others is itself the finding.
    """
    said = [one for one in scheme.findings if one.typology in _OF_MEMBERS]
    if "staff" not in roles:
        said = [one for one in said if one.typology != "staff_layering@1"]
    if not any(one.typology == "linked_accounts@1" for one in said):
        strongest = max(scheme.findings, key=lambda one: one.strength)
        said.append(
            msgspec.structs.replace(
                strongest, typology="linked_accounts@1", family="network", value=float(len(scheme.members)), threshold=2.0
            )
        )
    zh = "、".join(_ROLES[role][0] for role in roles if role in _ROLES)
    en = ", ".join(_ROLES[role][1] for role in roles if role in _ROLES)
    return sorted(
        (
            msgspec.structs.replace(
                one,
                evidence=account.events,
                zh=f"本账户在关联组中的作用：{zh}；{own.payers}名付款人转入{minor_to_text(own.credited)}元，返还组内付款人"
                f"{minor_to_text(own.returned)}元。{one.zh}",
                en=f"This account's part: {en}; {own.payers} payers paid it {minor_to_text(own.credited)} yuan and it returned "
                f"{minor_to_text(own.returned)} yuan to payers of the group. {one.en}",
            )
            for one in said
        ),
        key=lambda one: (-one.strength, one.typology),
    )


def measures_of(scheme: OpenScheme, account: Evidence, own: Own) -> dict[str, int | float | str | None]:
    """The account's figures, and how many accounts stand beside it."""
    return {
        "payers": own.payers,
        "payees": own.payees,
        "credited": minor_to_text(account.credited),
        "debited": minor_to_text(account.debited),
        "returned_to_payers": minor_to_text(own.returned),
        "elderly_payer_share": None,
        "scheme_accounts": len(scheme.members),
    }


def member_flag(
    scheme: OpenScheme, account: Evidence, roles: list[str], own: Own, day: int, engine: Engine, closed_because: str | None = None
) -> Flag | None:
    """The revision that this day makes of a member's flag, if any: it opens, changes, moved, or closes."""
    key: AccountKey = (account.institution_code, account.account_id)
    findings, measures = spoken_of(scheme, account, roles, own), measures_of(scheme, account, own)
    category = category_of_member(scheme, roles, own, account.credited)
    typologies = [one.typology for one in findings]
    flag = scheme.flags.get(key)
    if flag is None:
        if closed_because:
            return None
        name = flag_id(scheme.scheme_id, *key, "member")
        flag = scheme.flags[key] = OpenMemberFlag(name, 0, text_ms(day_start_ms(day + 1)), category, None, [], {})
    category = max(category, flag.category)
    severity = scheme.severity if category == ILLEGAL else None
    now = (category, severity, typologies, measures)
    if not closed_because and now == (flag.category, flag.severity, flag.typologies, flag.measures):
        return None
    flag.category, flag.severity, flag.typologies, flag.measures = now
    flag.revision += 1
    if closed_because:
        del scheme.flags[key]
    moment = text_ms(day_start_ms(day + 1))
    return Flag(
        flag_id=flag.flag_id,
        revision=flag.revision,
        status="closed" if closed_because else "open",
        account_id=account.account_id,
        customer_id=account.customer_id,
        institution_code=account.institution_code,
        institution_type=account.institution_type,
        branch_region=account.branch_region,
        subject_region=account.subject_region,
        holder_kind=account.holder_kind,
        category=CATEGORY_NAMES[category],
        score=score_of(scheme, category),
        severity=severity,
        tags=account.tags,
        findings=findings,
        measures=measures,
        model_scores={},
        not_evaluable=[],
        opened_at=flag.opened_at,
        updated_at=moment,
        closed_at=moment if closed_because else None,
        closed_because=closed_because,
        due_on=None,
        first_movement_at=text_ms(account.first_ms),
        last_movement_at=text_ms(account.last_ms),
        scheme_id=None,
        engine=engine,
    )
