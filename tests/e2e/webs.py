"""A scheme to look at: an elderly-care fraud of sixteen accounts at four institutions, grown over two months; seeded."""

from __future__ import annotations

import random
from typing import Any, Final

from contract.flag import Finding
from contract.scheme import Line, Link, Member, PayerRegion, Scheme, Totals
from contract.shanghai import DAY_MS, text_ms
from tests.api.flags import NOON, flag
from tests.api.schemes_made import scheme
from tests.api.world import World
from tests.e2e.city import pseudonym

ROLES: Final = ("collects",) * 5 + ("passes_on",) * 3 + ("gathers",) * 2 + ("pays_out",) * 2 + ("staff",) * 3 + ("linked",)
FLOWS: Final = (
    (0, 5),
    (1, 5),
    (2, 6),
    (3, 6),
    (4, 7),
    (5, 8),
    (6, 8),
    (7, 9),
    (8, 10),
    (9, 11),
    (8, 12),
    (8, 13),
    (9, 14),
    (6, 9),
)


def members(seed: int = 11) -> list[Member]:
    """The accounts, by what they do."""
    draw = random.Random(seed)
    found = []
    for at, role in enumerate(ROLES):
        takes = role == "collects"
        found.append(
            Member(
                institution_code=("C1030134001", "C1030134002", "P2004134001")[at % 3],
                institution_type=("bank", "bank", "payment")[at % 3],
                account_id=pseudonym(draw, "a"),
                customer_id=pseudonym(draw, "c"),
                branch_region=("341302", "341321", "341371")[at % 3],
                subject_region="341302",
                holder_kind="company" if takes and at < 2 else "person",
                roles=[role],
                since=text_ms(NOON - (58 - at * 3) * DAY_MS),
                payers=draw.randrange(60, 190) if takes else draw.randrange(3),
                credited=f"{draw.randrange(900_000, 2_600_000) if takes else draw.randrange(0, 60_000)}.00",
                returned=f"{draw.randrange(60_000, 240_000) if takes or role == 'pays_out' else 0}.00",
            )
        )
    return found


def web(revision: int = 4, **changes: Any) -> Scheme:
    """The scheme as it stood at a revision, 1 to 4."""
    draw = random.Random(13)
    links = [Link(a=a, b=b, kind="flow", strength=0.9, amount=f"{draw.randrange(120_000, 2_400_000)}.00") for a, b in FLOWS]
    links += [Link(a=0, b=1, kind="legal_representative", strength=1.0, amount=None)]
    links += [Link(a=2, b=3, kind="address", strength=0.7, amount=None), Link(a=8, b=15, kind="phone", strength=0.6, amount=None)]
    share = revision / 4
    absorbed, payers = round(8_420_000 * share), round(612 * share)
    lines = [
        Line(of="persons", severity="filing", at="150", missing="0" if payers >= 150 else str(150 - payers), projected_on=None),
        Line(of="persons", severity="huge", at="500", missing=str(max(0, 500 - payers)), projected_on=None),
        Line(of="money", severity="huge", at="5000000.00", missing=f"{max(0, 5_000_000 - absorbed)}.00", projected_on=None),
        Line(
            of="money",
            severity="especially_huge",
            at="50000000.00",
            missing=f"{50_000_000 - absorbed}.00",
            projected_on="2026-11-19",
        ),
        Line(of="loss", severity="filing", at="500000.00", missing="180000.00", projected_on="2026-03-16"),
    ]
    totals = Totals(payers=payers, payees=round(payers * 0.7), elderly_payers=round(payers * 0.64), absorbed=f"{absorbed}.00",
                    returned=f"{absorbed // 7}.00", unpaid_principal=f"{absorbed * 9 // 10}.00",
                    unpaid_after_interest=f"{absorbed * 6 // 7}.00", payout_coverage=0.83, new_payers_30d=round(payers * 0.3),
                    first_missed_payout=None)  # fmt: skip
    finding = Finding(typology="linked_accounts@1", family="network", window="ALL", value=16.0, threshold=3.0, strength=0.95,
                      coverage=0.9, evidence=["E20260228001", "E20260228014", "E20260301007"],
                      zh=f"16个账户经法定代表人、地址和资金划转关联，合计收取{payers}名付款人资金{absorbed:,}元。",
                      en=f"16 accounts linked by representative, address and flows took {absorbed:,} yuan of {payers} payers."
                      )  # fmt: skip
    return scheme("elderly-care", members(), revision=revision, links=links, totals=totals, lines=lines, findings=[finding],
                  severity="huge" if revision > 2 else "filing", stage="strained" if revision == 4 else "growing",
                  payer_regions=_payers(absorbed, payers), located_payers=payers * 19 // 20,
                  score=84.0 + 3.6 * revision, regions=["341302", "341321", "341371"], minutes=revision * 1440 - 5760,
                  **changes)  # fmt: skip


def _payers(absorbed: int, payers: int) -> list[PayerRegion]:
    """Most payers in two counties of the city, some in another one of the province, where no account is."""
    shares = (("340000", 95), ("340100", 8), ("340102", 8), ("341300", 87), ("341302", 52), ("341321", 35))
    return [PayerRegion(region=code, payers=payers * n // 100, absorbed=f"{absorbed * n // 100}.00") for code, n in shares]


def fill(world: World) -> str:
    """Flags of the scheme's accounts and its revisions; gives its id."""
    for number, one in enumerate(members()):
        world.store([flag(f"web-{number}", account_id=one.account_id, customer_id=one.customer_id,
                          institution_code=one.institution_code, institution_type=one.institution_type,
                          branch_region=one.branch_region, subject_region=one.subject_region)])  # fmt: skip
    for revision in range(1, 5):
        world.store_schemes([web(revision)])
    return web().scheme_id
