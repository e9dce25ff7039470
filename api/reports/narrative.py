"""Narratives of a report, drafted from a flag's measures and findings in Chinese and English; people rewrite them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from contract import regions
from contract.flag import Finding, Flag
from contract.shanghai import date_of, day_of, parse_ms

_HOLDERS: Final = {
    "person": ("个人", "a person"),
    "company": ("单位", "a company"),
    "sole_trader": ("个体工商户", "a sole trader"),
    "public_body": ("机关事业单位", "a public body"),
    "financial": ("金融机构", "a financial institution"),
    "payment": ("支付机构", "a payment institution"),
}
_MEASURES: Final = {
    "payers": ("付款人{}个", "{} payers"),
    "payees": ("收款人{}个", "{} payees"),
    "credited": ("转入{}元", "{} yuan received"),
    "debited": ("转出{}元", "{} yuan paid out"),
    "returned_to_payers": ("其中返还付款人{}元", "{} yuan of it returned to payers"),
    "elderly_payer_share": ("年龄已知的付款人中60岁以上占{}", "of the payers whose age is known {} are 60 or older"),
}
_TIERS: Final = {
    None: ("尚未评定规模", "no scale has been found yet"),
    "below": ("规模未达立案标准", "below the scale of criminal filing"),
    "filing": ("规模已达立案标准", "at the scale of criminal filing"),
    "huge": ("规模已达“数额巨大”", "at the scale of a huge amount"),
    "especially_huge": ("规模已达“数额特别巨大”", "at the scale of an especially huge amount"),
}


def behaviour(flag: Flag, first: str, last: str) -> tuple[str, str]:
    """STCB: whose account, from when to when, and what went through it."""
    zh_holder, en_holder = _HOLDERS.get(flag.holder_kind or "", ("未知主体", "a holder of unknown kind"))
    place = regions.name(flag.branch_region) or flag.branch_region
    begins, ends = (date_of(day_of(parse_ms(moment))).isoformat() for moment in (first, last))
    told = [(name, value) for name, value in flag.measures.items() if value is not None and name in _MEASURES]
    zh = "，".join(_MEASURES[name][0].format(_number(name, value)) for name, value in told)
    en = ", ".join(_MEASURES[name][1].format(_number(name, value)) for name, value in told)
    return (
        f"账户{flag.account_id}由{zh_holder}在机构{flag.institution_code}（{place}）持有。"
        f"{begins}至{ends}期间：{zh or '无可用指标'}。",
        f"Account {flag.account_id} is held by {en_holder} at institution {flag.institution_code} (area {flag.branch_region}). "
        f"From {begins} to {ends}: {en or 'no measures'}.",
    )


def analysis(flag: Flag, findings: Sequence[Finding]) -> tuple[str, str]:
    """AOSP: every finding's own sentence, the scale, what could not be looked at, and that people have to judge."""
    zh = [f"{number}. {finding.zh}" for number, finding in enumerate(findings, start=1)]
    en = [f"{number}. {finding.en}" for number, finding in enumerate(findings, start=1)]
    zh_tier, en_tier = _TIERS.get(flag.severity, _TIERS[None])
    zh.append(f"按司法解释的金额、人数线，{zh_tier}。")
    en.append(f"By the statutory lines for money and persons: {en_tier}.")
    if flag.not_evaluable:
        names = "、".join(flag.not_evaluable)
        zh.append(f"因机构未报送所需字段而未能评估：{names}。")
        en.append(f"Not evaluable, as the institution did not send the fields: {', '.join(flag.not_evaluable)}.")
    zh.append("以上由命名规则得出，系供人工核查的线索，不是结论。")
    en.append("These come from named rules and are leads for people to check, not findings of guilt.")
    return "\n".join(zh), "\n".join(en)


def _number(name: str, value: int | float | str | None) -> str:
    if name.endswith("_share") and isinstance(value, int | float):
        return f"{value * 100:.1f}%"
    if isinstance(value, str):
        whole, _, cents = value.partition(".")
        return f"{int(whole):,}.{cents}" if cents.isdigit() and whole.lstrip("-").isdigit() else value
    return f"{value:,}" if isinstance(value, int) else str(value)
