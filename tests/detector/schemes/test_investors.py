"""Who invests in a scheme has friends who do: what he pays in is not their money, and what he has back he does not pay out."""

from __future__ import annotations

from typing import Any

import pytest

from tests.detector.schemes.rings import Town, mule_ring
from tests.detector.schemes.test_schemes import found_in


def a_ring_and(*, brings: tuple[float, ...] = (), has_back: float = 0.0, takes: float = 0.0, gives: float = 0.0) -> set[str]:
    """Members of the scheme in whose hub somebody invests ``brings``; ``takes`` and ``gives`` are between him and friends."""
    town = Town()
    ring = mule_ring(town)
    investor = town.account("investor@B3")
    for k in range(8):
        if takes:
            town.pay(1, f"victim{k}@B{k % 3 + 1}", investor, takes)
        if gives:
            town.pay(32, investor, f"victim{k}@B{k % 3 + 1}", gives)
    for k, yuan in enumerate(brings):
        town.pay(3 + 9 * k, investor, ring[0], yuan)
    for day in (20, 25) if has_back else ():
        town.pay(day, ring[0], investor, has_back / 2)
    a, b = town.people(2, "idle")
    for day in range(36):
        town.pay(day, a, b, 20.0)
    [scheme] = found_in(town).last.values()
    assert {f"a:{name}" for name in ring} <= {one.account_id for one in scheme.members}
    return {one.account_id for one in scheme.members}


@pytest.mark.parametrize(
    ("story", "member"),
    [
        pytest.param({"brings": (9_000.0,), "takes": 2_000.0}, False, id="pays in once what friends brought him"),
        pytest.param({"brings": (9_000.0, 9_000.0), "takes": 2_000.0}, False, id="pays in more than friends brought him"),
        pytest.param({"brings": (7_000.0, 7_000.0), "takes": 2_000.0}, True, id="hands on what they brought"),
        pytest.param(
            {"brings": (50_000.0,), "has_back": 4_000.0, "gives": 600.0}, False, id="pays friends out of what he has back"
        ),
        pytest.param({"has_back": 4_000.0, "gives": 600.0}, True, id="pays out what he was given for it"),
    ],
)
def test_an_investor_is_no_member(story: dict[str, Any], member: bool) -> None:
    assert ("a:investor@B3" in a_ring_and(**story)) == member
