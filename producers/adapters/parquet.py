"""Parquet with text or typed columns (amounts as int64 ``…_minor``, decimals or text, times as timestamps with a zone)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from contract.errors import ConfigurationError, DamagedFile
from producers.layout import Layout
from producers.raw import Raw

NAME = "parquet"
SUFFIXES = (".parquet",)
BLOCK_ROWS = 65_536


def read(path: Path, layout: Layout) -> Iterator[Raw]:
    """Row groups in blocks of bounded size, the columns that are needed; rows count from 1."""
    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowException, OSError) as error:
        raise ConfigurationError(f"{path.name} is no readable Parquet file") from error
    with file:
        names = [name for name in file.schema_arrow.names if name in layout.needed]
        if not names:
            wanted = "that the mapping names" if not layout.is_own else "of ours: give --mapping"
            raise ConfigurationError(f"{path.name} has no column {wanted}")
        last = 0
        try:
            for batch in file.iter_batches(BLOCK_ROWS, columns=names):
                yield Raw(_plain(batch), np.arange(last + 1, last + 1 + batch.num_rows))
                last += batch.num_rows
        except (pa.ArrowException, OSError) as error:
            raise DamagedFile(f"{path.name} is damaged after row {last}") from error


def _plain(batch: pa.RecordBatch) -> pa.Table:
    """The batch with decimals as their digits, which is how amounts are checked."""
    table = pa.Table.from_batches([batch])
    for place, column in enumerate(table.schema):
        if pa.types.is_decimal(column.type):
            table = table.set_column(place, column.name, table.column(place).cast(pa.string()))
    return table
