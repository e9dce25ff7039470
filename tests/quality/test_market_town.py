"""The market town is the same for the same seed, and has each kind of scheme three times among honest people who are alike."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from tests.quality import market_town, other_town

SCHEMES = {"tea_buy_back", "recruiters", "health_club", "three_firms", "quiet_terms", "three_accounts"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("town")
    market_town.write(folder, 5)
    return folder


def labels_of(folder: Path) -> list[dict[str, str]]:
    with (folder / "labels.csv").open(newline="", encoding="utf-8") as source:
        return list(csv.DictReader(source))


def test_the_same_seed_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    market_town.write(tmp_path, 5)
    for name in ("movements.csv", "profiles.csv", "labels.csv"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes(), name


def test_each_kind_of_scheme_is_there_three_times_and_who_collects_for_others_is_none(folder: Path) -> None:
    labels = labels_of(folder)
    schemes = {one["scheme_id"] for one in labels if one["label"] == "1"}
    assert Counter(name.rpartition("-")[0] for name in schemes) == dict.fromkeys(SCHEMES, 3)
    alike = {one["pattern"] for one in labels if one["label"] == "0"}
    assert {"driving_school", "estate_agents", "couriers", "share_cooperative"} <= alike
    assert not SCHEMES & alike


def test_nobody_of_it_is_of_the_other_town(folder: Path) -> None:
    others = {one["id"] for one in other_town.built(5).accounts}
    assert not others & {one["account_id"] for one in labels_of(folder)}
