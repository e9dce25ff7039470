"""What becomes of a large-value flag: more movements, lateness, reversals, its due date; whatever the batches."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.flag import Flag
from detector.engine import Shard
from tests.detector.shards import CATALOGUE, INSTITUTION, feed, large, lines, movement, new_shard, profile, until

DAY = "2026-04-01"


def cash(event_id: str, at: str, yuan: float, **fields: Any) -> dict[str, Any]:
    return movement(event_id, at, yuan, kind="cash", **fields)


def said(flags: list[Flag]) -> list[tuple[int, str, Any, str | None]]:
    return [(flag.revision, flag.status, flag.measures["sum"], flag.closed_because) for flag in large(flags)]


def test_further_movements_of_the_day_are_said_once_when_the_day_turns() -> None:
    shard = new_shard()
    first = feed(shard, [cash(f"e{k}", f"{DAY}T1{k}:00", 50_000) for k in range(4)])
    assert said(first) == [(1, "open", "50000.00", None)]
    assert said(until(shard, "2026-04-02")) == [(2, "open", "200000.00", None)]
    assert said(until(shard, "2026-04-03")) == []


def test_a_flag_closes_when_its_due_date_is_over() -> None:
    shard = new_shard()
    feed(shard, [cash("e1", f"{DAY}T10:00", 50_000)])
    assert said(until(shard, "2026-04-09")) == []
    [flag] = large(until(shard, "2026-04-10"))
    assert (flag.revision, flag.status, flag.closed_because, flag.due_on) == (2, "closed", "due_date_passed", "2026-04-09")
    assert flag.closed_at == "2026-04-09T16:00:00.000Z"
    assert said(until(shard, "2026-05-01")) == []


@pytest.mark.parametrize(
    ("late_days", "expected"),
    [pytest.param(3, [(1, "open", "60000.00", None)], id="within-lateness"), pytest.param(4, [], id="later-still")],
)
def test_a_late_movement_counts_in_its_own_day(late_days: int, expected: list[Any]) -> None:
    shard = new_shard()
    feed(shard, [cash("e1", f"{DAY}T10:00", 30_000)])
    until(shard, f"2026-04-0{1 + late_days}")
    assert said(feed(shard, [cash("e2", f"{DAY}T11:00", 30_000)])) == expected


REVERSALS = [
    pytest.param({"direction": "debit"}, id="opposite-direction"),
    pytest.param({"direction": "credit"}, id="same-direction"),
    pytest.param({"direction": "debit", "kind": "correction", "counterparty_region": None}, id="booked-as-a-correction"),
]


@pytest.mark.parametrize("fields", REVERSALS)
def test_a_reversal_that_takes_the_sum_below_the_line_closes_the_flag(fields: dict[str, Any]) -> None:
    reversal = movement("r1", f"{DAY}T12:00", 30_000, reversal_of="e2", **{"kind": "cash", **fields})
    flags = feed(new_shard(), [cash("e1", f"{DAY}T10:00", 30_000), cash("e2", f"{DAY}T11:00", 30_000), reversal])
    assert said(flags) == [(1, "open", "60000.00", None), (2, "closed", "30000.00", "reversed")]


def test_a_reversal_before_the_line_is_reached_counts_too() -> None:
    rows = [cash("e1", f"{DAY}T10:00", 40_000), cash("r1", f"{DAY}T11:00", 40_000, reversal_of="e1", direction="debit")]
    assert said(feed(new_shard(), [*rows, cash("e2", f"{DAY}T12:00", 40_000)])) == []


def test_a_movement_is_taken_back_once() -> None:
    reversals = [cash(f"r{k}", f"{DAY}T12:0{k}", 30_000, reversal_of="e2", direction="debit") for k in range(2)]
    rows = [cash(f"e{k}", f"{DAY}T1{k}:00", 30_000) for k in range(3)]
    flags = feed(new_shard(), [*rows, *reversals, cash("e9", f"{DAY}T13:00", 100)])
    assert said(flags) == [(1, "open", "60000.00", None)]


def test_a_flag_closed_by_a_reversal_opens_again_under_its_id() -> None:
    shard = new_shard()
    rows = [
        cash("e1", f"{DAY}T10:00", 60_000),
        cash("r1", f"{DAY}T11:00", 60_000, reversal_of="e1", direction="debit"),
        cash("e2", f"{DAY}T12:00", 70_000),
    ]
    flags = large(feed(shard, rows))
    assert len({flag.flag_id for flag in flags}) == 1
    assert [(flag.revision, flag.status, flag.closed_at is None) for flag in flags] == [
        (1, "open", True),
        (2, "closed", False),
        (3, "open", True),
    ]
    assert flags[2].findings[0].evidence == ["e2"]
    assert flags[2].opened_at == flags[0].opened_at


def test_an_own_name_transfer_across_institutions_is_taken_back_though_no_typology_counts_it() -> None:
    own = {"own_name": True, "counterparty_institution": "BANK2"}
    rows = [
        movement("e1", f"{DAY}T10:00", 500_000, **own),
        movement("r1", f"{DAY}T11:00", 500_000, reversal_of="e1", direction="debit", **own),
    ]
    assert [flag.status for flag in large(feed(new_shard(profile("a:1", "person")), rows))] == ["open", "closed"]


def test_a_foreign_currency_movement_is_taken_back_by_its_dollars() -> None:
    euros = {"currency": "EUR", "usd_amount_minor": 1_200_000}
    rows = [
        cash("e1", f"{DAY}T10:00", 11_000, **euros),
        cash("r1", f"{DAY}T11:00", 11_000, reversal_of="e1", direction="debit", **euros),
    ]
    assert [flag.status for flag in large(feed(new_shard(), rows))] == ["open", "closed"]


def test_a_foreign_currency_reversal_that_leaves_out_the_dollars_is_known_by_the_evidence() -> None:
    rows = [
        cash("e1", f"{DAY}T10:00", 11_000, currency="EUR", usd_amount_minor=1_200_000),
        cash("r1", f"{DAY}T11:00", 11_000, reversal_of="e1", direction="debit", currency="EUR"),
    ]
    assert [flag.status for flag in large(feed(new_shard(), rows))] == ["open", "closed"]


def test_a_reversal_after_the_duplicate_window_still_closes_an_open_flag() -> None:
    shard = new_shard()
    feed(shard, [cash("e1", f"{DAY}T10:00", 60_000)])
    until(shard, "2026-04-08")
    flags = feed(shard, [cash("r1", "2026-04-08T10:00", 60_000, reversal_of="e1", direction="debit")])
    assert said(flags) == [(2, "closed", "0.00", "reversed")]
    assert said(until(shard, "2026-05-01")) == []


def test_a_reversal_of_nothing_known_changes_nothing() -> None:
    rows = [cash("e1", f"{DAY}T10:00", 60_000), cash("r1", f"{DAY}T11:00", 60_000, reversal_of="e7", direction="debit")]
    assert said(feed(new_shard(), rows)) == [(1, "open", "60000.00", None)]


def test_a_holder_named_later_does_not_change_what_was_flagged_before() -> None:
    rows = [cash("e1", f"{DAY}T10:00", 60_000), cash("e2", f"{DAY}T11:00", 60_000, customer_id="c:1")]
    together, apart = lines(feed(new_shard(), rows)), lines(feed(new_shard(), rows, [1]))
    assert together == apart


@st.composite
def streams(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Movements of a few customers over some days, partly late, partly taking earlier ones back."""
    rows: list[dict[str, Any]] = []
    for k in range(draw(st.integers(1, 40))):
        late = draw(st.sampled_from((0, 0, 0, 1, 4)))
        day = max(1, 1 + k // 4 - late)
        fields: dict[str, Any] = {"direction": draw(st.sampled_from(("credit", "debit")))}
        fields["account_id"] = f"a:{draw(st.integers(1, 3))}"
        fields["customer_id"] = draw(st.sampled_from((None, f"c:{fields['account_id'][2:]}")))
        fields["kind"] = draw(st.sampled_from(("cash", "cash", "transfer")))
        if rows and draw(st.integers(0, 3)) == 0:
            fields["reversal_of"] = rows[draw(st.integers(0, len(rows) - 1))]["event_id"]
        rows.append(
            movement(
                f"e{k}", f"2026-04-{day:02d}T{8 + k % 12:02d}:00", draw(st.sampled_from((10, 20_000, 30_000, 600_000))), **fields
            )
        )
    return rows


PROFILES = (profile("a:1", "person"), profile("a:2", "company"))


@given(rows=streams(), cuts=st.lists(st.integers(1, 9), max_size=8))
@settings(max_examples=30, deadline=None)
def test_batch_boundaries_and_checkpoints_change_no_flag(rows: list[dict[str, Any]], cuts: list[int]) -> None:
    whole = new_shard(*PROFILES)
    expected = lines(large([*feed(whole, rows), *until(whole, "2026-05-20")]))
    shard, found, at = new_shard(*PROFILES), [], 0
    for cut in [*cuts, len(rows)]:
        found += feed(shard, rows[at : at + cut])
        at += cut
        shard = Shard.restore(INSTITUTION, 0, CATALOGUE, shard.state())
    found += until(shard, "2026-05-20")
    assert lines(large(found)) == expected
    revisions = [(flag.flag_id, flag.revision) for flag in large(found)]
    assert len(set(revisions)) == len(revisions)
    newest = {flag.flag_id: flag for flag in large(found)}
    assert all(flag.status == "closed" for flag in newest.values())
