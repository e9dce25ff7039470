"""Drift of a score stream is River's ADWIN at work, without all that River's package loads beside it."""

from __future__ import annotations

import subprocess
import sys

import numpy as np

from models.drift import CHUNK, DriftWatch

ALONE = """
import sys
import numpy as np
from models.drift import DriftWatch

watch = DriftWatch(["a"])
watch.learn_many(np.zeros((2048, 1)))
again = DriftWatch(["a"])
again.restore(watch.state())
print(sorted({"sklearn", "scipy.stats"} & set(sys.modules)))
from river.drift import ADWIN

print(type(watch._adwins[0]) is ADWIN, again.drifts["a"])
"""


def _stream() -> np.ndarray:
    rng = np.random.default_rng(3)
    return np.concatenate([rng.uniform(0.0, 0.2, 400 * CHUNK), rng.uniform(0.6, 0.8, 400 * CHUNK)])


def test_drifts_are_those_of_rivers_adwin_on_the_means() -> None:
    from river.drift import ADWIN

    scores, theirs, expected = _stream(), ADWIN(), 0
    for mean in scores.reshape(-1, CHUNK).mean(axis=1):
        theirs.update(float(mean))
        expected += theirs.drift_detected
    rows = np.column_stack([scores, np.full_like(scores, 0.5)])
    watch = DriftWatch(["shifts", "stays"])
    watch.learn_many(rows[:1000])
    restored = DriftWatch(["shifts", "stays"])
    restored.restore(watch.state())
    restored.learn_many(rows[1000:])
    assert expected > 0
    assert restored.drifts == {"shifts": expected, "stays": 0}


def test_neither_learning_nor_restoring_loads_more_of_river_and_the_package_agrees_afterwards() -> None:
    done = subprocess.run([sys.executable, "-c", ALONE], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["[]", "True 0"]
