"""A checked batch with the columns that the loops read: made once, judged in stretches between watermarks."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from detector.business.intake import Entries, entries_of
from detector.features.columns import Columns
from detector.features.intake import columns_of
from detector.features.lexicon import shared_lexicon
from detector.large_value_facts import facts_of
from detector.large_value_sums import Facts


@dataclass(frozen=True, slots=True)
class Block:
    """A batch (schema ``MOVEMENT``, one institution) as the engine takes it; its rows may belong to several shards.

    Making one costs some hundred Arrow and NumPy calls whatever its size, so make few and large ones.
    """

    batch: pa.RecordBatch
    columns: Columns
    facts: Facts
    entries: Entries | None

    @classmethod
    def of(cls, batch: pa.RecordBatch, institution: str) -> Block:
        """The block of a batch that has at least one row."""
        columns = columns_of(batch, shared_lexicon())
        facts = facts_of(batch, institution, columns.kind, columns.region)
        return cls(batch, columns, facts, entries_of(batch, columns))

    def __len__(self) -> int:
        return int(self.batch.num_rows)
