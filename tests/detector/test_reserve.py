"""Pools that grow without a copy: small pages to begin with, large ones beyond."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from detector.features.reserve import reserved

SMAPS = Path("/proc/self/smaps")


def flags_at(address: int) -> list[str]:
    """Flags of the mapping that holds an address."""
    found = False
    for line in SMAPS.read_text().splitlines():
        words = line.split()
        if words[0] == "VmFlags:" and found:
            return words[1:]
        if "-" in words[0] and not words[0].endswith(":"):
            low, high = (int(end, 16) for end in words[0].split("-"))
            found = low <= address < high
    raise LookupError


@pytest.mark.skipif(not SMAPS.exists(), reason="needs Linux's list of mappings")
@pytest.mark.skipif(not Path("/sys/kernel/mm/transparent_hugepage").exists(), reason="this kernel knows no large pages")
def test_a_pool_comes_in_large_pages_beyond_its_first_sixteen_mebibytes() -> None:
    pool = reserved(1 << 24, 1, np.int64)
    begin = pool.__array_interface__["data"][0]
    assert "hg" not in flags_at(begin + (8 << 20))
    assert "hg" in flags_at(begin + (24 << 20))
    pool[-1] = 7
    assert (len(pool), pool[0], pool[-1]) == (1 << 24, 0, 7)


def test_a_kernel_without_large_pages_lends_the_pool_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detector.features.reserve.mmap.MADV_HUGEPAGE", 9999)
    assert len(reserved(1 << 24, 1, np.int64)) == 1 << 24


def test_a_short_pool_is_as_long_as_asked() -> None:
    assert len(reserved(1000, 1, np.int32)) == 1000


def test_where_address_space_is_not_lent_the_least_is_had() -> None:
    assert len(reserved(1 << 60, 5, np.int64)) == 5
