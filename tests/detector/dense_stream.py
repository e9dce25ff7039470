"""A dense log of several institutions: hundreds of accounts that collect and pay back, late, reversed, repeated; from a seed."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Final

import numpy as np
import pyarrow as pa

from contract.movement import MOVEMENT
from contract.partition import keys_of, partitions_of
from contract.profile import PROFILE
from contract.shanghai import day_of, parse_ms
from contract.stream import Item, Movements, Profiles, WatermarkItem
from detector.catalogue import ModelRules, load_catalogue
from tests.detector.shards import batch_of

START: Final = parse_ms("2026-03-09T00:00:00+08:00")
DAY_MS: Final = 86_400_000
EPOCH: Final = date(1970, 1, 1).toordinal()
SILENT_DAYS: Final = 3
"""Days after the last movement that the last watermark closes."""
CATALOGUE: Final = dataclasses.replace(load_catalogue(), models=ModelRules(n_trees=5, height=4, window_size=300))
"""The built-in catalogue with models that are warm after three hundred account-days."""
INSTITUTIONS: Final = ("B1", "B2", "P1")


@dataclass(frozen=True, slots=True)
class Log:
    """What one partition of one institution holds, in order: profiles, then batches, watermarks and newer profiles."""

    institution: str
    partition: int
    entries: tuple[pa.RecordBatch | int, ...]

    @property
    def movements(self) -> pa.RecordBatch:
        """All movements in one batch, as if no watermark stood between them."""
        batches = [one for one in self.entries if isinstance(one, pa.RecordBatch) and one.schema == MOVEMENT]
        return pa.Table.from_batches(batches).combine_chunks().to_batches()[0]


def _account(institution: str, k: int, rng: np.random.Generator) -> Iterator[dict[str, Any]]:
    """One account's life: payers, payouts to some of them, days that pass through, now and then much cash."""
    account, payers = f"a:{institution}.{k}", int(rng.integers(9, 26))
    unit, rate = float(rng.choice([1_280.5, 5_000, 10_000])), float(rng.choice([0.01, 0.02, 0.37]))
    said = str(rng.choice(["投资款", "货款", "复投"])) if rng.random() < 0.7 else None
    first = int(rng.integers(0, 8))

    def row(name: str, day: int, yuan: float, direction: str, other: int | None, **fields: Any) -> dict[str, Any]:
        return {
            "event_id": f"{account}-{name}", "institution_code": institution, "institution_type": "bank", "account_id": account,
            "branch_region": "341302", "direction": direction, "currency": "CNY", "kind": "transfer",
            "occurred_at": START + day * DAY_MS + int(rng.integers(0, DAY_MS)), "amount_minor": round(100 * yuan),
            "counterparty_id": None if other is None else f"a:x{other}", "counterparty_region": "110101", **fields,
        }  # fmt: skip

    for p in range(payers):
        other = None if rng.random() < 0.05 else 1_000 * k + p
        yield row(f"in{p}", first + p % 5, unit * int(rng.integers(1, 4)), "credit", other, remark=said)
    for p in range(0, payers, 2 if k % 3 == 0 else 1):
        yield row(f"out{p}", first + 6 + p % 4, unit * rate, "debit", 1_000 * k + p, remark="返利" if p % 2 else None)
    for day in range(first, first + 10) if k % 4 == 0 else ():
        yield row(f"pass-in{day}", day, 60_000, "credit", 7, counterparty_kind="company")
        yield row(f"pass-out{day}", day, 59_000, "debit", 8, counterparty_kind="company")
    if k % 5 == 0:
        yield row("cash", first + 3, 70_000, "credit", None, kind="cash")
    if k % 7 == 0:
        yield row("back", first + 9, unit, "debit", 1_000 * k, reversal_of=f"{account}-in0")


def _profiles(institution: str, accounts: int) -> list[dict[str, Any]]:
    kinds, types = ("person", "company", None), (None, None, None, "payroll")
    return [
        {
            "account_id": f"a:{institution}.{k}", "institution_code": institution, "institution_type": "bank",
            "holder_kind": kinds[k % 3], "account_type": types[k % 4],
        }
        for k in range(accounts)
    ]  # fmt: skip


def _later(profiles: list[dict[str, Any]], at: int, number: int) -> pa.RecordBatch:
    """What became of some accounts by a time: some are closed, others their holders use for something else."""
    closed, used = {"closed_on": date.fromordinal(EPOCH + int(day_of(at))), "updated_at": at}, ("current", "payroll", "merchant")
    rows = [{**one, **closed, "account_type": used[number % 3]} for k, one in enumerate(profiles) if (k + number) % 4 == 0]
    return batch_of(rows, PROFILE)


def _in_order_of_arrival(rows: list[dict[str, Any]], rng: np.random.Generator) -> list[dict[str, Any]]:
    """By time, but one in twenty up to two days late."""
    late = np.where(rng.random(len(rows)) < 0.05, rng.integers(0, 2 * DAY_MS, len(rows)), 0)
    return [rows[k] for k in np.argsort(np.array([row["occurred_at"] for row in rows]) + late, kind="stable")]


def _segments(batch: pa.RecordBatch) -> Iterator[tuple[pa.RecordBatch, int]]:
    """The batch cut where its newest time passes a midnight, each with the watermark that follows it."""
    newest = np.maximum.accumulate(batch.column("occurred_at").cast(pa.int64()).to_numpy())
    days = (newest - START) // DAY_MS
    cuts = [0, *(np.flatnonzero(np.diff(days)) + 1).tolist(), len(days)]
    for start, stop in pairwise(cuts):
        following = days[stop] if stop < len(days) else days[-1] + SILENT_DAYS
        yield batch.slice(start, stop - start), int(START + following * DAY_MS)


def _of_partition(batch: pa.RecordBatch, partition: int, partitions: int) -> pa.RecordBatch:
    return batch.filter(pa.array(partitions_of(keys_of(batch), partitions) == partition))


def in_partitions(
    institution: str, rows: list[dict[str, Any]], profiles: list[dict[str, Any]], partitions: int, rng: np.random.Generator
) -> list[Log]:
    """The rows of one institution in order of arrival, cut by day, its profiles before them."""
    segments = list(_segments(batch_of(_in_order_of_arrival(rows, rng), MOVEMENT)))
    known, made = batch_of(profiles, PROFILE), []
    for partition in range(partitions):
        entries: list[pa.RecordBatch | int] = [_of_partition(known, partition, partitions)]
        for number, (segment, watermark) in enumerate(segments):
            entries += [_of_partition(segment, partition, partitions), watermark]
            if number % 3 == 2:
                entries.append(_of_partition(_later(profiles, watermark, number), partition, partitions))
        made.append(Log(institution, partition, tuple(entries)))
    return made


def logs(accounts: int, partitions: int = 1, seed: int = 1) -> list[Log]:
    """Logs of every partition of every institution; the same movements in the same order whatever the partitions."""
    made = []
    for number, institution in enumerate(INSTITUTIONS):
        rng = np.random.default_rng([seed, number])
        rows = [row for k in range(accounts) for row in _account(institution, k, rng)]
        made += in_partitions(institution, rows, _profiles(institution, accounts), partitions, rng)
    return made


def items(log: Log) -> Iterator[Item]:
    """The log as a replay reads it."""
    for entry in log.entries:
        if isinstance(entry, int):
            yield WatermarkItem(log.institution, entry)
        elif entry.schema == PROFILE:
            yield Profiles(log.institution, log.partition, entry)
        elif entry.num_rows:
            yield Movements(log.institution, log.partition, entry, None, 0, entry.num_rows, np.arange(1, entry.num_rows + 1))
