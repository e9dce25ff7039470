"""CSV, optionally gzipped, in blocks of bounded size; a row with the wrong number of cells is refused alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc

from contract.errors import ConfigurationError, Reason
from producers.layout import Layout
from producers.raw import Raw

NAME = "csv"
SUFFIXES = (".csv",)
BLOCK_BYTES = 16 * 1024 * 1024


def _header(path: Path, layout: Layout) -> list[str]:
    with pa.input_stream(str(path)) as stream:
        line = stream.read(64 * 1024).split(b"\n", 1)[0]
    names = [name.strip().strip('"') for name in line.decode(layout.encoding).lstrip("\ufeff").split(layout.delimiter)]
    if len(set(names)) != len(names):
        raise ConfigurationError(f"{path.name} names a column twice")
    return names


def read(path: Path, layout: Layout) -> Iterator[Raw]:
    """All columns as text; encoding and delimiter from the layout's ``[file]``."""
    names = _header(path, layout)
    refused: list[int] = []

    def skip(row: pc.InvalidRow) -> str:
        refused.append(row.number - 1)  # the header is row 1
        return "skip"

    try:
        reader = pc.open_csv(
            str(path),
            read_options=pc.ReadOptions(use_threads=False, block_size=BLOCK_BYTES, encoding=layout.encoding),
            parse_options=pc.ParseOptions(delimiter=layout.delimiter, invalid_row_handler=skip),
            convert_options=pc.ConvertOptions(column_types={name: pa.string() for name in names}),
        )
    except pa.ArrowInvalid as error:
        raise ConfigurationError(f"{path.name} is no readable CSV file") from error
    last, told = 0, 0
    for batch in reader:
        bad = np.array(refused, np.int64)
        rows = np.setdiff1d(np.arange(last + 1, last + 1 + batch.num_rows + len(bad)), bad)[: batch.num_rows]
        last = int(rows[-1]) if len(rows) else last
        yield Raw(pa.Table.from_batches([batch]), rows, [(row, Reason.WRONG_TYPE) for row in refused[told:]])
        told = len(refused)
    if told < len(refused):
        yield Raw(pa.table({}), np.zeros(0, np.int64), [(row, Reason.WRONG_TYPE) for row in refused[told:]])
