"""A text file in blocks of whole lines, optionally gzipped, of bounded size."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from contract.errors import ConfigurationError, DamagedFile

BLOCK_BYTES = 16 * 1024 * 1024
"""Large enough for column-wise work, small enough that three copies of a block do not matter."""


def line_blocks(path: Path) -> Iterator[bytes]:
    """Blocks that end with a line break (one is added to a last line without).

    A line longer than a block makes its block longer. Raises ``ConfigurationError`` for a file that cannot be opened
    and ``DamagedFile`` for one that ends within its compression.
    """
    try:
        stream = pa.input_stream(str(path), compression="gzip" if path.name.endswith(".gz") else None)
    except OSError as error:
        raise ConfigurationError(f"{path.name} cannot be read") from error
    with stream:
        rest = b""
        while block := _read(stream, path):
            cut = block.rfind(b"\n") + 1
            if cut:
                yield b"".join((rest, memoryview(block)[:cut]))
                rest = block[cut:]
            else:
                rest += block
        if rest:
            yield rest + b"\n"


def _read(stream: pa.NativeFile, path: Path) -> bytes:
    try:
        block: bytes = stream.read(BLOCK_BYTES)
    except (OSError, zlib.error) as error:
        raise DamagedFile(f"{path.name} is damaged: what stood before was read, the rest cannot be") from error
    return block
