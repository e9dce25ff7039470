"""A block in an order of its own has the columns of the batch put into that order."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from contract.movement import MOVEMENT
from detector.block import Block
from tests.detector.shards import batch_of, movement


def test_columns_facts_and_fields_of_an_ordered_block_are_those_of_the_ordered_batch() -> None:
    rows = [
        movement(f"E{k}" * (1 + k % 3), "2026-03-02T09:00", k + 1, account_id=f"a:{k % 4}", customer_id=f"c:{k % 3}")
        | ({"counterparty_id": f"x:{k}", "remark": "投资款"} if k % 2 else {"kind": "cash", "agent_id": "g:1"})
        | {"institution_type": "securities" if k % 3 else "bank"}
        for k in range(12)
    ]
    batch = batch_of(rows, MOVEMENT)
    order = np.random.default_rng(1).permutation(len(rows))
    ordered, taken = Block.of(batch, order), Block.of(batch.take(pa.array(order)))
    for name, column in taken.columns._asdict().items():
        assert np.array_equal(getattr(ordered.columns, name), column), name
    for name, fact in taken.facts._asdict().items():
        assert np.array_equal(getattr(ordered.facts, name), fact), name
    assert ordered.entries is not None
    assert taken.entries is not None
    assert ordered.entries.at.tolist() == taken.entries.at.tolist()
    assert ordered.entries.records.tolist() == taken.entries.records.tolist()
    assert ordered.entries.ids.to_pylist() == taken.entries.ids.to_pylist()
    for name in ("event_id", "agent_id"):
        assert ordered.column(name, 2, 9).to_pylist() == taken.column(name, 2, 9).to_pylist()
        assert ordered.said(name, 5) == taken.said(name, 5)
