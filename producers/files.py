"""A bank's files as one stream of checked batches, profiles and watermarks: the one way in for ``produce`` and ``replay``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from contract.checks import Checked, check_movements
from contract.errors import ConfigurationError, ContractViolation, DamagedFile, Reason
from contract.partition import keys_of, partitions_of
from contract.pseudonyms import Pseudonymiser
from contract.reject import RowReject
from contract.shanghai import day_of, day_start_ms
from contract.stream import Counted, Item, Movements, Profiles, WatermarkItem
from producers.adapters import adapter_for
from producers.holder_table import HolderTable
from producers.known_holders import KnownHolders, read_holders
from producers.layout import Layout, read_layout
from producers.mapping import Mapper
from producers.raw import Raw
from producers.refusing import refused, unreadable

HEAD_ROWS: Final = 100


@dataclass(frozen=True, slots=True)
class _Part:
    """One institution's rows of a block, in the stream's order, with day and partition of each and what must come between."""

    rows: Any
    days: Any
    places: Any
    due: list[tuple[int, pa.RecordBatch]]
    """Profiles and the places in ``rows`` that they stand before."""
    day: int
    """Day of the institution's time before the block."""


class _Institution:
    """One institution's place in the stream: its newest time, its partitions, its holders."""

    def __init__(self, code: str, partitions: int, holders: KnownHolders | None) -> None:
        self.code = code
        self.partitions = partitions
        self.holders = holders
        self.newest_ms: int | None = None

    def part(self, block: pa.RecordBatch, times: Any, mine: Any) -> _Part:
        """The institution's rows ``mine`` by day and partition; within both they keep their order."""
        before = times[mine[0]] if self.newest_ms is None else self.newest_ms
        newest = np.maximum.accumulate(np.maximum(times[mine], before))
        self.newest_ms = int(newest[-1])
        days, places = day_of(newest), self._places(block, mine)
        order = np.lexsort((places, days)) if places.any() else np.arange(len(mine))
        return _Part(mine[order], days[order], places[order], self._due(block, mine, order), int(day_of(before)))

    def _places(self, block: pa.RecordBatch, mine: Any) -> Any:
        if self.partitions == 1:
            return np.zeros(len(mine), np.int32)
        return partitions_of(keys_of(_columns(block, ("customer_id", "account_id"), mine)), self.partitions)

    def _due(self, block: pa.RecordBatch, mine: Any, order: Any) -> list[tuple[int, pa.RecordBatch]]:
        if self.holders is None or not self.holders.waits:
            return []
        found = self.holders.due(_columns(block, ("account_id", "customer_id", "occurred_at"), mine))
        place = np.empty(len(order), np.int64)
        place[order] = np.arange(len(order))
        named = block.column("customer_id")
        at = sorted((int(place[row]), profile, int(mine[row])) for row, profile in found)
        return [(start, self.holders.profile(profile, named[row].as_py())) for start, profile, row in at]

    def items(self, block: pa.RecordBatch, part: _Part, order: Any | None, begin: int, rows: Any) -> Iterator[Item]:
        """Stretches cut where the institution's time passes a Shanghai midnight, a watermark before each cut.

        The part begins at ``begin`` of the block's ``order``; ``rows`` are the file rows of its rows.
        """
        starts = np.flatnonzero((np.diff(part.days, prepend=part.day) != 0) | (np.diff(part.places, prepend=-1) != 0))
        day, due = part.day, part.due
        for start, stop in pairwise([*starts.tolist(), len(part.rows)]):
            if part.days[start] != day:
                day = int(part.days[start])
                yield WatermarkItem(self.code, day_start_ms(day))
            place = int(part.places[start])
            while due and due[0][0] < stop:
                at, profile = due.pop(0)
                if at > start:
                    yield Movements(self.code, place, block, order, begin + start, begin + at, rows[start:at])
                yield Profiles(self.code, place, profile)
                start = at
            yield Movements(self.code, place, block, order, begin + start, begin + stop, rows[start:stop])


def _columns(block: pa.RecordBatch, names: Sequence[str], rows: Any) -> pa.RecordBatch:
    wanted = pa.array(rows)
    return pa.RecordBatch.from_arrays([block.column(name).take(wanted) for name in names], names=list(names))


def _fill_holders(raw: Raw, holders: HolderTable) -> tuple[pa.Table, Any]:
    """The raw table with ``customer_id`` filled from profiles, and which rows name another holder than their profile."""
    table = raw.table
    if not holders or not {"account_id", "institution_code"} <= set(table.column_names):
        return table, np.zeros(table.num_rows, np.bool_)
    accounts, codes, own = (
        table.column(name).combine_chunks().cast(pa.string()) if name in table.column_names else None
        for name in ("account_id", "institution_code", "customer_id")
    )
    filled, differs = holders.filled(accounts, codes, own)
    if own is None:
        return table.append_column("customer_id", filled), differs
    return table.set_column(table.column_names.index("customer_id"), "customer_id", filled), differs


def _only(raw: Raw, institution: str | None) -> tuple[Raw, int]:
    """The rows of one institution and how many others were skipped; a row that names none stays, to be refused."""
    if institution is None or "institution_code" not in raw.table.column_names:
        return raw, 0
    code = raw.table.column("institution_code")
    mine = pc.or_(pc.fill_null(pc.equal(code, institution), True), pc.fill_null(pc.equal(code, ""), True))
    keep = np.flatnonzero(mine.to_numpy())
    if len(keep) == raw.table.num_rows:
        return raw, 0
    return Raw(raw.table.take(pa.array(keep)), raw.rows[keep], raw.unreadable), raw.table.num_rows - len(keep)


def read_files(
    movements: Sequence[Path],
    *,
    profiles: Sequence[Path] = (),
    mapping: Path | None = None,
    institution: str | None = None,
    fmt: str | None = None,
    partitions: Callable[[str], int],
    pseudonymiser: Pseudonymiser | None = None,
) -> Iterator[Item]:
    """The files as a log would hold them, in order.

    Profiles come first (each account's earliest) or before the first movement that they act on; watermarks where an
    institution's own time passes a midnight and at the end, whatever the blocks that files are read in. Within one
    (institution, partition) the order is the file's. ``partitions`` gives an institution's partition count.
    Raises ``ConfigurationError`` for files that cannot be read at all.
    """
    layout = read_layout(mapping)
    mapper = Mapper(layout, pseudonymiser)
    _check_paths(movements, profiles)
    known, bad_profiles = read_holders(profiles, layout, institution)
    yield from bad_profiles
    met: dict[str, _Institution] = {}
    holders = HolderTable(known)
    for path in movements:
        for raw in adapter_for(path, fmt).read(path, layout):
            yield from _block(path, raw, mapper, institution, holders, known, met, partitions)
    for code, one in met.items():
        if one.newest_ms is not None:
            yield WatermarkItem(code, one.newest_ms)


def check_heads(
    movements: Sequence[Path],
    *,
    profiles: Sequence[Path] = (),
    mapping: Path | None = None,
    fmt: str | None = None,
    pseudonymiser: Pseudonymiser | None = None,
) -> None:
    """Read the mapping and the first rows of every file; raises ``ConfigurationError`` for what ``read_files`` would refuse.

    So that a wrong file or mapping is told before a broker is asked for and before anything is sent. Costs one block a file.
    """
    layout = read_layout(mapping)
    mapper = Mapper(layout, pseudonymiser)
    _check_paths(movements, profiles)
    for path in movements:
        head = _head(path, adapter_for(path, fmt), layout)
        if head is not None and head.table.num_rows:
            rows = Raw(head.table.slice(0, HEAD_ROWS), head.rows[:HEAD_ROWS], [])
            _checked(path, mapper.apply(rows).table, None)
    for path in profiles:
        _head(path, adapter_for(path, None), Layout(encoding=layout.encoding, delimiter=layout.delimiter))


def _head(path: Path, adapter: ModuleType, layout: Layout) -> Raw | None:
    """The first rows; ``None`` for an empty file and for one that breaks off, whose good part is sent all the same."""
    try:
        found: Raw | None = next(adapter.read(path, layout), None)
    except DamagedFile:
        return None
    return found


def _check_paths(movements: Sequence[Path], profiles: Sequence[Path]) -> None:
    for path in (*movements, *profiles):
        if not path.is_file():
            raise ConfigurationError(f"there is no file {path}")


def _checked(path: Path, table: pa.Table, institution: str | None) -> Checked:
    try:
        return check_movements(table, institution=institution)
    except ContractViolation as error:
        raise ConfigurationError(f"{path.name}: the column for '{error.field}' has a type that cannot be read") from error


def _block(
    path: Path,
    raw: Raw,
    mapper: Mapper,
    institution: str | None,
    holders: HolderTable,
    known: dict[str, KnownHolders],
    met: dict[str, _Institution],
    partitions: Callable[[str], int],
) -> Iterator[Item]:
    read = raw.table.num_rows + len(raw.unreadable)
    yield from unreadable(raw, path.name, institution)
    if raw.table.num_rows == 0:
        yield Counted(read, 0, {})
        return
    mine, skipped = _only(mapper.apply(raw), institution)
    table, differs = _fill_holders(mine, holders)
    checked = _checked(path, table, institution)
    yield from refused(mine, table, checked.rejects, path.name, institution)
    good, rows = checked.good, checked.rows
    if differs.any():
        changed = [RowReject(int(row), Reason.CUSTOMER_CHANGED, "customer_id") for row in rows[differs[rows]]]
        yield from refused(mine, table, changed, path.name, institution)
        keep = ~differs[rows]
        good, rows = good.filter(pa.array(keep)), rows[keep]
    yield Counted(read, skipped, checked.degraded)
    yield from _by_institution(good, mine.rows[rows], known, met, partitions)


def _by_institution(
    good: pa.RecordBatch,
    rows: Any,
    known: dict[str, KnownHolders],
    met: dict[str, _Institution],
    partitions: Callable[[str], int],
) -> Iterator[Item]:
    if good.num_rows == 0:
        return
    codes = good.column("institution_code").dictionary_encode()
    places = codes.indices.to_numpy(zero_copy_only=False)
    times = good.column("occurred_at").cast(pa.int64()).to_numpy(zero_copy_only=False)
    parts = []
    for place, code in enumerate(codes.dictionary.to_pylist()):
        if code not in met:
            met[code] = _Institution(code, partitions(code), known.get(code))
            if code in known:
                yield from known[code].first(code, met[code].partitions)
        parts.append((met[code], met[code].part(good, times, np.flatnonzero(places == place))))
    order = np.concatenate([part.rows for _, part in parts])
    told = order if (np.diff(order) != 1).any() else None
    begin = 0
    for one, part in parts:
        end = begin + len(part.rows)
        yield from one.items(good, part, told, begin, rows[order[begin:end]])
        begin = end
