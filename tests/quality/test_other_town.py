"""The town of another hand is the same for the same seed, whole, and has what it says that it has."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from tests.quality import other_town

SCHEMES = {
    "daily_returns", "weekly_returns", "monthly_interest", "maturities", "second_bank", "mules", "shells", "pyramid",
    "pension_home", "nothing_back_yet",
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("town")
    other_town.write(folder, 5)
    return folder


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as source:
        return list(csv.DictReader(source))


def test_the_same_seed_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    other_town.write(tmp_path, 5)
    for name in ("movements.csv", "profiles.csv", "labels.csv"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes(), name


def test_each_kind_of_scheme_is_there_twice_and_look_alikes_are_most_of_what_is_labelled(folder: Path) -> None:
    labels = rows(folder / "labels.csv")
    schemes = Counter({one["scheme_id"]: 1 for one in labels if one["label"] == "1"}.keys())
    assert Counter(name.rpartition("-")[0] for name in schemes) == dict.fromkeys(SCHEMES, 2)
    alike = Counter(one["pattern"] for one in labels if one["label"] == "0")
    assert len(alike) >= 16
    assert not SCHEMES & alike.keys()


def test_a_transfer_between_two_banks_is_told_by_both(folder: Path) -> None:
    legs = rows(folder / "movements.csv")
    pair = Counter((one["account_id"], one["counterparty_id"], one["occurred_at"], one["direction"]) for one in legs)
    known = {one["account_id"] for one in legs}
    for account, other, moment, side in list(pair)[:2_000]:
        if other in known:
            assert pair[other, account, moment, "debit" if side == "credit" else "credit"] == pair[account, other, moment, side]


def test_banks_tell_what_they_know_alone(folder: Path) -> None:
    legs = rows(folder / "movements.csv")
    assert not any(one["remark"] or one["channel"] for one in legs if one["institution_code"] == "LANTERN")
    assert not any(one["customer_id"] for one in legs if one["institution_code"] == "KETTLE")
    assert any(one["remark"] for one in legs if one["institution_code"] == "STOVE")
