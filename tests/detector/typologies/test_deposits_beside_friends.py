"""Who brings a tenth of what the others bring is a friend, and makes no twenty-fifth depositor."""

from __future__ import annotations

import pytest

from tests.detector.stories import hear, paid_in
from tests.detector.typologies.test_deposit_taking import NAME, SUMS, brought

BILLS = [row for day in range(9) for row in paid_in(day, range(200, 220), 88)]


@pytest.mark.parametrize(
    ("friend", "fires"),
    [
        pytest.param(1_000, False, id="a tenth of what is typical, less a little"),
        pytest.param(2_000, True, id="a small depositor"),
    ],
)
def test_a_friend_is_no_depositor_beside_savings(friend: float, fires: bool) -> None:
    lent = brought(24, sums=tuple(one + 1_000 for one in SUMS))
    assert hear(NAME, [*lent, *paid_in(3, [300], friend), *BILLS]).fired == fires
