"""The large-value flag: its revisions and its sentences (contract §3)."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from contract.flag import LARGE_VALUE, Engine, Finding, Flag
from contract.money import minor_to_text
from contract.shanghai import date_of, text_ms
from detector.flag_book import Holder, flag_id
from detector.large_value_sums import THRESHOLDS

TYPOLOGIES: Final = (
    "large_value_cash@1",
    "large_value_company_transfer@1",
    "large_value_person_transfer@1",
    "large_value_cross_border@1",
)
CODES: Final = ("0501", "0502", "0503", "0504")
_ZH: Final = ("现金收付", "非自然人款项划转", "自然人境内款项划转", "自然人跨境款项划转")
_EN: Final = (
    "cash movements",
    "transfers of a non-natural person",
    "domestic transfers of a natural person",
    "cross-border transfers of a natural person",
)
_SIDES: Final = (("debit", "付出", "paid"), ("credit", "收入", "received"))
_GROUPS: Final = (("CNY", "元", "yuan"), ("FX", "美元", "US dollars"))


def not_evaluable_for(holder_kind: int) -> tuple[str, ...]:
    """Lines that cannot be judged for a holder: all but cash where it is not known whether it is a person (code 0).

    >>> not_evaluable_for(1), len(not_evaluable_for(0))
    ((), 3)
    """
    return TYPOLOGIES[1:] if holder_kind == 0 else ()


class LargeFlag(msgspec.Struct):
    """A large-value flag, open or closed by a reversal, with the sum that it stands for."""

    flag: Flag
    day: int
    due: int
    line: int
    group: int
    credit: int
    sum: int
    count: int
    first_ms: int
    last_ms: int

    def follows(self, entry: Any) -> None:
        """Take over the figures of a sum (an entry of the table or a step)."""
        self.sum, self.count = int(entry["sum"]), int(entry["count"])
        self.first_ms, self.last_ms = int(entry["first_ms"]), int(entry["last_ms"])

    @property
    def is_open(self) -> bool:
        """Whether the flag's newest revision is open."""
        return self.flag.status == "open"

    @property
    def moved(self) -> bool:
        """Whether the sum is another than the newest revision says."""
        return self.flag.measures != _measures(self)


def _measures(large: LargeFlag) -> dict[str, int | float | str | None]:
    return {"sum": minor_to_text(large.sum), "movements": large.count}


def new_flag(
    holder: Holder, institution: tuple[str, str], engine: Engine, step: dict[str, int], due: int, *, across: bool
) -> LargeFlag:
    """A flag before its first revision; ``across`` says whether the holder's accounts could be summed together."""
    line, group, credit, day = step["line"], step["group"], step["credit"], step["day"]
    who = holder.customer_id if across and holder.customer_id else holder.account_id
    parts = (institution[0], who, date_of(day).isoformat(), _SIDES[credit][0], CODES[line], _GROUPS[group][0])
    flag = Flag(
        flag_id=flag_id(*parts),
        revision=0,
        status="open",
        account_id=holder.account_id,
        customer_id=holder.customer_id,
        institution_code=institution[0],
        institution_type=institution[1],
        branch_region=holder.branch_region,
        subject_region=holder.subject_region,
        holder_kind=holder.holder_kind,
        category=LARGE_VALUE,
        score=None,
        severity=None,
        tags=[],
        findings=[],
        measures={},
        model_scores={},
        not_evaluable=[] if across else [f"{TYPOLOGIES[line]}:across_accounts"],
        opened_at="",
        updated_at="",
        closed_at=None,
        closed_because=None,
        due_on=date_of(due).isoformat(),
        first_movement_at="",
        last_movement_at="",
        scheme_id=None,
        engine=engine,
    )
    return LargeFlag(flag, day, due, line, group, credit, step["sum"], step["count"], step["first_ms"], step["last_ms"])


def revised(large: LargeFlag, moment: str, evidence: list[str]) -> Flag:
    """The next revision, open, with the figures of the sum as it stands."""
    return _next(
        large,
        moment,
        status="open",
        opened_at=large.flag.opened_at or moment,
        closed_at=None,
        closed_because=None,
        findings=[_finding(large, evidence)],
    )


def closed(large: LargeFlag, moment: str, because: str) -> Flag:
    """The closing revision; the finding stays as it was last said, the measures are today's."""
    return _next(large, moment, status="closed", closed_at=moment, closed_because=because)


def _next(large: LargeFlag, moment: str, **changes: Any) -> Flag:
    large.flag = msgspec.structs.replace(
        large.flag,
        revision=large.flag.revision + 1,
        measures=_measures(large),
        updated_at=moment,
        first_movement_at=text_ms(large.first_ms),
        last_movement_at=text_ms(large.last_ms),
        **changes,
    )
    return large.flag


def _finding(large: LargeFlag, evidence: list[str]) -> Finding:
    limit = int(THRESHOLDS[large.line, large.group])
    money, reference = minor_to_text(large.sum), minor_to_text(limit)
    _, side_zh, side_en = _SIDES[large.credit]
    _, unit_zh, unit_en = _GROUPS[large.group]
    code, day, due = CODES[large.line], date_of(large.day).isoformat(), large.flag.due_on
    return Finding(
        typology=TYPOLOGIES[large.line],
        family="amount",
        window="D1",
        value=large.sum / 100,
        threshold=limit / 100,
        strength=1.0,
        coverage=1.0,
        evidence=evidence,
        zh=f"大额交易（{code}）：{day}{_ZH[large.line]}当日{side_zh}累计{money}{unit_zh}，共{large.count}笔，"
        f"达到法定标准{reference}{unit_zh}（含），应不迟于{due}报告。",
        en=f"Large value ({code}): {money} {unit_en} {side_en} on {day} in {large.count} {_EN[large.line]}, "
        f"at or above the statutory {reference}; to be reported by {due}.",
    )
