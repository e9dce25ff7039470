"""Schemes that dress up as work or trade stay accused, with the whole catalogue at work."""

from __future__ import annotations

import random
from typing import Any, Final

import pytest

from contract.profile import PROFILE
from detector.engine import Shard
from tests.detector.shards import CATALOGUE, INSTITUTION, batch_of, profile
from tests.detector.stories import paid_in, paid_out, told

Rows = list[dict[str, Any]]
PAYERS: Final = 60
SUMS: Final = [random.Random(1).choice([10_000, 20_000, 50_000]) for _ in range(PAYERS)]
PAYDAYS: Final = (31, 61, 91)


def invested(word: str | None = None) -> Rows:
    """One a day brings 10,000, 20,000 or 50,000 yuan to a firm."""
    return [row for p in range(PAYERS) for row in paid_in(p, [p], SUMS[p], remark=word)]


def returned(rate: float = 0.015) -> Rows:
    """Whoever came five days ago and longer is paid by the month."""
    return [row for day in PAYDAYS for p in range(min(day - 5, PAYERS)) for row in paid_out(day, [p], SUMS[p] * rate)]


def earlier(rows: Rows, hours: int) -> Rows:
    return [{**row, "occurred_at": row["occurred_at"] - hours * 3_600_000} for row in rows]


def strangers(count: int, yuan: float) -> Rows:
    """So many others are paid on the mornings of the same days."""
    return earlier([row for day in PAYDAYS for row in paid_out(day, range(1_000, 1_000 + count), yuan)], 7)


def gifts(yuan: float) -> Rows:
    """Two days before each brings his deposit he is given a little."""
    return earlier([row for p in range(PAYERS) for row in paid_out(p, [p], yuan)], 48)


def instalments(payers: int, yuan: float) -> Rows:
    """Each pays a fee in three parts and is paid two per cent of it by the month."""
    brought = [row for p in range(payers) for part in range(3) for row in paid_in(p * 40 // payers + part, [p], yuan)]
    return brought + [
        row for day in PAYDAYS for p in range(payers) if p * 40 // payers < day - 5 for row in paid_out(day, [p], 0.06 * yuan)
    ]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(invested() + returned(), id="nothing besides"),
        pytest.param(invested() + returned() + strangers(65, 1), id="a yuan each to strangers on days of returns"),
        pytest.param(invested() + returned() + strangers(30, 5_000), id="sellers are paid on days of returns"),
        pytest.param(
            invested("投资款") + returned() + gifts(500),
            id="a gift before each deposit that is said to be one",
        ),
        pytest.param(invested() + returned() + gifts(500), id="a gift before each deposit"),
        pytest.param(invested() + returned() + gifts(300) + earlier(gifts(200), 24), id="two gifts"),
        pytest.param(instalments(200, 2_800), id="two hundred pay a fee of no round sum in three parts"),
        pytest.param(instalments(80, 3_388), id="eighty do"),
    ],
)
def test_what_a_scheme_pays_besides_hides_nothing(rows: Rows) -> None:
    shard = Shard(INSTITUTION, 0, CATALOGUE)
    shard.profiles(batch_of([profile("a:1", "company")], PROFILE))
    flags = told(shard, sorted(rows, key=lambda row: row["occurred_at"]))
    assert "illegal_fundraising" in {flag.category for flag in flags}
