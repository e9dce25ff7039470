"""The per-movement loop: checks, booking and triggers, resumable at every movement."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from detector.features.accounts import account_of, customer_differs, mark_dirty, short_of_room
from detector.features.booking import book, move_branch
from detector.features.buffer import AHEAD, is_full
from detector.features.columns import CONFLICTING, CUSTOMER_CHANGED, DUPLICATE, LATE, UNVERIFIED, USED
from detector.features.counting import add_to_account, live
from detector.features.days import day_of_ms
from detector.features.evaluate import evaluate
from detector.features.forgetting import as_of_day, fall_silent, is_silent
from detector.features.index import SLOTS, home, mark_of, segment_of
from detector.features.jit import inner, loop
from detector.features.layout import CAUSE_DAY, CAUSE_LATE, CAUSE_RUNG, GIVEN, KEEP_DAYS, WAITING
from detector.features.lines import A_BLOCK, HEAD, newest
from detector.features.memory import FIRST_DAY, HANDLED, NO_DAY, SEEN_FROM, SHARD_DAY
from detector.features.reversing import reverse, seen_bits
from detector.features.seen import is_known, note_slot, seen_slot
from detector.features.sweeping import AT_ONCE, SWEEP_EVERY, sweep_some
from detector.features.tables import event_key, mix, pair_slot_key
from detector.features.undoing import link

# Why the loop came back.
DONE, TURN, ROOM, FULL = range(4)
LADDER: Final = np.array(
    [10, 12, 15, 18, 20, 22, 25, 30, 35, 40, 50, 60, 75, 100, 125, 150, 200, 250, 300, 400, 500]
    + [round(500 * 1.25**k) for k in range(1, 60)]
    + [2**31 - 1],
    np.int64,
)
"""Counts of distinct payers, payees or returnees at which an account is judged at once, not at its day's end."""
MONTH: Final = 31
"""Days, the as-of day and what lies before a window of 30 among them."""
SCRATCH: Final = 3 + AHEAD


@inner
def _one(m: Any, x: Any, i: Any, rules: Any, cause: Any) -> Any:
    """Handle one movement; ``cause`` receives whether the account is to be judged now, and why."""
    cause[0] = 0
    row = account_of(m, x.account[i], x.account_at, x.account_ids, i)
    cause[1] = row
    if customer_differs(m, row, x.customer[i], x.customer_at, x.customer_ids, i):
        return CUSTOMER_CHANGED
    outcome = USED
    slot = np.int64(0)
    verified = x.ms[i] >= m.counters[SEEN_FROM]
    if verified:
        slot = seen_slot(m.seen_index, m.seen, event_key(x.account[i], x.event[i], x.credit[i]))
        if is_known(m, slot):
            return DUPLICATE if m.seen[slot].content == x.content[i] else CONFLICTING
    else:
        outcome = UNVERIFIED
    a = m.accounts[row]
    if x.excluded[i] == 0 and x.reversal_of[i] == 0:
        live(a, day_of_ms(x.ms[i]), x.amount[i])
    a.first_ms = min(a.first_ms, x.ms[i])
    a.last_ms = max(a.last_ms, x.ms[i])
    move_branch(a, x.branch[i])
    a.institution_type = x.institution_type[i]
    counted = x.excluded[i] == 0 and x.reversal_of[i] == 0
    day = day_of_ms(x.ms[i])
    too_late = day < m.counters[SHARD_DAY] - rules.lateness_days
    pair, last_ms, last, principal = np.int64(-1), np.int64(0), np.int64(0), np.int64(0)
    if counted and too_late:
        add_to_account(a, x.credit[i], x.amount[i], x.counterparty[i] != 0, x.kind[i] <= 1, GIVEN)
        outcome = LATE
    elif counted:
        pair, last_ms, last, principal = book(m, row, x, i, rules)
        if max(max(a.payers, a.payees), a.returnees) >= LADDER[a.rung]:
            while max(max(a.payers, a.payees), a.returnees) >= LADDER[a.rung]:
                a.rung += 1
            cause[0] = CAUSE_RUNG
        elif day < m.counters[SHARD_DAY]:
            cause[0] = CAUSE_LATE
    elif x.reversal_of[i] != 0:
        reverse(m, row, x, i)
    mark_dirty(m, row)
    if verified:
        entry = m.seen[note_slot(m, slot, event_key(x.account[i], x.event[i], x.credit[i]))]
        entry.content = x.content[i]
        entry.amount = x.amount[i]
        entry.ms = x.ms[i]
        entry.pair = pair
        entry.bits = seen_bits(x, i, counted and not too_late)
        entry.used = 1
        link(m, pair, entry, last_ms, last, principal)
    return outcome


@inner
def _warm(m: Any, x: Any, start: Any, stop: Any, rows: Any) -> Any:
    """Touch what the movements ``start`` to ``stop`` will ask memory for, all at once, and change nothing.

    One movement after the other waits for a dozen places far apart; asked for together they come together.
    ``rows`` is scratch. Returns a sum of what was met, so that the compiler keeps the loops.
    """
    met = np.uint64(0)
    for i in range(start, stop):
        h = mix(x.account[i])
        slot = segment_of(m.account_index, h) * SLOTS + home(h)
        rows[i - start] = m.account_index.rows[slot] if m.account_index.marks[slot] == mark_of(h) else -1
        h = mix(event_key(x.account[i], x.event[i], x.credit[i]))
        slot = segment_of(m.seen_index, h) * SLOTS + home(h)
        met += np.uint64(m.seen_index.marks[slot]) + m.seen[slot].key
    for i in range(start, stop):
        row = rows[i - start]
        if row >= 0:
            met += m.accounts[row].customer_key + np.uint64(m.accounts[row].pairs)
    for i in range(start, stop):
        row = rows[i - start]
        if row < 0:
            continue
        a = m.accounts[row]
        if a.lines > 0:
            met += np.uint64(m.lines[newest(a)].wide) + np.uint64(m.line_heads[HEAD * np.int64(a.lines_at)])
        if x.counterparty[i] != 0:
            h = pair_slot_key(row, x.counterparty[i])
            slot = segment_of(m.pair_index, h) * SLOTS + home(h)
            if m.pair_index.marks[slot] == mark_of(h):
                at = m.pair_index.rows[slot]
                met += m.pairs[at].key + np.uint64(m.pairs[at].count)
    return met


@inner
def _comes_again(m: Any, x: Any, i: Any) -> Any:
    """Whether the window knows the movement's event: its day was turned to when it came first, one day a movement."""
    return is_known(m, seen_slot(m.seen_index, m.seen, event_key(x.account[i], x.event[i], x.credit[i])))


@loop
def consume(
    m: Any, x: Any, start: Any, stop: Any, turned_at: Any, rules: Any, out: Any, status: Any, rows: Any, cause: Any
) -> Any:
    """Handle movements ``start`` to ``stop`` and return ``(code, next)``.

    Comes back before a new movement of a later day than the shard's (``TURN``; called again with ``turned_at`` = that
    movement when the day has been turned), when a pool must grow (``ROOM``), when the buffer is full (``FULL``),
    or at the end (``DONE``). ``rows`` receives each movement's account. ``cause`` is int64[SCRATCH]. Where it comes back
    follows from the movements alone or changes nothing.
    """
    for i in range(start, stop):
        if (i - start) % AHEAD == 0:
            cause[2] = np.int64(_warm(m, x, i, min(i + AHEAD, stop), cause[3:]))
        if is_full(out):
            return FULL, i
        if short_of_room(m):
            return ROOM, i
        day = day_of_ms(x.ms[i])
        if day > m.counters[SHARD_DAY] and i != turned_at and not _comes_again(m, x, i):
            if m.counters[FIRST_DAY] < 0:
                m.counters[FIRST_DAY] = day
            if m.counters[SHARD_DAY] != NO_DAY:
                return TURN, i
            m.counters[SHARD_DAY] = day
        status[i] = _one(m, x, i, rules, cause)
        rows[i] = cause[1]
        if cause[0]:
            evaluate(m, np.int32(cause[1]), day_of_ms(m.accounts[cause[1]].last_ms), cause[0], rules, out)
        # What comes again, or is refused whenever it comes, moves no sweep.
        if status[i] == USED or status[i] == LATE or status[i] == UNVERIFIED:
            m.counters[HANDLED] += 1
            if m.counters[HANDLED] % SWEEP_EVERY == 0:
                sweep_some(m, AT_ONCE)
    return DONE, stop


@inner
def _warm_lines(m: Any, rows: Any, start: Any, stop: Any, scratch: Any) -> Any:
    """Touch the day lines of the accounts ``rows[start:stop]``, all side by side, and change nothing.

    An account's lines lie far apart and each block says where the next one is: one account after the other waits for
    every block, ``AHEAD`` of them wait together. Returns a sum of what was met, as ``_warm`` does.
    """
    met = np.int64(0)
    for k in range(start, stop):
        a = m.accounts[rows[k]]
        scratch[k - start] = a.lines_at if a.lines > 0 else -1
        # Who is seen by the models alone is asked for a month only.
        span = KEEP_DAYS if a.evidence >= 0 or a.returnees > 0 else MONTH
        scratch[AHEAD + k - start] = day_of_ms(a.last_ms) - span
    waiting = True
    while waiting:
        waiting = False
        for k in range(stop - start):
            block = scratch[k]
            if block >= 0:
                waiting = True
                met += np.int64(m.lines[A_BLOCK * block].wide) + np.int64(m.lines[A_BLOCK * block + A_BLOCK - 1].wide)
                older = np.int64(m.line_heads[HEAD * block])
                scratch[k] = older if m.line_heads[HEAD * block + 1] > scratch[AHEAD + k] else -1
    return met


@loop
def evaluate_rows(m: Any, rows: Any, start: Any, as_of: Any, cause: Any, rules: Any, out: Any) -> Any:
    """Evaluate accounts from ``rows[start]`` on until the buffer is full and return the next position.

    ``as_of`` is the day to look from, or negative: each account's own newest day.
    """
    for k in range(start, len(rows)):
        if is_full(out):
            return k
        if (k - start) % AHEAD == 0:
            out.scratch[2 * AHEAD] = _warm_lines(m, rows, k, min(k + AHEAD, len(rows)), out.scratch)
        row = rows[k]
        a = m.accounts[row]
        if cause == CAUSE_DAY:
            a.dirty &= ~WAITING
        if is_silent(m, a):
            fall_silent(m, row)
        day = as_of if as_of >= 0 else as_of_day(m, a, day_of_ms(a.last_ms))
        evaluate(m, row, day, cause, rules, out)
    return len(rows)
