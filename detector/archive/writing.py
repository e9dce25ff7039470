"""Writes one archive file: rows ordered by account, bytes that depend on nothing but the rows and their positions."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from contract.archive.columns import ALWAYS, FORMAT
from contract.archive.listing import Archive
from contract.archive.names import ArchiveFile, ArchiveShelf, digest_of
from contract.errors import ArchiveUnavailable
from contract.stores import reason

ROW_GROUP_ROWS: Final = 16_384
"""The least that is read of a file for one account: smaller groups make longer footers, larger ones longer reads."""


def write(
    archive: Archive, shelf: ArchiveShelf, positions: tuple[int, int], table: pa.Table, *, begins: bool, kept: bool = False
) -> ArchiveFile:
    """Write the rows of a range of positions (schema ``ARCHIVE``, any order) and return the file.

    It is on disk, or taken by the object store, when this returns. ``begins`` tells that nothing stood before it.
    Raises ``ArchiveUnavailable``.
    """
    data = encoded(table, shelf, positions, begins=begins)
    first, stop = positions
    file = ArchiveFile(shelf, first, stop, table.num_rows, len(data), digest_of(data), kept)
    try:
        if not _is_there(archive, file):
            _put(archive, file, data)
    except OSError as error:
        raise ArchiveUnavailable(f"the archive cannot be written ({reason(error)})") from error
    return file


def encoded(table: pa.Table, shelf: ArchiveShelf, positions: tuple[int, int], *, begins: bool) -> bytes:
    """The bytes of a file; the same for the same rows and positions in one release of the Parquet writer."""
    table = table.take(pa.array(account_order(table))).combine_chunks()
    table = table.select([n for n in table.column_names if n in ALWAYS or table.column(n).null_count < table.num_rows])
    table = table.replace_schema_metadata(
        {
            "fundwatch.archive": FORMAT,
            "fundwatch.topic": shelf.topic,
            "fundwatch.partition": str(shelf.partition),
            "fundwatch.positions": f"{positions[0]}-{positions[1]}",
            "fundwatch.begins": str(int(begins)),
        }
    )
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, row_group_size=ROW_GROUP_ROWS, compression="zstd", write_page_index=True)
    return bytes(sink.getvalue())


def account_order(table: pa.Table) -> Any:
    """Row numbers in the order (``account_id``, ``log_offset``, ``log_row``); rows without an account come first."""
    accounts = table.column("account_id").combine_chunks().dictionary_encode()
    ranks = np.empty(len(accounts.dictionary), np.int64)
    ranks[pc.sort_indices(accounts.dictionary).to_numpy()] = np.arange(len(ranks))
    codes = pc.fill_null(accounts.indices, -1).to_numpy(zero_copy_only=False)
    by_account = np.where(codes < 0, -1, ranks[codes]) if len(ranks) else codes
    rows, offsets = (table.column(name).to_numpy() for name in ("log_row", "log_offset"))
    return np.lexsort((rows, offsets, by_account))


def _is_there(archive: Archive, file: ArchiveFile) -> bool:
    """Whether the same file was written before, sound: a crash may have left its name with other bytes."""
    path = f"{archive.root}/{file.path}"
    if archive.files.get_file_info(path).size != file.size:
        return False
    with archive.files.open_input_file(path) as source:
        return digest_of(source.read()) == file.digest


def _put(archive: Archive, file: ArchiveFile, data: bytes) -> None:
    path = f"{archive.root}/{file.path}"
    if not archive.is_local:
        archive.files.create_dir(f"{archive.root}/{file.shelf.folder}", recursive=True)
        with archive.files.open_output_stream(path) as sink:
            sink.write(data)
        return
    _make(Path(path).parent)
    with Path(path).open("wb") as sink:
        sink.write(data)
        sink.flush()
        os.fsync(sink.fileno())
    _sync(Path(path).parent)


def _make(folder: Path) -> None:
    """Make a folder and those above it; names must outlast a power cut as contents do."""
    if not folder.is_dir():
        _make(folder.parent)
        folder.mkdir(exist_ok=True)
        _sync(folder.parent)


def _sync(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
