"""The per-movement loop: checks, day lines, counterparties and triggers, resumable at every movement."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

from contract.movement import HOLDER_KINDS
from detector.features.buffer import is_full
from detector.features.days import DAY_MS, SHANGHAI_MS, day_of_ms, year_of
from detector.features.evaluate import evaluate
from detector.features.jit import inner, loop
from detector.features.layout import (
    CAUSE_DAY,
    CAUSE_LATE,
    CAUSE_RUNG,
    ELDERLY_FROM,
    EVIDENCE_SLOTS,
    ID_BYTES,
    MARKS_MINOR,
    NEAR_CASH_MINOR,
    NEVER,
    NO_BALANCE,
    PAIR_ON_PAYROLL,
    PAIR_TEXT_IN,
    PAIR_TEXT_OUT,
    PAIR_TEXT_P2P,
    PAIR_TEXT_STRONG,
    PAIR_TEXT_WEAK,
    PROBE_DAYS,
    PROBE_MOST_MINOR,
    SEEN_CASH,
    SEEN_COUNTED,
    SEEN_CREDIT,
    SEEN_KNOWN,
    SEEN_NIGHT,
    SEEN_PAYMENT,
    SEEN_PERSON,
    SEEN_REVERSED,
    SLEEP_DAYS,
    TAG_ANY,
    TAG_PERSON,
    TAG_RETURN,
    TAG_TEXT,
    TEXT_SHIFT,
    UNITS_MINOR,
)
from detector.features.lexicon import TEXT_IN, TEXT_NEGATIVE, TEXT_OUT, TEXT_P2P, TEXT_STRONG, TEXT_WEAK
from detector.features.lines import find, line_of
from detector.features.members import most_needed
from detector.features.memory import (
    ACCOUNTS,
    ARENA,
    DIRTY,
    ELDERLY,
    EVIDENCES,
    KNOWN_AGES,
    LINES,
    MEMBERS,
    NO_DAY,
    PAIRS,
    SCHEDULES,
    SEEN_COUNT,
    SEEN_FROM,
    SHARD_DAY,
)
from detector.features.pairs import is_person, is_returnee, pair_of, record, take_back
from detector.features.tables import account_slot, mix, pair_slot_key, seen_slot

# Why the loop came back.
DONE, TURN, ROOM, FULL = range(4)
# What became of a movement.
USED, DUPLICATE, CONFLICTING, CUSTOMER_CHANGED, LATE, UNVERIFIED = range(6)

PAYMENT_KIND: Final = HOLDER_KINDS.index("payment") + 1

LADDER: Final = np.array(
    [10, 12, 15, 18, 20, 22, 25, 30, 35, 40, 50, 60, 75, 100, 125, 150, 200, 250, 300, 400, 500]
    + [round(500 * 1.25**k) for k in range(1, 60)]
    + [2**31 - 1],
    np.int64,
)
"""Counts of distinct payers, payees or returnees at which an account is judged at once, not at its day's end."""
EVIDENCE_FROM: Final = 8
"""Distinct payers or payees from which event ids are remembered; below it no typology over counterparties can hit."""

_UNITS: Final = np.array(UNITS_MINOR, np.int64)
_MARKS: Final = np.array(MARKS_MINOR, np.int64)
AHEAD: Final = 16
"""Movements whose memory is asked for together."""
NIGHT_MS: Final = 6 * 3_600_000


class Columns(NamedTuple):
    """A batch as the loop reads it; one entry a movement."""

    account: Any  # uint64 hash of account_id
    customer: Any  # uint64, 0 unknown
    event: Any  # uint64 hash of event_id
    reversal_of: Any  # uint64 hash of the event taken back, 0 none
    content: Any  # uint64 over all that was said
    ms: Any  # int64
    credit: Any  # uint8
    amount: Any  # int64 CNY minor units, 0 where it does not count towards CNY lines
    excluded: Any  # uint8, the institution's own booking or own-name: no customer movement
    counterparty: Any  # uint64, 0 unknown
    kind: Any  # int8 counterparty kind code
    cash: Any  # uint8
    batch: Any  # uint8, made by an institution's batch, not at a customer's hand
    terminal: Any  # uint64 hash of the terminal or merchant number, 0 none
    text: Any  # uint8 lexicon bits
    birth_year: Any  # int16
    occupation: Any  # int8
    region: Any  # int32 counterparty's
    branch: Any  # int32
    institution_type: Any  # int8 code
    payroll: Any  # uint8, by the institution's own payroll batch
    returns: Any  # uint8, a debit that may count as money returned (no payroll, pension, subsidy, refund batch)
    balance: Any  # int64 or NO_BALANCE
    account_at: Any  # int32 offsets into account_ids
    account_ids: Any  # uint8
    customer_at: Any
    customer_ids: Any
    event_at: Any
    event_ids: Any


class Rules(NamedTuple):
    """What the loop and the evaluation need of configuration and calendar."""

    lateness_days: Any
    window_starts: Any  # int32, first day of the 10-working-day window ending at base + index
    window_base: Any
    pass_least_inflow: Any  # minor units
    pass_most_retained: Any
    evidence_least_inflow: Any


@inner
def short_of_room(m: Any) -> Any:
    c = m.counters
    return (
        2 * (c[ACCOUNTS] + 1) > len(m.account_index)
        or c[ACCOUNTS] >= len(m.accounts)
        or 2 * (c[PAIRS] + 1) > len(m.pair_index)
        or c[PAIRS] >= len(m.pairs)
        or c[MEMBERS] + most_needed(m) > len(m.members)
        or c[LINES] + 256 > len(m.lines)
        or c[ARENA] + 2 * ID_BYTES > len(m.arena)
        or c[SCHEDULES] >= len(m.schedules)
        or c[EVIDENCES] >= len(m.evidence)
        or c[DIRTY] >= len(m.dirty)
        or 2 * (c[SEEN_COUNT] + 1) > len(m.seen)
    )


@inner
def _keep_text(m: Any, offsets: Any, data: Any, i: Any) -> Any:
    """Copy one string into the arena and return where it stands."""
    at = m.counters[ARENA]
    first = offsets[i]
    length = offsets[i + 1] - first
    for k in range(length):
        m.arena[at + k] = data[first + k]
    m.counters[ARENA] = at + length
    return at


@inner
def account_of(m: Any, key: Any, at: Any, ids: Any, i: Any) -> Any:
    """Row of an account, made where it is new; the caller makes sure of room."""
    slot = account_slot(m.account_index, m.accounts, key)
    row = m.account_index[slot]
    if row >= 0:
        return row
    row = np.int32(m.counters[ACCOUNTS])
    m.counters[ACCOUNTS] += 1
    m.account_index[slot] = row
    a = m.accounts[row]
    a.key = key
    a.first_ms = NEVER
    a.last_ms = -NEVER
    a.members_at = -1
    a.evidence = -1
    a.lines_at = -1
    a.id_at = _keep_text(m, at, ids, i)
    a.id_len = at[i + 1] - at[i]
    return row


@inner
def customer_differs(m: Any, row: Any, customer: Any, at: Any, ids: Any, i: Any) -> Any:
    """Whether a holder is named that the account does not have; learns the holder where none was known."""
    a = m.accounts[row]
    if customer == 0:
        return False
    if a.customer_key == 0:
        a.customer_key = customer
        a.customer_at = _keep_text(m, at, ids, i)
        a.customer_len = at[i + 1] - at[i]
        return False
    return a.customer_key != customer


@inner
def event_key(account: Any, event: Any, credit: Any) -> Any:
    """Key of the idempotency triple (account, event, direction) inside one institution."""
    return mix(event ^ mix(account + np.uint64(credit)))


@inner
def _mark_dirty(m: Any, row: Any) -> None:
    a = m.accounts[row]
    if a.dirty == 0:
        a.dirty = 1
        m.dirty[m.counters[DIRTY]] = row
        m.counters[DIRTY] += 1


@inner
def _remember_event(m: Any, row: Any, x: Any, i: Any, tags: Any) -> None:
    block = m.evidence[m.accounts[row].evidence]
    side = 0 if x.credit[i] else 1
    slot = block.written[side] % EVIDENCE_SLOTS
    first = x.event_at[i]
    length = x.event_at[i + 1] - first
    for k in range(length):
        block.ids[side, slot, k] = x.event_ids[first + k]
    for k in range(length, block.length[side, slot]):
        block.ids[side, slot, k] = 0
    block.length[side, slot] = length
    block.tags[side, slot] = tags
    block.written[side] += 1
    block.newest_side = side


@inner
def _remember_terminal(block: Any, terminal: Any) -> None:
    for k in range(len(block.terminals)):
        if block.terminals[k] == terminal:
            return
        if block.terminals[k] == 0:
            block.terminals[k] = terminal
            return


@inner
def _live(a: Any, day: Any, amount: Any) -> None:
    """Follow the account's life before its movement of ``day`` counts: sleeps, and the small movements of its youth."""
    if a.moved > 0 and day - a.moved >= SLEEP_DAYS:
        begun = a.opened if a.opened > 0 else day_of_ms(a.first_ms)
        a.woke = day
        a.slept = min(day - a.moved, 32_000)
        a.span = min(max(a.moved - begun, 0), 32_000)
    a.moved = max(a.moved, day)
    if a.opened > 0 and day - a.opened <= PROBE_DAYS and 0 < amount <= PROBE_MOST_MINOR and a.probes < 1000:
        a.probes += 1
        a.probed = max(a.probed, day)
        a.probe_most = max(a.probe_most, amount)


@inner
def _at_night(x: Any, i: Any) -> Any:
    """Whether a customer made the movement between midnight and six; an institution's batch runs at night for its own reasons."""
    return x.batch[i] == 0 and (x.ms[i] + SHANGHAI_MS) % DAY_MS < NIGHT_MS


@inner
def _add_credit(line: Any, amount: Any, text: Any, person: Any, payment: Any, sign: Any) -> None:
    line.credits += sign
    line.credited += sign * amount
    if person:
        line.credits_from_persons += sign
        line.credited_by_persons += sign * amount
    elif payment:
        line.from_payment += sign * amount
    if text & TEXT_NEGATIVE == 0:
        if text & (TEXT_IN | TEXT_STRONG):
            line.text_in += sign
        elif text & TEXT_WEAK:
            line.text_weak += sign
    for k in range(len(_MARKS)):
        if amount >= _MARKS[k]:
            line.at_marks[k] += sign
    if amount > 0 and amount % _UNITS[0] == 0:
        for k in range(len(_UNITS)):
            if amount % _UNITS[k] == 0:
                line.at_units[k] += sign


@inner
def _add_debit(line: Any, amount: Any, text: Any, cash: Any, sign: Any) -> None:
    line.debits += sign
    line.debited += sign * amount
    if cash:
        line.cash_out += sign * amount
    if text & TEXT_NEGATIVE == 0 and text & TEXT_OUT:
        line.text_out += sign


@inner
def _add_to_line(
    line: Any, credit: Any, amount: Any, night: Any, text: Any, person: Any, payment: Any, cash: Any, sign: Any
) -> None:  # fmt: skip
    if night:
        line.night += sign
    if cash and NEAR_CASH_MINOR[0] <= amount < NEAR_CASH_MINOR[1]:
        line.near_cash[0 if credit else 1] += sign
    if credit:
        _add_credit(line, amount, text, person, payment, sign)
    else:
        _add_debit(line, amount, text, cash, sign)


@inner
def _add_to_account(a: Any, credit: Any, amount: Any, known: Any, person: Any, sign: Any) -> None:
    a.movements += sign
    if not credit:
        a.debited += sign * amount
        return
    a.credits += sign
    a.credited += sign * amount
    if known:
        a.credits_known += sign
    if person:
        a.credited_by_persons += sign * amount


@inner
def _text_bits(text: Any, credit: Any) -> Any:
    if text & TEXT_NEGATIVE or text == 0:
        return 0
    if not credit:
        return PAIR_TEXT_OUT if text & TEXT_OUT else 0
    bits = 0
    if text & TEXT_IN:
        bits |= PAIR_TEXT_IN
    if text & TEXT_STRONG:
        bits |= PAIR_TEXT_IN | PAIR_TEXT_STRONG
    if text & TEXT_WEAK:
        bits |= PAIR_TEXT_WEAK
    if text & TEXT_P2P:
        bits |= PAIR_TEXT_P2P
    return bits


@inner
def _book(m: Any, row: Any, x: Any, i: Any, rules: Any) -> Any:  # noqa: C901  a kernel's branches are its speed
    """Count one customer movement on account, line and pair; returns the pair or -1."""
    a = m.accounts[row]
    person = x.kind[i] <= 1
    _add_to_account(a, x.credit[i], x.amount[i], x.counterparty[i] != 0, person, 1)
    line = line_of(m, row, day_of_ms(x.ms[i]))
    if line < 0:
        return np.int32(-1)
    entry = m.lines[line]
    if entry.credits == 0 and entry.debits == 0:
        a.active_days += 1
    _add_to_line(
        entry, x.credit[i], x.amount[i], _at_night(x, i), x.text[i], person, x.kind[i] == PAYMENT_KIND, x.cash[i] != 0, 1
    )
    if x.balance[i] != NO_BALANCE and x.ms[i] >= entry.balance_ms:
        entry.balance = x.balance[i]
        entry.balance_ms = x.ms[i]
    at = np.int32(-1)
    tags = TAG_ANY | (TAG_PERSON if person else 0)
    if x.counterparty[i] != 0:
        at = pair_of(m, row, x.counterparty[i], x.kind[i], x.ms[i])
        pair = m.pairs[at]
        if x.credit[i] or x.returns[i] or pair.credits == 0:
            record(m, row, at, line, x.credit[i] != 0, x.amount[i], x.ms[i])
        pair.bits |= _text_bits(x.text[i], x.credit[i])
        if x.payroll[i] and not x.credit[i]:
            pair.bits |= PAIR_ON_PAYROLL
        if x.birth_year[i] > 0:
            if pair.birth_year == 0 and x.credit[i] and person:
                m.counters[KNOWN_AGES] += 1
                if year_of(day_of_ms(x.ms[i])) - x.birth_year[i] >= ELDERLY_FROM:
                    m.counters[ELDERLY] += 1
            pair.birth_year = x.birth_year[i]
        if x.occupation[i] > 0:
            pair.occupation = x.occupation[i]
        if x.region[i] > 0:
            pair.region = x.region[i]
        if not x.credit[i] and is_person(pair) and is_returnee(pair):
            tags |= TAG_RETURN
    if x.text[i] != 0 and x.text[i] & TEXT_NEGATIVE == 0:
        tags |= TAG_TEXT
    if a.evidence < 0 and (
        a.payers >= EVIDENCE_FROM
        or a.payees >= EVIDENCE_FROM
        or entry.credited >= rules.evidence_least_inflow
        or entry.near_cash[0] + entry.near_cash[1] > 0
        or (x.text[i] & TEXT_STRONG and x.text[i] & TEXT_NEGATIVE == 0)
    ):
        a.evidence = m.counters[EVIDENCES]
        m.counters[EVIDENCES] += 1
    if a.evidence >= 0:
        _remember_event(m, row, x, i, tags)
        if x.terminal[i] != 0 and x.credit[i]:
            _remember_terminal(m.evidence[a.evidence], x.terminal[i])
    return at


@inner
def _unbook(m: Any, row: Any, entry: Any) -> None:
    """Take back what a reversed movement counted, by what is remembered of it."""
    credit = entry.bits & SEEN_CREDIT != 0
    person = entry.bits & SEEN_PERSON != 0
    _add_to_account(m.accounts[row], credit, entry.amount, entry.bits & SEEN_KNOWN != 0, person, -1)
    if entry.pair >= 0:
        take_back(m, row, entry.pair, credit, entry.amount, entry.ms)
    line = find(m, row, day_of_ms(entry.ms))
    if line >= 0:
        text, payment, cash = entry.bits >> TEXT_SHIFT, entry.bits & SEEN_PAYMENT != 0, entry.bits & SEEN_CASH != 0
        night = entry.bits & SEEN_NIGHT != 0
        _add_to_line(m.lines[line], credit, entry.amount, night, text, person, payment, cash, -1)
        if m.lines[line].credits == 0 and m.lines[line].debits == 0:
            m.accounts[row].active_days -= 1


@inner
def _reverse(m: Any, row: Any, x: Any, i: Any) -> None:
    for turn in range(2):
        credit = x.credit[i] if turn else 1 - x.credit[i]
        entry = m.seen[seen_slot(m.seen, event_key(x.account[i], x.reversal_of[i], credit))]
        # Older entries may or may not still stand in the table; only those of the window count, whatever its size.
        if entry.used and entry.ms >= m.counters[SEEN_FROM] and entry.bits & SEEN_COUNTED and entry.bits & SEEN_REVERSED == 0:
            entry.bits |= SEEN_REVERSED
            _unbook(m, row, entry)
            return


@inner
def _bits(x: Any, i: Any, counted: Any) -> Any:
    bits = np.int64(x.text[i]) << TEXT_SHIFT
    if x.credit[i]:
        bits |= SEEN_CREDIT
    if counted:
        bits |= SEEN_COUNTED
    if x.kind[i] <= 1:
        bits |= SEEN_PERSON
    if x.counterparty[i] != 0:
        bits |= SEEN_KNOWN
    if x.kind[i] == PAYMENT_KIND:
        bits |= SEEN_PAYMENT
    if x.cash[i]:
        bits |= SEEN_CASH
    if _at_night(x, i):
        bits |= SEEN_NIGHT
    return bits


@inner
def _one(m: Any, x: Any, i: Any, rules: Any, cause: Any) -> Any:
    """Handle one movement; ``cause`` receives whether the account is to be judged now, and why."""
    cause[0] = 0
    row = account_of(m, x.account[i], x.account_at, x.account_ids, i)
    cause[1] = row
    if customer_differs(m, row, x.customer[i], x.customer_at, x.customer_ids, i):
        return CUSTOMER_CHANGED
    outcome = USED
    slot = np.uint64(0)
    verified = x.ms[i] >= m.counters[SEEN_FROM]
    if verified:
        slot = seen_slot(m.seen, event_key(x.account[i], x.event[i], x.credit[i]))
        if m.seen[slot].used:
            return DUPLICATE if m.seen[slot].content == x.content[i] else CONFLICTING
    else:
        outcome = UNVERIFIED
    a = m.accounts[row]
    if x.excluded[i] == 0 and x.reversal_of[i] == 0:
        _live(a, day_of_ms(x.ms[i]), x.amount[i])
    a.first_ms = min(a.first_ms, x.ms[i])
    a.last_ms = max(a.last_ms, x.ms[i])
    a.region = x.branch[i]
    a.institution_type = x.institution_type[i]
    counted = x.excluded[i] == 0 and x.reversal_of[i] == 0
    day = day_of_ms(x.ms[i])
    too_late = day < m.counters[SHARD_DAY] - rules.lateness_days
    pair = np.int32(-1)
    if counted and too_late:
        _add_to_account(a, x.credit[i], x.amount[i], x.counterparty[i] != 0, x.kind[i] <= 1, 1)
        outcome = LATE
    elif counted:
        pair = _book(m, row, x, i, rules)
        if max(max(a.payers, a.payees), a.returnees) >= LADDER[a.rung]:
            while max(max(a.payers, a.payees), a.returnees) >= LADDER[a.rung]:
                a.rung += 1
            cause[0] = CAUSE_RUNG
        elif day < m.counters[SHARD_DAY]:
            cause[0] = CAUSE_LATE
    elif x.reversal_of[i] != 0:
        _reverse(m, row, x, i)
    _mark_dirty(m, row)
    if verified:
        entry = m.seen[slot]
        entry.key = event_key(x.account[i], x.event[i], x.credit[i])
        entry.content = x.content[i]
        entry.amount = x.amount[i]
        entry.ms = x.ms[i]
        entry.pair = pair
        entry.bits = _bits(x, i, counted and not too_late)
        entry.used = 1
        m.counters[SEEN_COUNT] += 1
    return outcome


@inner
def _warm(m: Any, x: Any, start: Any, stop: Any) -> Any:
    """Touch what the movements ``start`` to ``stop`` will ask memory for, all at once, and change nothing.

    One movement after the other waits for a dozen places far apart; asked for together they come together.
    Returns a sum of what was met, so that the compiler keeps the loops.
    """
    met = np.uint64(0)
    for i in range(start, stop):
        row = m.account_index[mix(x.account[i]) & np.uint64(len(m.account_index) - 1)]
        event = event_key(x.account[i], x.event[i], x.credit[i])
        met += m.seen[mix(event) & np.uint64(len(m.seen) - 1)].key
        if row >= 0:
            met += m.accounts[row].customer_key + np.uint64(m.accounts[row].pairs)
    for i in range(start, stop):
        row = m.account_index[mix(x.account[i]) & np.uint64(len(m.account_index) - 1)]
        if row < 0:
            continue
        a = m.accounts[row]
        if a.lines > 0:
            met += np.uint64(m.lines[a.lines_at + a.lines - 1].night)
        if x.counterparty[i] != 0:
            slot = pair_slot_key(row, x.counterparty[i]) & np.uint64(len(m.pair_index) - 1)
            at = m.pair_index[slot]
            if at >= 0:
                met += m.pairs[at].key + np.uint64(m.pairs[at].credits)
    return met


@loop
def consume(m: Any, x: Any, start: Any, stop: Any, turned_at: Any, rules: Any, out: Any, status: Any, cause: Any) -> Any:
    """Handle movements ``start`` to ``stop`` and return ``(code, next)``.

    Comes back before a movement of a later day than the shard's (``TURN``; called again with ``turned_at`` = that
    movement when the day has been turned), when a pool must grow (``ROOM``), when the buffer is full (``FULL``),
    or at the end (``DONE``). ``cause`` is int64[3] of scratch. Where it comes back
    follows from the movements alone or changes nothing.
    """
    for i in range(start, stop):
        if (i - start) % AHEAD == 0:
            cause[2] = np.int64(_warm(m, x, i, min(i + AHEAD, stop)))
        if is_full(out):
            return FULL, i
        if short_of_room(m):
            return ROOM, i
        day = day_of_ms(x.ms[i])
        if day > m.counters[SHARD_DAY] and i != turned_at:
            if m.counters[SHARD_DAY] != NO_DAY:
                return TURN, i
            m.counters[SHARD_DAY] = day
        status[i] = _one(m, x, i, rules, cause)
        if cause[0]:
            evaluate(m, np.int32(cause[1]), day_of_ms(m.accounts[cause[1]].last_ms), cause[0], rules, out)
    return DONE, stop


@loop
def evaluate_rows(m: Any, rows: Any, start: Any, as_of: Any, cause: Any, rules: Any, out: Any) -> Any:
    """Evaluate accounts from ``rows[start]`` on until the buffer is full and return the next position.

    ``as_of`` is the day to look from, or negative: each account's own newest day.
    """
    for k in range(start, len(rows)):
        if is_full(out):
            return k
        row = rows[k]
        if cause == CAUSE_DAY:
            m.accounts[row].dirty = 0
        day = as_of if as_of >= 0 else day_of_ms(m.accounts[row].last_ms)
        evaluate(m, row, day, cause, rules, out)
    return len(rows)
