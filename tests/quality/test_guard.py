"""No change loses a scheme or accuses somebody new in a small fixed city without saying so."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest

from tests.quality import guard


@pytest.mark.guard
def test_no_scheme_is_lost_and_nobody_new_is_accused(tmp_path: Path) -> None:
    kept, now = json.loads(guard.KEPT.read_text("utf-8")), guard.found(tmp_path)
    assert now["schemes"].keys() == kept["schemes"].keys(), "the simulator gives another city: write the file anew"
    worse = list(guard.losses(kept, now))
    told = "\n".join([*worse, *guard.changes(kept, now)])
    print(told)  # noqa: T201  shown where it fails, and by pytest -s
    assert not worse, f"\n{told}\nIf that is meant, write the file anew: python -m tests.quality.guard"


def test_a_lost_scheme_a_fall_of_category_and_a_new_accusation_are_told_and_gains_are_none() -> None:
    kept = json.loads(guard.KEPT.read_text("utf-8"))
    assert list(guard.losses(kept, kept)) == list(guard.changes(kept, kept)) == []
    worse, better = copy.deepcopy(kept), copy.deepcopy(kept)
    hit = [name for name, one in kept["schemes"].items() if one["category"] == guard.ACCUSED]
    worse["schemes"][hit[0]] |= {"category": "none", "first": ""}
    worse["schemes"][hit[1]]["category"] = "observe"
    worse["accused"]["a:NEW"] = "ordinary"
    assert len(list(guard.losses(kept, worse))) == 3
    better["schemes"][hit[0]]["first"] = "2026-01-01"
    assert not list(guard.losses(kept, better))
    assert len(list(guard.changes(kept, better))) == 1
