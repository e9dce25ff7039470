"""New counterparties against an account's own past, and the company that somebody newly keeps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from models import new_counterparties
from models.new_company import NewCompany
from models.new_counterparties import COMPANY, HALF_LIFE_DAYS, NEW_DAYS, WAYS, NewCounterparties

KNOWN, NEW = 0, 1
LATER = 400


def leg(account: int, day: int, new: int, other: int) -> tuple[int, int, int, int]:
    return account, day, new, other


def settled(*accounts: int, days: int = 300) -> list[tuple[int, int, int, int]]:
    """Accounts that met two others long ago and pay them every tenth day."""
    return [
        leg(account, 100 + day, NEW if day < 20 else KNOWN, 10 * account + day // 10 % 2)
        for day in range(0, days, 10)
        for account in accounts
    ]


def met(account: int, day: int, count: int) -> list[tuple[int, int, int, int]]:
    """So many new counterparties in one day, none of whom has an account here."""
    return [leg(account, day, NEW, 10_000 + 100 * account + k) for k in range(count)]


def last(model: Any, *parts: list[tuple[int, int, int, int]]) -> float:
    return float(model.score_learn_many(np.array([one for part in parts for one in part], np.float64))[-1])


def own(*parts: list[tuple[int, int, int, int]]) -> float:
    return last(NewCounterparties(), *parts)


def company(*parts: list[tuple[int, int, int, int]]) -> float:
    return last(NewCompany(), *parts)


def test_several_new_counterparties_after_a_quiet_year_are_strange_and_the_more_the_stranger() -> None:
    none, one, four = (own(settled(1), met(1, LATER, count) or [leg(1, LATER, KNOWN, 10)]) for count in (0, 1, 4))
    assert none < 0.1 < one < four
    assert four > 0.7


def test_who_always_had_new_counterparties_is_not_strange_for_having_more() -> None:
    shop = [one for day in range(100, LATER, 3) for one in met(1, day, 1)]
    assert own(shop, met(1, LATER, 1)) < 0.1 < own(settled(1), met(1, LATER, 4))


def test_what_was_new_fades() -> None:
    fresh, old = (own(settled(1), met(1, LATER, 4), [leg(1, LATER + wait, KNOWN, 10)]) for wait in (0, 3 * int(HALF_LIFE_DAYS)))
    assert old < fresh / 2


def test_company_is_new_counterparties_that_have_new_ones_themselves() -> None:
    meets_quiet = company(settled(1, 2), [leg(1, LATER, NEW, 2)])
    meets_busy = company(settled(1, 2), met(2, LATER, 4), [leg(1, LATER, NEW, 2)])
    knows_busy = company(settled(1, 2), met(2, LATER, 4), [leg(1, LATER, KNOWN, 2)])
    assert meets_quiet == knows_busy == 0.0 < 0.3 < meets_busy


def test_company_grows_with_what_it_does_afterwards_and_is_forgotten() -> None:
    meets = [leg(1, LATER, NEW, 2)]
    before, after, later = (
        company(settled(1, 2), meets, busy, [leg(1, day, KNOWN, 10)])
        for busy, day in (([], LATER), (met(2, LATER, 4), LATER), (met(2, LATER, 4), LATER + NEW_DAYS + 1))
    )
    assert before == later == 0.0 < after


def test_whom_a_hub_newly_meets_is_no_company_of_its() -> None:
    few, many = (company(settled(1, 2), met(2, LATER, count), [leg(1, LATER, NEW, 2)]) for count in (4, 60))
    assert many < few


def test_the_edge_between_two_does_not_count_as_the_others_company() -> None:
    assert company(settled(1, 2), [leg(2, LATER, NEW, 1)], [leg(1, LATER, NEW, 2)]) == 0.0


def test_the_newest_eight_are_kept() -> None:
    first = company(settled(1, 2), met(2, LATER, 4), [leg(1, LATER, NEW, 2)], met(1, LATER, COMPANY - 1))
    gone = company(settled(1, 2), met(2, LATER, 4), [leg(1, LATER, NEW, 2)], met(1, LATER, COMPANY))
    assert gone == 0.0 < first


def test_what_new_counterparties_are_worth_is_the_share_of_payments_along_known_edges() -> None:
    legs = np.array([leg(1, 100, NEW if k % 4 == 0 else KNOWN, 10 + k) for k in range(4_000)], np.uint64).T
    worth = NewCounterparties().score_learn_legs(legs[0], legs[1].astype(np.int64), legs[2].astype(np.uint8), legs[3])[2]
    assert worth[-1] == pytest.approx(0.75, abs=0.01)


def test_a_full_table_forgets_who_moved_longest_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(new_counterparties, "MOST_BUCKETS", new_counterparties.LEAST_BUCKETS)
    model, room = NewCounterparties(), WAYS * new_counterparties.LEAST_BUCKETS
    model.learn_many(np.array([one for k in range(4 * room) for one in met(1 + k, 100 + k // 50, 3)], np.float64))
    day = 100 + 4 * room // 50
    newest, oldest = model.score_many(np.array([leg(4 * room, day, KNOWN, 5), leg(1, day, KNOWN, 5)], np.float64))
    assert newest > 0.0 == oldest
    assert len(model.state()["keys"]) == room
