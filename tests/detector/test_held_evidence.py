"""Evidence held while files are read."""

from __future__ import annotations

import pytest

from detector import held_evidence
from detector.held_evidence import HeldEvidence
from tests.contract.test_evidence import RECORDS, evidence


def test_all_that_is_held_comes_once_and_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held_evidence, "IN_MEMORY", 100)
    held = HeldEvidence()
    for record in RECORDS:
        held.add(record)
    assert held.shards == [("B1", 0), ("B1", 2)]
    assert list(held.let_go()) == RECORDS
    assert list(held.let_go()) == []
    held.add(evidence("a:9"))
    assert [one.as_of for one in held.let_go()] == [20_000]  # type: ignore[union-attr]
