"""Ordinary life is not naive: refunds, reversals, families, festivals, outsiders, dollars, trades, links between holders."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from contract.shanghai import day_number
from producers.simulate import books, render
from producers.simulate.city import City, Settings, build
from producers.simulate.days import NEW_YEAR
from producers.simulate.institutions import ELSEWHERE


@pytest.fixture(scope="module")
def city() -> City:
    return build(Settings(days=60, accounts=1500, schemes=0, seed=9))


@pytest.fixture(scope="module")
def movements(city: City) -> pa.Table:
    return render.movements(city)


@pytest.fixture(scope="module")
def profiles(city: City) -> dict[str, list[Any]]:
    columns: dict[str, list[Any]] = books.profiles(city).to_pydict()
    return columns


def test_a_reversal_takes_back_a_movement_of_the_same_account_the_other_way(movements: pa.Table) -> None:
    rows = movements.to_pylist()
    by_reference = {(row["account_id"], row["event_id"]): row for row in rows}
    reversals = [row for row in rows if row["reversal_of"]]
    assert len(reversals) >= 20
    for row in reversals:
        first = by_reference[row["account_id"], row["reversal_of"]]
        assert first["amount"] == row["amount"]
        assert first["direction"] != row["direction"]
        assert first["occurred_at"] <= row["occurred_at"]
        assert first["counterparty_id"] == row["counterparty_id"]


def test_shops_give_money_back_by_card(movements: pa.Table) -> None:
    refunds = movements.filter(pc.and_(pc.equal(movements["batch_code"], "refund"), pc.equal(movements["kind"], "card")))
    assert refunds.num_rows >= 20


def test_red_packets_crowd_on_the_eve(city: City) -> None:
    t = city.transfers
    red = np.char.find(np.array(city.flows.remarks.texts)[t["remark"]].astype(str), "红包") >= 0
    day = (t["ms"][red] + 8 * 3_600_000) // 86_400_000
    eve = day_number(NEW_YEAR[2]) - 1
    assert (day == eve).sum() > 10 * (day == eve - 20).sum() > 0


def test_those_outside_are_seen_from_here_only(city: City, movements: pa.Table) -> None:
    ids = np.array(city.town.account_ids())
    outside = set(ids[np.array(city.town.institution) == ELSEWHERE].tolist())
    assert not outside & set(movements["account_id"].to_pylist())
    assert not outside & set(books.profiles(city)["account_id"].to_pylist())
    others = [one in outside for one in movements["counterparty_id"].to_pylist()]
    assert 0.01 < np.mean(others) < 0.3
    regions = {region[:2] for region in movements["counterparty_region"].to_pylist() if region}
    assert len(regions) >= 15, "they live in many provinces"


def test_money_from_abroad_names_the_country_and_dollars_their_yuan(movements: pa.Table) -> None:
    abroad = movements.filter(pc.is_valid(movements["counterparty_country"]))
    assert abroad.num_rows >= 10
    assert abroad["counterparty_region"].null_count == abroad.num_rows
    foreign = movements.filter(pc.not_equal(movements["currency"], "CNY"))
    assert foreign.num_rows >= 4
    assert foreign["cny_amount"].null_count == foreign["usd_amount"].null_count == 0
    assert movements.num_rows - movements["cny_amount"].null_count == foreign.num_rows


def test_a_trade_is_quantity_times_price_and_debits_are_purchases(movements: pa.Table) -> None:
    trades = movements.filter(pc.equal(movements["kind"], "securities_trade")).to_pylist()
    assert len(trades) >= 20
    for row in trades:
        assert round(float(row["price"]) * int(row["quantity"]), 2) == float(row["amount"])
        assert (row["side"] == "buy") == (row["direction"] == "debit")
        assert row["counterparty_id"] is None


def test_premiums_name_their_policy_on_the_insurers_rows(movements: pa.Table) -> None:
    insurer = movements.filter(pc.equal(movements["institution_type"], "insurance"))
    assert insurer["policy_id"].null_count == 0
    premium = insurer.filter(pc.equal(insurer["kind"], "premium"))
    assert premium["premium_due"].to_pylist() == premium["amount"].to_pylist()
    others = movements.filter(pc.not_equal(movements["institution_type"], "insurance"))
    assert others["policy_id"].null_count == others.num_rows


def test_families_share_an_address_and_some_of_the_elderly_a_childs_phone(city: City) -> None:
    town, people = city.town, city.people
    home = Counter(town.address[k] for k in people.persons)
    assert 0.3 < sum(count > 1 for count in home.values()) / len(home) < 0.95
    assert max(home.values()) <= 12
    shared = [k for k in people.retired if town.phone[k] != town.customer[k]]
    assert 0.03 < len(shared) / len(people.retired) < 0.3


def test_firms_share_representatives_parks_and_bookkeepers(profiles: dict[str, list[Any]]) -> None:
    firms = [k for k, kind in enumerate(profiles["holder_kind"]) if kind in ("company", "sole_trader")]
    for name, most in (("legal_representative_id", 8), ("address_id", 200), ("phone_id", 60)):
        holders: dict[str, set[str]] = {}
        for k in firms:
            if profiles[name][k]:
                holders.setdefault(profiles[name][k], set()).add(profiles["customer_id"][k])
        sizes = [len(one) for one in holders.values()]
        assert 2 <= max(sizes) <= most, name
        assert np.median(sizes) == 1, name


def test_an_institution_that_keeps_no_links_gives_none(profiles: dict[str, list[Any]]) -> None:
    blind = [k for k, code in enumerate(profiles["institution_code"]) if code == "C1443234001"]
    for name in ("legal_representative_id", "address_id", "phone_id", "employer_id", "registered_capital", "business_scope"):
        assert {profiles[name][k] for k in blind} == {None}
        assert any(profiles[name]), name


def test_each_institution_leaves_other_fields_out(movements: pa.Table) -> None:
    given: dict[str, set[str]] = {}
    for code in set(movements["institution_code"].to_pylist()):
        rows = movements.filter(pc.equal(movements["institution_code"], code))
        given[code] = {name for name in rows.column_names if rows[name].null_count < rows.num_rows}
    assert len({frozenset(names) for names in given.values()}) == len(given)
    assert all({"remark", "purpose"} - names for names in given.values()), "what customers write stands in one field"


def test_a_device_is_told_where_the_holder_acts_from_afar(movements: pa.Table) -> None:
    told = movements.filter(pc.is_valid(movements["device_id"]))
    assert set(told["direction"].to_pylist()) == {"debit"}
    assert set(told["channel"].to_pylist()) <= {"mobile", "online", None}
    assert told.num_rows > 1000


def test_others_hand_in_or_fetch_cash_at_the_counter(movements: pa.Table) -> None:
    cash = movements.filter(pc.and_(pc.equal(movements["kind"], "cash"), pc.is_valid(movements["agent_id"])))
    assert cash.num_rows >= 3
    assert len(set(cash["direction"].to_pylist())) == 2
