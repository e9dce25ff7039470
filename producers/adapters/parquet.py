"""Parquet with text or typed columns (amounts as int64 ``…_minor``, times as timestamps with a zone)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from contract.errors import ConfigurationError
from producers.layout import Layout
from producers.raw import Raw

NAME = "parquet"
SUFFIXES = (".parquet",)
BLOCK_ROWS = 65_536


def read(path: Path, layout: Layout) -> Iterator[Raw]:  # noqa: ARG001  a layout has nothing to say of Parquet itself
    """Row groups in blocks of bounded size."""
    try:
        file = pq.ParquetFile(path)
    except pa.ArrowException as error:
        raise ConfigurationError(f"{path.name} is no readable Parquet file") from error
    last = 0
    for batch in file.iter_batches(BLOCK_ROWS):
        yield Raw(pa.Table.from_batches([batch]), np.arange(last + 1, last + 1 + batch.num_rows))
        last += batch.num_rows
