"""A shard's memory: indexes and pools that grow, wide lines, remembered movements, and the same flags without lent space."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from contract.movement import MOVEMENT
from detector.engine import Shard
from detector.evidence import Remembered
from detector.features import memory as mem
from detector.features.buffer import buffer
from detector.features.counterparties import counterparties
from detector.features.index import DEPTH, SEGMENTS, SLOTS
from detector.features.jit import loop
from detector.features.layout import EVIDENCE_SLOTS, NEVER, TAG_ANY
from detector.features.remembering import SIZES, copy_remembered
from detector.features.tables import account_rows, index_accounts
from tests.detector.dense_stream import CATALOGUE, logs
from tests.detector.shards import batch_of, feed, movement, new_shard
from tests.detector.test_engine_invariance import file_of, flat


def memory_of(shard: Shard) -> mem.Memory:
    return shard._memory  # noqa: SLF001  what is looked at here has no other witness


def test_an_index_finds_every_key_through_many_splits_and_no_other() -> None:
    m = mem.empty()
    keys = np.random.default_rng(1).integers(1, 2**63, 60_000, np.uint64)
    m.accounts["key"][: len(keys)] = keys
    index_accounts(m.account_index, m.accounts, len(keys))
    assert m.account_index.meta[SEGMENTS] > 15
    assert 1 << m.account_index.meta[DEPTH] >= m.account_index.meta[SEGMENTS]
    for row in range(0, len(keys), 97):
        asked = keys[row] ^ np.arange(2, dtype=np.uint64)
        assert account_rows(m.account_index, m.accounts, asked).tolist() == [row, -1]
    assert int(m.account_index.fill[: 2 * m.account_index.meta[SEGMENTS] : 2].sum()) == len(keys)


def many(day: str, count: int, **fields: Any) -> list[dict[str, Any]]:
    return [movement(f"{day}-{n}", f"{day}T{n // 60:02}:{n % 60:02}", 100 + n, **fields) for n in range(count)]


def test_a_day_with_more_than_a_line_holds_counts_exactly() -> None:
    shard = new_shard()
    feed(shard, many("2026-04-01", 15))
    assert memory_of(shard).counters[mem.WIDES] == 0
    feed(shard, [*many("2026-04-02", 100), movement("big", "2026-04-03T10:00", 60_000_000)])
    m = memory_of(shard)
    assert m.counters[mem.WIDES] == 2
    wide = m.wides[:2]
    assert wide["counts"][:, 0].tolist() == [100, 1]
    assert wide["money"][:, 0].tolist() == [sum(10_000 + 100 * n for n in range(100)), 6_000_000_000]


def test_wide_lines_and_blocks_of_days_long_past_are_used_again() -> None:
    shard = new_shard()
    for month in range(1, 12):
        for day in range(1, 29):
            feed(shard, many(f"2026-{month:02}-{day:02}", 16))
    m = memory_of(shard)
    assert m.counters[mem.BLOCKS] <= 92 // 3 + 4
    assert m.counters[mem.WIDES] <= 92 + 12


def test_only_the_newest_of_each_side_are_remembered_whatever_their_number_and_length() -> None:
    shard = new_shard()
    rows = []
    for n in range(300):
        direction = "debit" if n % 3 == 0 else "credit"
        at = f"2026-04-{1 + n // 60:02}T{n % 60 // 3:02}:{n % 3:02}"
        rows.append(movement(f"e{n:04}" + "x" * (n * 7 % 92), at, 60_000, direction=direction, counterparty_id=f"c{n}"))
    feed(shard, rows)
    m, out = memory_of(shard), buffer().evidence[0]
    account = m.accounts[0]
    assert int(account["evidence_used"]) <= SIZES[account["evidence_class"]]
    _copy_out(m, account, out)
    remembered = Remembered(out)
    ids = [row["event_id"] for row in rows]
    assert remembered.with_tag((0,), 128) == [one for n, one in enumerate(ids) if n % 3][-EVIDENCE_SLOTS:]
    assert remembered.with_tag((1,), 128) == [one for n, one in enumerate(ids) if not n % 3][-EVIDENCE_SLOTS:]
    assert remembered.newest() == ids[-1]


@loop
def _copy_out(m: Any, account: Any, into: Any) -> None:
    copy_remembered(m, account, into)


ALPHABETS = {
    "digits": "0123456789",
    "upper": "0123456789ABCDEF",
    "lower": "0123456789abcdef",
    "both": "0123456789abcdefABCDEF",
    "any": "".join(map(chr, range(0x21, 0x7F))),
}


@pytest.mark.parametrize("length", [1, 7, 8, 17, 40, 41, 96])
@pytest.mark.parametrize("alphabet", ALPHABETS)
def test_ids_of_any_shape_are_remembered_as_they_were(alphabet: str, length: int) -> None:
    draw = random.Random(f"{alphabet} {length}")
    shard, ids = new_shard(), []
    shape = "".join(draw.choices(ALPHABETS[alphabet], k=length))
    for n in range(90):
        # Now and then one of another length, as after a change of the institution's system.
        alike = max(0, length - 1 - n % 9)
        fresh = "".join(draw.choices(ALPHABETS[alphabet], k=length - alike + (n % 13 == 12)))
        ids.append(shape[:alike] + fresh)
    rows, seen = [], set()
    for n, one in enumerate(ids):
        at = f"2026-04-{1 + n // 45:02}T{n % 45 // 3:02}:{n % 3:02}"
        direction = "debit" if n % 2 else "credit"
        terminal = {} if n % 2 else {"terminal_id": f"T{n % 6}"}
        if (one, direction) not in seen:
            seen.add((one, direction))
            rows.append(movement(one, at, 60_000, direction=direction, counterparty_id=f"c{n}", **terminal))
    feed(shard, rows)
    m, out = memory_of(shard), buffer().evidence[0]
    _copy_out(m, m.accounts[0], out)
    remembered = Remembered(out)
    for side, direction in enumerate(("credit", "debit")):
        expected = [row["event_id"] for row in rows if row["direction"] == direction]
        assert remembered.with_tag((side,), TAG_ANY) == expected[-EVIDENCE_SLOTS:]


@pytest.mark.parametrize(
    "name",
    [
        "a:ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "c:234567ABCDEFGHIJKLMNOPQRST",
        "a:ABCDEFGHIJKLMNOPQRSTUVWXY1",
        "a:abcdefghijklmnopqrstuvwxyz",
        "aABCDEFGHIJKLMNOPQRSTUVWXYZ2",
        "a:ABCDEFGHIJKLMNOPQRSTUVWXYZ2",
        "a:" + "7" * 26,
        "x" * 96,
    ],
)
def test_an_account_is_told_by_the_id_that_it_has_whether_it_is_a_pseudonym_or_not(name: str) -> None:
    shard = new_shard()
    feed(shard, [movement("e1", "2026-04-01T10:00", 100, account_id=name), movement("e2", "2026-04-01T10:01", 100)])
    assert next(one for one, _, _ in shard.scores()) == name


def test_a_counterparty_tells_both_sides_whichever_came_first() -> None:
    shard = new_shard()
    day = "2026-04-01"
    feed(
        shard,
        [
            movement("a", f"{day}T10:00", 10, counterparty_id="x"),
            movement("b", f"{day}T11:00", 20, counterparty_id="y", direction="debit"),
            movement("c", f"{day}T12:00", 30, counterparty_id="y"),
            movement("d", f"{day}T13:00", 40, counterparty_id="x", direction="debit"),
            movement("e", f"{day}T14:00", 50, counterparty_id="z"),
        ],
    )
    told = counterparties(memory_of(shard), np.arange(3))
    assert told["paid_in"].tolist() == [1000, 3000, 5000]
    assert told["paid_out"].tolist() == [4000, 2000, 0]
    assert told["credits"].tolist() == [1, 1, 1]
    assert told["debits"].tolist() == [1, 1, 0]
    assert (told["first_in_ms"] < told["first_out_ms"]).tolist() == [True, False, True]
    assert told["last_out_ms"][2] == -NEVER
    assert memory_of(shard).counters[mem.SIDES] == 2


@pytest.fixture
def no_space(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system that lends no address space."""

    def refuse(*_: Any, **__: Any) -> None:
        raise OSError

    monkeypatch.setattr("mmap.mmap", refuse)


def run(restarts: bool) -> tuple[bytes, mem.Memory]:
    [log, *_] = logs(20)
    shard, flags = Shard(log.institution, 0, CATALOGUE), []
    for at in range(0, log.movements.num_rows, 500):
        if restarts:
            shard = Shard.restore(log.institution, 0, CATALOGUE, flat(shard.state()))
        flags += shard.movements(log.movements.slice(at, 500)).flags
    return file_of(flags), memory_of(shard)


def test_without_lent_space_and_through_restarts_the_flags_are_the_same(request: pytest.FixtureRequest) -> None:
    plain, _ = run(restarts=False)
    request.getfixturevalue("no_space")
    grown, m = run(restarts=False)
    assert len(m.lines) < 1_000_000
    assert len(m.evidence) > 16_384
    assert grown == plain
    assert run(restarts=True)[0] == plain


def test_the_duplicate_window_forgets_what_is_past_and_nothing_else() -> None:
    shard = new_shard()
    for day in range(1, 11):
        feed(shard, many(f"2026-04-{day:02}", 1400))
    m = memory_of(shard)
    stands = m.seen["used"][: SLOTS * m.seen_index.meta[SEGMENTS]] != 0
    assert stands.sum() < 9000
    entries = m.seen[: len(stands)][stands]
    assert (entries["ms"] >= m.counters[mem.SEEN_FROM]).sum() == 4 * 1400
    again = shard.movements(batch_of(many("2026-04-08", 1400), MOVEMENT))
    assert again.outcomes == {"duplicate": 1400}
