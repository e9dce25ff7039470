"""The city as a whole: the same from the same seed, true to the contract, conserving money, with an ordinary life's shape."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from contract.checks import check_movements, check_profiles
from contract.errors import ConfigurationError
from contract.movement import INSTITUTION_TYPES
from contract.shanghai import DAY_MS, date_of, day_of, day_start_ms
from producers.simulate import books, render
from producers.simulate.city import City, Settings, build
from producers.simulate.days import Days
from producers.simulate.flows import NOBODY
from producers.simulate.institutions import BANKS, ELSEWHERE, INSTITUTIONS
from producers.simulate.settle import settle
from producers.simulate.town import COMPANY, PERSON, Town

SETTINGS = Settings(days=60, accounts=900, schemes=9, seed=5)


@pytest.fixture(scope="module")
def city() -> City:
    return build(SETTINGS)


@pytest.fixture(scope="module")
def movements(city: City) -> pa.Table:
    return render.movements(city)


def test_the_same_seed_gives_the_same_city_and_another_seed_another(city: City, movements: pa.Table) -> None:
    again = build(SETTINGS)
    assert render.movements(again).equals(movements)
    assert books.profiles(again).equals(books.profiles(city))
    assert books.labels(again).equals(books.labels(city))
    other = render.movements(build(Settings(days=60, accounts=900, schemes=9, seed=6)))
    assert not set(other["account_id"].to_pylist()) & set(movements["account_id"].to_pylist())


def test_batches_without_files_are_the_files_rows(movements: pa.Table) -> None:
    batches = list(render.simulate(SETTINGS, rows=10_000))
    assert max(batch.num_rows for batch in batches) <= 10_000
    assert pa.Table.from_batches(batches).equals(movements)


def test_the_contract_accepts_every_movement_and_profile_as_it_is(city: City, movements: pa.Table) -> None:
    profiles = books.profiles(city)
    for checked, rows in (
        (check_movements(movements), movements.num_rows),
        (check_profiles(profiles), profiles.num_rows),
    ):
        assert checked.rejects == []
        assert checked.degraded == {}
        assert checked.good.num_rows == rows


def test_movements_come_in_order_of_time_with_references_of_their_own(movements: pa.Table) -> None:
    times = movements["occurred_at"].to_numpy()
    assert (times[:-1] <= times[1:]).all()
    assert pc.count_distinct(movements["event_id"]).as_py() == movements.num_rows


def test_all_four_types_of_institution_report_the_accounts_that_they_hold(movements: pa.Table) -> None:
    assert set(movements["institution_type"].to_pylist()) == set(INSTITUTION_TYPES)
    held = movements.group_by("account_id").aggregate(
        [("institution_code", "count_distinct"), ("branch_region", "count_distinct")]
    )
    assert set(held["institution_code_count_distinct"].to_pylist()) == {1}
    assert set(held["branch_region_count_distinct"].to_pylist()) == {1}
    assert {"341371", "341372", "340102"} <= set(movements["branch_region"].to_pylist())


def _legs(movements: pa.Table, direction: str, mine: str, others: str) -> Counter[Any]:
    """Transfers between two accounts as (payer, payee, amount, time), seen from the side of ``direction``."""
    legs = movements.filter(pc.and_(pc.equal(movements["direction"], direction), pc.is_valid(movements["counterparty_id"])))
    return Counter(zip(*(legs[name].to_pylist() for name in (mine, others, "amount", "occurred_at")), strict=True))


def test_money_between_simulated_accounts_is_conserved_leg_by_leg(city: City, movements: pa.Table) -> None:
    reported = pc.is_in(movements["counterparty_id"], value_set=movements["account_id"].combine_chunks())
    inside = movements.filter(reported)
    debits = _legs(inside, "debit", "account_id", "counterparty_id")
    credits_ = _legs(inside, "credit", "counterparty_id", "account_id")
    assert debits == credits_
    held = np.array([code != ELSEWHERE for code in city.town.institution])
    both = (city.transfers["payer"] != NOBODY) & (city.transfers["payee"] != NOBODY)
    both &= held[city.transfers["payer"]] & held[city.transfers["payee"]]
    assert debits.total() == both.sum() > 5_000


def test_balances_follow_the_movements_and_never_fall_below_zero(movements: pa.Table) -> None:
    given = movements.filter(pc.is_valid(movements["balance_after"]))
    cents = {name: pc.cast(given[name], pa.decimal128(18, 2)).to_numpy() * 100 for name in ("amount", "balance_after")}
    account = given["account_id"].combine_chunks().dictionary_encode().indices.to_numpy()
    signed = np.where(given["direction"].to_numpy() == "credit", 1, -1) * cents["amount"].astype(np.int64)
    balance = cents["balance_after"].astype(np.int64)
    order = np.argsort(account, kind="stable")
    same = np.diff(account[order]) == 0
    assert (np.diff(balance[order])[same] == signed[order][1:][same]).all()
    assert balance.min() >= 0
    assert set(given["institution_code"].to_pylist()) < set(movements["institution_code"].to_pylist()), "some give no balances"


def test_nothing_happens_on_an_account_before_it_is_opened(city: City) -> None:
    t, opened = city.transfers, np.array(city.town.opened)
    for side in ("payer", "payee"):
        held = t[side] != NOBODY
        assert (day_of(t["ms"][held]) >= opened[t[side][held]]).all()
    meanwhile = set(np.flatnonzero(opened > city.town.first_day).tolist())
    labelled = {one.account for one in city.labels}
    assert len(meanwhile - labelled) > len(meanwhile & labelled) > 0, "ordinary accounts open in the simulated time as well"


def test_closed_accounts_are_emptied_on_their_last_day_and_rest(city: City) -> None:
    t, closed = city.transfers, np.array(city.town.closed)
    for side in ("payer", "payee"):
        held = t[side] != NOBODY
        assert (day_of(t["ms"][held]) <= closed[t[side][held]]).all()
    profiles = books.profiles(city)
    ended = profiles.filter(pc.is_valid(profiles["closed_on"]))
    assert ended.num_rows >= 3
    texts = np.array(city.flows.remarks.texts)[t["remark"]]
    assert set(np.array(city.town.account_ids())[t["payer"][texts == "销户"]]) == set(ended["account_id"].to_pylist())
    assert {date.isoformat() for date in map(date_of, closed[closed < city.town.first_day + 60])} == set(
        ended["closed_on"].to_pylist()
    )


def test_most_accounts_do_little_and_a_few_do_much() -> None:
    city = build(Settings(days=90, accounts=1500, schemes=4, seed=8))
    sides = np.concatenate([city.transfers["payer"], city.transfers["payee"]])
    counts = np.bincount(sides[sides != NOBODY], minlength=len(city.town))
    assert 15 <= np.median(counts) <= 40
    assert 1.5 * np.median(counts) <= counts.mean() <= 90
    assert counts.max() > 50 * counts.mean(), "a payment institution settles for a whole city"


def test_companies_trade_on_working_days_and_people_shop_at_weekends(city: City) -> None:
    t, kind = city.transfers, np.array(city.town.kind)
    held = (t["payer"] != NOBODY) & (t["payee"] != NOBODY)
    weekend = (day_of(t["ms"]) + 3) % 7 >= 5
    between_companies = held & (kind[t["payer"]] == COMPANY) & (kind[t["payee"]] == COMPANY) & (t["kind"] == 0)
    by_card = t["channel"] == 5
    assert weekend[between_companies].mean() < 0.1
    assert 2 / 7 < weekend[by_card].mean() < 0.45


def test_the_spring_festival_stops_work_and_starts_gifts() -> None:
    days = Days(SETTINGS.start, 60)
    work, home = (np.bincount(days.draw(np.random.default_rng(1), 60_000, doing), minlength=60) for doing in ("work", "home"))
    eve = 42  # 16 February 2026, with the first simulated day being 5 January
    assert work[eve : eve + 7].mean() < 0.1 * work.mean()
    assert home[eve : eve + 7].mean() > 1.3 * home.mean()


def test_more_schemes_leave_ordinary_life_as_it_was(city: City) -> None:
    """Every ordinary transfer between accounts that nobody planted anything on is the same in a city without schemes."""
    quiet = build(Settings(days=60, accounts=900, schemes=0, seed=5))
    planted = {one.account for one in [*city.labels, *quiet.labels]} | city.people.organisers | quiet.people.organisers
    settled = Town(5, SETTINGS.start, 60)
    settle(settled, 900)
    planted |= set(range(len(settled), len(city.town)))

    def ordinary(one: City) -> set[tuple[int, ...]]:
        t = one.transfers
        texts = np.array([hash(text) for text in one.flows.remarks.texts])[t["remark"]]
        rows = np.stack([t["ms"], t["payer"], t["payee"], t["amount"], texts], axis=1)
        keep = ~np.isin(t["payer"], list(planted)) & ~np.isin(t["payee"], list(planted))
        return set(map(tuple, rows[keep].tolist()))

    assert ordinary(city) == ordinary(quiet)


def test_organisers_and_payers_hold_accounts_at_several_banks() -> None:
    city = build(Settings(days=60, accounts=1500, schemes=30, seed=2))
    at = np.array(city.town.institution)
    organisers = [one.account for one in city.labels if one.label and at[one.account] in BANKS]
    assert len({at[k] for k in organisers}) == len(BANKS)
    payers = city.transfers["payer"][np.isin(city.transfers["payee"], organisers)]
    assert {at[k] for k in payers if k != NOBODY and city.town.kind[k] == PERSON} >= set(BANKS)


def test_some_institutions_give_less_than_others() -> None:
    for name in ("gives_customer", "gives_balance", "gives_channel", "knows_kind", "knows_region", "knows_ages"):
        assert {getattr(one, name) for one in INSTITUTIONS} == {True, False}, name


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        pytest.param({"days": 19}, "--days", id="too-short-to-see-a-scheme"),
        pytest.param({"accounts": 299}, "--accounts", id="too-few-accounts"),
        pytest.param({"schemes": 251}, "--schemes", id="more-schemes-than-a-city-bears"),
        pytest.param({"schemes": -1}, "--schemes", id="negative-schemes"),
        pytest.param({"seed": -1}, "--seed", id="negative-seed"),
    ],
)
def test_settings_out_of_range_are_refused_by_name(fields: dict[str, int], named: str) -> None:
    with pytest.raises(ConfigurationError, match=named):
        Settings(**fields)  # type: ignore[arg-type]  # the table's fields are all numbers


def test_the_simulated_days_begin_and_end_at_midnight_of_shanghai(city: City) -> None:
    ms, first = city.transfers["ms"], day_start_ms(city.town.first_day)
    assert first <= ms.min() < first + DAY_MS
    assert first + 59 * DAY_MS <= ms.max() < first + 60 * DAY_MS
