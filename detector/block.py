"""A checked batch with the columns that the loops read: made once, judged in stretches between watermarks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa

from contract.hashing import utf8
from detector.business.intake import Entries, entries_of
from detector.features.columns import Columns
from detector.features.intake import columns_of
from detector.features.pretexts import shared_lexicon
from detector.large_value_facts import facts_of
from detector.large_value_sums import Facts

T = TypeVar("T", Columns, Facts)


@dataclass(frozen=True, slots=True)
class Block:
    """A batch (schema ``MOVEMENT``) as the engine takes it; its rows may belong to several shards, one stretch after another.

    Making one costs some hundred Arrow and NumPy calls whatever its size, so make few and large ones.
    """

    batch: pa.RecordBatch
    order: Any
    """Rows of the batch in the order of the columns below; None where that is its own."""
    columns: Columns
    facts: Facts
    entries: Entries | None

    @classmethod
    def of(cls, batch: pa.RecordBatch, order: Any = None) -> Block:
        """The block of a batch that has at least one row, its rows in ``order`` (int64), which names each once."""
        columns = columns_of(batch, shared_lexicon())
        facts, entries = facts_of(batch, columns.kind, columns.region), entries_of(batch, columns)
        if order is None:
            return cls(batch, None, _sealed(columns), _sealed(facts), entries)
        columns, facts = _ordered(batch, columns, order), Facts(*(column[order] for column in facts))
        return cls(batch, order, _sealed(columns), _sealed(facts), None if entries is None else _placed(entries, order))

    def column(self, name: str, start: int, stop: int) -> pa.Array:
        """A field of the batch for rows ``start`` to ``stop`` of the columns."""
        column = self.batch.column(name)
        return column.slice(start, stop - start) if self.order is None else column.take(pa.array(self.order[start:stop]))

    def event_id(self, row: int) -> str:
        """Event id of the movement in ``row`` of the columns; ids are printable ASCII by the contract."""
        at = self.columns.event_at
        return bytes(self.columns.event_ids[at[row] : at[row + 1]]).decode("ascii")

    def said(self, name: str, row: int) -> Any:
        """What the movement in ``row`` of the columns says in a field, as a Python value."""
        return self.batch.column(name)[row if self.order is None else int(self.order[row])].as_py()

    def __len__(self) -> int:
        return int(self.batch.num_rows)


def _sealed(columns: T) -> T:
    """The same columns, closed to writing.

    Arrow's buffers come so and gathered columns do not: the loops would be compiled anew for each mixture of them.
    """
    for column in columns:
        column.setflags(write=False)
    return columns


def _ordered(batch: pa.RecordBatch, columns: Columns, order: Any) -> Columns:
    """Columns in another order: gathering numbers costs a nanosecond each, the strings of a batch some twenty."""
    wanted = pa.array(order)
    ids = {}
    for name in ("account", "customer", "event"):
        ids[f"{name}_at"], ids[f"{name}_ids"] = utf8(batch.column(f"{name}_id").take(wanted))
    return Columns(**{name: ids[name] if name in ids else column[order] for name, column in columns._asdict().items()})


def _placed(entries: Entries, order: Any) -> Entries:
    """Entries of a batch's rows as those of an order of them."""
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    at = place[entries.at]
    wanted = np.argsort(at)
    return Entries(at[wanted], entries.records[wanted], entries.ids.take(pa.array(wanted)))
