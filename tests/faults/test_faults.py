"""The short form of ``make faults``: some faults of every sort on real servers, and the same flags as without them."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from contract.topics import FLAGS, SCHEMES
from deploy.demo.children import fundwatch
from deploy.servers.process import ServerUnavailable
from tests.faults.campaign import differences
from tests.faults.play import play

KINDS = (
    "worker_killed",
    "schemes_killed",
    "ledger_killed",
    "broker_killed",
    "database_killed",
    "checkpoint_damaged",
    "file_sent_twice",
)
SECONDS = 45.0


@pytest.mark.integration
def test_some_faults_change_no_flag_and_no_row_of_the_ledger(tmp_path: Path, record_property: Any) -> None:
    """As many as begin within ``SECONDS`` of the start, so that a slow machine does fewer and not longer; at least one."""
    city = tmp_path / "city"
    size = ["--days", "45", "--accounts", "800", "--schemes", "40", "--seed", "11"]
    subprocess.run(fundwatch("simulate", "--out", str(city), *size), check=True, stdout=subprocess.DEVNULL)
    told: list[str] = []
    until = time.monotonic() + SECONDS
    try:
        result = play(
            tmp_path, city, seed=5, faults=8, until=until, tell=told.append, names=KINDS, pace_s=4.0, warm_days=32, least_rows=800
        )
    except ServerUnavailable:
        if os.environ.get("CI"):
            raise
        pytest.skip("Apache Kafka or PostgreSQL cannot be had here")
    record_property("faults", "\n".join(told))
    assert result.differences == []
    assert result.hits, "no fault was done in time"
    assert result.revisions[FLAGS] >= 20, "the comparison must be over some flags"
    assert result.revisions[SCHEMES] >= 5, "and over some schemes"


def test_every_sort_of_difference_is_seen() -> None:
    """The judge itself: an equal pair says nothing, and each single change is said."""
    expected = {("f", 1): b"f1", ("f", 2): b"f2", ("g", 1): b"g1"}
    published, stored, current = set(expected.values()), dict(expected), {"f": b"f2", "g": b"g1"}
    assert differences(expected, published, stored, current) == []
    cases = [
        (published - {b"f1"}, stored, current, "1 revisions not published"),
        (published | {b"x"}, stored, current, "1 published revisions that are none"),
        (published, {("f", 1): b"f1", ("f", 2): b"f2"}, current, "1 revisions not stored"),
        (published, {**stored, ("h", 1): b"h1"}, current, "1 stored revisions that are none"),
        (published, {**stored, ("g", 1): b"other"}, current, "1 stored revisions with other bytes"),
        (published, stored, {"f": b"f1", "g": b"g1"}, "1 flags whose row is not their newest revision"),
        (published, stored, {"f": b"f2"}, "1 flags whose row is not their newest revision"),
    ]
    for seen, rows, newest, said in cases:
        assert differences(expected, seen, rows, newest) == [said]
