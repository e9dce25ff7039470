"""Evidence held until all files are read: a file's rows come institution by institution, days apart."""

from __future__ import annotations

import struct
import tempfile
from collections.abc import Iterator
from typing import IO, Final

from contract import evidence
from contract.evidence import Record

IN_MEMORY: Final = 256 * 1024 * 1024
"""Bytes before a file without a name takes them."""
_LENGTH: Final = struct.Struct("<I")


class HeldEvidence:
    """Records in the order in which they were told, as on the wire; beyond ``IN_MEMORY`` bytes on disk."""

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None
        self._shards: set[tuple[str, int]] = set()

    @property
    def shards(self) -> list[tuple[str, int]]:
        """Institution and partition of all that was ever held."""
        return sorted(self._shards)

    def add(self, record: Record) -> None:
        """Hold one more."""
        self._shards.add((record.institution_code, record.partition))
        if self._file is None:
            self._file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - open until it is let go
        data = evidence.encode(record)
        self._file.write(_LENGTH.pack(len(data)) + data)

    def let_go(self) -> Iterator[Record]:
        """All that is held, once; then nothing is held."""
        told, self._file = self._file, None
        if told is None:
            return
        with told:
            told.seek(0)
            while head := told.read(_LENGTH.size):
                yield evidence.decode(told.read(_LENGTH.unpack(head)[0]))
