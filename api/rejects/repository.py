"""Rejects in the database: how many by institution, day, reason and field, each counted once however often it is told.

A worker that starts again from its checkpoint tells the same rejects once more. What was counted is kept by the record
that it stood in, a bit a row, for as long as the record can be read again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final, NamedTuple, TypeVar

from sqlalchemy import Connection, delete, func, select, text

from api.tables import REJECT_COUNTS, REJECT_PLACES
from contract.reject import Reject
from contract.shanghai import day_of

KEPT_DAYS: Final = 62
"""Events are kept for thirty days and so are rejects (contract §2.3): nothing older is told again, but by a rebuild."""
_CHUNK: Final = 500
_T = TypeVar("_T")
_PLACE: Final = text(
    "INSERT INTO reject_places (institution_code, log_partition, log_offset, log_rows, day)"
    " VALUES (:institution_code, :log_partition, :log_offset, :log_rows, :day)"
    " ON CONFLICT (institution_code, log_partition, log_offset) DO UPDATE SET log_rows = excluded.log_rows"
)
_COUNT: Final = text(
    "INSERT INTO reject_counts (institution_code, day, reason, field, n) VALUES (:institution_code, :day, :reason, :field, :n)"
    " ON CONFLICT (institution_code, day, reason, field) DO UPDATE SET n = reject_counts.n + excluded.n"
)


class Told(NamedTuple):
    """A reject and when (epoch ms) it was written to its topic."""

    reject: Reject
    at_ms: int


class ReasonCount(NamedTuple):
    """How many rejects of one reason and field; the field is None where the whole record was bad."""

    reason: str
    field: str | None
    n: int


class Rejected(NamedTuple):
    """An institution's rejects since a day: how many, on which day the newest were told, and why, most first."""

    n: int
    last_day: int
    reasons: list[ReasonCount]


_Place = tuple[str, int, int]


def count(connection: Connection, batch: Sequence[Told], *, now_ms: int) -> int:
    """Count those that were not counted yet, in the caller's write transaction; gives how many."""
    today = day_of(now_ms)
    known = _known(connection, {_place(told.reject) for told in batch})
    counts: Counter[tuple[str, int, str, str]] = Counter()
    changed: set[_Place] = set()
    for told in batch:
        place, bit = _place(told.reject), _bit(told.reject)
        if known[place] & bit:
            continue
        known[place] |= bit
        changed.add(place)
        # A clock that runs ahead makes no day that is still to come.
        counts[(place[0], min(today, day_of(told.at_ms)), told.reject.reason.value, told.reject.field or "")] += 1
    if not counts:
        return 0
    placed = ("institution_code", "log_partition", "log_offset", "log_rows", "day")
    connection.execute(
        _PLACE, [dict(zip(placed, (*place, _bytes(known[place]), today), strict=True)) for place in sorted(changed)]
    )
    names = ("institution_code", "day", "reason", "field")
    connection.execute(_COUNT, [dict(zip(names, key, strict=True)) | {"n": n} for key, n in counts.items()])
    connection.execute(delete(REJECT_PLACES).where(REJECT_PLACES.c.day < today - KEPT_DAYS))
    return counts.total()


def of_institutions(connection: Connection, codes: Collection[str], *, since_day: int) -> dict[str, Rejected]:
    """By institution, what was rejected since a day; without those of which nothing was."""
    found: dict[str, Rejected] = {}
    own = (REJECT_COUNTS.c.institution_code, REJECT_COUNTS.c.reason, REJECT_COUNTS.c.field)
    for chunk in _chunks(sorted(codes)):
        asked = (REJECT_COUNTS.c.institution_code.in_(chunk), REJECT_COUNTS.c.day >= since_day)
        sums = select(*own, func.sum(REJECT_COUNTS.c.n).label("n"), func.max(REJECT_COUNTS.c.day).label("day"))
        rows = connection.execute(sums.where(*asked).group_by(*own).order_by(REJECT_COUNTS.c.institution_code)).all()
        for code, group in groupby(rows, lambda row: str(row.institution_code)):
            mine = list(group)
            reasons = [ReasonCount(row.reason, row.field or None, int(row.n)) for row in mine]
            reasons.sort(key=lambda one: (-one.n, one.reason, one.field or ""))
            found[code] = Rejected(sum(one.n for one in reasons), max(int(row.day) for row in mine), reasons)
    return found


def _known(connection: Connection, places: Iterable[_Place]) -> dict[_Place, int]:
    """The rows that were counted, as bits, of each of these records."""
    found = dict.fromkeys(places, 0)
    for code, partition, offsets in _by_partition(found):
        where = (
            REJECT_PLACES.c.institution_code == code,
            REJECT_PLACES.c.log_partition == partition,
            REJECT_PLACES.c.log_offset.in_(offsets),
        )
        for row in connection.execute(select(REJECT_PLACES.c.log_offset, REJECT_PLACES.c.log_rows).where(*where)):
            found[(code, partition, row.log_offset)] = int.from_bytes(bytes(row.log_rows), "little")
    return found


def _by_partition(places: Iterable[_Place]) -> Iterator[tuple[str, int, Sequence[int]]]:
    for (code, partition), group in groupby(sorted(places), lambda place: place[:2]):
        for chunk in _chunks([offset for _, _, offset in group]):
            yield code, partition, chunk


def _chunks(values: Sequence[_T]) -> Iterator[Sequence[_T]]:
    return (values[at : at + _CHUNK] for at in range(0, len(values), _CHUNK))


def _place(reject: Reject) -> _Place:
    return reject.institution_code, reject.partition, reject.offset


def _bit(reject: Reject) -> int:
    # The record as a whole is bit 0.
    return 1 << (0 if reject.row is None else reject.row + 1)


def _bytes(bits: int) -> bytes:
    return bits.to_bytes((bits.bit_length() + 7) // 8, "little")
