"""A bank's files as one stream of checked batches, profiles and watermarks: the one way in for ``produce`` and ``replay``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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
from contract.shanghai import day_of, day_start_ms
from contract.stream import Counted, Item, Movements, Profiles, Refused, WatermarkItem
from producers.adapters import adapter_for
from producers.known_holders import HolderTable, KnownHolders, read_holders
from producers.layout import Layout, read_layout
from producers.mapping import Mapper
from producers.raw import Raw

HEAD_ROWS: Final = 100


class _Institution:
    """One institution's place in the stream: its newest time, its partitions, its holders."""

    def __init__(self, code: str, partitions: int, holders: KnownHolders | None) -> None:
        self.code = code
        self.partitions = partitions
        self.holders = holders
        self.newest_ms: int | None = None

    def items(self, batch: pa.RecordBatch, rows: Any) -> Iterator[Item]:
        """Batches cut where the institution's time passes a Shanghai midnight, a watermark before each cut.

        Rows are gathered by day and partition in their order, where that is another than their own, and handed out in
        slices.
        """
        times = batch.column("occurred_at").cast(pa.int64()).to_numpy(zero_copy_only=False)
        before = times[0] if self.newest_ms is None else self.newest_ms
        newest = np.maximum.accumulate(np.maximum(times, before))
        self.newest_ms = int(newest[-1])
        days = day_of(newest)
        places = partitions_of(keys_of(batch), self.partitions)
        order = np.lexsort((places, days))
        due = self._due(batch, order)
        if (np.diff(order) != 1).any():
            batch, rows, days, places = _taken(batch, order), rows[order], days[order], places[order]
        starts = np.flatnonzero((np.diff(days, prepend=days[0]) != 0) | (np.diff(places, prepend=-1) != 0))
        day = day_of(before)
        for start, stop in pairwise([*starts.tolist(), len(order)]):
            if days[start] != day:
                day = days[start]
                yield WatermarkItem(self.code, day_start_ms(int(day)))
            place = int(places[start])
            while due and due[0][0] < stop:
                at, profile = due.pop(0)
                if at > start:
                    yield Movements(self.code, place, batch, start, at, rows[start:at])
                yield Profiles(self.code, place, profile)
                start = at
            yield Movements(self.code, place, batch, start, stop, rows[start:stop])

    def _due(self, batch: pa.RecordBatch, order: Any) -> list[tuple[int, pa.RecordBatch]]:
        """Profiles and the places in ``order`` that they stand before."""
        found = self.holders.due(batch) if self.holders else []
        if self.holders is None or not found:
            return []
        place = np.empty(len(order), np.int64)
        place[order] = np.arange(len(order))
        named = batch.column("customer_id")
        at = sorted((int(place[row]), profile, row) for row, profile in found)
        return [(start, self.holders.profile(profile, named[row].as_py())) for start, profile, row in at]


def _taken(batch: pa.RecordBatch, rows: Any) -> pa.RecordBatch:
    """The given rows; columns without any value, half of them as a rule, are not gathered."""
    count, wanted = len(rows), pa.array(rows)
    columns = [one.slice(0, count) if one.null_count == len(one) else one.take(wanted) for one in batch.columns]
    return pa.RecordBatch.from_arrays(columns, schema=batch.schema)


def _fill_holders(raw: Raw, holders: HolderTable) -> tuple[pa.Table, Any]:
    """The raw table with ``customer_id`` filled from profiles, and which rows name another holder than their profile."""
    table = raw.table
    if not holders or not {"account_id", "institution_code"} <= set(table.column_names):
        return table, np.zeros(table.num_rows, np.bool_)
    accounts = table.column("account_id").combine_chunks().cast(pa.string())
    known = holders.holders(accounts, table.column("institution_code").combine_chunks().cast(pa.string()))
    if "customer_id" not in table.column_names:
        return table.append_column("customer_id", known), np.zeros(table.num_rows, np.bool_)
    own = table.column("customer_id").combine_chunks().cast(pa.string())
    own = pc.if_else(pc.equal(own, ""), pa.scalar(None, pa.string()), own)
    differs = pc.fill_null(pc.not_equal(own, known), False).to_numpy(zero_copy_only=False)
    place = table.column_names.index("customer_id")
    return table.set_column(place, "customer_id", pc.coalesce(own, known)), differs


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
    known, refused = read_holders(profiles, layout, institution)
    yield from refused
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
    yield from (Refused(institution, path.name, one.row, one.reason, one.field) for one in raw.unreadable)
    if raw.table.num_rows == 0:
        yield Counted(read, 0, {})
        return
    mine, skipped = _only(mapper.apply(raw), institution)
    table, differs = _fill_holders(mine, holders)
    checked = _checked(path, table, institution)
    yield from (Refused(institution, path.name, int(mine.rows[r.row]), r.reason, r.field) for r in checked.rejects)
    good, rows = checked.good, checked.rows
    if differs.any():
        for row in rows[differs[rows]]:
            yield Refused(institution, path.name, int(mine.rows[row]), Reason.CUSTOMER_CHANGED, "customer_id")
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
    codes = good.column("institution_code").dictionary_encode()
    names = codes.dictionary.to_pylist()
    places = codes.indices.to_numpy(zero_copy_only=False)
    for place, code in enumerate(names):
        if code not in met:
            met[code] = _Institution(code, partitions(code), known.get(code))
            if code in known:
                yield from known[code].first(code, met[code].partitions)
        mine = np.flatnonzero(places == place)
        part = good if len(names) == 1 else _taken(good, mine)
        yield from met[code].items(part, rows[mine])
