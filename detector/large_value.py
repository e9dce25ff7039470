"""Large-value lines 0501–0504: the only numeric thresholds that are law (Order 2016/3 art. 5; regulation §1.2).

Summed per customer at one institution, per Shanghai day, receipts and payments apart, each currency group against its
own limit, the limit included. Left out: the institution's own interest, fees, taxes and corrections; one side a state
organ; interbank; own-name transfers, but only where both sides are known to be at this institution. A movement in
another currency counts to the foreign-currency line by ``usd_amount``, and only where that is absent to the CNY line
by ``cny_amount``: the two are never added. Unknown holder kind or, for persons, unknown place: not evaluable.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from contract.flag import LARGE_VALUE, Engine, Finding, Flag
from contract.money import minor_to_text
from contract.movement import HOLDER_KINDS, INSTITUTIONS_OWN_KINDS
from contract.shanghai import date_of, day_of, day_start_ms, text_ms
from detector import working_days
from detector.features.consume import event_key
from detector.features.intake import NO_PAYER_KINDS, codes, numbers
from detector.features.layout import SEEN_CREDIT, SEEN_REVERSED
from detector.features.tables import account_slot, seen_slot
from detector.flag_book import flag_id, holder_of
from detector.large_value_sums import (
    CNY,
    FX,
    NOTABLE_PART,
    SUM,
    THRESHOLDS,
    add_sums,
    keep_sums,
    line_of_movement,
    sum_key,
    sum_slot,
)

TYPOLOGIES: Final = (
    "large_value_cash@1",
    "large_value_company_transfer@1",
    "large_value_person_transfer@1",
    "large_value_cross_border@1",
)
CODES: Final = ("0501", "0502", "0503", "0504")
_NAMES_ZH: Final = ("现金收付", "单位款项划转", "个人境内款项划转", "个人跨境款项划转")
_NAMES_EN: Final = (
    "cash movements",
    "transfers of a non-natural person",
    "domestic transfers of a person",
    "cross-border transfers of a person",
)
_NO_TRANSFER: Final = ("securities_trade",)
"""A trade moves no funds to another account; the bank-securities transfer around it does."""
DUE_DATE_PASSED: Final = "due_date_passed"
REVERSED: Final = "reversed"
MOST_EVIDENCE: Final = 20


class LargeFlag(msgspec.Struct):
    """An open large-value flag and what makes its next revision."""

    flag: Flag
    key: int
    due: int
    day: int
    line: int
    group: int
    credit: bool
    moved: bool = False


class Noted(msgspec.Struct):
    """What must survive of large values besides the sums."""

    open: dict[int, LargeFlag] = {}
    evidence: dict[int, tuple[int, list[str]]] = {}
    taken_back: dict[int, int] = {}


class _Facts:
    """What decides where a batch's movements count, as columns."""

    def __init__(self, batch: pa.RecordBatch, institution: str) -> None:
        kind = batch.column("kind")
        other = codes(batch.column("counterparty_kind"), HOLDER_KINDS)
        self.cash = pc.equal(kind, "cash").to_numpy(zero_copy_only=False)
        own_kind = codes(kind, INSTITUTIONS_OWN_KINDS + _NO_TRANSFER) > 0
        self.exempt = own_kind | (other == NO_PAYER_KINDS[0]) | self._own_name_inside(batch, institution)
        self.interbank = other == NO_PAYER_KINDS[1]
        self.abroad = self._abroad(batch)
        self.group, self.amount = self._money(batch)

    @staticmethod
    def _own_name_inside(batch: pa.RecordBatch, institution: str) -> Any:
        if batch.column("counterparty_institution").null_count == batch.num_rows:
            return np.zeros(batch.num_rows, np.bool_)
        same = pc.or_kleene(
            pc.fill_null(batch.column("own_name"), False),
            pc.fill_null(pc.equal(batch.column("counterparty_customer_id"), batch.column("customer_id")), False),
        )
        inside = pc.fill_null(pc.equal(batch.column("counterparty_institution"), institution), False)
        return pc.and_(same, inside).to_numpy(zero_copy_only=False)

    @staticmethod
    def _abroad(batch: pa.RecordBatch) -> Any:
        """1 cross-border, 0 domestic, -1 unknown; a region without a country is in China."""
        country, region = batch.column("counterparty_country"), batch.column("counterparty_region")
        if country.null_count == batch.num_rows:
            return np.where(region.is_valid().to_numpy(zero_copy_only=False), 0, -1).astype(np.int8)
        known = pc.coalesce(country, pc.if_else(pc.is_valid(region), "CN", pa.scalar(None, pa.string())))
        abroad = pc.fill_null(pc.cast(pc.not_equal(known, "CN"), pa.int8()), -1)
        return abroad.to_numpy(zero_copy_only=False)

    @staticmethod
    def _money(batch: pa.RecordBatch) -> tuple[Any, Any]:
        """Currency group (CNY, FX, -1 neither) and minor units that count in it."""
        amount = batch.column("amount_minor").to_numpy(zero_copy_only=False)
        domestic = pc.equal(batch.column("currency"), "CNY").to_numpy(zero_copy_only=False)
        if domestic.all():
            return np.zeros(len(amount), np.int8), amount
        usd = numbers(batch.column("usd_amount_minor"), np.int64, -1)
        cny = numbers(batch.column("cny_amount_minor"), np.int64, -1)
        usd = np.where((usd < 0) & pc.equal(batch.column("currency"), "USD").to_numpy(zero_copy_only=False), amount, usd)
        group = np.where(domestic, CNY, np.where(usd >= 0, FX, np.where(cny >= 0, CNY, -1)))
        return group.astype(np.int8), np.where(domestic, amount, np.where(usd >= 0, usd, np.maximum(cny, 0)))


class LargeValueLines:
    """Sums and flags of one shard; only movements of a twentieth of a line or of a full sum cost more than an addition."""

    def __init__(self, institution: str, engine: Engine, *, lateness_days: int) -> None:
        self._institution = institution
        self._engine = engine
        self._lateness_days = lateness_days
        self._sums = np.zeros(1024, SUM)
        self._count = 0
        self._today = -(2**31)
        self._noted = Noted()
        self.institution_type = ""

    def add(self, batch: pa.RecordBatch, fresh: Any, x: Any, start: int, memory: Any) -> list[Flag]:
        """Count the ``fresh`` rows of ``batch`` (rows ``start`` on of the columns ``x``) and return what they flag."""
        facts = _Facts(batch, self._institution)
        self._reserve(len(fresh))
        line, after = np.zeros(len(fresh), np.int8), np.zeros(len(fresh), np.int64)
        oldest = self._today - self._lateness_days
        self._count += add_sums(
            self._sums, x, start, fresh, facts.cash, facts.exempt | self._interbank(facts, x, start, memory),
            facts.abroad, facts.group, facts.amount, memory.account_index, memory.accounts, oldest, line, after,
        )  # fmt: skip
        limit = THRESHOLDS[line, facts.group]
        notable = (line >= 0) & ((facts.amount * NOTABLE_PART >= limit) | (after >= limit))
        reversals = fresh & (x.reversal_of[start : start + len(fresh)] != 0)
        flags: list[Flag] = []
        for k in np.flatnonzero(notable | reversals):
            flag = (
                self._take_back(batch, facts, int(k), x, start, memory)
                if reversals[k]
                else self._note(batch, facts, int(k), int(line[k]), int(after[k]), x, start, memory)
            )
            if flag is not None:
                flags.append(flag)
        return flags

    def turn(self, day: int) -> list[Flag]:
        """Flags whose sums moved after they were raised, and those whose due date is over, when ``day`` begins."""
        self._today = day
        flags = []
        for key in sorted(self._noted.open):
            large = self._noted.open[key]
            moment = text_ms(day_start_ms(day))
            if large.moved and large.day < day:
                flags.append(self._revise(large, moment))
            if day > large.due:
                flags.append(self._close(large, moment, DUE_DATE_PASSED))
        oldest = day - self._lateness_days
        noted = self._noted
        noted.evidence = {key: kept for key, kept in noted.evidence.items() if kept[0] >= oldest or key in noted.open}
        noted.taken_back = {key: kept for key, kept in noted.taken_back.items() if kept >= oldest - 7}
        return flags

    def state(self) -> dict[str, Any]:
        """All that must survive, as arrays and bytes."""
        return {
            "sums": self._sums[self._sums["key"] != 0],
            "today": np.array([self._today], np.int64),
            "noted": msgspec.msgpack.encode(self._noted),
        }

    def restore(self, parts: dict[str, Any]) -> None:
        """Take up what ``state`` gave."""
        self._today = int(parts["today"][0])
        self._noted = msgspec.msgpack.decode(bytes(parts["noted"]), type=Noted)
        self._sums = np.zeros(1 << max(10, (4 * len(parts["sums"]) + 1).bit_length()), SUM)
        self._count = int(keep_sums(np.ascontiguousarray(parts["sums"]), self._sums, -(2**31)))

    def _interbank(self, facts: _Facts, x: Any, start: int, memory: Any) -> Any:
        """Both sides financial institutions: left out (regulation §1.2, exemption 4)."""
        mask = np.zeros(len(facts.cash), np.bool_)
        for k in np.flatnonzero(facts.interbank):
            row = memory.account_index[account_slot(memory.account_index, memory.accounts, x.account[start + k])]
            mask[k] = memory.accounts[row]["holder_kind"] == NO_PAYER_KINDS[1]
        return mask

    def _reserve(self, count: int) -> None:
        if 2 * (self._count + count) <= len(self._sums):
            return
        oldest = self._today - self._lateness_days
        alive = int(np.count_nonzero((self._sums["key"] != 0) & (self._sums["day"] >= oldest)))
        table = np.zeros(1 << (4 * (alive + count) + 1).bit_length(), SUM)
        self._count = int(keep_sums(self._sums, table, oldest))
        self._sums = table

    def _note(
        self, batch: pa.RecordBatch, facts: _Facts, k: int, line: int, after: int, x: Any, start: int, memory: Any
    ) -> Flag | None:
        i = start + k
        day = int(day_of(x.ms[i]))
        group, credit = int(facts.group[k]), bool(x.credit[i])
        key = int(sum_key(x.customer[i] or x.account[i], day, x.credit[i], line, group))
        kept = self._noted.evidence.setdefault(key, (day, []))[1]
        if len(kept) < MOST_EVIDENCE:
            kept.append(batch.column("event_id")[k].as_py())
        if after < THRESHOLDS[line, group]:
            return None
        large = self._noted.open.get(key)
        if large is not None:
            large.moved = True
            return None
        return self._raise(key, day, line, group, credit, int(x.ms[i]), x.account[i], bool(x.customer[i]), memory)

    def _raise(
        self, key: int, day: int, line: int, group: int, credit: bool, ms: int, account: Any, known: bool, memory: Any
    ) -> Flag:
        row = int(memory.account_index[account_slot(memory.account_index, memory.accounts, account)])
        holder = holder_of(memory, row)
        who = holder.customer_id if known and holder.customer_id else holder.account_id
        due = working_days.calendar().after(day, working_days.DUE)
        moment, currency = text_ms(ms), ("CNY", "FX")[group]
        flag = Flag(
            flag_id=flag_id(
                self._institution, who, date_of(day).isoformat(), "credit" if credit else "debit", CODES[line], currency
            ),
            revision=0,
            status="open",
            account_id=holder.account_id,
            customer_id=holder.customer_id,
            institution_code=self._institution,
            institution_type=self.institution_type,
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
            not_evaluable=[] if known else [f"{TYPOLOGIES[line]}:across_accounts"],
            opened_at=moment,
            updated_at=moment,
            closed_at=None,
            closed_because=None,
            due_on=date_of(due).isoformat(),
            first_movement_at=moment,
            last_movement_at=moment,
            scheme_id=None,
            engine=self._engine,
        )
        large = LargeFlag(flag=flag, key=key, due=due, day=day, line=line, group=group, credit=credit)
        self._noted.open[key] = large
        return self._revise(large, moment)

    def _revise(self, large: LargeFlag, moment: str) -> Flag:
        entry = self._sums[sum_slot(self._sums, np.uint64(large.key))]
        large.moved = False
        large.flag = msgspec.structs.replace(
            large.flag,
            revision=large.flag.revision + 1,
            findings=[self._finding(large, int(entry["sum"]), int(entry["count"]))],
            measures={"sum": minor_to_text(entry["sum"]), "movements": int(entry["count"])},
            updated_at=moment,
        )
        return large.flag

    def _close(self, large: LargeFlag, moment: str, because: str) -> Flag:
        del self._noted.open[large.key]
        return msgspec.structs.replace(
            large.flag,
            revision=large.flag.revision + 1,
            status="closed",
            updated_at=moment,
            closed_at=moment,
            closed_because=because,
        )

    def _finding(self, large: LargeFlag, total: int, count: int) -> Finding:
        limit = int(THRESHOLDS[large.line, large.group])
        money, reference = minor_to_text(total), minor_to_text(limit)
        unit_zh, unit_en = (("元", "yuan"), ("美元", "US dollars"))[large.group]
        side_zh, side_en = ("收入", "received") if large.credit else ("付出", "paid")
        date = date_of(large.day).isoformat()
        return Finding(
            typology=TYPOLOGIES[large.line],
            family="amount",
            window="D1",
            value=total / 100,
            threshold=limit / 100,
            strength=1.0,
            coverage=1.0,
            evidence=list(self._noted.evidence.get(large.key, (0, []))[1]),
            zh=f"大额交易（{CODES[large.line]}）：{date}{_NAMES_ZH[large.line]}当日{side_zh}累计{money}{unit_zh}，共{count}笔，"
            f"达到法定标准{reference}{unit_zh}（含），应于{large.flag.due_on}前报告。",
            en=f"Large value ({CODES[large.line]}): {money} {unit_en} {side_en} on {date} in {count} {_NAMES_EN[large.line]}, "
            f"at or above the statutory {reference}; to be reported by {large.flag.due_on}.",
        )

    def _take_back(self, batch: pa.RecordBatch, facts: _Facts, k: int, x: Any, start: int, memory: Any) -> Flag | None:
        """Take the reversed movement out of its day's sum; the reversal names its kind and other side as it did."""
        i = start + k
        entry = _reversed_entry(memory, x, i)
        if entry is None or int(entry["key"]) in self._noted.taken_back:
            return None
        day = int(day_of(entry["ms"]))
        self._noted.taken_back[int(entry["key"])] = day
        row = memory.account_index[account_slot(memory.account_index, memory.accounts, x.account[i])]
        line = int(line_of_movement(facts.cash[k], memory.accounts[row]["holder_kind"], facts.abroad[k]))
        group = int(facts.group[k])
        if line < 0 or group < 0:
            return None
        credit = 1 if entry["bits"] & SEEN_CREDIT else 0
        key = int(sum_key(x.customer[i] or x.account[i], day, credit, line, group))
        total = self._sums[sum_slot(self._sums, np.uint64(key))]
        if total["key"] == 0:
            return None
        total["sum"] -= entry["amount"] if group == CNY else facts.amount[k]
        total["count"] -= 1
        large = self._noted.open.get(key)
        if large is None:
            return None
        if total["sum"] < THRESHOLDS[line, group]:
            return self._close(large, text_ms(int(x.ms[i])), REVERSED)
        large.moved = True
        return None


def _reversed_entry(memory: Any, x: Any, i: int) -> Any:
    for credit in (1 - int(x.credit[i]), int(x.credit[i])):
        entry = memory.seen[seen_slot(memory.seen, event_key(x.account[i], x.reversal_of[i], credit))]
        if entry["used"] and entry["bits"] & SEEN_REVERSED:
            return entry
    return None
