"""Who organises a scheme, who lends an account to it, and who is drawn in: people who live ordinary lives besides."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from producers.simulate.patterns._scene import Scene
from producers.simulate.town import NEVER

OPENED_FOR_IT: Final = 0.35
"""Share of schemes that collect on an account opened not long before."""

LARGEST_FIRMS: Final = 10
"""One in so many companies is too large an employer to be one person's front."""


def organiser(scene: Scene, *, company: bool, start: int, industries: tuple[str, ...] = (), fresh: float = OPENED_FOR_IT) -> int:
    """An account of somebody who lives an ordinary life as well; a share ``fresh`` was opened shortly before ``start``."""
    town, people, rng = scene.town, scene.people, scene.rng
    if company:
        able = people.companies[len(people.companies) // LARGEST_FIRMS :]
        suited = np.array([k for k in able if town.industry[k] in industries], np.int64)
        able = suited if len(suited) else able
    else:
        able = people.persons[(people.age >= 28) & (people.age <= 60)]
    account = int(rng.choice(_free(scene, able)))
    people.organisers.add(account)
    _open(scene, account, start, fresh)
    return account


def recruits(scene: Scene, count: int, start: int, *, company: bool = False, fresh: float = OPENED_FOR_IT) -> Any:
    """Holders who let a scheme use their account."""
    people, rng = scene.people, scene.rng
    able = _free(scene, people.companies if company else people.persons[(people.age >= 18) & (people.age <= 70)])
    chosen = rng.choice(able, min(count, max(1, len(able) // 2)), replace=False)
    for account in chosen.tolist():
        people.organisers.add(account)
        _open(scene, account, start, fresh)
    return chosen


def _free(scene: Scene, accounts: Any) -> Any:
    """Accounts that stay open and that no scheme uses yet; in a city that is used up, any."""
    lasting = np.array(scene.town.closed)[accounts] == NEVER
    free = accounts[lasting & ~np.isin(accounts, list(scene.people.organisers))]
    return free if len(free) else accounts


def _open(scene: Scene, account: int, start: int, fresh: float) -> None:
    town, rng = scene.town, scene.rng
    begins = town.first_day + start
    new = begins - int(rng.integers(0, 40))
    town.opened[account] = new if rng.random() < fresh else min(town.opened[account], begins)


def payers(
    scene: Scene,
    ours: Any,
    start: int,
    count: int,
    *,
    elderly: float = 6.0,
    outside: float = 0.0,
    ages: tuple[int, int] = (50, 75),
) -> Any:
    """Persons who can be drawn in at ``start`` at all banks: those of certain ``ages`` are ``elderly`` times as likely.

    A share ``outside`` banks where nothing is reported.
    """
    town, people, rng = scene.town, scene.people, scene.rng
    opened = np.array(town.opened)[people.persons]
    able = (opened <= town.first_day + start) & (np.array(town.closed)[people.persons] == NEVER) & ~np.isin(people.persons, ours)
    age = people.age[able]
    weights = np.where((age >= ages[0]) & (age <= ages[1]), elderly, np.where(age < 18, 0.1, 1.0))
    far = min(int(count * outside), len(people.outsiders))
    near = rng.choice(people.persons[able], min(count - far, len(age) // 3), replace=False, p=weights / weights.sum())
    return rng.permutation(np.concatenate([near, rng.choice(people.outsiders, far, replace=False)]))


def some_of(scene: Scene, accounts: Any, ours: Any, start: int, count: int) -> Any:
    """Up to ``count`` of the accounts that are open at ``start``, at most two thirds of them."""
    opened = np.array(scene.town.opened)[accounts]
    able = accounts[
        (opened <= scene.town.first_day + start) & (np.array(scene.town.closed)[accounts] == NEVER) & ~np.isin(accounts, ours)
    ]
    return scene.rng.choice(able, max(1, min(count, len(able) * 2 // 3)), replace=False)
