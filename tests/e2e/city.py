"""A city's ledger to look at: flags of all kinds over a month, told as the detector tells them; seeded."""

from __future__ import annotations

import base64
import hashlib
import random
from collections.abc import Iterator
from typing import Any, Final

from api.auth import repository as offices
from api.auth.offices import Kind, Office
from api.ledger import repository as ledger
from contract.flag import Finding, Flag
from contract.shanghai import DAY_MS, text_ms
from tests.api.flags import NOON, finding, flag
from tests.api.world import World

PLACES: Final = ("341302", "341302", "341302", "341321", "341322", "341323", "341324", "341371", "341372")
INSTITUTIONS: Final = (
    ("C1030134001", "bank"),
    ("C1030134001", "bank"),
    ("C1030134002", "bank"),
    ("P2004134001", "payment"),
    ("S4000134001", "securities"),
    ("I3000134001", "insurance"),
)
_TOLD: Final[tuple[tuple[str, str, str, str], ...]] = (
    ("payees_were_payers@1", "payout", "近90天向{n}名付款人中的{m}人返还款项，占收款人的62%。",
     "In 90 days, {m} of {n} payers were paid back: 62 % of all payees."),
    ("return_rate_lattice@1", "payout", "返还金额与本金之比集中于1.5%的整数倍，符合度87%。",
     "Returns over principal sit at multiples of 1.5 %: 87 % of them."),
    ("unit_priced_credits@1", "amount", "72%的入账为10,000元的整数倍，共{n}笔。",
     "72 % of credits are whole multiples of 10,000 yuan, {n} of them."),
    ("fundraising_remarks@1", "text", "31%的入账附言含“认购”“分红”“本息”等集资用语。",
     "31 % of credits carry words of fund-raising (subscription, dividend, principal and interest)."),
    ("dispersed_in_concentrated_out@1", "structure", "10个工作日内自{m}名对手分散转入，并向2名对手集中转出。",
     "In 10 working days, in from {m} counterparties and out to 2."),
    ("vulnerable_payers@1", "identity", "已知年龄的付款人中61%年满60岁。", "61 % of payers of known age are 60 or older."),
    ("pass_through@1", "structure", "连续5日资金当日转入当日转出，日终余额不足当日转入的5%。",
     "On 5 days in a row what came in had left again by the evening."),
)  # fmt: skip
_LARGE: Final = ("large_value_cash@1", "large_value_person_transfer@1", "large_value_company_transfer@1")
_GAPS: Final = ("vulnerable_payers@1", "night_activity@1", "many_payer_regions@1", "fundraising_remarks@1", "scope_mismatch@1")
_GAP_SHARES: Final = {"C1030134001": 0.06, "C1030134002": 0.22, "P2004134001": 0.75, "S4000134001": 0.45, "I3000134001": 0.9}
_OFFICES: Final = (
    ("pboc", "341300", "中国人民银行宿州市分行"),
    ("lead", "341300", "宿州市处置非法集资领导小组办公室"),
    ("lead", "341321", "砀山县处置非法集资牵头部门"),
    ("nfra", "341300", "国家金融监督管理总局宿州监管分局"),
    ("csrc", "340000", "中国证监会安徽监管局"),
)
_SHARES: Final = (("large_value", 40), ("suspicious", 18), ("observe", 14), ("illegal_fundraising", 28))
_SEVERITIES: Final = ("below", "below", "below", "filing", "filing", "huge", "especially_huge")


def pseudonym(draw: random.Random, letter: str) -> str:
    """A pseudonym as the contract makes them."""
    return f"{letter}:" + base64.b32encode(draw.randbytes(17)).decode()[:26]


def fill(world: World, *, heard_ms: int) -> None:
    """A month of the city in a world, its offices by their names; deadlines run from the last three weeks on."""
    draw = random.Random(3)
    with world.database.writing() as connection:
        ledger.ensure_ledger(connection)
        ledger.touch(connection, now_ms=heard_ms)
        for kind, region, name in _OFFICES:
            offices.add_office(connection, Office(f"{kind}-{region}", Kind(kind), region, name), now_ms=heard_ms)
    waiting: dict[int, list[Flag]] = {}
    for one in flags():
        waiting.setdefault(draw.choice((14, 9, 6, 4, 2, 0)) if one.revision == 1 else 0, []).append(one)
    for days in sorted(waiting, reverse=True):
        world.store(waiting[days], now_ms=heard_ms - days * DAY_MS)


def flags(number: int = 240, seed: int = 7) -> Iterator[Flag]:
    """Flags with their revisions, the older ones first."""
    draw = random.Random(seed)
    kinds = [name for name, share in _SHARES for _ in range(share)]
    for at in range(number):
        category = draw.choice(kinds)
        # More of them lately, fewer at the week's end.
        day = 29 - int(30 * draw.random() ** 1.6)
        if (NOON // DAY_MS + day + 4) % 7 >= 5 and draw.random() < 0.7:
            day = max(0, day - 2)
        yield from _revisions(draw, f"city-{at}", category, day)


def _revisions(draw: random.Random, name: str, category: str, day: int) -> Iterator[Flag]:
    institution, kind = draw.choice(INSTITUTIONS)
    branch, subject = draw.choice(PLACES), draw.choice((*PLACES, None, None))
    opened = NOON + day * DAY_MS + draw.randrange(-4, 9) * 3_600_000 + draw.randrange(3_600_000)
    told = draw.sample(_TOLD, draw.randrange(2, 6))
    payers = draw.randrange(40, 420)
    same: dict[str, Any] = {
        "account_id": pseudonym(draw, "a"), "customer_id": pseudonym(draw, "c"), "institution_code": institution,
        "institution_type": kind, "branch_region": branch, "subject_region": subject,
        "holder_kind": draw.choice(("person", "company", "sole_trader")), "opened_at": text_ms(opened),
        "first_movement_at": text_ms(opened - draw.randrange(20, 80) * DAY_MS),
    }  # fmt: skip
    steps = draw.randrange(1, 6) if category == "illegal_fundraising" else 1
    for step in range(1, steps + 1):
        now = category if step == steps else ("observe", "suspicious")[min(1, step // 2)]
        latest = NOON + 29 * DAY_MS - draw.randrange(9 * 3_600_000)
        at = max(opened, min(opened + (step - 1) * draw.randrange(10, 60) * 3_600_000, latest)) + step
        share = step / steps
        yield flag(
            name,
            revision=step,
            category=now,
            score=_score(draw, now),
            severity=draw.choice(_SEVERITIES) if now == "illegal_fundraising" else None,
            findings=_findings(draw, category, told[: max(1, round(len(told) * share))], payers),
            measures=_measures(now, round(payers * share), draw),
            updated_at=text_ms(at),
            last_movement_at=text_ms(at),
            not_evaluable=[name for name in _GAPS if draw.random() < _GAP_SHARES[institution]],
            due_on="2026-03-31" if category == "large_value" else None,
            **same,
        )


def _score(draw: random.Random, category: str) -> float | None:
    low = {"illegal_fundraising": 800, "suspicious": 600, "observe": 400}.get(category)
    return None if low is None else draw.randrange(low, low + 199) / 10


def _measures(category: str, payers: int, draw: random.Random) -> dict[str, int | float | str | None]:
    if category == "large_value":
        return {"sum": f"{draw.randrange(50_000, 4_000_000)}.00", "movements": draw.randrange(1, 9)}
    credited = payers * draw.randrange(4_000, 16_000)
    return {"payers": payers, "payees": payers // 3, "credited": f"{credited}.00", "debited": f"{credited * 9 // 10}.00",
            "returned_to_payers": f"{credited // 6}.00", "elderly_payer_share": round(draw.uniform(0.1, 0.7), 4)}  # fmt: skip


def _findings(draw: random.Random, category: str, told: list[tuple[str, str, str, str]], payers: int) -> list[Finding]:
    if category != "large_value":
        return [_finding(draw, *one, payers) for one in told]
    zh, en = "当日累计达到大额交易报告标准。", "The day's sum reached the line for large-value reports."
    return [finding(draw.choice(_LARGE), family="amount", window="D1", zh=zh, en=en)]


def _finding(draw: random.Random, typology: str, family: str, zh: str, en: str, payers: int) -> Finding:
    numbers = {"n": payers, "m": payers // 2 + 3}
    return Finding(
        typology=typology, family=family, window="W90", value=round(draw.uniform(0.3, 0.9), 4), threshold=0.2,
        strength=round(draw.uniform(0.5, 1), 2), coverage=round(draw.uniform(0.7, 1), 2),
        evidence=[hashlib.sha256(draw.randbytes(4)).hexdigest()[:12].upper() for _ in range(draw.randrange(4, 15))],
        zh=zh.format(**numbers), en=en.format(**numbers),
    )  # fmt: skip
