"""A town's picture without replay: evidence of each of its accounts as it stands when all transfers are booked."""

from __future__ import annotations

import zlib
from typing import Any, Final

import numpy as np
import pyarrow as pa

from contract.evidence import BIT_PAYROLL, COUNTERPARTY, NAMES, Evidence, Names
from contract.hashing import hash64
from contract.movement import HOLDER_KINDS
from contract.shanghai import day_of
from detector.schemes.measures import Measures, measured
from detector.schemes.picture import Picture
from detector.schemes.union import Union
from tests.detector.schemes.rings import BANKS, DAY_MS, START, Town, Transfer, bank_of

FIRST: Final = int(day_of(START))


def picture_of(town: Town) -> Picture:
    """All accounts at banks that report are told of, candidates or not; each transfer has its own minute of its day."""
    picture, last = Picture(), max(one.day for one in town.transfers) + FIRST
    told = [name for name in sorted(town.profiles) if bank_of(name) in BANKS]
    names = np.zeros(len(told), NAMES)
    names["account"] = [_hash(f"a:{name}") for name in told]
    names["customer"] = [_hash(town.profiles[name]["customer_id"]) for name in told]
    records: list[Evidence | Names] = [
        Names(institution_code="B1", partition=0, as_of=last, number=0, names=np.sort(names, order="account").tobytes())
    ]
    moved: dict[str, list[Transfer]] = {}
    for one in town.transfers:
        moved.setdefault(one.payer, []).append(one)
        moved.setdefault(one.payee, []).append(one)
    records += [_evidence(town, name, moved.get(name, []), last) for name in told]
    picture.take(records, last)
    picture.lay_out(last)
    return picture


def numbers(picture: Picture, *names: str) -> Any:
    """The named accounts' numbers in the picture, in order."""
    return np.sort(np.array([picture.number[bank_of(name), f"a:{name}"] for name in names], np.int64))


def union_of(town: Town, *names: str) -> Union:
    """The union of the named accounts when all is booked."""
    picture = picture_of(town)
    return Union.of(picture, numbers(picture, *names))


def measures_of(town: Town, *names: str) -> Measures:
    """What the union of the named accounts shows when all is booked."""
    picture = picture_of(town)
    return measured(picture, Union.of(picture, numbers(picture, *names)), picture.day, picture.day - 13)


def _hash(word: str) -> int:
    return int(hash64(pa.array([word], pa.string()))[0])


def _ms(one: Transfer) -> int:
    return START + one.day * DAY_MS + 28_800_000 + zlib.crc32(f"{one.payer}>{one.payee}".encode()) % 36_000_000


def _evidence(town: Town, name: str, moved: list[Transfer], last: int) -> Evidence:
    customer = town.profiles[name]["customer_id"]
    others: dict[str, list[Transfer]] = {}
    for one in sorted(moved, key=_ms):
        other = one.payee if one.payer == name else one.payer
        if town.profiles.get(other, {}).get("customer_id") != customer:
            others.setdefault(other, []).append(one)
    rows = np.zeros(len(others), COUNTERPARTY)
    for row, (other, found) in zip(rows, others.items(), strict=True):
        kind = town.profiles.get(other, {}).get("holder_kind")
        row["key"], row["kind"] = _hash(f"a:{other}"), HOLDER_KINDS.index(kind) + 1 if kind else 0
        _fill(row, name, found)
    times = [_ms(one) for one in moved] or [START]
    return Evidence(
        institution_code=bank_of(name), partition=0, account_id=f"a:{name}", customer_id=customer, as_of=last,
        institution_type="bank", branch_region="341302", subject_region=None, holder_kind=town.profiles[name]["holder_kind"],
        licence=None, account_type=None, opened=0, category=None, findings=[], links=[], first_ms=min(times), last_ms=max(times),
        credited=int(rows["paid_in"].sum()), debited=int(rows["paid_out"].sum()), usual_elderly=0.0, whole=True,
        counterparties=rows.tobytes(), events=[],
    )  # fmt: skip


def _fill(row: Any, name: str, found: list[Transfer]) -> None:
    for into, count, money, when in (
        (True, "credits", "paid_in", ("first_in_ms", "last_in_ms")),
        (False, "debits", "paid_out", ("first_out_ms", "last_out_ms")),
    ):
        side = [one for one in found if (one.payee == name) == into]
        if side:
            sums = [round(100 * one.yuan) for one in side]
            row[count], row[money] = len(side), sum(sums)
            row[when[0]], row[when[1]] = _ms(side[0]), _ms(side[-1])
            for field, value in {"first_credit": sums[0], "last_credit": sums[-1]}.items() if into else ():
                row[field] = value
            if not into:
                row["last_debit"] = sums[-1]
                row["bits"] |= BIT_PAYROLL * any(one.fields.get("batch_code") == "payroll" for one in side)
