"""Numbers of a union that findings, totals and stages read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from contract.evidence import BIT_TEXT_IN, BIT_TEXT_OUT, BIT_TEXT_STRONG
from contract.shanghai import date_of, day_of, day_start_ms
from detector.features.deposits import DEPOSIT_PART
from detector.features.lattice import AGAIN_TO, CENTRES, INTEREST, NEAR, ROUND_MINOR, SAME, WITH_PRINCIPAL
from detector.features.layout import ELDERLY_FROM, UNITS_MINOR
from detector.schemes.picture import Picture
from detector.schemes.repaying import are_customers, are_earners
from detector.schemes.trace import LEAST_SEEN
from detector.schemes.union import Union
from detector.schemes.webs import MOST_BACK

PERIODS: Final = np.array([1.0, 7.0, 10.0, 15.0, 30.0, 90.0])
NEAR_PERIOD: Final = 0.15
LEAST_PAYOUTS: Final = 3
LEAST_OF_STEP: Final = 3
"""A level's part of a fee that is one is exact, and paid more than twice; eleven bills shared lie near three parts as well."""


DEPOSIT_FROM_MINOR: Final = 100_000
"""Members live on their accounts as well: who brings less than 1,000 yuan, or a tenth of what is typical, is a friend."""


@dataclass(frozen=True, slots=True)
class Deposits:
    """First payments, of 1,000 yuan and more, of persons who came within 30 days, as typologies.deposit_taking reads them."""

    persons: int
    days: int
    typical: float
    round_share: float
    kinds: int
    usual_share: float


@dataclass(frozen=True, slots=True)
class Measures:
    """Money in minor units, shares in [0, 1], days Shanghai days; ``units`` is the largest unit of most credits, 0 none."""

    payers: int
    payees: int
    returnees: int
    asked: int
    repaid: int
    customers: bool
    crossed: int
    part_back: int
    due: int
    due_back: int
    absorbed: int
    returned: int
    paid: int
    new_w10: int
    new_w10_money: int
    new_30d: int
    new_30d_money: int
    join_days: int
    paid_again: int
    typical_credit: float
    unit: int
    unit_share: float
    credits: int
    periodic: int
    late: int
    first_missed: int
    on_lattice: int
    ratios: int
    rates: tuple[float, ...]
    at_one_rate: int
    round_principals: int
    text_in: int
    text_strong: int
    text_out: int
    known_ages: int
    elderly: int
    usual_elderly: float
    on_wages: int
    fee: int
    fee_share: float
    steps: tuple[float, ...]
    on_steps: int
    paid_later: int
    paid_apart: int
    principal_back: int
    deposits: Deposits
    first_ms: int
    last_ms: int

    @property
    def recip_n(self) -> float:
        """Share, of the payees who can be ``asked``, of those whom what they were paid can be returns to (``repaid``)."""
        return self.repaid / self.asked if self.asked else 0.0

    @property
    def due_share(self) -> float:
        """Share, of those who brought 1,000 yuan long enough ago, of whom another account paid back a part."""
        return self.due_back / self.due if self.due else 0.0

    @property
    def recip_v(self) -> float:
        """The same by money."""
        return self.returned / self.paid if self.paid else 0.0


def measured(picture: Picture, union: Union, day: int, w10: int) -> Measures:
    """All measures at the end of ``day``; ``w10`` is the first day of its ten working days."""
    u, rows = union, picture.rows[union.row]
    payer, payee = u.payer, u.payee
    new10, new30 = u.joined_since(w10), u.joined_since(day - 29)
    amounts = _amounts(rows)
    unit, unit_share = _unit(amounts)
    rate, principal, every = _ratios(u, rows)
    rates, on_lattice = _centres(np.sort(rate), NEAR, 2)
    at_one_rate, round_principals = _one_rate(rate, principal)
    even, gap = _even(u, rows)
    due = u.last_out[u.person_of[even]] + gap * 1.5 * 86_400_000
    missed = due < (day + 1) * 86_400_000 - 28_800_000
    fee, fee_share = _modal(rows["first_credit"][rows["credits"] > 0])
    steps, on_steps = _steps(u, rows, fee)
    part_back, due, due_back = _turn_has_come(u, day)
    asked = _asked(u)
    year = date_of(day).year
    known = payer & (u.birth_year > 0)
    accounts = [picture.accounts[a] for a in u.accounts.tolist()]
    return Measures(
        payers=int(payer.sum()),
        payees=int(payee.sum()),
        returnees=int(u.returnee.sum()),
        asked=int(asked.sum()),
        repaid=int((u.repaid & asked).sum()),
        customers=are_customers(u, rows) or are_earners(u, every, _from_firms(picture, union.accounts)),
        crossed=int(u.crossed.sum()),
        part_back=part_back,
        due=due,
        due_back=due_back,
        absorbed=int(u.paid_in.sum()),
        returned=int(u.paid_out[u.returnee].sum()),
        paid=int(u.paid_out[payee].sum()),
        new_w10=int(new10.sum()),
        new_w10_money=int(u.paid_in[new10].sum()),
        new_30d=int(new30.sum()),
        new_30d_money=int(u.paid_in[new30].sum()),
        join_days=len(np.unique(day_of(u.first_in[new30]))),
        paid_again=int((u.repaid & (u.debits > 1)).sum()),
        typical_credit=float(np.median(u.paid_in[payer] / u.credits[payer])) if payer.any() else 0.0,
        unit=unit,
        unit_share=unit_share,
        credits=int(u.credits.sum()),
        periodic=len(np.unique(u.person_of[even])),
        late=len(np.unique(u.person_of[even][missed])),
        first_missed=int(day_of(int((u.last_out[u.person_of[even]] + gap * 86_400_000)[missed].min()))) if missed.any() else 0,
        on_lattice=on_lattice,
        ratios=len(every),
        rates=rates,
        at_one_rate=at_one_rate,
        round_principals=round_principals,
        text_in=int((payer & (u.bits & BIT_TEXT_IN != 0)).sum()),
        text_strong=int((payer & (u.bits & BIT_TEXT_STRONG != 0)).sum()),
        text_out=int((payee & (u.bits & BIT_TEXT_OUT != 0)).sum()),
        known_ages=int(known.sum()),
        elderly=int((known & (year - u.birth_year >= ELDERLY_FROM)).sum()),
        usual_elderly=max((one.usual_elderly for one in accounts), default=0.0),
        on_wages=int((payer & u.wages).sum()),
        fee=fee,
        fee_share=fee_share,
        steps=steps,
        on_steps=on_steps,
        paid_later=int(u.paid_later.sum()),
        paid_apart=int(u.paid_apart.sum()),
        principal_back=int(np.minimum(u.paid_in, u.paid_out)[u.returnee & (u.paid_out >= u.paid_in)].sum()),
        deposits=_deposits(u, day),
        first_ms=min(one.first_ms for one in accounts),
        last_ms=max(one.last_ms for one in accounts),
    )


def _turn_has_come(union: Union, day: int) -> tuple[int, int, int]:
    """Persons whom another account paid back a part of 1,000 yuan and more; who came as long ago as that takes; both.

    What firms pay staff who bought something of them is more than these brought, and refunds now and then are few.
    """
    brought = union.payer & (union.paid_in >= DEPOSIT_FROM_MINOR)
    part = brought & union.crossed & (union.paid_out <= MOST_BACK * union.paid_in)
    if not part.any():
        return 0, 0, 0
    turn = day_start_ms(day + 1) - int(np.median((union.first_out - union.first_in)[part]))
    due = brought & (union.first_in <= turn)
    due = _told_of(part, due, union.seen)
    return int(part.sum()), int(due.sum()), int((part & due).sum())


def _from_firms(picture: Picture, accounts: Any) -> int:
    """What others than persons and members brought, without what went back to each of them."""
    nodes = picture.node[accounts]
    total = 0
    for a in accounts.tolist():
        at = slice(picture.starts[a], picture.starts[a + 1])
        firm = picture.other[at] & ~picture.person[at] & ~np.isin(picture.to[at], nodes)
        rows = picture.rows[at][firm]
        total += int(np.maximum(np.where(rows["credits"] > 0, rows["paid_in"], 0) - rows["paid_out"], 0).sum())
    return total


def _asked(union: Union) -> Any:
    """Payees of whom it can be told whether they had paid in.

    Of who holds no account at an institution that reports, one account pays and another, which nobody knows to be his, is paid.
    They are left out where enough others say that more had paid in.
    """
    return _told_of(union.repaid, union.payee, union.seen)


def _told_of(part: Any, whole: Any, seen: Any) -> Any:
    """Those of ``whole`` who are ``seen``, where these are enough and a larger share of them is ``part``; else all of it."""
    known = whole & seen
    more = (part & known).sum() * whole.sum() > (part & whole).sum() * known.sum()
    return known if known.sum() >= LEAST_SEEN and more else whole


def _amounts(rows: Any) -> Any:
    """Each counterparty's first credit and, where there are more, its newest one."""
    return np.concatenate([rows["first_credit"][rows["credits"] > 0], rows["last_credit"][rows["credits"] > 1]])


def _unit(amounts: Any) -> tuple[int, float]:
    """The largest common unit of at least 80 % of the credits (regulation §2.1 F04)."""
    for unit in sorted(UNITS_MINOR, reverse=True):
        fit = float((amounts % unit == 0).mean()) if len(amounts) else 0.0
        if fit >= 0.8:
            return unit, fit
    return 0, 0.0


def _deposits(union: Union, day: int) -> Deposits:
    """Each new person's first payment to whichever member."""
    first = union.began_with
    new = union.joined_since(day - 29) & (first >= DEPOSIT_FROM_MINOR)
    if not new.any():
        return Deposits(0, 0, 0.0, 0.0, 0, 0.0)
    new &= first * DEPOSIT_PART >= np.sort(first[new])[new.sum() // 2]
    sums = first[new]
    even = sums % ROUND_MINOR == 0
    _, usual = _modal(sums)
    days, kinds = len(np.unique(day_of(union.first_in[new]))), len(np.unique(sums[even]))
    return Deposits(len(sums), days, float(np.median(sums)), float(even.mean()), kinds, usual)


def _modal(amounts: Any) -> tuple[int, float]:
    """The most frequent amount and its share."""
    if not len(amounts):
        return 0, 0.0
    values, counts = np.unique(amounts, return_counts=True)
    return int(values[counts.argmax()]), float(counts.max() / len(amounts))


def _payouts(union: Union, rows: Any) -> Any:
    """Records of payouts to those who had paid in before, whichever member."""
    return (rows["debits"] > 0) & union.returnee[union.person_of]


def _even(union: Union, rows: Any) -> tuple[Any, Any]:
    """Places of records of at least three payouts, alike in amount and a period apart on average, and that gap in days."""
    count = rows["debits"].astype(np.int64)
    gap = (rows["last_out_ms"] - rows["first_out_ms"]) / np.maximum(count - 1, 1) / 86_400_000
    near = (np.abs(gap[:, None] - PERIODS) <= NEAR_PERIOD * PERIODS).any(axis=1)
    alike = np.abs(rows["paid_out"] / np.maximum(count, 1) - rows["last_debit"]) <= 0.1 * rows["last_debit"]
    even = np.flatnonzero(_payouts(union, rows) & (count >= LEAST_PAYOUTS) & near & alike)
    return even, gap[even]


def _ratios(union: Union, rows: Any) -> tuple[Any, Any, Any]:
    """Newest payouts over the payee's principal until then that can be a rate, those principals, and all such ratios."""
    paid = np.flatnonzero(_payouts(union, rows))
    who = union.person_of[paid]
    later = np.where(union.last_in[who] > rows["last_out_ms"][paid], _newest_credit(union, rows)[who], 0)
    principal = union.paid_in[who] - later
    good = principal > 0
    ratio = rows["last_debit"][paid][good] / principal[good]
    again = rows["debits"][paid][good] > 1
    is_rate = (ratio >= INTEREST[0]) & (ratio <= np.where(again, AGAIN_TO, INTEREST[1]))
    is_rate |= (ratio >= WITH_PRINCIPAL[0]) & (ratio <= WITH_PRINCIPAL[1])
    return ratio[is_rate], principal[good][is_rate], ratio


def _one_rate(rates: Any, principals: Any) -> tuple[int, int]:
    """How many stand at the one rate, ±1 %, that most do, and how many different round principals these have."""
    if not len(rates):
        return 0, 0
    order = np.argsort(rates, kind="stable")
    rates, principals = rates[order], principals[order]
    stop = np.searchsorted(rates, rates * (1 + SAME) / (1 - SAME), "right")
    best = int((stop - np.arange(len(rates))).argmax())
    inside = np.unique(principals[best : stop[best]])
    return int(stop[best] - best), int((inside % ROUND_MINOR == 0).sum())


def _newest_credit(union: Union, rows: Any) -> Any:
    newest = np.zeros(len(union.key), np.int64)
    last = (rows["credits"] > 0) & (rows["last_in_ms"] == union.last_in[union.person_of])
    newest[union.person_of[last]] = rows["last_credit"][last]
    return newest


def _centres(values: Any, near: float, least: int) -> tuple[tuple[float, ...], int]:
    """At most three centres, each within ``near``, that hold most of the sorted values, ``least`` at least; how many; greedy."""
    centres: list[float] = []
    on = 0
    while len(values) and len(centres) < CENTRES:
        stop = np.searchsorted(values, values * (1 + near) / (1 - near), "right")
        best = int((stop - np.arange(len(values))).argmax())
        inside = values[best : stop[best]]
        if len(inside) < least:
            break
        centres.append(round(float(inside.mean()), 4))
        on += len(inside)
        values = np.concatenate([values[:best], values[stop[best] :]])
    return tuple(sorted(centres)), on


def _steps(union: Union, rows: Any, fee: int) -> tuple[tuple[float, ...], int]:
    """Parts of the entry fee that payouts stand at, and how many do: a level of a pyramid is a part of its own.

    Those of payroll batches are among them: a pyramid calls its members staff, and no wage is an exact part of what one paid.
    """
    if fee <= 0:
        return (), 0
    paid = rows["last_debit"][(rows["debits"] > 0) & union.paid_later[union.person_of]] / fee
    return _centres(np.sort(paid[(paid >= 0.01) & (paid <= 0.8)]), SAME, LEAST_OF_STEP)
