"""What is idle for a year, or silent for 400 days, is as if it had never been, whenever its space is given back."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from contract.evidence import MOST_COUNTERPARTIES, encode
from contract.flag import Flag
from contract.movement import MOVEMENT
from contract.shanghai import DAY_MS, parse_ms
from detector.business.watching import watched
from detector.catalogue import DecisionRules
from detector.engine import Shard
from detector.features import memory as mem
from detector.features.jit import loop
from detector.features.layout import FREED
from detector.features.remembering import UNIT
from detector.features.tables import pair_row
from detector.features.walk import HUB_PAIRS
from detector.schemes.gathering import gathered
from tests.detector.dense_stream import CATALOGUE, START, logs
from tests.detector.shards import INSTITUTION, batch_of, feed, new_shard, until
from tests.detector.stories import on, paid_in, paid_out
from tests.detector.test_engine_invariance import file_of, flat
from tests.detector.test_weeks import memory_of

BREAKS = (300, 367, 372, 395, 405, 430, 520)
"""Days after which an account of the stream begins again: some of its counterparties are past, or all that it owned is."""


def _again(row: dict[str, Any], days: int) -> dict[str, Any]:
    return {**row, "event_id": f"{row['event_id']}+", "occurred_at": row["occurred_at"] + days * DAY_MS}


def _lives() -> list[dict[str, Any]]:
    """Accounts that collect and pay back, fall silent, and do so again with the same persons; one in four moves now and then."""
    [log, *_] = logs(28, seed=3)
    first = [{name: row[name] for name in row} for row in log.movements.to_pylist()]
    for row in first:
        row["occurred_at"] = parse_ms(row["occurred_at"].isoformat())
    rows, number = list(first), {name: n for n, name in enumerate(sorted({row["account_id"] for row in first}))}
    for row in first:
        n = number[row["account_id"]]
        rows.append(_again(row, BREAKS[n % len(BREAKS)]))
    for name, n in number.items():
        if n % 4 == 0:
            rows += [
                {**first[0], "account_id": name, "event_id": f"{name}-now{k}", "occurred_at": START + (20 + 31 * k) * DAY_MS}
                for k in range(16)
            ]
        if n % 4 == 1:
            # Far too late: it wakes nobody, but its account is judged.
            row = {**first[0], "account_id": name, "event_id": f"{name}-late", "occurred_at": START + (40 + 30 * n) * DAY_MS}
            rows.append({**row, "arrives": START + (250 + 9 * n) * DAY_MS})
    rows.sort(key=lambda row: row.pop("arrives", row["occurred_at"]))
    return rows


@pytest.fixture(scope="module")
def lives() -> list[dict[str, Any]]:
    return _lives()


@dataclasses.dataclass(slots=True)
class _Told:
    """What a run of the stream gave, and how many accounts had been emptied by some moment, at most."""

    shard: Shard
    flags: bytes = b""
    scores: list[Any] = dataclasses.field(default_factory=list)
    evidence: list[bytes] = dataclasses.field(default_factory=list)
    emptied: int = 0
    duplicates: int = 0


def _sent_again(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of a day before the newest: the shard surely remembers them."""
    newest = max((row["occurred_at"] for row in rows), default=0)
    return [row for row in rows if row["occurred_at"] > newest - DAY_MS]


def _run(rows: Sequence[dict[str, Any]], size: int, *, restarts: bool = False, repeats: bool = False) -> _Told:
    """The stream in batches, with a restart after each, or with the newest movements of each sent again."""
    told = _Told(Shard("B1", 0, CATALOGUE, evidence=True))
    flags: list[Flag] = []
    for at in range(0, len(rows), size):
        batch = rows[at : at + size]
        for part in (batch, _sent_again(batch)) if repeats else (batch,):
            output = told.shard.movements(batch_of(part, MOVEMENT))
            flags += output.flags
            told.evidence += map(encode, output.evidence)
            told.duplicates += output.outcomes.get("duplicate", 0)
        told.emptied = max(told.emptied, int((memory_of(told.shard).accounts["lines_at"][:200] == FREED).sum()))
        if restarts:
            told.shard = Shard.restore("B1", 0, CATALOGUE, flat(told.shard.state()), evidence=True)
    output = told.shard.watermark(START + 700 * DAY_MS)
    told.flags, told.scores = file_of([*flags, *output.flags]), list(told.shard.scores())
    told.evidence += map(encode, output.evidence)
    return told


def test_no_flag_no_score_and_no_evidence_hangs_on_when_space_is_given_back(
    lives: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = _run(lives, 500)
    assert plain.flags.count(b"\n") > 100
    assert len(plain.evidence) > 500
    assert plain.emptied > 0
    monkeypatch.setattr("detector.engine.swept", lambda memory: memory)
    late = _run(lives, 211)
    assert late.emptied < plain.emptied
    assert memory_of(late.shard).counters[mem.PAIRS] > memory_of(plain.shard).counters[mem.PAIRS]
    monkeypatch.undo()
    monkeypatch.setattr("detector.features.sweeping.SWEEP_DAYS", 1)
    early = _run(lives, 353, restarts=True)
    monkeypatch.setattr("detector.features.sweeping.AT_TURN", 0)
    among, again = _run(lives, 97), _run(lives, 97, repeats=True)
    assert again.duplicates > 300
    assert again.flags == among.flags == early.flags == late.flags == plain.flags
    assert again.scores == among.scores == early.scores == late.scores == plain.scores
    assert again.evidence == among.evidence == early.evidence == late.evidence == plain.evidence
    # What came again moved no sweep either.
    assert {name: part.tobytes() for name, part in mem.used(memory_of(again.shard)).items()} == {
        name: part.tobytes() for name, part in mem.used(memory_of(among.shard)).items()
    }


class _SaysSomething:
    """A business book that knows one event of everybody."""

    def newest(self, key: int) -> list[tuple[str, bool]]:
        return [(f"e{key}", True)]


def _watched_after_silence(days: int) -> dict[str, Any]:
    """What an account that was silent for some days owns once the business book wants it judged."""
    shard = new_shard()
    feed(shard, paid_in(0, range(12), 500))
    until(shard, on(days))
    m = memory_of(shard)
    watched(m, _SaysSomething(), m.accounts["key"][:1])  # type: ignore[arg-type]  # it asks for nothing else of a book
    account = m.accounts[0]
    start = UNIT * int(account["evidence"])
    remembered = bytes(m.evidence[start : start + int(account["evidence_used"])])
    return {"remembered": remembered, **{name: int(account[name]) for name in ("lines", "lines_at", "pairs")}}


def test_whom_the_business_book_wants_judged_shows_the_same_whether_the_sweep_has_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    has_lines = _watched_after_silence(395)
    assert has_lines["lines"] > 0
    monkeypatch.setattr("detector.features.sweeping.SWEEP_DAYS", 1)
    once_swept = _watched_after_silence(420)
    monkeypatch.setattr("detector.engine.swept", lambda memory: memory)
    assert _watched_after_silence(420) == once_swept != has_lines


def test_who_sends_no_counterparties_is_never_whole_though_all_of_them_are_past() -> None:
    shard = new_shard()
    feed(shard, [*paid_in(0, range(5), 500), *paid_in(0, [1], 500, account_id="a:2")])
    m, rows = memory_of(shard), np.arange(2)
    for _ in range(2):
        told = [(whole, len(sent) > 0) for whole, sent in gathered(m, rows, np.array([True, False]))]
        assert told[0] == (False, False)
        assert told[1][0]
        until(shard, on(300))
        for day in range(379, 409):
            until(shard, on(day))
    assert m.accounts["pairs"][:2].tolist() == [0, 0]
    m.accounts["met"][1] = MOST_COUNTERPARTIES + 1
    assert [whole for whole, _ in gathered(m, rows, np.zeros(2, np.bool_))] == [True, False]


@loop
def _places(m: Any, rows: Any, keys: Any) -> Any:
    found = np.empty(len(keys), np.int64)
    for k in range(len(keys)):
        found[k] = pair_row(m.pair_index, m.pairs, rows[k], keys[k])
    return found


def _all_found(m: mem.Memory) -> int:
    """Whether every counterparty that stands is found, by its account too; gives how many stand."""
    pairs = m.pairs[: m.counters[mem.PAIRS]]
    stand = np.flatnonzero(pairs["account"] >= 0)
    assert _places(m, pairs["account"][stand], pairs["key"][stand]).tolist() == stand.tolist()
    members = [m.members[a["members_at"] : a["members_at"] + a["pairs"]] for a in m.accounts[: m.counters[mem.ACCOUNTS]]]
    assert sorted(np.concatenate(members).tolist()) == stand.tolist()
    return len(stand)


def test_a_shop_whose_customers_change_takes_no_more_than_a_year_of_them() -> None:
    shard, stands = new_shard(), []
    for week in range(170):
        customers = range(100 * week, 100 * week + 100)
        feed(shard, paid_in(7 * week, customers, 20) + paid_out(7 * week, customers[:5], 1))
        if week in (60, 169):
            stands.append(_all_found(memory_of(shard)))
    m = memory_of(shard)
    assert max(stands) <= 100 * (365 + 28 + 14) // 7
    assert m.counters[mem.PAIRS] == max(stands) + int((m.pairs["account"][: m.counters[mem.PAIRS]] < 0).sum()) <= 6_000
    assert m.counters[mem.SIDES] <= 320
    assert m.counters[mem.SCHEDULES] <= 320
    assert m.accounts[0]["met"] == m.accounts[0]["payers"] == 17_000 < HUB_PAIRS


def test_one_who_comes_back_after_a_year_is_met_anew_and_what_he_did_still_counts() -> None:
    shard = new_shard()
    feed(shard, [*paid_in(0, [1], 1_000), *paid_out(3, [1], 20), *paid_in(200, [2], 1)])
    feed(shard, paid_out(369, [1], 30))
    account = memory_of(shard).accounts[0]
    assert (account["payers"], account["payees"], account["returnees"], account["returned"]) == (2, 2, 1, 2_000)
    assert (account["pairs"], account["met"]) == (2, 3)


@pytest.mark.parametrize("days", [399, 402, 403, 600])
def test_an_account_silent_for_400_days_and_the_lateness_keeps_nothing_but_its_row(days: int) -> None:
    shard = new_shard()
    feed(shard, [*paid_in(0, range(12), 500), *paid_out(100, range(12), 5), *paid_in(220, [1], 5)])
    until(shard, on(221))
    m = memory_of(shard)
    before, used = m.accounts[0].copy(), {name: int(m.counters[name]) for name in (mem.BLOCKS, mem.EVIDENCE, mem.MEMBERS)}
    for day in range(222, 221 + days):
        until(shard, on(day))
    account = memory_of(shard).accounts[0]
    is_gone = days >= 403
    assert ((account["lines"] == 0), (account["evidence"] < 0)) == (is_gone, is_gone)
    assert account["pairs"] == 0
    for name in ("credited", "debited", "payers", "payees", "returnees", "first_ms", "last_ms", "moved", "usual_in_mean", "met"):
        assert account[name] == before[name]
    # Another account takes what it left.
    feed(shard, [{**row, "account_id": "a:2"} for row in paid_in(221 + days, range(12), 500)])
    assert {name: int(m.counters[name]) for name in used} == used or not is_gone
    # And it sleeps no less soundly: who wakes it finds how long it slept.
    feed(shard, paid_in(222 + days, [1], 5))
    assert memory_of(shard).accounts[0]["slept"] == 2 + days


def test_what_a_turn_may_not_sweep_is_swept_among_the_movements_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detector.features.sweeping.AT_TURN", 0)
    shard = new_shard()
    feed(shard, paid_in(0, range(12), 500))
    until(shard, on(420))
    busy = [{**row, "account_id": "a:2"} for row in paid_in(420, range(300), 5)]
    feed(shard, busy[:200])
    assert memory_of(shard).accounts[0]["lines_at"] >= 0
    feed(shard, busy[200:], sizes=(1, 2, 3))
    assert memory_of(shard).accounts[0]["lines_at"] == FREED


def test_under_an_open_flag_what_is_remembered_is_not_given_back_until_it_closes() -> None:
    catalogue = dataclasses.replace(CATALOGUE, decision=DecisionRules(keep_finding_days=500, close_after_days=520))
    shard = Shard(INSTITUTION, 0, catalogue)
    flags = feed(shard, [*paid_in(0, range(40), 10_000, remark="投资款"), *paid_out(12, range(20), 100)])
    assert any(flag.category != "large_value" for flag in flags)
    closed = None
    for day in range(13, 700):
        if any(flag.status == "closed" and flag.category != "large_value" for flag in until(shard, on(day))):
            closed = day
        if day % 100 == 0:
            shard = Shard.restore(INSTITUTION, 0, catalogue, flat(shard.state()))
        assert (memory_of(shard).accounts[0]["evidence"] >= 0) == (closed is None)
    assert closed is not None
    assert closed > 450
    assert memory_of(shard).accounts[0]["lines_at"] == FREED
