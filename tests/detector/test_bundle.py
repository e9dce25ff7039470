"""A model bundle: a young shard that starts from one scores as its teacher would; what is none is refused in one line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from contract.errors import ConfigurationError
from detector import bundle
from detector.catalogue import ModelRules, load_catalogue
from detector.model_set import MODEL_NAMES
from detector.scoring import Scoring
from tests.detector.command_line import run, written
from tests.detector.stories import paid_in, wire
from tests.detector.test_scoring import WARM, moments, usual

RULES = ModelRules()


def taught() -> Scoring:
    """Models that have learned enough to score."""
    scoring = Scoring(RULES)
    scoring.score(moments(np.arange(WARM) % 100), *usual(WARM))
    return scoring


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A bundle of taught models, and a configuration that names it."""
    bundle.write(tmp_path / "models.npz", RULES, taught().models.learned())
    (tmp_path / "c.toml").write_text('[models]\nbundle = "models.npz"\n')
    return tmp_path / "models.npz"


def test_a_young_shard_scores_as_its_teacher_would(file: Path) -> None:
    young, teacher = Scoring(RULES, bundle=bundle.read(file, RULES)), taught()
    at, new = moments(np.arange(50)), usual(50, 3)
    assert np.array_equal(young.score(at, *new), teacher.score(at, *new))
    assert not np.array_equal(Scoring(RULES).score(at, *new), teacher.score(at, *new))


def test_what_was_learned_of_an_account_stays_behind() -> None:
    learned = taught().models.learned()
    assert {name.partition(".")[0] for name in learned} == {"trees", "peers", *(f"tail{k}" for k in range(len(MODEL_NAMES)))}


def test_the_same_models_give_the_same_file(file: Path, tmp_path: Path) -> None:
    bundle.write(tmp_path / "again.npz", RULES, taught().models.learned())
    assert (tmp_path / "again.npz").read_bytes() == file.read_bytes()


def test_flags_follow_the_bundle_so_the_catalogues_name_does(file: Path) -> None:
    assert load_catalogue(file.parent / "c.toml").name != load_catalogue().name


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        pytest.param(lambda data: data[:200], "cannot be read", id="cut off"),
        pytest.param(lambda _: b"nothing", "cannot be read", id="no bundle"),
        pytest.param(lambda _: b"", "cannot be read", id="empty"),
    ],
)
def test_what_is_no_bundle_is_refused(file: Path, damage: Any, named: str) -> None:
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(ConfigurationError, match=named):
        load_catalogue(file.parent / "c.toml")


@pytest.mark.parametrize("text", ['[models]\nbundle = "none.npz"\n', "[models]\nbundle = 3\n"])
def test_a_bundle_that_is_not_there_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text(text)
    with pytest.raises(ConfigurationError, match="bundle"):
        load_catalogue(tmp_path / "c.toml")


def test_a_bundle_of_other_settings_is_refused(file: Path) -> None:
    (file.parent / "c.toml").write_text('[models]\nbundle = "models.npz"\nheight = 7\n')
    with pytest.raises(ConfigurationError, match="settings"):
        load_catalogue(file.parent / "c.toml")


def test_replay_writes_one_that_the_next_replay_starts_from(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    movements = written(tmp_path / "m.jsonl", [wire(row) for day in range(8) for row in paid_in(day, range(30), 500)])
    out = ("--movements", movements, "--flags", tmp_path / "f.jsonl")
    assert run(capsys, "replay", *out, "--bundle", tmp_path / "models.npz").code == 0
    (tmp_path / "c.toml").write_text('[models]\nbundle = "models.npz"\n')
    assert run(capsys, "replay", *out, "--config", tmp_path / "c.toml").code == 0
