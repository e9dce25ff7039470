"""Lists on pages whatever kind of flag stands in them."""

from __future__ import annotations

import pytest

from tests.api.console.test_ledger_pages import Person
from tests.api.flags import flag
from tests.api.world import World


@pytest.mark.parametrize(
    "path", ["/console/overview", "/console/flags", "/console/ledger", "/console/reports", "/console/coverage"]
)
def test_a_flag_that_measures_nothing_but_a_sum_breaks_no_page(world: World, path: str) -> None:
    world.store([flag("sum", category="large_value", measures={"sum": "900000.00", "count": 2}, due_on="2026-03-09")])
    world.store([flag("nothing", measures={}, findings=[], severity=None)])
    for name, role in (("li", "analyst"), ("zhao", "viewer")):
        answer = Person(world, name, role).get(path)
        assert answer.status_code == 200
