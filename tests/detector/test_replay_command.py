"""``fundwatch replay`` as an operator meets it: the same bytes whatever the options of speed, and one line for what is wrong."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pytest

from contract.flag import decode
from contract.movement import MOVEMENT
from contract.shanghai import parse_ms
from detector import flags_file
from detector.catalogue import load_catalogue
from detector.engine import Shard
from tests.detector.command_line import Ended, refused, run, written
from tests.detector.dense_stream import Log, logs
from tests.detector.stories import wire

KEYS = ["movements", "rejected", "duplicates", "accounts", "flags", "seconds", "cpu_seconds", "movements_per_second", "late"]
BANDS = {"none": (0, 40), "observe": (40, 60), "suspicious": (60, 80), "illegal_fundraising": (80, 100.0001)}
ACCOUNTS = 12


class City(NamedTuple):
    """Files of one institution's log, and the log."""

    log: Log
    rows: list[dict[str, Any]]
    movements: Path
    profiles: Path

    def files(self) -> tuple[object, ...]:
        """As options."""
        return ("--movements", self.movements, "--profiles", self.profiles)


def plain(batch: pa.RecordBatch) -> list[dict[str, Any]]:
    """A batch's rows, times as numbers."""
    at = batch.schema.get_field_index("occurred_at")
    if at < 0:
        return [{name: value for name, value in row.items() if value is not None} for row in batch.to_pylist()]
    return [wire(row) for row in batch.set_column(at, "occurred_at", batch.column(at).cast(pa.int64())).to_pylist()]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    folder = tmp_path_factory.mktemp("city")
    [log, *_] = logs(ACCOUNTS)
    rows = plain(log.movements)
    known, *others = log.entries
    assert isinstance(known, pa.RecordBatch)
    # Where newer profiles stand in a log is the bank's doing; of files, the movements' times say it.
    log = replace(log, entries=(known, *(one for one in others if isinstance(one, int) or one.schema == MOVEMENT)))
    return City(log, rows, written(folder / "movements.jsonl", rows), written(folder / "profiles.jsonl", plain(known)))


Capsys = pytest.CaptureFixture[str]


def replay(capsys: Capsys, city: City, folder: Path, *options: object) -> tuple[Ended, bytes]:
    """How the command ended and the flags that it wrote."""
    flags = folder / "flags.jsonl"
    ended = run(capsys, "replay", *city.files(), "--flags", flags, *options)
    assert ended.code == 0, ended.err
    return ended, flags.read_bytes()


def test_it_writes_what_the_engine_says_and_sums_up_on_the_last_line(capsys: Capsys, city: City, tmp_path: Path) -> None:
    ended, flags = replay(capsys, city, tmp_path)
    assert list(ended.summary) == KEYS
    assert ended.out.count("\n") == 1
    assert ended.err == "", "no progress where nobody watches"
    shard = Shard(city.log.institution, 0, load_catalogue())
    said = []
    for entry in city.log.entries[:-1]:
        if isinstance(entry, int):
            said += shard.watermark(entry).flags
        elif entry.schema == MOVEMENT:
            said += shard.movements(entry).flags
        else:
            shard.profiles(entry)
    end = max(parse_ms(row["occurred_at"]) for row in city.rows)
    said += shard.watermark(end).flags
    assert flags == b"".join(line + b"\n" for line in flags_file.lines(said))
    revisions = [decode(line) for line in flags.splitlines()]
    expected = [len(city.rows), 0, 0, ACCOUNTS, len({one.flag_id for one in revisions})]
    assert [ended.summary[key] for key in KEYS[:5]] == expected
    assert ended.summary["movements_per_second"] > 0


@pytest.mark.parametrize("size", [1, 50, 100_000])
def test_the_batch_size_changes_nothing(capsys: Capsys, city: City, tmp_path: Path, size: int) -> None:
    _, expected = replay(capsys, city, tmp_path)
    assert replay(capsys, city, tmp_path, "--batch-size", size)[1] == expected


@pytest.mark.parametrize("partitions", ["3", "B1=3", "B2=7,B1=3", "B1=3,P1=2"])
def test_partitions_split_accounts_and_lose_none(capsys: Capsys, city: City, tmp_path: Path, partitions: str) -> None:
    scores = tmp_path / "scores.csv"
    ended, flags = replay(capsys, city, tmp_path, "--partitions", partitions, "--scores", scores)
    assert (ended.summary["movements"], ended.summary["accounts"]) == (len(city.rows), ACCOUNTS)
    assert flags == replay(capsys, city, tmp_path, "--partitions", "3")[1]
    assert set(scored(scores)) == {row["account_id"] for row in city.rows}


def scored(path: Path) -> dict[str, tuple[float, str]]:
    with path.open(newline="", encoding="utf-8") as source:
        rows = list(csv.DictReader(source))
    assert list(rows[0]) == ["account_id", "score", "category"]
    assert len({row["account_id"] for row in rows}) == len(rows)
    return {row["account_id"]: (float(row["score"]), row["category"]) for row in rows}


def test_every_account_has_its_highest_score_within_its_categorys_band(capsys: Capsys, city: City, tmp_path: Path) -> None:
    scores = tmp_path / "scores.csv"
    _, flags = replay(capsys, city, tmp_path, "--scores", scores)
    found = scored(scores)
    assert set(found) == {row["account_id"] for row in city.rows}
    for score, category in found.values():
        assert BANDS[category][0] <= score < BANDS[category][1]
    for flag in map(decode, flags.splitlines()):
        if flag.score is not None and flag.status == "open":
            assert found[flag.account_id][0] >= flag.score - 0.05


def test_scores_count_from_the_time_given_alone(capsys: Capsys, city: City, tmp_path: Path) -> None:
    scores = tmp_path / "scores.csv"
    _, flags = replay(capsys, city, tmp_path, "--scores", scores, "--scores-from", "2031-01-01T00:00:00+08:00")
    assert set(scored(scores).values()) == {(0.0, "none")}
    _, all_flags = replay(capsys, city, tmp_path, "--scores", scores, "--scores-from", "2020-01-01T00:00:00+08:00")
    assert flags == all_flags, "flags are the same from whenever scores count"
    first = scored(scores)
    replay(capsys, city, tmp_path, "--scores", scores)
    assert scored(scores) == first


def test_refused_rows_are_listed_with_place_and_reason_and_the_rest_goes_on(capsys: Capsys, city: City, tmp_path: Path) -> None:
    rows = list(city.rows)
    rows[3] = {**rows[3], "amount": "1.234"}
    rows[5] = {**rows[5], "branch_region": "999999"}
    bad = city._replace(movements=written(tmp_path / "bad.jsonl", rows))
    rejects = tmp_path / "rejects.jsonl"
    ended, _ = replay(capsys, bad, tmp_path, "--rejects", rejects)
    listed = [json.loads(line) for line in rejects.read_text().splitlines()]
    told = [(one["offset"], one["reason"], one["field"]) for one in listed]
    assert told == [(4, "bad_amount", "amount"), (6, "unknown_region", "branch_region")]
    assert (ended.summary["movements"], ended.summary["rejected"]) == (len(rows) - 2, 2)
    assert "1.234" not in rejects.read_text()
    assert "999999" not in rejects.read_text()
    assert [one["institution_code"] for one in listed] == [rows[3]["institution_code"], rows[5]["institution_code"]]


@pytest.mark.parametrize("code", ["张三 13800000000", "B1\n"])
def test_a_code_that_no_institution_can_have_is_not_repeated_in_the_list_of_refused_rows(
    capsys: Capsys, city: City, tmp_path: Path, code: str
) -> None:
    rows = [*city.rows[:3], {**city.rows[3], "institution_code": code}]
    rejects = tmp_path / "rejects.jsonl"
    replay(capsys, city._replace(movements=written(tmp_path / "bad.jsonl", rows)), tmp_path, "--rejects", rejects)
    [one] = [json.loads(line) for line in rejects.read_text().splitlines()]
    assert (one["institution_code"], one["offset"]) == ("", 4)


def test_a_file_of_which_nothing_can_be_used_is_said_so(capsys: Capsys, city: City, tmp_path: Path) -> None:
    wrong = city._replace(movements=written(tmp_path / "wrong.jsonl", [{**row, "amount": "1.234"} for row in city.rows]))
    ended, _ = replay(capsys, wrong, tmp_path)
    assert ended.summary["movements"] == 0
    assert f"none of {len(city.rows):,} rows could be used, most of all for bad_amount (amount)" in ended.err
    assert replay(capsys, city, tmp_path)[0].err == ""


def test_repeated_and_conflicting_rows_are_told_apart(capsys: Capsys, city: City, tmp_path: Path) -> None:
    rows = [*city.rows[:40], city.rows[39], {**city.rows[38], "remark": "another word"}]
    again = city._replace(movements=written(tmp_path / "again.jsonl", rows))
    rejects = tmp_path / "rejects.jsonl"
    ended, _ = replay(capsys, again, tmp_path, "--rejects", rejects)
    assert (ended.summary["movements"], ended.summary["duplicates"], ended.summary["rejected"]) == (42, 1, 1)
    [one] = [json.loads(line) for line in rejects.read_text().splitlines()]
    assert (one["reason"], one["field"], one["offset"]) == ("conflicting_duplicate", "event_id", 42)


def test_a_file_whose_time_leaps_ahead_says_that_what_follows_was_counted_only(
    capsys: Capsys, city: City, tmp_path: Path
) -> None:
    leap = city.rows[0] | {"event_id": "leap", "occurred_at": "2099-03-10T10:00:00+08:00"}
    file = written(tmp_path / "leap.jsonl", [leap, *city.rows[:40]])
    ended = run(capsys, "replay", "--movements", file, "--flags", tmp_path / "flags.jsonl")
    assert (ended.code, ended.summary["movements"], ended.summary["late"]) == (0, 41, 40)
    assert "40 of 41 movements came days after their time" in ended.err


def test_a_configuration_switches_typologies_off_and_says_so_in_every_flag(capsys: Capsys, city: City, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('off = ["fundraising_remarks"]\n[typology.unit_priced_credits]\nleast_credits = 30\n')
    plain_flags, changed = (
        [decode(line) for line in replay(capsys, city, tmp_path, *options)[1].splitlines()]
        for options in ((), ("--config", config))
    )
    names = {one.typology for flag in changed for one in flag.findings}
    assert "fundraising_remarks@1" in {one.typology for flag in plain_flags for one in flag.findings}
    assert "fundraising_remarks@1" not in names
    assert {flag.engine.catalogue for flag in plain_flags}.isdisjoint({flag.engine.catalogue for flag in changed})


@pytest.mark.parametrize(
    ("options", "words"),
    [
        pytest.param(("--partitions", "0"), ("--partitions",), id="no partitions"),
        pytest.param(("--partitions", "B1=x"), ("--partitions",), id="a partition count that is no number"),
        pytest.param(("--batch-size", "0"), ("--batch-size",), id="batches of nothing"),
        pytest.param(("--scores-from", "2026-01-05"), ("--scores-from", "offset"), id="a time without offset"),
        pytest.param(("--scores-from", "yesterday"), ("--scores-from",), id="a time that is none"),
        pytest.param(("--config", "absent.toml"), ("absent.toml",), id="an absent configuration"),
        pytest.param(("--mapping", "absent.toml"), ("absent.toml",), id="an absent mapping"),
        pytest.param(("--format", "xlsx"), ("xlsx",), id="an unknown format"),
        pytest.param(("--movements", "absent.csv"), ("absent.csv",), id="an absent file"),
        pytest.param(("--control", "c.jsonl"), ("--control", "c.jsonl"), id="a side input that is not there"),
        pytest.param(("--nothing", "1"), ("--nothing",), id="an unknown option"),
        pytest.param(("--scores", "absent/scores.csv"), ("--scores",), id="scores into an absent folder"),
        pytest.param(("--rejects", "absent/rejects.jsonl"), ("--rejects",), id="rejects into an absent folder"),
        pytest.param(("--flags", "absent/flags.jsonl"), ("--flags",), id="flags into an absent folder"),
    ],
)
def test_wrong_arguments_are_refused_in_one_line(
    capsys: Capsys, city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, str], words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    refused(run(capsys, "replay", *city.files(), "--flags", "flags.jsonl", *options), *words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[typology.pass_through]\nleast_dais = 3\n", ("typology.pass_through", "least_dais")),
        ("[typology.pass_throu]\nleast_days = 3\n", ("pass_throu",)),
        ('[typology.pass_through]\nleast_days = "3"\n', ("least_days", "number")),
        ("[typology.pass_through]\nleast_days = 2.5\n", ("least_days", "whole")),
        ("[typology.pass_through]\nleast_days = true\n", ("least_days",)),
        ("[decision]\nkeep_finding_days = -1\n", ("keep_finding_days", "negative")),
        ("[stream]\nlateness_days = 9\n", ("duplicate_window_days", "lateness_days")),
        ("[strream]\n", ("strream",)),
        ('off = ["nothing"]\n', ("nothing",)),
        ("off = [", ("config.toml",)),
        ('[typology.pass_through]\nkey = "x@2"\n', ("key",)),
    ],
)
def test_a_wrong_configuration_is_refused_in_one_line(
    capsys: Capsys, city: City, tmp_path: Path, text: str, words: tuple[str, ...]
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(text)
    refused(run(capsys, "replay", *city.files(), "--flags", tmp_path / "flags.jsonl", "--config", config), *words)
