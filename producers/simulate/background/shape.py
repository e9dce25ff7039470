"""Reads the shape of a third party's transactions by a mapping file: who pays whom, when, how much, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from contract.checks import check_movements
from contract.errors import ConfigurationError
from contract.shanghai import DAY_MS, day_of, day_start_ms
from producers.adapters import adapter_for
from producers.layout import read_layout
from producers.mapping import Mapper

EXTERNAL: Final = -1
"""The side of a transfer that the set holds no account of."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One entry a transfer: account numbers from 0, ``EXTERNAL`` for who is not held; epoch ms; fen."""

    accounts: int
    payer: Any
    payee: Any
    ms: Any
    amount: Any

    @property
    def first_day(self) -> int:
        """Day number of the first transfer."""
        return int(day_of(int(self.ms.min())))

    @property
    def days(self) -> int:
        """Days from the first transfer to the last, both included."""
        return int(day_of(int(self.ms.max()))) - self.first_day + 1

    @property
    def by_the_day(self) -> bool:
        """Whether the set knows days only: every transfer at one time of day."""
        return bool(np.ptp((self.ms - day_start_ms(0)) % DAY_MS) == 0)


def read_shape(path: Path, mapping: Path | None) -> Shape:
    """Read one file; costs about two microseconds a transfer. Labels and all other columns are not looked at.

    Raises ``ConfigurationError`` where the file cannot be read or has no transfer.
    """
    if not path.is_file():
        raise ConfigurationError("there is no file of that name for --background")
    parts = list(_movements(path, mapping))
    if not sum(part.num_rows for part in parts):
        raise ConfigurationError("--background has no movement that could be used")
    table = pa.concat_tables(parts).combine_chunks()
    held = pc.unique(table["account_id"])
    mine, other = (_numbers(table[name], held) for name in ("account_id", "counterparty_id"))
    credit = np.asarray(pc.equal(table["direction"], "credit"))
    # A transfer between two accounts of the set is in it twice: its credit stands for it.
    keep = credit | (other == EXTERNAL)
    return Shape(
        accounts=len(held),
        payer=np.where(credit, other, mine)[keep],
        payee=np.where(credit, mine, other)[keep],
        ms=table["occurred_at"].cast(pa.int64()).to_numpy()[keep],
        amount=table["amount_minor"].to_numpy()[keep],
    )


def _movements(path: Path, mapping: Path | None) -> Iterator[pa.Table]:
    layout = read_layout(mapping)
    mapper = Mapper(layout, None)
    for raw in adapter_for(path, None).read(path, layout):
        if raw.table.num_rows:
            good = check_movements(mapper.apply(raw).table).good
            names = ["account_id", "counterparty_id", "direction", "occurred_at", "amount_minor"]
            yield pa.Table.from_batches([good]).select(names)


def _numbers(names: pa.ChunkedArray, held: pa.Array) -> Any:
    return pc.fill_null(pc.index_in(names, value_set=held), EXTERNAL).to_numpy().astype(np.int64)
