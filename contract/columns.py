"""Between NumPy arrays and Arrow columns, cheaply for small batches too.

``pa.array`` and Python values given to Arrow functions look for pandas on every call, which cost half of a check of a
thousand rows; so columns are made from buffers here, and the checks hand over Arrow scalars.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def _unpacked(bits: pa.Buffer, column: pa.Array) -> Any:
    """A buffer of bits of a column, one byte a value."""
    first, last = column.offset, column.offset + len(column)
    packed = np.frombuffer(bits, np.uint8, last // 8 + (last % 8 > 0) - first // 8, first // 8)
    return np.unpackbits(packed, count=last - first // 8 * 8, bitorder="little")[first % 8 :]


def bools(mask: pa.Array) -> Any:
    """An Arrow mask without nulls as a NumPy one.

    >>> bools(pa.array([True, False, True]).slice(1)).tolist()
    [False, True]
    """
    return _unpacked(mask.buffers()[1], mask).view(np.bool_) if len(mask) else np.zeros(0, np.bool_)


def absent(column: pa.Array) -> Any:
    """Which values are not there (NumPy bool).

    >>> absent(pa.array(["a", None, "b"]).slice(1)).tolist()
    [True, False]
    """
    if not column.null_count:
        return np.zeros(len(column), np.bool_)
    bits = column.buffers()[0]
    return _unpacked(bits, column) == 0 if bits is not None else np.ones(len(column), np.bool_)


def int64(column: pa.Array) -> Any:
    """The values of an int64 column, no copy; what stands for an absent one means nothing."""
    return np.frombuffer(column.buffers()[1], np.int64, len(column), 8 * column.offset) if len(column) else np.zeros(0, np.int64)


def _bits(mask: Any) -> pa.Buffer:
    return pa.py_buffer(np.packbits(mask, bitorder="little").tobytes())


def mask(rows: Any) -> pa.BooleanArray:
    """A NumPy mask as an Arrow one."""
    return pa.Array.from_buffers(pa.bool_(), len(rows), [None, _bits(rows)])


def integers(values: Any, missing: Any) -> pa.Int64Array:
    """An int64 column of NumPy values; those of ``missing`` rows are absent.

    >>> integers(np.array([1, 2, 3]), np.array([False, True, False])).to_pylist()
    [1, None, 3]
    """
    validity = _bits(~missing) if missing.any() else None
    return pa.Array.from_buffers(pa.int64(), len(values), [validity, pa.py_buffer(np.ascontiguousarray(values, np.int64))])


def without(column: pa.Array, rows: Any) -> pa.Array:
    """The column with the given rows absent."""
    return pc.if_else(mask(rows), pa.scalar(None, column.type), column)
