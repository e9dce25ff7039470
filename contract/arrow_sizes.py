"""How large an Arrow IPC stream becomes when it is read, told from its messages alone.

A reader decompresses a message as a whole, so a small record could fill the memory before its batches can be
measured. Every compressed buffer states its length in front, and the library refuses one that does not keep to it.
Layouts: Message.fbs of Apache Arrow's format, and the FlatBuffers table encoding.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any, Final

import pyarrow as pa

_DICTIONARY_BATCH, _RECORD_BATCH = 2, 3
_MESSAGE_TYPE, _MESSAGE_HEADER = 1, 2
_BATCH_BUFFERS, _BATCH_COMPRESSION = 2, 3
_DICTIONARY_DATA: Final = 1
_PREFIX: Final = 8
_ALIGNMENT: Final = 8
"""The format wants bodies aligned; the library reads others too, but kernels would be compiled anew for them."""
_AS_IS: Final = -1
"""Stated length of a buffer in a compressed message that was left uncompressed."""


class _Table:
    """One FlatBuffers table of a message's metadata; offsets outside it raise ``struct.error``."""

    def __init__(self, data: memoryview, at: int) -> None:
        self._data = data
        self._at = at
        self._fields = at - self._read("<i", at)

    def _read(self, form: str, at: int) -> int:
        if at < 0:
            raise struct.error("offset before the buffer")
        return int(struct.unpack_from(form, self._data, at)[0])

    def _place(self, field: int) -> int | None:
        slot = 4 + 2 * field
        if slot >= self._read("<H", self._fields):
            return None
        offset = self._read("<H", self._fields + slot)
        return self._at + offset if offset else None

    def has(self, field: int) -> bool:
        return self._place(field) is not None

    def byte(self, field: int) -> int:
        place = self._place(field)
        return 0 if place is None else self._read("<B", place)

    def table(self, field: int) -> _Table | None:
        place = self._place(field)
        return None if place is None else _Table(self._data, place + self._read("<I", place))

    def pairs(self, field: int) -> Iterator[tuple[int, int]]:
        """A vector of structs of two int64."""
        place = self._place(field)
        if place is None:
            return
        start = place + self._read("<I", place)
        count = self._read("<I", start)
        yield from struct.iter_unpack("<qq", self._data[start + 4 : start + 4 + 16 * count])


def _batch(metadata: memoryview) -> _Table | None:
    """The record batch of a message, also of one that holds a dictionary; ``None`` for a schema."""
    message = _Table(metadata, int(struct.unpack_from("<I", metadata, 0)[0]))
    kind, header = message.byte(_MESSAGE_TYPE), message.table(_MESSAGE_HEADER)
    if header is None or kind not in (_DICTIONARY_BATCH, _RECORD_BATCH):
        return None
    return header.table(_DICTIONARY_DATA) if kind == _DICTIONARY_BATCH else header


def _message_size(message: Any) -> int:
    batch = _batch(memoryview(message.metadata))
    if batch is None or message.body is None:
        return 0
    if message.body.address % _ALIGNMENT:
        raise struct.error("a batch that is not aligned")
    body = memoryview(message.body)
    if not batch.has(_BATCH_COMPRESSION):
        return len(body)
    return sum(_stated(body, start, length) for start, length in batch.pairs(_BATCH_BUFFERS) if length >= _PREFIX)


def _stated(body: memoryview, start: int, length: int) -> int:
    if start < 0:
        raise struct.error("offset before the body")
    stated = int(struct.unpack_from("<q", body, start)[0])
    return length if stated == _AS_IS else max(stated, 0)


def decoded_bytes(data: bytes, *, most: int) -> int:
    """Bytes that reading the stream takes, counted no further than beyond ``most``.

    Reads metadata only, nothing is decompressed. Raises ``pa.ArrowInvalid`` or ``struct.error`` for what is no stream,
    and for one whose batches are not aligned.
    """
    size = 0
    for message in pa.ipc.MessageReader.open_stream(pa.py_buffer(data)):
        size += _message_size(message)
        if size > most:
            break
    return size
