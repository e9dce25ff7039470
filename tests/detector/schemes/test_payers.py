"""Where payers are: each once at every level, ten and more, unknown ones in none."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from contract.scheme import PayerRegion
from detector.schemes.payers import located, payer_regions


def union(*regions: int, payer: bool = True) -> Any:
    count = len(regions)
    return SimpleNamespace(
        region=np.array(regions, np.int32), payer=np.full(count, payer), paid_in=np.arange(1, count + 1, dtype=np.int64) * 100
    )


def test_payers_of_counties_that_have_too_few_count_in_their_city_and_province() -> None:
    spread = union(*[341302] * 6, *[341321] * 4, *[340102] * 12, 0, 0)
    assert located(spread) == 22
    assert payer_regions(spread) == [
        PayerRegion(region="340000", payers=22, absorbed="253.00"),
        PayerRegion(region="340100", payers=12, absorbed="198.00"),
        PayerRegion(region="340102", payers=12, absorbed="198.00"),
        PayerRegion(region="341300", payers=10, absorbed="55.00"),
    ]


def test_nine_are_not_told_and_ten_are() -> None:
    assert payer_regions(union(*[110105] * 9)) == []
    assert {one.payers for one in payer_regions(union(*[110105] * 10))} == {10}


def test_who_only_was_paid_is_no_payer_and_nobody_is_nowhere() -> None:
    assert payer_regions(union(*[110105] * 20, payer=False)) == []
    assert (payer_regions(union()), located(union())) == ([], 0)
