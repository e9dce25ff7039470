"""The classifier of verdicts is the one that orders best of those compared (docs/decisions/0061)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.quality.cities import run
from tests.quality.verdict_models import cases, compared

pytestmark = pytest.mark.quality


def test_the_logistic_regression_orders_verdicts_best(tmp_path: Path) -> None:
    found = []
    for seed in (31, 32):
        folder = tmp_path / str(seed)
        run("simulate", "--out", str(folder), "--days", "75", "--accounts", "3500", "--schemes", "90", "--seed", str(seed))
        files = ("--movements", str(folder / "movements.csv"), "--profiles", str(folder / "profiles.csv"))
        run("replay", *files, "--flags", str(folder / "flags.jsonl"), "--watchlist", str(folder / "watchlist.jsonl"))
        found += list(cases(folder, seed))
    result = compared(found)
    print({name: round(value, 3) for name, value in result.items()})  # noqa: T201  the figures of the decision
    assert max(result, key=result.__getitem__) == "logistic regression"
    assert result["logistic regression"] > 0.8
