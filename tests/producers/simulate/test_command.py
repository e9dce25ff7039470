"""``fundwatch simulate`` as it is called: the same bytes, one line of summary, one line for what is wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pyarrow.csv as pc
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from contract.errors import ConfigurationError
from producers.simulate.command import simulate
from producers.simulate.patterns import CONDUCT, LOOK_ALIKE, SCHEME, patterns

SMALL = ("--days", "20", "--accounts", "300", "--schemes", "3", "--seed", "4")
LABEL_COLUMNS = ["account_id", "label", "scheme_id", "pattern", "active_from", "active_to"]


def run(out: Path, *more: str) -> dict[str, object]:
    result = CliRunner().invoke(simulate, ["--out", str(out), *SMALL, *more], catch_exceptions=False)
    assert result.exit_code == 0
    assert result.stderr == ""
    summary: dict[str, object] = json.loads(result.stdout)
    return summary


def test_the_same_seed_gives_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    run(tmp_path / "here")
    program = "import sys; from producers.simulate.command import simulate; simulate(sys.argv[1:])"
    arguments = [sys.executable, "-c", program, "--out", str(tmp_path / "there"), *SMALL]
    subprocess.run(arguments, check=True, capture_output=True, env={"PYTHONHASHSEED": "77"})
    for name in ("movements.csv", "profiles.csv", "labels.csv", "watchlist.jsonl"):
        assert (tmp_path / "here" / name).read_bytes() == (tmp_path / "there" / name).read_bytes()


def test_files_have_the_contracts_columns_and_the_summary_counts_them(tmp_path: Path) -> None:
    summary = run(tmp_path)
    movements, profiles, labels = (pc.read_csv(tmp_path / f"{name}.csv") for name in ("movements", "profiles", "labels"))
    assert summary["movements"] == movements.num_rows > 1000
    assert summary["accounts"] == len(set(profiles["account_id"].to_pylist()))
    assert labels.column_names == LABEL_COLUMNS
    assert set(labels["account_id"].to_pylist()) <= set(movements["account_id"].to_pylist())
    cases = {one for one in labels["scheme_id"].to_pylist() if one}
    sort_of = {pattern.NAME: pattern.SORT for pattern in patterns()}
    sorts = Counter(sort_of[one.partition("-")[0]] for one in cases)
    assert sorts == {SCHEME: 3, CONDUCT: 1}
    assert {sort_of[name] for name in labels["pattern"].to_pylist()} == {SCHEME, CONDUCT, LOOK_ALIKE}
    watched = [json.loads(line)["subject"] for line in (tmp_path / "watchlist.jsonl").read_text().splitlines()]
    assert set(watched) <= set(profiles["customer_id"].to_pylist())
    assert watched


def test_parquet_holds_what_csv_holds(tmp_path: Path) -> None:
    run(tmp_path / "csv")
    run(tmp_path / "parquet", "--format", "parquet")
    as_text = pq.read_table(tmp_path / "parquet" / "movements.parquet")
    options = pc.ConvertOptions(column_types=as_text.schema, strings_can_be_null=True)
    assert pc.read_csv(tmp_path / "csv" / "movements.csv", convert_options=options).equals(as_text)


@pytest.mark.parametrize(
    ("more", "named"),
    [
        pytest.param(("--start", "2026-13-05"), "--start", id="no-such-month"),
        pytest.param(("--start", "1999-12-31"), "--start", id="before-the-regions-table"),
        pytest.param(("--days", "3"), "--days", id="too-short"),
    ],
)
def test_what_is_wrong_is_named_in_one_line_and_nothing_is_written(tmp_path: Path, more: tuple[str, str], named: str) -> None:
    with pytest.raises(ConfigurationError, match=named) as caught:
        CliRunner().invoke(simulate, ["--out", str(tmp_path / "out"), *SMALL, *more], catch_exceptions=False)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_made_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match="--out"):
        CliRunner().invoke(simulate, ["--out", str(tmp_path / "file" / "city"), *SMALL], catch_exceptions=False)
