"""Profiles of a bank's accounts: who holds what, and from which movement on a profile acts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from contract.checks import check_profiles
from contract.partition import keys_of, partitions_of
from contract.stream import Profiles, Refused
from producers.adapters import adapter_for
from producers.layout import Layout
from producers.mapping import Mapper

ALWAYS = -(2**62)


class KnownHolders:
    """One institution's profiles in order of ``updated_at``, with the holder that each account's earliest names."""

    def __init__(self, batch: pa.RecordBatch) -> None:
        stamps = batch.column("updated_at").cast(pa.int64()).fill_null(ALWAYS).to_numpy(zero_copy_only=False)
        order = np.argsort(stamps, kind="stable")
        self._batch = batch.take(pa.array(order))
        self._stamps = stamps[order]
        ids = self._batch.column("account_id")
        encoded = ids.dictionary_encode()
        self._accounts = encoded.dictionary
        # The dictionary lists accounts as they first appear, so first positions are their earliest profiles.
        _, first = np.unique(encoded.indices.to_numpy(), return_index=True)
        self._first = np.zeros(len(ids), np.bool_)
        self._first[first] = True
        self._holders = self._batch.column("customer_id").take(pa.array(first))
        self._later = np.flatnonzero(~self._first)
        self._given = np.zeros(len(self._later), np.bool_)

    def first(self, institution: str, partitions: int) -> Iterator[Profiles]:
        """Every account's earliest profile, by partition; they act from the start."""
        yield from self._by_partition(self._batch.filter(pa.array(self._first)), institution, partitions)

    @staticmethod
    def _by_partition(batch: pa.RecordBatch, institution: str, partitions: int) -> Iterator[Profiles]:
        places = partitions_of(keys_of(batch), partitions)
        for place in np.unique(places):
            rows = np.flatnonzero(places == place)
            yield Profiles(institution, int(place), batch.take(pa.array(rows)))

    def holders(self, accounts: pa.Array) -> pa.Array:
        """The holder of each account by its earliest profile, null where unknown."""
        return self._holders.take(pc.index_in(accounts, value_set=self._accounts))

    def due(self, batch: pa.RecordBatch) -> list[tuple[int, int]]:
        """(row of ``batch``, profile) pairs: later profiles that act before that row, each given once, in row order."""
        waiting = self._later[~self._given]
        if not len(waiting) or batch.num_rows == 0:
            return []
        times = batch.column("occurred_at").cast(pa.int64()).to_numpy(zero_copy_only=False)
        waiting = waiting[self._stamps[waiting] <= times.max()]
        if not len(waiting):
            return []
        names = self._batch.column("account_id").take(pa.array(waiting))
        place = pc.index_in(batch.column("account_id"), value_set=pc.unique(names)).fill_null(-1).to_numpy(zero_copy_only=False)
        rows_of: dict[str, Any] = {}
        unique = pc.unique(names).to_pylist()
        for row in np.flatnonzero(place >= 0):
            rows_of.setdefault(unique[place[row]], []).append(row)
        found = []
        for profile, name in zip(waiting, names.to_pylist(), strict=True):
            row = next((r for r in rows_of.get(name, ()) if times[r] >= self._stamps[profile]), None)
            if row is not None:
                found.append((int(row), int(profile)))
                self._given[np.searchsorted(self._later, profile)] = True
        return sorted(found)

    def profile(self, at: int) -> pa.RecordBatch:
        """One profile as a batch."""
        return self._batch.slice(at, 1)


def read_holders(paths: Sequence[Path], layout: Layout, institution: str | None) -> tuple[dict[str, KnownHolders], list[Refused]]:
    """All profiles of the files by institution, and what was refused; profile files use our own names."""
    good: list[pa.RecordBatch] = []
    refused: list[Refused] = []
    own = Layout(encoding=layout.encoding, delimiter=layout.delimiter)
    for path in paths:
        for raw in adapter_for(path, None).read(path, own):
            refused += [Refused(institution, path.name, row, reason, None, profile=True) for row, reason in raw.unreadable]
            checked = check_profiles(Mapper(own, None).apply(raw).table)
            refused += [
                Refused(institution, path.name, int(raw.rows[r.row]), r.reason, r.field, profile=True) for r in checked.rejects
            ]
            good.append(checked.good)
    if not good:
        return {}, refused
    batch = pa.Table.from_batches(good).combine_chunks().to_batches()
    if not batch:
        return {}, refused
    whole = batch[0]
    codes = whole.column("institution_code")
    wanted = [code for code in pc.unique(codes).to_pylist() if institution in (None, code)]
    return {code: KnownHolders(whole.filter(pc.equal(codes, code))) for code in wanted}, refused
