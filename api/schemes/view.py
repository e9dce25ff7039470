"""A scheme as one office reads it: whole, in aggregate, or the part that is its own (docs/decisions/0014)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec

from api.ledger.sight import Account
from api.ledger.sights import Sight
from contract import regions
from contract.money import minor_of, minor_to_text
from contract.scheme import Member, Scheme


def shown(scheme: Scheme, sight: Sight, *, seen: Collection[Account], area: str) -> dict[str, Any]:
    """The scheme's fields for this sight; ``seen`` are the accounts that the office of this ``area`` may see."""
    fields: dict[str, Any] = msgspec.to_builtins(scheme)
    fields |= {"sight": sight.value, "member_count": len(scheme.members), "part": None}
    fields["typologies"] = [finding.typology for finding in scheme.findings]
    if sight is Sight.AGGREGATE:
        # Its sentences speak of sums; its evidence names movements of accounts.
        findings = [finding | {"evidence": []} for finding in fields["findings"]]
        payers = [msgspec.to_builtins(one) for one in scheme.payer_regions if regions.covers(area, one.region)]
        fields |= {"members": [], "links": [], "findings": findings, "payer_regions": payers}
    elif sight is Sight.PART:
        fields |= _part(scheme, seen, area)
    return fields


def accounts(fields: dict[str, Any]) -> list[str]:
    """The accounts that a shown scheme tells of."""
    return [member["account_id"] for member in fields["members"]]


def is_in(scheme: Scheme, seen: Collection[Account]) -> bool:
    """Whether one of these accounts is a member of this revision."""
    return any(_account(member) in seen for member in scheme.members)


def _part(scheme: Scheme, seen: Collection[Account], area: str) -> dict[str, Any]:
    places = [at for at, member in enumerate(scheme.members) if _account(member) in seen]
    new_place = {at: number for number, at in enumerate(places)}
    own = [scheme.members[at] for at in places]
    links = [
        msgspec.structs.replace(link, a=new_place[link.a], b=new_place[link.b])
        for link in scheme.links
        if link.a in new_place and link.b in new_place
    ]
    return {
        "members": msgspec.to_builtins(own),
        "links": msgspec.to_builtins(links),
        "part": {"members": len(own), "credited": _sum(own, "credited"), "returned": _sum(own, "returned")},
        "member_count": None,
        "totals": None,
        "payer_regions": [],
        "located_payers": None,
        "lines": [],
        "findings": [],
        "not_evaluable": [],
        "tags": [],
        "regions": [code for code in scheme.regions if regions.covers(area, code)],
    }


def _account(member: Member) -> Account:
    return member.institution_code, member.account_id


def _sum(own: list[Member], name: str) -> str:
    return minor_to_text(sum(minor_of(getattr(member, name)) for member in own))
