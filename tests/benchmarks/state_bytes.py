"""What a shard's memory takes by account, day, older week and counterparty, and what it may take."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

from detector.features import memory as mem
from detector.features.index import nbytes as index_bytes
from detector.features.layout import FORGET_PAIR_DAYS, KEEP_DAYS, WEEK_IS_WIDE, WEEKS_BEFORE
from detector.features.lines import A_BLOCK, HEAD

BOUNDS: Final = {"account": 300, "day": 64, "week": 16, "counterparty": 96}
"""Bytes that may be used, indexes included (issue 3)."""
_DAY_MS: Final = 86_400_000
_SHANGHAI_MS: Final = 8 * 3_600_000


class Held(NamedTuple):
    """How much memory stands for, by what its bounds are told of."""

    accounts: int
    days: int  # with movements, of the last 92
    weeks: int  # older ones with movements, an account's each once
    counterparties: int  # with movements within 365 days
    lines: int  # day lines, those of older days among them
    week_lines: int
    pairs: int  # that stand, those idle for longer among them


def _weeks_of(days: Any) -> Any:
    return (days + 3) // 7


def held(m: mem.Memory) -> Held:
    """Count what stands, from the newest to the oldest, all accounts side by side."""
    today, accounts = int(m.counters[mem.SHARD_DAY]), m.accounts[: int(m.counters[mem.ACCOUNTS])]
    rows = np.flatnonzero(accounts["lines"])
    block, count = accounts["lines_at"][rows].astype(np.int64), (accounts["lines"][rows].astype(np.int64) - 1) % A_BLOCK + 1
    young, older, ends, end_rows = 0, [], [], []
    while len(rows):
        days = m.line_heads[HEAD * block[:, None] + 1 + np.arange(A_BLOCK)].astype(np.int64)
        stands = np.arange(A_BLOCK) < count[:, None]
        young += int((stands & (days > today - KEEP_DAYS)).sum())
        who, which = np.nonzero(stands & (days <= today - KEEP_DAYS))
        older.append(np.stack([rows[who], _weeks_of(days[who, which])]))
        before = m.line_heads[HEAD * block].astype(np.int64)
        ends.append(before[before < 0])
        end_rows.append(rows[before < 0])
        rows, block = rows[before >= 0], before[before >= 0]
        count = np.full(len(rows), A_BLOCK)
    at, owner = -2 - np.concatenate(ends), np.concatenate(end_rows)
    week_lines = 0
    while (at >= 0).any():
        owner, at = owner[at >= 0], at[at >= 0]
        numbers = m.weeks["week"][at].astype(np.int64) & (WEEK_IS_WIDE - 1)
        who, which = np.nonzero(numbers)
        week_lines += len(who)
        older.append(np.stack([owner[who], numbers[who, which]]))
        at = m.weeks["before"][at].astype(np.int64)
    weeks = np.unique(np.concatenate(older, axis=1), axis=1)
    pairs = m.pairs[: int(m.counters[mem.PAIRS])]
    newest = pairs["last_ms"].copy()
    two = (pairs["other"] >= 0) & (pairs["account"] >= 0)
    newest[two] = np.maximum(newest[two], m.sides["last_ms"][pairs["other"][two]])
    within = newest >= (today - FORGET_PAIR_DAYS) * _DAY_MS - _SHANGHAI_MS
    return Held(
        accounts=len(accounts),
        days=young,
        weeks=int((weeks[1] >= _weeks_of(today) - WEEKS_BEFORE).sum()),
        counterparties=int((within & (pairs["account"] >= 0)).sum()),
        lines=int(accounts["lines"].sum()),
        week_lines=week_lines,
        pairs=int((pairs["account"] >= 0).sum()),
    )


def bytes_by_kind(m: mem.Memory) -> dict[str, float]:
    """Bytes an account, a day line, a week line and a counterparty of the year, indexes included, and what the window takes."""
    size = {name: float(part.nbytes) for name, part in mem.used(m).items()}
    has = held(m)
    account = sum(size[name] for name in ("accounts", "arena", "evidence")) + 4 * has.accounts
    pair = sum(size[name] for name in ("pairs", "sides", "members", "schedules"))
    return {
        "account": (account + index_bytes(m.account_index)) / has.accounts,
        "evidence": size["evidence"] / has.accounts,
        "day": (size["lines"] + size["line_heads"] + size["wides"]) / has.lines,
        "week": size["weeks"] / max(has.week_lines, 1),
        "counterparty": (pair + index_bytes(m.pair_index)) / has.counterparties,
        "days": has.days / has.accounts,
        "weeks": has.weeks / has.accounts,
        "counterparties": has.counterparties / has.accounts,
        "idle_pairs": (has.pairs - has.counterparties) / has.accounts,
        "free_pairs": (int(m.counters[mem.PAIRS]) - has.pairs) / has.accounts,
        "window": size["seen"] + size["recent"] + index_bytes(m.seen_index),
    }


def bound(m: mem.Memory) -> float:
    """Bytes that the state may take by the bounds, the duplicate window apart."""
    has = held(m)
    return (
        BOUNDS["account"] * has.accounts
        + BOUNDS["day"] * has.days
        + BOUNDS["week"] * has.weeks
        + BOUNDS["counterparty"] * has.counterparties
    )
