"""What a shard's memory may cost by account, day and counterparty, on the fixed load, and whether it tells the truth of it."""

from __future__ import annotations

import ctypes
import resource
from typing import Any

import numpy as np
import pytest

from detector.features import memory as mem
from detector.features.index import SEGMENTS, SLOTS
from tests.benchmarks.state_bytes import BOUNDS, bound, bytes_by_kind, held
from tests.benchmarks.state_load import Load, Run

PAGE = resource.getpagesize()


@pytest.fixture(scope="module")
def memory() -> mem.Memory:
    run = Run()
    # An index has whole segments: of fewer accounts they weigh more.
    for columns in Load(8_000).batches(90):
        run.feed(columns)
    return run.memory


def test_the_load_is_what_it_says(memory: mem.Memory) -> None:
    moved = memory.accounts["movements"][: memory.counters[mem.ACCOUNTS]]
    assert moved.mean() == pytest.approx(60, rel=0.1)
    assert np.median(moved) == pytest.approx(20, rel=0.1)


def test_accounts_days_and_counterparties_stay_below_their_bounds_and_all_together_too(memory: mem.Memory) -> None:
    told = bytes_by_kind(memory)
    assert told["day"] <= BOUNDS["day"]
    assert told["counterparty"] <= BOUNDS["counterparty"]
    assert told["account"] <= BOUNDS["account"]
    assert mem.nbytes(memory) - told["window"] <= bound(memory)


@pytest.fixture(scope="module")
def aged() -> mem.Memory:
    run = Run()
    for columns in Load(2_000).batches(460):
        run.feed(columns)
    return run.memory


def test_older_weeks_stay_below_their_bound_and_the_space_of_idle_counterparties_comes_back(aged: mem.Memory) -> None:
    told, has = bytes_by_kind(aged), held(aged)
    assert has.weeks > 20 * has.accounts
    assert told["week"] <= BOUNDS["week"]
    assert told["day"] <= BOUNDS["day"]
    assert has.pairs - has.counterparties < has.counterparties / 10
    # Without eviction all that ever were would stand.
    assert int(aged.accounts["met"][: has.accounts].sum()) > 1.1 * aged.counters[mem.PAIRS]
    # An index has whole segments, which weigh more of so few accounts; the rest is within what the bounds allow.
    assert mem.nbytes(aged) - told["window"] <= bound(aged)


def touched(array: Any, size: int) -> int:
    """Bytes of the pages of the first ``2 * size`` bytes of an array that are in memory."""
    start = array.ctypes.data // PAGE * PAGE
    length = min(2 * size, array.nbytes) + array.ctypes.data - start
    pages = (ctypes.c_ubyte * (-(-length // PAGE)))()
    assert ctypes.CDLL(None, use_errno=True).mincore(ctypes.c_void_p(start), ctypes.c_size_t(length), pages) == 0
    return PAGE * int(np.ctypeslib.as_array(pages).astype(np.int64).sum())


def test_the_bytes_told_are_those_in_memory_within_a_tenth(memory: mem.Memory) -> None:
    in_memory = sum(touched(getattr(memory, name), part.nbytes) for name, part in mem.used(memory).items() if part.nbytes)
    for index in (memory.account_index, memory.pair_index, memory.seen_index):
        slots = SLOTS * int(index.meta[SEGMENTS])
        in_memory += touched(index.marks, slots) + (touched(index.rows, 4 * slots) if len(index.rows) else 0)
    assert mem.nbytes(memory) == pytest.approx(in_memory, rel=0.1)
