"""What judges, compiled ahead: ``python -m detector.kernels`` beside a first replay, which compiles what books.

A fresh machine compiles for more than a minute. Neither half needs the other, so two cores take both at once.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa

from contract.flag import Engine
from contract.movement import MOVEMENT
from detector.block import Block
from detector.catalogue import Catalogue, load_catalogue
from detector.engine import rules_of
from detector.features import memory as mem
from detector.features.buffer import buffer
from detector.features.consume import evaluate_rows
from detector.features.evaluate import look_closer, recall
from detector.features.layout import CAUSE_DAY
from detector.features.model_inputs import FEATURES, OWN_HISTORY
from detector.large_value import LargeValueLines
from detector.legs import LEG_MODELS
from detector.model_set import ModelSet

_MOVEMENT: Final = {
    "institution_type": "bank",
    "account_id": "a",
    "event_id": "e",
    "direction": "credit",
    "currency": "CNY",
    "kind": "transfer",
}


def compile_judging() -> None:
    """Run what judges over nobody, so that Numba compiles it into its cache: 30 CPU-seconds cold, a second else."""
    catalogue = load_catalogue()
    rules, memory, nobody, out = rules_of(catalogue), mem.empty(), np.zeros(0, np.int32), buffer()
    evaluate_rows(memory, nobody, 0, -1, CAUSE_DAY, rules, out)
    look_closer(memory, nobody.astype(np.int64), rules, out)
    recall(memory, nobody.astype(np.int64), out)
    _sum_nothing(catalogue)
    _teach_nothing(catalogue)


def _sum_nothing(catalogue: Catalogue) -> None:
    row = {name: _MOVEMENT.get(name) for name in MOVEMENT.names} | {"occurred_at": 0, "amount_minor": 0}
    block = Block.of(pa.RecordBatch.from_pylist([row], schema=MOVEMENT))
    lines = LargeValueLines("", Engine(version="", catalogue=""), catalogue.calendar, lateness_days=0)
    lines.add(block, 0, 0, np.zeros(1, np.uint8), mem.empty())


def _teach_nothing(catalogue: Catalogue) -> None:
    rows = catalogue.models.window_size + 1
    features, own = np.zeros((rows, len(FEATURES))), np.zeros((rows, len(OWN_HISTORY)))
    legs, worth = np.zeros((rows, len(LEG_MODELS))), np.zeros(rows)
    ModelSet(catalogue.models).score_learn(features, own, np.zeros(rows, np.int8), legs, worth)


if __name__ == "__main__":
    compile_judging()
