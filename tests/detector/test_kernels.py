"""Kernels are compiled once: ahead, for what a shard hands over, and for no mixture of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numba import njit

from contract.movement import MOVEMENT
from detector.block import Block
from detector.features.consume import evaluate_rows
from detector.features.evaluate import look_closer, recall
from detector.features.index import is_crowded, split
from detector.features.jit import inner
from detector.features.tables import mix
from detector.kernels import compile_judging
from detector.large_value_sums import add_sums
from tests.detector.shards import batch_of, movement, new_shard


@pytest.mark.parametrize("order", [None, np.array([2, 0, 1])])
def test_all_columns_of_a_block_are_closed_to_writing(order: object) -> None:
    rows = [movement(f"E{k}", "2026-03-02T09:00", k + 1, counterparty_customer_id=f"c:{k}") for k in range(3)]
    block = Block.of(batch_of(rows, MOVEMENT), order)
    for name, column in (block.columns._asdict() | block.facts._asdict()).items():
        assert not column.flags.writeable, name


def test_what_was_compiled_ahead_is_what_a_shard_calls() -> None:
    compile_judging()
    shard = new_shard()
    for day in ("2026-03-02", "2026-03-03"):
        shard.movements(batch_of([movement(day, f"{day}T09:00", 5)], MOVEMENT))
    kernels: tuple[Any, ...] = (evaluate_rows, look_closer, recall, add_sums)
    for kernel in kernels:
        assert len(kernel.signatures) == 1, kernel


@inner
def _next(number: Any) -> Any:
    return number + 1


@njit
def _calls_next(number: Any) -> Any:
    return _next(number)


def test_what_loops_have_compiled_is_refused_to_python_as_well() -> None:
    assert _calls_next(3) == 4
    dispatcher: Any = _next
    assert dispatcher.signatures
    with pytest.raises(TypeError, match="_next is called by loops alone"):
        _next(3)


@pytest.mark.parametrize(("function", "arguments"), [(mix, 1), (is_crowded, 2), (split, 2)])
def test_what_has_no_way_in_from_python_says_so(function: Any, arguments: int) -> None:
    with pytest.raises(TypeError, match=f"{function.py_func.__name__} is called by loops alone: write a loop"):
        function(*[np.uint64(7)] * arguments)
