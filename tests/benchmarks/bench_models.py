"""Half-space trees beside River's, 25 trees of height 8, 16 features, both after three windows, in one process."""

from __future__ import annotations

import time

import click
import numpy as np
from river import anomaly

from models import HalfSpaceTrees

ARGUMENTS = {"n_trees": 25, "height": 8, "window_size": 250, "seed": 7}
NAMES = [f"f{k:02d}" for k in range(16)]
WARM, ROWS, RIVER_ROWS = 750, 50_000, 1_500


def main() -> None:
    """Print events a second, scored and learned, and the ratio."""
    rows = np.random.default_rng(0).random((ROWS, len(NAMES)))
    ours, river = HalfSpaceTrees(**ARGUMENTS, feature_names=NAMES), anomaly.HalfSpaceTrees(**ARGUMENTS)
    ours.learn_many(rows[:WARM])
    for row in rows[:WARM]:
        river.learn_one(dict(zip(NAMES, map(float, row), strict=True)))
    started = time.perf_counter()
    for row in rows[:RIVER_ROWS]:
        x = dict(zip(NAMES, map(float, row), strict=True))
        river.score_one(x)
        river.learn_one(x)
    theirs = RIVER_ROWS / (time.perf_counter() - started)
    started = time.perf_counter()
    ours.score_learn_many(rows)
    mine = ROWS / (time.perf_counter() - started)
    click.echo("| model | events/s | ratio |\n|---|---|---|")
    click.echo(f"| River | {theirs:,.0f} | 1 |\n| models.HalfSpaceTrees | {mine:,.0f} | {mine / theirs:.0f} |")


if __name__ == "__main__":
    main()
