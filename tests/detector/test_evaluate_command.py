"""``fundwatch evaluate``: figures that can be counted by hand, and one line for what cannot be read."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from contract.flag import Engine, Flag, encode
from tests.detector.command_line import Ended, refused, run, written
from tests.detector.stories import on, paid_in, wire

Capsys = pytest.CaptureFixture[str]
LABELS = """account_id,label,scheme_id,pattern
a:s1,1,S1,P02
a:s2,1,S1,P02
a:t1,1,S2,P07
a:fee,0,L1,L02
a:pay,0,L2,L01
"""
SCORES = """account_id,score,category
a:s1,95.0,illegal_fundraising
a:s2,70.0,suspicious
a:t1,41.0,observe
a:fee,85.0,illegal_fundraising
a:pay,10.0,none
a:x,90.0,illegal_fundraising
a:y,1.0,none
"""


def flag(account: str, category: str, at: str, revision: int = 1) -> bytes:
    """One revision."""
    return encode(
        Flag(
            flag_id=f"F{account}{category == 'large_value'}", revision=revision, status="open", account_id=account,
            customer_id=None, institution_code="B1", institution_type="bank", branch_region="341302", subject_region=None,
            holder_kind=None, category=category, score=None, severity=None, tags=[], findings=[], measures={}, model_scores={},
            not_evaluable=[], opened_at=at, updated_at=at, closed_at=None, closed_because=None, due_on=None,
            first_movement_at=at, last_movement_at=at, scheme_id=None, engine=Engine(version="0", catalogue="0"),
        )
    )  # fmt: skip


FLAGS = [
    flag("a:s1", "observe", f"{on(1)}T00:00:00.000Z"),
    flag("a:s1", "illegal_fundraising", f"{on(3)}T00:00:00.000Z", 2),
    flag("a:s1", "illegal_fundraising", f"{on(9)}T00:00:00.000Z", 3),
    flag("a:s2", "suspicious", f"{on(2)}T00:00:00.000Z"),
    flag("a:fee", "illegal_fundraising", f"{on(4)}T00:00:00.000Z"),
    flag("a:x", "illegal_fundraising", f"{on(4)}T00:00:00.000Z"),
    flag("a:y", "large_value", f"{on(4)}T00:00:00.000Z"),
]


def movements() -> list[dict[str, Any]]:
    """Into scheme 1: ten payers before its flag and ten after, and money inside it; into scheme 2 five payers."""
    rows = [{**row, "account_id": "a:s1"} for row in paid_in(0, range(10), 100)]
    rows += [{**row, "account_id": "a:s2"} for row in paid_in(5, range(10), 300)]
    rows += [{**row, "account_id": "a:s2", "counterparty_id": "a:s1"} for row in paid_in(1, [50], 9_999)]
    rows += [{**row, "account_id": "a:t1"} for row in paid_in(0, range(5), 50)]
    rows += [{**row, "account_id": "a:s1", "direction": "debit"} for row in paid_in(2, range(30, 40), 70)]
    return [wire(row) for row in rows]


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """Files as options."""
    made = {name: tmp_path / f"{name}.csv" for name in ("labels", "scores")}
    made["labels"].write_text(LABELS)
    made["scores"].write_text(SCORES)
    made["flags"] = tmp_path / "flags.jsonl"
    made["flags"].write_bytes(b"\n".join(FLAGS) + b"\n")
    made["movements"] = written(tmp_path / "movements.jsonl", movements())
    return made


def evaluate(capsys: Capsys, files: dict[str, Path], *options: object) -> Ended:
    return run(capsys, "evaluate", *(part for name, path in files.items() for part in (f"--{name}", path)), *options)


def test_figures_are_those_counted_by_hand(capsys: Capsys, files: dict[str, Path]) -> None:
    ended = evaluate(capsys, files, "--json")
    assert (ended.code, ended.err) == (0, "")
    told = ended.summary
    assert (told["accounts"], told["labelled_positive"], told["flagged_illegal_fundraising"]) == (7, 3, 3)
    assert (told["precision"], told["recall"]) == (0.3333, 0.3333)
    assert told["other_flags"] == {"suspicious": 1, "large_value": 1}
    assert (told["schemes"], told["schemes_found"]) == (2, 1)
    assert told["false_flags_by_look_alike"] == {"L02": 1}
    assert (told["false_flags_unlabelled"], told["large_value_flags"]) == (1, 1)
    # Ranks of the three schemes' accounts among seven: first, fourth, fifth.
    assert told["pr_auc"] == round((1 / 1 + 2 / 4 + 3 / 5) / 3, 4)
    assert told["roc_auc"] == round((4 + 2 + 2) / 12, 4)
    low, high = told["pr_auc_interval"]
    assert low <= told["pr_auc"] <= high


def test_money_and_payers_at_the_flag_are_a_schemes_from_outside_it(capsys: Capsys, files: dict[str, Path]) -> None:
    patterns = evaluate(capsys, files, "--json").summary["by_pattern"]
    assert set(patterns) == {"P02", "P07"}
    found = patterns["P02"]
    assert (found["schemes"], found["found"]) == (1, 1)
    assert (found["accounts"], found["accounts_accused"]) == (2, 1)
    assert found["median_payers_at_flag"] == 10
    assert found["median_share_of_money_at_flag"] == 0.25
    assert found["median_days_from_first_credit"] == pytest.approx(2.958, abs=0.001)
    lost = patterns["P07"]
    assert (lost["found"], lost["median_payers_at_flag"], lost["median_share_of_money_at_flag"]) == (0, None, None)


def test_without_json_there_is_a_line_a_figure_and_a_line_a_pattern(capsys: Capsys, files: dict[str, Path]) -> None:
    told = evaluate(capsys, files, "--json").summary
    out = [line.split() for line in evaluate(capsys, files).out.splitlines()]
    lines = {line[0]: line[1:] for line in out if line}
    assert lines["precision"] == [str(told["precision"])]
    assert lines["false_flags_by_look_alike.L02"] == ["1"]
    named = dict(zip(lines["by_pattern"], lines["P02"], strict=True))
    group = told["by_pattern"]["P02"]
    assert named["found"] == "1"
    assert (named["accounts"], named["accounts_accused"]) == (str(group["accounts"]), str(group["accounts_accused"]))
    assert named["payers_at_flag"] == str(group["median_payers_at_flag"])
    assert dict(zip(lines["by_pattern"], lines["P07"], strict=True))["payers_at_flag"] == "–"


def test_nothing_flagged_and_nobody_to_find_are_no_numbers(capsys: Capsys, files: dict[str, Path]) -> None:
    files["flags"].write_bytes(b"")
    told = evaluate(capsys, files, "--json").summary
    assert (told["precision"], told["recall"], told["schemes_found"]) == (None, 0.0, 0)
    files["labels"].write_text("account_id,label\na:x,0\n")
    told = evaluate(capsys, files, "--json").summary
    assert (told["recall"], told["pr_auc"], told["roc_auc"], told["by_pattern"]) == (None, None, None, {})


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        pytest.param("labels", "account_id,pattern\na:1,P02\n", ("labels.csv", "label"), id="no label column"),
        pytest.param("labels", "account_id,label\na:1,yes\n", ("labels.csv", "0 or 1"), id="a label that is none"),
        pytest.param("labels", "", ("labels.csv", "account_id"), id="empty labels"),
        pytest.param("scores", "account,score\na:1,3\n", ("scores.csv", "account_id"), id="no account column"),
        pytest.param("scores", "account_id,score\na:1,high\n", ("scores.csv", "score"), id="a score that is no number"),
        pytest.param("scores", "account_id,score\na:1,nan\n", ("scores.csv", "score"), id="a score that is not a number"),
        pytest.param("scores", "account_id,score\na:1\n", ("scores.csv", "score"), id="a row without a score"),
        pytest.param("flags", "{}\n", ("flags.jsonl",), id="a line that is no flag"),
        pytest.param("flags", "PK\x03\x04", ("flags.jsonl",), id="a file that is none"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_one_line(
    capsys: Capsys, files: dict[str, Path], name: str, text: str, words: tuple[str, ...]
) -> None:
    files[name].write_text(text)
    refused(evaluate(capsys, files), *words)


@pytest.mark.parametrize("name", ["labels", "scores", "flags", "movements"])
def test_an_absent_file_is_refused_in_one_line(capsys: Capsys, files: dict[str, Path], name: str) -> None:
    files[name].unlink()
    refused(evaluate(capsys, files), files[name].name)


def test_bytes_that_are_no_text_are_refused_in_one_line(capsys: Capsys, files: dict[str, Path]) -> None:
    files["labels"].write_bytes(b"account_id,label\n\xff\xfe,1\n")
    refused(evaluate(capsys, files), "labels.csv")


def test_schemes_are_grouped_by_people_and_by_how_they_hide(capsys: Capsys, files: dict[str, Path]) -> None:
    files["labels"].write_text(LABELS.replace(",S1,", ",S1+mules+cash,"))
    told = evaluate(capsys, files, "--json").summary
    assert {name: group["schemes"] for name, group in told["by_evasion"].items()} == {"cash": 1, "mules": 1, "none": 1}
    assert told["by_people"]["below_50"]["found"] == 1
    assert told["by_pattern"]["P02"]["median_lead_days"] == pytest.approx(2.05, abs=0.1)


def test_the_page_shows_the_figures_in_pictures_and_loads_nothing(capsys: Capsys, files: dict[str, Path], tmp_path: Path) -> None:
    page = tmp_path / "out.html"
    told = evaluate(capsys, files, "--json", "--html", page).summary
    text = page.read_text("utf-8")
    assert text.count("<svg") == 5
    assert str(told["precision"]) in text
    assert not re.search(r"<script|<link|<img|@import|url\((?!#)|href=\"(?!#)", text)
    assert not any(account in text for account in ("a:s1", "a:fee", "a:x"))
    evaluate(capsys, files, "--html", page)
    assert page.read_text("utf-8") == text


def test_a_page_without_anything_found_is_still_one(capsys: Capsys, files: dict[str, Path], tmp_path: Path) -> None:
    files["flags"].write_bytes(b"")
    files["labels"].write_text("account_id,label\na:x,0\n")
    assert evaluate(capsys, files, "--html", tmp_path / "out.html").code == 0
    assert "<svg" not in (tmp_path / "out.html").read_text("utf-8")


def test_a_page_that_cannot_be_written_is_refused(capsys: Capsys, files: dict[str, Path], tmp_path: Path) -> None:
    refused(evaluate(capsys, files, "--html", tmp_path / "none" / "out.html"), "--html")


def test_the_json_is_one_object_on_one_line(capsys: Capsys, files: dict[str, Path]) -> None:
    out = evaluate(capsys, files, "--json").out
    assert out.count("\n") == 1
    assert msgspec.json.decode(out) == json.loads(out)
