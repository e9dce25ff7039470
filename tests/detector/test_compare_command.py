"""``fundwatch compare``: what a stricter configuration gains and a looser one loses, by name."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.detector.command_line import Ended, refused, run, written
from tests.detector.stories import paid_in, paid_out, wire

Capsys = pytest.CaptureFixture[str]
TODAY = ""
WITHOUT = 'off = ["fundraising_remarks", "payees_were_payers", "return_rate_lattice", "periodic_returns"]\n'


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """Forty payers of 10,000 with words of a scheme, thirty of them paid 3 % of it a month later, and again."""
    rows = [row for day in range(4) for row in paid_in(day, range(10 * day, 10 * day + 10), 10_000, remark="投资款")]
    rows += [row for day in (34, 64) for row in paid_out(day, range(30), 300)]
    made = {"movements": written(tmp_path / "movements.jsonl", [wire(row) for row in rows])}
    for name, text in (("today", TODAY), ("stricter", TODAY), ("without", WITHOUT)):
        made[name] = tmp_path / f"{name}.toml"
        made[name].write_text(text)
    made["labels"] = tmp_path / "labels.csv"
    with made["labels"].open("w", newline="") as sink:
        csv.writer(sink).writerows([("account_id", "label", "scheme_id", "pattern"), ("a:1", 1, "S1", "P02")])
    return made


def compared(capsys: Capsys, files: dict[str, Path], base: str, changed: str, *more: object) -> Ended:
    """The command over the story's movements."""
    return run(capsys, "compare", files[base], files[changed], "--movements", files["movements"], *more)


def test_a_configuration_against_itself_changes_nothing(files: dict[str, Path], capsys: Capsys) -> None:
    result = compared(capsys, files, "today", "today", "--json").summary
    assert result["base"] == result["changed"]
    assert sum(result["base"].values()) == 1
    assert (result["gained"]["accounts"], result["lost"]["accounts"]) == (0, 0)


def test_what_is_switched_off_is_lost_and_named(files: dict[str, Path], capsys: Capsys) -> None:
    result = compared(capsys, files, "today", "without", "--json", "--labels", files["labels"]).summary
    lost = result["lost"]
    assert (lost["accounts"], result["gained"]["accounts"]) == (1, 0)
    assert set(lost["by_typology"]) & {"fundraising_remarks@1", "payees_were_payers@1"}
    assert list(lost["by_pattern"]) in (["P02"], ["unlabelled"])
    assert compared(capsys, files, "without", "today", "--json").summary["gained"]["accounts"] == 1


def test_every_account_that_differs_is_written(files: dict[str, Path], tmp_path: Path, capsys: Capsys) -> None:
    ended = compared(capsys, files, "today", "without", "--out", tmp_path / "out.jsonl")
    (one,) = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert (one["base"], ended.code) == ("illegal_fundraising", 0)
    assert one["account_id"] in ended.out


@pytest.mark.parametrize("missing", ["today", "stricter"])
def test_a_configuration_that_cannot_be_read_is_named(files: dict[str, Path], missing: str, capsys: Capsys) -> None:
    files[missing].write_text("[nothing\n")
    refused(compared(capsys, files, "today", "stricter"), files[missing].name)
