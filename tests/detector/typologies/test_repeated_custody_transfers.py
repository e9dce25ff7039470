"""Repeated custody transfers: one fund's shares go from custodian to custodian."""

from __future__ import annotations

from typing import Any

import pytest

from tests.detector.business_stories import Rows, conduct, traded

NAME = "repeated_custody_transfers"


def moved(day: int, fund: str = "160001", **fields: Any) -> Rows:
    """Shares of a fund to another custodian."""
    said = {"kind": "other", "side": None, "instrument_code": fund, "remark": "转托管"}
    return traded(day, 60_000, **said | fields)


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(moved(0) + moved(9) + moved(29), True, id="three within thirty days"),
        pytest.param(moved(0) + moved(9) + moved(30), False, id="three within thirty-one"),
        pytest.param(moved(0) + moved(9), False, id="two"),
        pytest.param([r for k in range(9) for r in moved(0, f"16000{k}")], False, id="a firm's new system moves all once"),
        pytest.param([r for d in (0, 3, 6) for r in moved(d, remark="继承过户")], False, id="an inheritance"),
        pytest.param([r for d in (0, 3, 6) for r in traded(d, 60_000)], False, id="trades"),
    ],
)
def test_one_security_moves_again_and_again(rows: Rows, fires: bool) -> None:
    assert conduct(NAME, rows).fired == fires


def test_it_says_how_often() -> None:
    rows = [row for day in range(0, 15, 3) for row in moved(day)]
    finding = conduct(NAME, rows).finding
    assert finding is not None
    assert (finding.value, finding.threshold) == (5, 3)
    assert finding.strength >= 0.8
    assert "5次" in finding.zh
    assert "5 times" in finding.en
    assert set(finding.evidence) == {row["event_id"] for row in rows}


FIRES = moved(0) + moved(9) + moved(29)
"""A story on which the typology fires, told again as wire JSON."""
ABOUT = {"institution_type": "securities", "holder_kind": "person"}
"""What the firm knows of the account in that story."""
