"""Measures every model alone and writes docs/models.md; what is in it follows from the models and the measurements alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow.csv as pc
import pytest

from contract.shanghai import day_of
from detector.model_set import MODEL_NAMES
from tests.quality.cities import run
from tests.quality.model_cards import READS, Stand, card, labels_of_city, labels_of_set, measured
from tests.quality.third_parties import LAST_PART

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("FUNDWATCH_SHARED", ROOT.parent / "shared")) / "data"
SEEDS = (311, 312)
SETS = ("amlsim_ibm_sample20k",)
"""Not the two sets of quality.md: whoever works on a model reads its card, and those two are to judge what he made."""
HEAD = """# Models

Written by `make quality`. Every model keeps River's contract (`models/checks.py`) and is calibrated on the stream itself
(`tail_probability`: the share of past account-days that scored less); none accuses. `half_space_trees` and `peer_group`, with
any of River's detectors that is configured in, `new_counterparties` and `new_company` order accounts inside a band (Fisher's
combined tail, `detector/scoring.py`); the others are told in flags and may be learned from verdicts
([decisions/0064-models-of-payments.md](decisions/0064-models-of-payments.md),
[decisions/0066-whom-accounts-newly-meet.md](decisions/0066-whom-accounts-newly-meet.md)). What all of it finds stands in
[quality.md](quality.md). Labels are synthetic and judge only: no model saw one, no threshold follows one. An account's score
is the highest of its account-days.
"""


def _city(folder: Path, seed: int) -> Stand:
    run("simulate", "--out", str(folder), "--days", "90", "--accounts", "3000", "--schemes", "31", "--seed", str(seed))
    files = ("--movements", str(folder / "movements.csv"), "--profiles", str(folder / "profiles.csv"))
    return Stand(f"own city, seed {seed}", "fund-raising schemes, whole time", files, labels_of_city(folder), 0)


def _third_party(name: str) -> Stand:
    data = SHARED / name
    cut = int(np.quantile(pc.read_csv(data / "tx.csv.gz").column("ts").to_numpy(), LAST_PART))
    files = ("--movements", str(data / "tx.csv.gz"), "--mapping", str(ROOT / "docs" / "mappings" / f"{name}.toml"))
    return Stand(name, "laundering patterns, last 40 % of the time", files, labels_of_set(data), int(day_of(1000 * cut)))


def _stands(folder: Path) -> Iterator[Stand]:
    yield from (_city(folder / str(seed), seed) for seed in SEEDS)
    yield from (_third_party(name) for name in SETS)


@pytest.mark.quality
def test_model_cards_are_written_from_measurements(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stands = {f"{stand.name} ({stand.about})": measured(stand, tmp_path / stand.name, monkeypatch) for stand in _stands(tmp_path)}
    lines = [HEAD, *(line for name in MODEL_NAMES for line in card(name, stands))]
    (ROOT / "docs" / "models.md").write_text("\n".join(lines).rstrip("\n") + "\n", encoding="utf-8")
    assert all(0.0 < figures.base < 1.0 for figures in stands.values())


def test_every_model_of_the_detector_has_a_card_that_says_what_it_reads() -> None:
    assert set(READS) == set(MODEL_NAMES)
