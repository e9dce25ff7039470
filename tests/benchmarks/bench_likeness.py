"""CPU time that the verdicts' word costs a row that is asked for: ``python -m tests.benchmarks.bench_likeness``."""

from __future__ import annotations

import time

import numpy as np

from detector import decision, likeness
from detector.catalogue import load_catalogue
from detector.features.layout import EVALUATION, WINDOW
from detector.findings import EvaluationRows
from detector.model_set import MODEL_NAMES
from models.verdict_learner import VerdictLearner

ROWS = 2_000
VERDICTS = 100
NUMBERS = ("payers", "payees", "credited", "debited", "returned", "movements", "credits")


def main() -> None:
    """Print the least of five runs, all rows asked for, by a learner of some verdicts and the built-in catalogue."""
    catalogue, rng = load_catalogue(), np.random.default_rng(0)
    core = np.zeros(ROWS, EVALUATION)
    for name in NUMBERS:
        core[name] = rng.integers(1, 10_000, ROWS)
    rows = EvaluationRows(core, np.zeros((ROWS, 4), WINDOW))
    spoken = decision.speak(catalogue.typologies, rows)
    learner = VerdictLearner(likeness.names_of(catalogue.typologies, MODEL_NAMES))
    for k in range(VERDICTS):
        learner.learn_one({name: float(rng.random()) for name in learner.names}, is_confirmed=k % 2 == 0)
    scores = rng.random((ROWS, len(MODEL_NAMES))).round(4).tolist()
    code, runs = np.ones(ROWS, np.int8), []
    for _ in range(5):
        began = time.process_time()
        likeness.chances(learner, spoken, rows, code, lambda k: dict(zip(MODEL_NAMES, scores[k], strict=True)))
        runs.append(time.process_time() - began)
    print(f"{min(runs) / ROWS * 1e6:.1f} µs of CPU a row, {len(spoken)} typologies spoken, {len(learner.names)} features")  # noqa: T201


if __name__ == "__main__":
    main()
