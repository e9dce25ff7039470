"""Profiles of a bank's accounts: who holds what, and from which movement on a profile acts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from contract.checks import check_profiles
from contract.errors import ConfigurationError, ContractViolation, Reason
from contract.partition import keys_of, partitions_of
from contract.stream import Profiles, Refused
from producers.adapters import adapter_for
from producers.layout import Layout
from producers.refusing import refused, unreadable

_ALWAYS: Final = -(2**62)
_TIME_BITS: Final = 44
"""Milliseconds up to the year 2527; what is outside is taken for the nearest."""


class KnownHolders:
    """One institution's profiles in order of ``updated_at``, with the holder that each account's earliest names.

    A profile reaches the partition of the movements that it acts on: it takes their ``customer_id``. Costs one look-up
    of a block's accounts while profiles wait for their movement.

    Parameters
    ----------
    batch
        Checked profiles (schema ``PROFILE``) of the institution.
    """

    def __init__(self, batch: pa.RecordBatch) -> None:
        stamps = batch.column("updated_at").cast(pa.int64()).fill_null(_ALWAYS).to_numpy(zero_copy_only=False)
        order = np.argsort(stamps, kind="stable")
        batch = batch.take(pa.array(order))
        encoded = batch.column("account_id").dictionary_encode()
        self._accounts = encoded.dictionary
        self._account_of = encoded.indices.to_numpy(zero_copy_only=False)
        # The dictionary lists accounts as they first appear, so first positions are their earliest profiles.
        _, first = np.unique(self._account_of, return_index=True)
        self._first = np.zeros(len(order), np.bool_)
        self._first[first] = True
        self._holders = batch.column("customer_id").take(pa.array(first))
        differs = self._differing(batch)
        self.changed = order[differs]
        """Rows of the batch given whose ``customer_id`` is not the earliest profile's; they are not sent."""
        self._batch = batch
        self._stamps = stamps[order]
        nobody = batch.column("customer_id").is_null().to_numpy(zero_copy_only=False)
        self._later = np.flatnonzero(~self._first & ~differs)
        self._unplaced = np.flatnonzero(self._first & nobody)

    def _differing(self, batch: pa.RecordBatch) -> Any:
        own = batch.column("customer_id")
        same = pc.fill_null(pc.equal(own, self._holders.take(pa.array(self._account_of))), False)
        return pc.and_(pc.is_valid(own), pc.invert(same)).to_numpy(zero_copy_only=False)

    def first(self, institution: str, partitions: int) -> Iterator[Profiles]:
        """Every account's earliest profile, by partition; they act from the start."""
        batch = self._batch.filter(pa.array(self._first))
        places = partitions_of(keys_of(batch), partitions)
        for place in np.unique(places):
            rows = np.flatnonzero(places == place)
            yield Profiles(institution, int(place), batch.take(pa.array(rows)))

    @property
    def accounts(self) -> pa.Array:
        """Every account that a profile names, once."""
        return self._accounts

    @property
    def first_holders(self) -> pa.Array:
        """Beside ``accounts``: the holder by the account's earliest profile, null where it names none."""
        return self._holders

    @property
    def waits(self) -> bool:
        """Whether any profile still waits for the movement that it acts before."""
        return bool(len(self._later) or len(self._unplaced))

    def due(self, batch: pa.RecordBatch) -> list[tuple[int, int]]:
        """(row of ``batch``, profile) pairs: profiles that act before that row, each given once, in row order.

        These are the later ones, and the earliest of accounts whose holder only the movements name.
        """
        found: list[tuple[int, int]] = []
        named = batch.column("customer_id").is_valid().to_numpy(zero_copy_only=False)
        if named.any() and len(self._unplaced):
            pairs = self._first_rows(batch, self._unplaced, named)
            self._unplaced = np.setdiff1d(self._unplaced, [profile for _, profile in pairs])
            found += pairs
        if len(self._later):
            pairs = self._first_rows(batch, self._later, np.ones(batch.num_rows, np.bool_))
            self._later = np.setdiff1d(self._later, [profile for _, profile in pairs])
            found += pairs
        return sorted(found)

    def _first_rows(self, batch: pa.RecordBatch, profiles: Any, usable: Any) -> list[tuple[int, int]]:
        """The first usable row of each profile's account that is not before its ``updated_at``."""
        times = _clipped(batch.column("occurred_at").cast(pa.int64()).to_numpy(zero_copy_only=False))
        profiles = profiles[_clipped(self._stamps[profiles]) <= times.max()]
        if not len(profiles):
            return []
        wanted = np.unique(self._account_of[profiles])
        names = self._accounts.take(pa.array(wanted))
        rank = pc.index_in(batch.column("account_id"), value_set=names).fill_null(-1).to_numpy(zero_copy_only=False)
        rows = np.flatnonzero((rank >= 0) & usable)
        rows = rows[np.argsort(rank[rows], kind="stable")]
        # The newest time so far of each account, accounts one after another: sorted, so that a search finds the row.
        newest = np.maximum.accumulate((rank[rows].astype(np.int64) << _TIME_BITS) + times[rows])
        ranks = np.searchsorted(wanted, self._account_of[profiles])
        place = np.searchsorted(newest, (ranks.astype(np.int64) << _TIME_BITS) + _clipped(self._stamps[profiles]))
        found = place < len(rows)
        found[found] = rank[rows[place[found]]] == ranks[found]
        return [(int(row), int(profile)) for row, profile in zip(rows[place[found]], profiles[found], strict=True)]

    def profile(self, at: int, customer: str | None) -> pa.RecordBatch:
        """One profile as a batch, under the holder of the movement that it acts on."""
        batch = self._batch.slice(at, 1)
        return batch.set_column(
            batch.schema.get_field_index("customer_id"),
            batch.schema.field("customer_id"),
            pa.array([customer], pa.string()),
        )


def _clipped(times: Any) -> Any:
    return np.clip(times, 0, (1 << _TIME_BITS) - 1)


def read_holders(paths: Sequence[Path], layout: Layout, institution: str | None) -> tuple[dict[str, KnownHolders], list[Refused]]:
    """All profiles of the files by institution, and what was refused; profile files use our own names."""
    own = Layout(encoding=layout.encoding, delimiter=layout.delimiter)
    good: list[pa.RecordBatch] = []
    places: list[tuple[str, int]] = []
    bad: list[Refused] = []
    for path in paths:
        for raw in adapter_for(path, None).read(path, own):
            bad += unreadable(raw, path.name, institution, profile=True)
            try:
                checked = check_profiles(raw.table)
            except ContractViolation as error:
                message = f"{path.name}: the column for '{error.field}' has a type that cannot be read"
                raise ConfigurationError(message) from error
            bad += refused(raw, raw.table, checked.rejects, path.name, institution, profile=True)
            good.append(checked.good)
            places += [(path.name, int(raw.rows[row])) for row in checked.rows]
    known: dict[str, KnownHolders] = {}
    whole = pa.Table.from_batches(good).combine_chunks().to_batches() if good else []
    for batch in whole:
        codes = batch.column("institution_code")
        for code in (code for code in pc.unique(codes).to_pylist() if institution in (None, code)):
            rows = np.flatnonzero(pc.equal(codes, code).to_numpy(zero_copy_only=False))
            known[code] = KnownHolders(batch.take(pa.array(rows)))
            for name, row in (places[rows[at]] for at in known[code].changed):
                bad.append(Refused(code, name, row, Reason.CUSTOMER_CHANGED, "customer_id", profile=True))
    return known, bad
