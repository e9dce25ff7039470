"""What a stream may do and what must come of it (regulation §2.5): each rule under its own name, over evaluation rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.errors import Reason
from contract.movement import MOVEMENT
from contract.profile import PROFILE
from contract.shanghai import parse_ms, text_ms
from detector.engine import Output, Shard
from detector.findings import EvaluationRows
from tests.detector.shards import batch_of, feed, lines, movement, new_shard, profile, until
from tests.detector.stories import MONDAY, hear, last_day, listened, on, paid_in, paid_out

Rows = list[dict[str, Any]]
# A day with a large inflow: from then on the account is shown to typologies, however small its movements are.
LARGE = movement("large", "2026-03-02T08:00", 60_000, counterparty_kind="company", counterparty_id="a:large")
OF_ARRIVAL = {"cause", "usual_in_mean", "usual_in_dev"}
"""What an evaluation row says of when and how often it was judged, not of what moved."""


def shown(rows: Sequence[dict[str, Any]], *profiles: dict[str, Any], end: str | None = None) -> EvaluationRows:
    """The account's evaluation row when the day of its newest movement is over."""
    shard, listening = listened(*profiles)
    feed(shard, [LARGE, *rows])
    until(shard, end or on(last_day([LARGE, *rows]) + 1))
    return listening.newest()


def differences(one: EvaluationRows, other: EvaluationRows, *leave_out: str) -> set[str]:
    """Names of what differs between two evaluation rows."""
    found = set()
    for part, again in ((one.core, other.core), (one.windows, other.windows)):
        found |= {name for name in part.dtype.names or () if not np.array_equal(part[name], again[name], equal_nan=True)}
    return found - OF_ARRIVAL - set(leave_out)


def taken(shard: Shard, rows: Sequence[dict[str, Any]]) -> Output:
    """What became of a batch."""
    return shard.movements(batch_of(rows, MOVEMENT))


def ordered(rows: Rows) -> Rows:
    return sorted(rows, key=lambda row: row["occurred_at"])


def life(count: int = 60, days: int = 25, seed: int = 4) -> Rows:
    """Credits and debits with a dozen counterparties, in order, each at its own millisecond."""
    rng = np.random.default_rng(seed)
    rows = []
    for k, at in enumerate(sorted(rng.integers(0, days * 86_400_000, count).tolist())):
        other = int(rng.integers(12))
        fields = {
            "direction": "credit" if rng.random() < 0.6 else "debit",
            "counterparty_id": f"a:p{other}",
            "counterparty_birth_year": 1945 + 3 * other if rng.random() < 0.5 else None,
            "remark": str(rng.choice(["投资款", "返利", "工资", "复投", "加盟费", ""])) or None,
            "balance_after_minor": int(rng.integers(0, 10**7)) if rng.random() < 0.5 else None,
        }
        row = movement(f"e{k}", "2026-03-09T00:00", float(rng.choice([100, 2_800, 5_000, 12_345.67])), **fields)
        rows.append({**row, "occurred_at": row["occurred_at"] + at})
    return rows


LIFE = life()


def test_1_duplicates_change_no_feature_and_are_counted_as_such() -> None:
    shard, listening = listened()
    rows = ordered(paid_in(0, range(20), 900) + paid_out(1, range(5), 30))
    feed(shard, [LARGE, *rows])
    again = taken(shard, rows)
    assert again.outcomes == {"duplicate": len(rows)}
    assert (again.rejects, again.flags) == ([], [])
    until(shard, on(2))
    assert differences(listening.newest(), shown(rows)) == set()


def test_1_a_duplicate_is_one_account_event_and_direction_and_nothing_less() -> None:
    shard = new_shard()
    one = movement("e1", "2026-03-09T10:00", 100)
    others = [{**one, "direction": "debit"}, {**one, "account_id": "a:2"}, {**one, "event_id": "e2"}]
    assert taken(shard, [one, *others]).outcomes == {"used": 4}
    assert taken(shard, [one, *others]).outcomes == {"duplicate": 4}


def test_1_a_duplicate_is_known_whatever_else_the_batch_holds() -> None:
    """A field that nobody gives and one that only another row gives are one and the same for this row."""
    bare = movement("e1", "2026-03-09T10:00", 100)
    full = {**movement("e2", "2026-03-09T10:01", 100), "remark": "x", "balance_after_minor": 0, "usd_amount_minor": 3}
    full |= {"agent_id": "g", "counterparty_birth_year": 1950, "cny_amount_minor": 4}
    shard = new_shard()
    assert taken(shard, [bare, full]).outcomes == {"used": 2}
    assert taken(shard, [bare]).outcomes == taken(shard, [full]).outcomes == {"duplicate": 1}


@pytest.mark.parametrize(
    "changed",
    [
        {"cny_amount_minor": 0},
        {"usd_amount_minor": 0},
        {"amount_minor": 10_001},
        {"occurred_at": LARGE["occurred_at"] + 1},
        {"remark": "复投"},
        {"counterparty_id": "a:p2"},
        {"kind": "cash"},
        {"reversal_of": "e0"},
        {"balance_after_minor": 5},
        {"counterparty_birth_year": 1950},
        {"branch_region": "341321"},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_1_of_two_movements_with_one_name_the_first_wins_and_the_other_is_refused(changed: dict[str, Any]) -> None:
    one = {**LARGE, "event_id": "e1", "amount_minor": 10_000}
    shard, listening = listened()
    feed(shard, [LARGE, one])
    output = taken(shard, [{**one, **changed}])
    assert [(r.row, r.reason, r.field) for r in output.rejects] == [(0, Reason.CONFLICTING_DUPLICATE, "event_id")]
    assert output.outcomes == {"rejected": 1}
    until(shard, "2026-03-03")
    assert differences(listening.newest(), shown([one])) == set()


def shuffled(rows: Rows, keys: Sequence[int], days: int) -> Rows:
    """The rows in another order in which none comes after one that is more than ``days`` calendar days newer."""
    late = [row["occurred_at"] + min(key, days * 86_400_000 - 1) for row, key in zip(rows, keys, strict=True)]
    return [rows[k] for k in np.argsort(late, kind="stable")]


@pytest.fixture(scope="module")
def in_order() -> EvaluationRows:
    return shown(LIFE)


LATE_BY = st.lists(st.integers(0, 2 * 86_400_000), min_size=len(LIFE), max_size=len(LIFE))


@settings(max_examples=20, deadline=None)
@given(late_by=LATE_BY)
def test_2_movements_late_within_the_allowed_days_end_in_the_state_of_the_ordered_stream(
    in_order: EvaluationRows, late_by: list[int]
) -> None:
    assert differences(shown(shuffled(LIFE, late_by, 2)), in_order) == set()


@pytest.mark.parametrize(("days", "outcome"), [(0, "used"), (1, "used"), (3, "used"), (4, "late"), (30, "late")])
def test_2_beyond_the_allowed_days_only_cumulative_figures_grow(days: int, outcome: str) -> None:
    shard, listening = listened()
    newest = movement("new", f"{MONDAY + timedelta(days=40)}T10:00", 60_000, counterparty_id="a:new")
    late = movement("late", f"{MONDAY + timedelta(days=40 - days)}T09:00", 700, counterparty_id="a:late")
    feed(shard, [newest])
    assert taken(shard, [late]).outcomes == {outcome: 1}
    until(shard, f"{MONDAY + timedelta(days=41)}")
    core, w90 = listening.newest().core[0], listening.newest().w90[0]
    assert (core["credits"], core["credited"]) == (2, 6_070_000)
    assert (w90["credits"], w90["payers"]) == ((2, 2) if outcome == "used" else (1, 1))


def test_2_an_account_is_judged_again_when_a_late_movement_comes() -> None:
    shard, listening = listened()
    feed(shard, [movement("new", "2026-03-11T10:00", 60_000)])
    judged = len(listening.shown)
    taken(shard, [movement("late", "2026-03-10T10:00", 1)])
    assert len(listening.shown) == judged + 1


def reversal(row: dict[str, Any], at: str) -> dict[str, Any]:
    """The institution takes the movement back, on the other side, as banks book it."""
    other = "debit" if row["direction"] == "credit" else "credit"
    back = movement(f"r-{row['event_id']}", at, 0, reversal_of=row["event_id"], direction=other)
    return {**back, "amount_minor": row["amount_minor"], "counterparty_id": row["counterparty_id"]}


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(
            movement("w", "2026-03-11T10:00", 5_000, counterparty_id="a:p99", remark="复投"), id="credit of a new payer"
        ),
        pytest.param(
            movement("w", "2026-03-11T20:00", 100, direction="debit", counterparty_id="a:p98", remark="返利"),
            id="debit to a new payee",
        ),
        pytest.param(movement("w", "2026-03-11T03:00", 2_800, counterparty_id=None), id="credit of nobody known"),
        pytest.param(
            movement("w", "2026-03-11T10:00", 5_000, counterparty_id="a:p97", counterparty_kind="company"), id="of a company"
        ),
    ],
)
def test_3_a_reversed_movement_and_its_reversal_count_nowhere(wrong: dict[str, Any]) -> None:
    rows = ordered(paid_in(0, range(20), 900) + paid_in(2, range(3), 900))
    kept = shown([*rows, paid_in(3, [1], 50)[0]])
    back = reversal(wrong, "2026-03-12T08:00")
    gone = shown(ordered([*rows, wrong, back, paid_in(3, [1], 50)[0]]))
    # Bounds that screens rest on only grow: nothing is computed of them.
    assert differences(gone, kept, "spoken", "described", "away") == set()


def test_3_a_reversal_of_nothing_known_counts_nowhere_either() -> None:
    rows = ordered(paid_in(0, range(20), 900))
    stray = movement("r", on(0) + "T20:00", 900, direction="debit", reversal_of="never-seen")
    assert differences(shown([*rows, stray]), shown(rows), "last_ms") == set()


def test_3_a_movement_is_taken_back_once() -> None:
    wrong = movement("w", "2026-03-11T10:00", 5_000, counterparty_id="a:p99")
    twice = [wrong, reversal(wrong, "2026-03-11T11:00"), {**reversal(wrong, "2026-03-11T12:00"), "event_id": "again"}]
    assert differences(shown(twice), shown(twice[:2]), "last_ms") == set()


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"own_name": True}, id="names compared by the institution"),
        pytest.param({"customer_id": "c:1", "counterparty_customer_id": "c:1"}, id="one customer on both sides"),
        *[pytest.param({"kind": kind}, id=f"the institution's own {kind}") for kind in ("interest", "fee", "tax", "correction")],
    ],
)
def test_4_own_name_and_bank_originated_movements_are_no_customer_movements(fields: dict[str, Any]) -> None:
    rows = ordered(paid_in(0, range(20), 900, customer_id="c:1"))
    more = [
        movement("m1", on(0) + "T18:00", 900_000, **{"counterparty_id": "a:x", **fields}),
        movement("m2", on(0) + "T18:01", 900_000, **{"counterparty_id": "a:x", "direction": "debit", **fields}),
    ]
    assert differences(shown([*rows, *more]), shown(rows), "last_ms") == set()


def test_4_own_name_false_and_another_customer_are_customer_movements() -> None:
    fields = {"customer_id": "c:1", "counterparty_customer_id": "c:2", "own_name": False}
    assert shown([movement("m1", on(0) + "T18:00", 900, **fields)]).core["credits"][0] == 2


def test_5_the_day_ends_after_the_last_millisecond_in_shanghai() -> None:
    last = movement("e1", on(0) + "T23:59:59.999", 10, counterparty_id="a:p1")
    first = movement("e2", on(1) + "T00:00:00.000", 20, counterparty_id="a:p2")
    assert shown([last]).today["credited"][0] == 1_000
    assert shown([last, first]).today["credited"][0] == 2_000


VECTORS = [
    ("2020-05-20", "2020-05-08"),
    ("2025-09-30", "2025-09-18"),
    ("2025-12-31", "2025-12-18"),
    ("2026-02-13", "2026-02-02"),
    ("2026-04-30", "2026-04-17"),
    ("2026-09-30", "2026-09-17"),
]
"""Last and first day of ten working days, regulation §1.3."""


@pytest.mark.parametrize(("last", "first"), VECTORS)
def test_6_ten_working_days_go_by_the_calendar_of_holidays(last: str, first: str) -> None:
    start = date.fromisoformat(first)
    rows = [
        movement("before", f"{start - timedelta(days=1)}T23:59:59.999", 60_000, counterparty_id="a:p0"),
        movement("first", f"{first}T00:00", 100, counterparty_id="a:p1"),
        movement("last", f"{last}T12:00", 100, counterparty_id="a:p2"),
    ]
    shard, listening = listened()
    feed(shard, rows)
    until(shard, f"{date.fromisoformat(last) + timedelta(days=1)}")
    assert (listening.newest().w10["credits"][0], listening.newest().w10["payers"][0]) == (2, 2)
    assert listening.newest().w90["credits"][0] == 3


@pytest.mark.parametrize(("window", "days"), [("w30", 30), ("w90", 90)])
def test_6_a_window_of_calendar_days_includes_its_first_day_and_not_the_one_before(window: str, days: int) -> None:
    oldest = movement("old", on(0) + "T00:00", 100, counterparty_id="a:p1")
    for later, expected in ((days - 1, 2), (days, 1)):
        row = shown([oldest, movement("new", on(later) + "T00:00", 100, counterparty_id="a:p2")])
        assert (getattr(row, window)["credits"][0], getattr(row, window)["payers"][0]) == (expected, expected)


def payers(*others: dict[str, Any]) -> int:
    """Distinct payers of credits with these counterparties."""
    rows = [movement(f"e{k}", f"{on(0)}T10:{k:02d}", 10, **{"counterparty_id": None, **one}) for k, one in enumerate(others)]
    return int(shown(rows).core["payers"][0])


def test_10_a_payer_is_known_by_customer_else_by_account_and_unknown_ones_are_not_one_person() -> None:
    one, other = {"counterparty_id": "a:1x"}, {"counterparty_id": "a:2x"}
    assert payers(one, one) == 1
    assert payers(one, other) == 2
    assert payers({**one, "counterparty_customer_id": "c:9"}, {**other, "counterparty_customer_id": "c:9"}) == 1
    assert payers({"agent_id": "g:1"}, {"agent_id": "g:2"}) == 2
    assert payers({}, {}) == 0


def test_11_an_age_share_is_told_only_where_enough_ages_are_known() -> None:
    def elderly(known: int, all_payers: int) -> Any:
        old = paid_in(0, range(known), 20_000, counterparty_birth_year=1950, remark="投资款")
        rest = paid_in(0, range(known, all_payers), 20_000, remark="投资款")
        return hear("fundraising_remarks", old + rest + paid_in(1, [0], 1, counterparty_birth_year=1950)).flag.measures[
            "elderly_payer_share"
        ]

    assert elderly(20, 40) == 1.0
    assert elderly(19, 40) is None
    assert elderly(20, 67) is None, "fewer than three in ten are known"
    assert elderly(20, 66) == 1.0


@pytest.mark.parametrize("kind", ["payment", "financial", "public_body"])
def test_12_a_settlement_credit_has_no_payer(kind: str) -> None:
    assert payers(*({"counterparty_id": f"a:{k}x", "counterparty_kind": kind} for k in range(9))) == 0
    assert payers({"counterparty_id": "a:1x", "counterparty_kind": "person"}, {"counterparty_id": "a:2x"}) == 2


def test_a_holder_that_changes_is_refused_and_counts_nowhere() -> None:
    rows = ordered(paid_in(0, range(20), 900, customer_id="c:1"))
    shard, listening = listened()
    feed(shard, [LARGE, *rows])
    output = taken(shard, [movement("x", on(0) + "T20:00", 1, customer_id="c:2"), movement("y", on(0) + "T20:01", 1)])
    assert [(r.row, r.reason, r.field) for r in output.rejects] == [(0, Reason.CUSTOMER_CHANGED, "customer_id")]
    assert output.outcomes == {"rejected": 1, "used": 1}
    until(shard, on(1))
    assert differences(listening.newest(), shown([*rows, movement("y", on(0) + "T20:01", 1)])) == set()


def test_a_profile_that_names_another_holder_is_refused_alone() -> None:
    shard = new_shard(profile("a:1", "person", customer_id="c:1"))
    output = shard.profiles(
        batch_of([profile("a:1", "company", customer_id="c:2"), profile("a:2", "company", customer_id="c:2")], PROFILE)
    )
    assert [(r.row, r.reason, r.field) for r in output.rejects] == [(0, Reason.CUSTOMER_CHANGED, "customer_id")]


def test_one_date_far_ahead_does_not_age_everybody_out() -> None:
    shard, listening = listened()
    feed(shard, [LARGE, movement("ahead", "2031-01-01T00:00", 1, account_id="a:9")])
    assert taken(shard, [movement("e1", "2026-03-03T10:00", 5)]).outcomes == {"used": 1}
    until(shard, "2026-03-04")
    assert listening.newest().core["credits"][0] == 2


def test_silence_is_judged_too_an_open_flag_closes_while_nothing_moves() -> None:
    shard = new_shard()
    collected = ordered(paid_in(0, range(40), 10_000, remark="投资款"))
    opened = feed(shard, collected)
    assert opened
    flags = [flag for day in range(1, 200) for flag in until(shard, on(day))]
    [closed] = [flag for flag in flags if flag.status == "closed" and flag.category != "large_value"]
    # The text finding looks back ninety days, so it last holds on day 89; the flag closes once ninety more are over.
    assert (closed.closed_because, closed.closed_at) == ("no_finding", text_ms(parse_ms(f"{on(181)}T00:00:00+08:00")))


def test_a_shard_begins_with_its_first_movement_whatever_watermarks_came_before() -> None:
    early, plain = new_shard(), new_shard()
    assert until(early, "2031-01-01") == []
    rows = ordered(paid_in(0, range(40), 10_000, remark="投资款"))
    assert lines(feed(early, rows)) == lines(feed(plain, rows))
    assert lines(until(early, on(1))) == lines(until(plain, on(1)))
