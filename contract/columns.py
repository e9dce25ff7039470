"""Between NumPy arrays and Arrow columns, cheaply for small batches too.

``pa.array`` and Python values given to Arrow functions look for pandas on every call, which cost half of a check of a
thousand rows; so columns are made from buffers here, and the checks hand over Arrow scalars.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def bools(mask: pa.Array) -> Any:
    """An Arrow mask without nulls as a NumPy one."""
    return mask.to_numpy(zero_copy_only=False)


def absent(column: pa.Array) -> Any:
    """Which values are not there (NumPy bool)."""
    return bools(column.is_null()) if column.null_count else np.zeros(len(column), np.bool_)


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
