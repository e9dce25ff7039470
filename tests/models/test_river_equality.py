"""Fifty thousand rows beside River at the size that the detector runs: equal to the last bit, whatever the pieces."""

from __future__ import annotations

import numpy as np
import pytest
from river import anomaly

from models import HalfSpaceTrees

ARGUMENTS = {"n_trees": 25, "height": 8, "window_size": 250, "seed": 42}
NAMES = [f"f{k:02d}" for k in range(12)]
ROWS, WARM = 50_000, 3 * ARGUMENTS["window_size"]


def rows_of(rng: np.random.Generator) -> np.ndarray:
    """Clusters that move, values beyond the limits, and one value in fifty that is not a number."""
    centre = np.cumsum(rng.normal(0, 0.002, (WARM + ROWS, len(NAMES))), axis=0) + 0.5
    rows: np.ndarray = centre + rng.normal(0, 0.2, centre.shape)
    rows[rng.random(rows.shape) < 0.02] = np.nan
    return rows


@pytest.mark.benchmark
def test_fifty_thousand_rows_after_warm_up_score_as_in_river_to_the_last_bit() -> None:
    rng = np.random.default_rng(2026)
    rows = rows_of(rng)
    river, theirs = anomaly.HalfSpaceTrees(**ARGUMENTS), np.empty(len(rows))
    for k, row in enumerate(rows):
        x = dict(zip(NAMES, row.tolist(), strict=True))
        theirs[k] = river.score_one(x)
        river.learn_one(x)
    ours, scores, at = HalfSpaceTrees(**ARGUMENTS, feature_names=NAMES), [], 0
    while at < len(rows):
        step = int(rng.choice([1, 7, 100, 997, 4_096]))
        scores.append(ours.score_learn_many(rows[at : at + step]))
        at += step
    mine = np.concatenate(scores)
    assert np.array_equal(mine[WARM:], theirs[WARM:])
    assert np.array_equal(mine[:WARM], theirs[:WARM])
    assert len(np.unique(mine)) > 1_000, "a constant would prove nothing"
