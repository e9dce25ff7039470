"""Ordinary life whose accounts are joined by money as those of one purse are."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.detector.schemes.rings import Town
from tests.detector.schemes.test_purses import accused_in, named, quiet
from tests.detector.schemes.test_schemes import found_in


def leaders(town: Town) -> None:
    """Leaders of group purchases pay one wholesaler, who gives one customer of each money back."""
    wholesaler, driver = town.account("wholesaler@B1"), town.account("driver@B2")
    for n, leader in enumerate(named(town, "leader", 5)):
        for k, customer in enumerate(named(town, f"buyer{n}x", 20)):
            for turn in range(3):
                town.pay(1 + k + 7 * turn, customer, leader, 620.0 + k)
            town.pay(3 + k, leader, wholesaler, 1_300.0)
            town.pay(4 + k, leader, driver, 250.0)
            if k == n:
                town.pay(10 + k, wholesaler, customer, 110.0)


def fleet(town: Town) -> None:
    """Drivers pay rent to the fleet's owner; he and they pay the same mechanics, some of whom they drive."""
    owner, mechanics = town.account("owner@B1"), named(town, "mechanic", 15)
    for n, driver in enumerate(named(town, "driver", 6)):
        for k, rider in enumerate(named(town, f"rider{n}x", 15)):
            town.pay(1 + k, rider, driver, 700.0)
        for k in range(3):
            town.pay(5 + 10 * k, driver, owner, 3_000.0)
            town.pay(9 + 10 * k, mechanics[(n + k) % 15], driver, 520.0)
            town.pay(12 + 8 * k, driver, mechanics[(2 * n + k) % 15], 800.0)
    for k, mechanic in enumerate(mechanics):
        town.pay(20 + k % 9, owner, mechanic, 2_600.0)


def lending_circle(town: Town) -> None:
    """Ten neighbours: each three days all pay the one whose turn it is."""
    ring = named(town, "member", 10)
    for turn, taker in enumerate(ring):
        for k, member in enumerate(ring):
            if member != taker:
                town.pay(1 + 3 * turn, member, taker, 2_000.0 - 20.0 * k)
    for k, friend in enumerate(named(town, "friend", 15)):
        town.pay(2 + k, friend, ring[k % 10], 600.0)
        town.pay(20 + k, ring[(k + 3) % 10], friend, 550.0)


def one_landlord(town: Town) -> None:
    """Workers of one plant: one landlord, one canteen, and colleagues who lend each other before payday."""
    plant, landlord, canteen = (
        town.account("plant@B1", holder_kind="company"),
        town.account("landlord@B2"),
        town.account("canteen@B3"),
    )
    staff = named(town, "worker", 24)
    for k, worker in enumerate(staff):
        for month in (4, 34):
            town.pay(month, plant, worker, 5_200.0 + 10 * k)
            town.pay(month + 1, worker, landlord, 900.0)
        for turn in range(6):
            town.pay(2 + 6 * turn, worker, canteen, 180.0)
        for step in (1, 3, 7):
            other = staff[(k + step) % 24]
            town.pay(8 + step + k % 5, worker, other, 600.0)
            if (k + step) % 3:
                town.pay(22 + step + k % 5, other, worker, 600.0)


def class_money(town: Town) -> None:
    """Two parents keep a class's money: one collects and hands it over twice, the other gives back what is left."""
    first, second, teacher = (town.account(name) for name in ("first@B1", "second@B2", "printer@B3"))
    for k, parent in enumerate(named(town, "parent", 45)):
        town.pay(1 + k % 6, parent, first, 600.0)
        town.pay(36, second, parent, 73.0)
    for day in (8, 15):
        town.pay(day, first, second, 13_000.0)
    for day in (17, 21, 26):
        town.pay(day, second, teacher, 7_000.0)


@pytest.mark.parametrize("life", [leaders, fleet, lending_circle, one_landlord, class_money])
def test_ordinary_life_that_is_joined_in_the_same_way_accuses_nobody(life: Callable[[Town], None]) -> None:
    town = Town()
    life(town)
    assert accused_in(found_in(quiet(town))) == set()


def test_victims_who_are_friends_make_no_purse_with_the_mules_whom_they_pay() -> None:
    """A hundred strangers pay two mules; among them eight who share bills with the same friends."""
    town = Town()
    mules, strangers = named(town, "mule", 2), named(town, "stranger", 100)
    for k, stranger in enumerate(strangers):
        for turn in range(3):
            town.pay(1 + k % 9 + 8 * turn, stranger, mules[k % 2], 2_500.0)
    victims, friends = named(town, "victim", 8), named(town, "friend", 16)
    for k, friend in enumerate(friends):
        for step in (0, 1, 2, 5):
            town.pay(1 + k % 7 + step, friend, victims[(k + step) % 8], 1_600.0 + 10 * k)
            town.pay(12 + k % 7 + step, victims[(k + 3 + step) % 8], friend, 900.0)
    for n, victim in enumerate(victims):
        for turn in range(3):
            town.pay(4 + n % 5 + 7 * turn, victim, mules[0], 2_900.0)
            town.pay(5 + n % 5 + 7 * turn, victim, mules[1], 2_900.0)
    assert accused_in(found_in(quiet(town))) == set()


def test_a_victim_whose_friends_invest_as_well_fills_no_platform() -> None:
    """Eighty pay a platform and have returns of it; one of them has twelve friends, of whom nine are among the others."""
    town = Town()
    platform, second = town.account("platform@B1"), town.account("second@B2", customer_id="c:platform")
    strangers, victim, friends = named(town, "stranger", 70), town.account("victim@B3"), named(town, "mate", 12)
    for k, investor in enumerate([*strangers, *friends[:9], victim]):
        for turn in range(2):
            town.pay(1 + k % 12 + 9 * turn, investor, platform if k % 2 else second, 6_000.0)
            town.pay(5 + k % 12 + 9 * turn, second if k % 2 else platform, investor, 600.0)
    for k, friend in enumerate(friends):
        town.pay(2 + k % 4, friend, victim, 3_000.0 + 10 * k)
    assert "a:victim@B3" not in accused_in(found_in(quiet(town)))
