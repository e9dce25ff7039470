"""What look-alikes share: an account of their own at some bank, and its label."""

from __future__ import annotations

from typing import Any

from producers.simulate.institutions import some_bank
from producers.simulate.patterns import Label
from producers.simulate.patterns._scheme import Scene


def account_of(scene: Scene, **verified: Any) -> int:
    """Open the look-alike's account; ``verified`` is what its bank has verified: kind, licence, account type, industry."""
    return scene.town.add(scene.rng, institution=some_bank(scene.rng), **verified)


def label(scene: Scene, account: int, name: str) -> list[Label]:
    """Must not be flagged, all the time."""
    return [Label(account, 0, "", name, 0, scene.town.days - 1)]
