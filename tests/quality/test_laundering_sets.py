"""The sets that the order of accounts is chosen on: made alike from the same seed, every kind as published."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from tests.quality.laundering_sets import KINDS, edges_of, neighbours, planted

MEMBERS = list(range(9))


@pytest.mark.parametrize("kind", KINDS)
def test_a_scheme_is_among_its_members_and_its_steps_are_in_order(kind: str) -> None:
    edges = edges_of(kind, MEMBERS, np.random.default_rng(1))
    assert {end for payer, payee, _ in edges for end in (payer, payee)} <= set(MEMBERS)
    assert all(payer != payee for payer, payee, _ in edges)
    assert [step for _, _, step in edges] == sorted(step for _, _, step in edges)


@pytest.mark.parametrize(
    ("kind", "most_in", "most_out"),
    [("fan_in", 8, 1), ("fan_out", 1, 8), ("cycle", 1, 1), ("scatter_gather", 7, 7), ("gather_scatter", 4, 4)],
)
def test_money_meets_and_parts_where_the_kind_says(kind: str, most_in: int, most_out: int) -> None:
    edges = edges_of(kind, MEMBERS, np.random.default_rng(1))
    assert max(Counter(payee for _, payee, _ in edges).values()) == most_in
    assert max(Counter(payer for payer, _, _ in edges).values()) == most_out


def test_a_seed_makes_the_same_set_and_marks_all_who_take_part() -> None:
    def made() -> tuple[object, ...]:
        rng = np.random.default_rng(3)
        life = neighbours(rng, accounts=400, days=60)
        return life, *planted(rng, life, 0.1, high=True)

    life, schemes, members = made()
    assert (life, schemes, members) == made()
    assert isinstance(schemes, list)
    assert isinstance(members, set)
    assert {end for one in schemes for end in (one.payer, one.payee)} == members
    assert len(members) >= 40
