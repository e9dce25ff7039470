"""The layout of a shard's memory: account rows, day lines, counterparty pairs, seen events, evaluation rows.

Sizes a record: account 200 bytes, day line 44 and 5 for its place, wide line 152 (only days with more than fifteen of a
kind or sums beyond 32 bits), two week lines 28, counterparty pair 72, second side of a pair 56, seen event 72. Times are
epoch milliseconds, days are Shanghai calendar days since 1970-01-01, money is CNY minor units.
"""

from __future__ import annotations

from typing import Final

import numpy as np

NEVER: Final = np.int64(2**62)
"""A time that has not come: 'first' times start here."""
NO_BALANCE: Final = np.int64(-(2**62))
KEEP_DAYS: Final = 92
"""Single days are kept this long; design §4 shows what weeks inside a window would falsify."""
WEEKS_BEFORE: Final = 53
"""Beyond single days, week lines are kept for the week of an account's newest day and so many before it: 365 days and more."""
YEAR_DAYS: Final = 365
USUAL_DAYS: Final = 190
"""Ten days and the 180 before them, whose mean inflow of ten days is an account's usual one (regulation §2.1 F07)."""
FORGET_PAIR_DAYS: Final = 365
LEAST_SILENT_DAYS: Final = 400
"""An account silent for less may have days, weeks or counterparties that a window still reaches."""
ELDERLY_FROM: Final = 60
"""Age from which the law on the elderly speaks of 老年人."""
UNITS_MINOR: Final = tuple(100 * u for u in (100, 500, 1000, 2000, 2800, 3000, 3800, 5000, 10000, 50000))
"""Common unit prices, regulation §2.1 F04, in minor units. All are multiples of the first."""
MARKS_MINOR: Final = (100_000, 500_000)
"""Typical-ticket marks (1,000 and 5,000 yuan): half of the credits at a mark or above = median at the mark or above."""

MOST_LEVELS: Final = 6
"""Levels of a pyramid that are told apart; the law speaks of three and more (regulation §2.1 F16)."""

ACCOUNT: Final = np.dtype(
    [
        ("key", "u8"),
        ("customer_key", "u8"),
        ("first_ms", "i8"),
        ("last_ms", "i8"),
        ("credited", "i8"),  # cumulative, customer movements only
        ("debited", "i8"),
        ("credited_by_persons", "i8"),
        ("returned", "i8"),  # paid to pairs that had paid in before, refunds apart
        ("capital", "i8"),  # registered, 0 unknown
        ("told_ms", "i8"),  # from when on its newest profile holds, 0 from the start
        ("usual_in_mean", "f8"),  # own history of a day's inflow, log yuan, exponentially forgotten
        ("usual_in_dev", "f8"),
        ("id_at", "u4"),
        ("customer_at", "u4"),
        ("lines_at", "i4"),  # block of its newest day lines, or -1; FREED where they were given back after long silence
        ("members_at", "i4"),  # its counterparties, as rows of the pair pool
        ("pairs", "i4"),
        ("met", "i4"),  # counterparties that it ever had; one who comes back after a year is met anew, here and below
        ("payers", "i4"),
        ("payees", "i4"),
        ("returnees", "i4"),
        ("movements", "i4"),
        ("credits", "i4"),
        ("credits_known", "i4"),
        ("evidence", "i4"),  # where its remembered movements stand, in units of 16 bytes, or -1
        ("region", "i4"),
        ("subject_region", "i4"),
        ("moved", "i4"),  # day of its newest customer movement, 0 never: the institution's own bookings wake nobody
        ("probed", "i4"),  # day of the newest small first movement, 0 never
        ("woke", "i4"),  # day on which it last moved again after SLEEP_DAYS without a movement, 0 never
        ("opened", "i2"),  # day, 0 unknown; one beyond MOST_DAY is taken for it
        ("closed", "i2"),  # day, 0 not closed
        ("active_days", "u2"),
        ("probe_most", "i2"),  # largest of the small first movements, minor units
        ("slept", "i2"),  # days without a movement before ``woke``
        ("span", "i2"),  # days from opening (else the first movement) to the last one before that sleep
        ("probes", "i2"),  # small movements in the account's first PROBE_DAYS
        ("evidence_used", "u2"),  # bytes
        ("lines", "u1"),
        ("rung", "i1"),  # next trigger on the ladder
        ("evidence_class", "i1"),
        ("members_class", "i1"),
        ("holder_kind", "i1"),
        ("licence", "i1"),
        ("account_type", "i1"),
        ("institution_type", "i1"),
        ("trade", "u1"),  # INDUSTRY_* below, and NAME_* in the upper half
        ("pretexts", "u1"),  # what its name, scope and payers' remarks ever called it, features.pretexts
        ("dirty", "i1"),  # WAITING and HELD
        ("spoken", "u1"),  # PAIR_* bits that any counterparty has ever had
        ("described", "u1"),  # counterparties whose age or occupation was told, 255 at most
        ("away", "u1"),  # counterparties that came to be of another city than the account's branch, 255 at most
        ("id_len", "u1"),
        ("customer_len", "u1"),
    ],
    align=True,
)

MOST_DAY: Final = 32_767
"""In September 2059; as far before 1970 is the earliest day."""
FREED: Final = -2
WAITING: Final = 1
HELD: Final = 2
"""Bits of ``dirty``: the account moved since its last day's evaluation; it has an open flag, so silence frees nothing of it."""
MOST_NOTED: Final = 255
"""Beyond it ``described`` and ``away`` of an account are told apart no more."""
SLEEP_DAYS: Final = 30
PROBE_DAYS: Final = 30
PROBE_MOST_MINOR: Final = 10_000
"""Regulation §2.1 F25 and F23: a sleep is 30 days without a movement; a probe is of at most 100 yuan in the first 30 days."""
TRADE_HALF: Final = 4
INDUSTRY_CONSUMER: Final = 1
INDUSTRY_OTHER: Final = 2
NAME_PLAIN: Final = 0
NAME_WATCHED: Final = 1
NAME_RESTRICTED: Final = 2
"""Words in a firm's name or scope: none; those worth a look; those that art. 9 keeps for licensed institutions."""

# What a day line counts, two to a byte: most days of most accounts have a movement or two. Numba compiles a function anew
# for every plain int that is written at a call, and once for all of NumPy's.
CREDITS: Final = np.int64(0)
PAYERS: Final = np.int64(1)
"""Pairs whose newest credit is on this day: summed over a window = distinct payers in it."""
DEBITS: Final = np.int64(2)
PAYEES: Final = np.int64(3)
RETURNEES: Final = np.int64(4)
"""Payees that had paid in before they were first paid, refunds apart."""
NEW_PAYERS: Final = np.int64(5)
"""Pairs whose first credit is on this day."""
FROM_PERSONS: Final = np.int64(6)
AT_MARKS: Final = np.int64(7)
TEXT_IN_COUNT: Final = np.int64(9)
TEXT_WEAK_COUNT: Final = np.int64(10)
TEXT_OUT_COUNT: Final = np.int64(11)
NIGHT: Final = np.int64(12)
NEAR_CASH: Final = np.int64(13)
"""Cash credits, then debits, just below the line of 0501."""
AT_UNITS: Final = np.int64(15)
COUNTS: Final = 25
MOST_COUNT: Final = 15
"""Beyond it, as beyond 32 bits of a sum or 48 of the balance, a line is wide."""
CREDITED, DEBITED, BY_PERSONS, FROM_PAYMENT, CASH_OUT = np.arange(5)
"""What a day line sums; FROM_PAYMENT is credited by payment institutions and acquirers."""

LINE: Final = np.dtype(
    [
        ("money", "u4", (5,)),  # of a wide line the first is its place among the wide ones
        ("balance_low", "u4"),
        ("balance_at", "u4"),  # millisecond of the day, plus one; 0 no balance known
        ("balance_high", "i2"),
        ("counts", "u1", ((COUNTS + 1) // 2,)),
        ("wide", "u1"),
    ]
)
WIDE: Final = np.dtype([("counts", "u4", (COUNTS,)), ("balance_at", "u4"), ("money", "i8", (5,)), ("balance", "i8")])
WEEKS: Final = np.dtype([("before", "i4"), ("week", "u2", (2,)), ("counts", "u1", (2, 2)), ("money", "u4", (2, 2))])
"""Two week lines, the older one first, and where the two before them stand, or -1: credits and debits, and their sums.

``week`` is 0 where there is none yet. WEEK_IS_WIDE says that ``money`` begins with the place of a wide line, as a day's does.
"""
WEEK_IS_WIDE: Final = 1 << 15
NEAR_CASH_MINOR: Final = (4_000_000, 5_000_000)
"""Just below the cash line: from 80 % of 50,000 yuan to under it (regulation §2.1 F20)."""

PAIR: Final = np.dtype(
    [
        ("key", "u8"),
        ("first_ms", "i8"),  # of the side that the pair began with, as are the next four and ``count``
        ("last_ms", "i8"),
        ("paid", "i8"),
        ("first", "i8"),  # amounts of the first and the newest movement
        ("last", "i8"),
        ("account", "i4"),
        ("other", "i4"),  # its second side, or -1: most counterparties only pay or are only paid
        ("count", "i4"),
        ("region", "i4"),
        ("birth_year", "i2"),
        ("kind", "i1"),
        ("bits", "u1"),  # PAIR_* below
        ("occupation", "i1"),
        ("side", "i1"),  # SIDE_IN or SIDE_OUT
    ],
    align=True,
)
SIDE_IN, SIDE_OUT = range(2)
GIVEN: Final = np.int64(1)
TAKEN_BACK: Final = np.int64(-1)
"""The sign with which a movement or a counterparty counts."""
SIDE: Final = np.dtype(
    [
        ("first_ms", "i8"),
        ("last_ms", "i8"),
        ("paid", "i8"),
        ("first", "i8"),
        ("last", "i8"),
        ("principal", "i8"),  # paid in by the time of the newest debit
        ("count", "i4"),
        ("schedule", "i4"),  # of payouts, or -1
    ],
    align=True,
)
PAIR_TEXT_IN: Final = 1
PAIR_TEXT_STRONG: Final = 2
PAIR_TEXT_OUT: Final = 4
PAIR_TEXT_WEAK: Final = 8
PAIR_TEXT_P2P: Final = 16
PAIR_ON_PAYROLL: Final = 32
PAIR_TEXT_FUND: Final = 64
PAIR_TEXT_POLICY: Final = 128

SCHEDULE_SLOTS: Final = 12
SCHEDULE: Final = np.dtype([("count", "i8"), ("days", "i4", (SCHEDULE_SLOTS,)), ("amounts", "i8", (SCHEDULE_SLOTS,))], align=True)
"""The newest payouts to one who had paid in before, sorted by day; only such counterparties own one."""

SEEN: Final = np.dtype(
    [
        ("key", "u8"),
        ("content", "u8"),
        ("amount", "i8"),
        ("ms", "i8"),
        ("before", "u8"),  # key of the movement that was linked before it, see undoing
        ("last_ms", "i8"),  # newest movement of its side of the pair when it came, and what stood beside it
        ("last", "i8"),
        ("principal", "i8"),
        ("pair", "i4"),  # that it was booked on, or -1
        ("bits", "u2"),
        ("used", "u2"),
    ]
)
RECENT: Final = 1 << 16
"""Places from which the movements of the duplicate window are linked, by pair, to begin with."""
LINKS_A_PLACE: Final = 16
"""Movements of the window that a place is for: with more of them places are added, one at a time."""
SEEN_CREDIT: Final = 1
SEEN_COUNTED: Final = 2
SEEN_REVERSED: Final = 4
SEEN_PERSON: Final = 8
SEEN_KNOWN: Final = 16
SEEN_PAYMENT: Final = 32
SEEN_CASH: Final = 64
SEEN_NIGHT: Final = 128
TEXT_SHIFT: Final = 8
"""The upper byte of ``SEEN.bits`` holds the remark's lexicon bits, so that a reversal takes them back too."""

WINDOW: Final = np.dtype(
    [
        ("credits", "i8"),
        ("debits", "i8"),
        ("payers", "i8"),
        ("payees", "i8"),
        ("returnees", "i8"),
        ("new_payers", "i8"),
        ("credits_from_persons", "i8"),
        ("at_marks", "i8", (2,)),
        ("text_in", "i8"),
        ("text_weak", "i8"),
        ("text_out", "i8"),
        ("night", "i8"),
        ("credited", "i8"),
        ("debited", "i8"),
        ("credited_by_persons", "i8"),
        ("from_payment", "i8"),
        ("cash_out", "i8"),
        ("at_units", "i8", (10,)),
    ]
)
"""Sums of day lines over a window; ``payers`` and ``payees`` are exact distinct counts."""

MOMENT: Final = np.dtype(
    [
        ("last_ms", "i8"),
        ("account", "i4"),
        ("as_of", "i4"),
        ("watched", "i4"),  # place of its evaluation row, or -1: seen by the models alone
        ("cause", "i1"),  # CAUSE_* below
        ("holder_kind", "i1"),
    ],
    align=True,
)
"""One account that is judged, at one moment."""

EVALUATION: Final = np.dtype(
    [
        ("account", "i4"),
        ("as_of", "i4"),
        ("region", "i4"),
        ("subject_region", "i4"),
        ("customer_at", "i8"),
        ("customer_len", "u1"),
        ("cause", "i1"),  # CAUSE_* below
        ("holder_kind", "i1"),
        ("licence", "i1"),
        ("account_type", "i1"),
        ("institution_type", "i1"),
        ("industry", "i1"),
        ("sensitive", "i1"),
        ("pretexts", "u1"),
        ("spoken", "u1"),  # bounds of what counterparties can say, see ACCOUNT
        ("described", "u1"),
        ("away", "u1"),
        ("opened", "i4"),
        ("closed", "i4"),
        ("moved", "i4"),
        ("probed", "i4"),
        ("woke", "i4"),
        ("slept", "i4"),
        ("span", "i4"),
        ("probes", "i4"),
        ("probe_most", "i8"),
        ("capital", "i8"),
        ("walked", "i1"),  # whether the counterparty table was walked
        ("first_ms", "i8"),
        ("last_ms", "i8"),
        ("movements", "i8"),
        ("active_days", "i8"),
        ("credits", "i8"),
        ("credits_known", "i8"),
        ("payers", "i8"),
        ("payees", "i8"),
        ("returnees", "i8"),
        ("credited", "i8"),
        ("debited", "i8"),
        ("credited_by_persons", "i8"),
        ("returned", "i8"),
        ("usual_in_mean", "f8"),
        ("usual_in_dev", "f8"),
        ("year_credited", "i8"),  # of 365 days and the rest of the week they begin in
        ("year_debited", "i8"),
        ("usual_credited", "i8"),  # since ``usual_from``: of 190 days and the rest of that week, or of all its younger life
        ("usual_from", "i4"),
        ("passed_days", "i8"),  # of the last 10 working days, with much in and nothing retained
        ("inflow_days", "i8"),
        ("passed_inflow", "i8"),
        ("top3_out_w10", "f8"),
        ("top3_out_w30", "f8"),
        ("top3_in_w10", "f8"),
        ("top3_in_w30", "f8"),
        ("near_cash_day", "i8"),  # most cash movements just below the line on one of the last 10 working days, one side
        ("near_cash_days", "i8"),  # longest run of such days, one side
        ("terminals", "i8"),  # distinct terminals or merchant numbers it was credited through, 4 at most
        ("students", "i8"),
        ("known_occupations", "i8"),
        ("usual_elderly", "f8"),  # share of elderly among all payers of the shard whose age is known
        ("cities", "i8"),  # W30 payers: distinct first four digits of known regions, their number and entropy in nats
        ("known_regions", "i8"),
        ("city_entropy", "f8"),
        ("text_p2p_payers", "i8"),
        ("text_fund_payers", "i8"),
        ("text_policy_payers", "i8"),
        ("on_payroll", "i8"),  # persons whom this account pays by the institution's payroll batches, and those of them who ever
        ("payers_on_payroll", "i8"),  # paid in
        ("large_payers", "i8"),  # persons who brought 1,000 yuan and more; of them, who may have had wages before any
        ("large_staff", "i8"),  # payday was seen (wages.came_before_paydays), and who is on its payroll
        ("large_on_payroll", "i8"),
        ("seen_days", "i8"),  # days that the shard has seen, of whatever account
        ("both_sides", "i8"),  # W90 persons that paid in and were paid
        ("periodic", "i8"),  # W90 payees that had paid in before and are paid at even intervals
        ("period", "f8"),  # days, of most of them
        ("late", "i8"),  # of those: more than half a period overdue, and not paid back all that they paid in
        ("known_ages", "i8"),
        ("elderly", "i8"),
        ("text_in_payers", "i8"),
        ("text_strong_payers", "i8"),
        ("text_out_payees", "i8"),  # that had paid in: dividends to members who never did are no returns
        ("paid_to_walked", "i8"),  # W90 payees: all that they were paid, and the part to returnees
        ("paid_to_returnees", "i8"),
        ("paid_to_payers", "i8"),  # the part to all who had paid in before, however much they were paid
        ("returns", "i8"),  # W90 payees paid back on what they paid in, see walk.is_return
        ("returned_twice", "i8"),  # of those, paid twice or more
        ("returned_oftener", "i8"),  # and paid oftener than they paid in, last by a rate of it
        ("oftener_mode", "i8"),  # of these, how many began with the most frequent sum
        ("returned_at_once", "i8"),  # most of those paid once whose payment lies within three days of others'
        ("joined_after", "i8"),  # persons who first paid in after these three days
        ("joined_since", "i8"),  # persons who first paid in after the first return
        ("due_money", "i8"),  # brought by persons who came as long ago as a return takes, and by those of them who had one
        ("due_served", "i8"),
        ("rebated", "i8"),  # of ``ratios``: bought three times and more, first for no round sum, also after they were paid
        ("join_days", "i8"),  # W30: days on which a person paid in for the first time
        (
            "tickets",
            "i8",
        ),  # first payments of W90 payers; different round sums among them, how many are the most frequent one, and that
        ("ticket_kinds", "i8"),
        ("ticket_mode", "i8"),
        ("ticket_usual", "i8"),
        ("deposits", "i8"),  # first payments, of 1,000 yuan and more, of persons who came within 30 days; how many are
        ("deposits_large", "i8"),  # of 5,000 and more, multiples of 500 yuan; on how many days; different round sums among
        ("deposits_round", "i8"),  # them, and how many are the most frequent one
        ("deposit_days", "i8"),
        ("deposit_kinds", "i8"),
        ("deposit_mode", "i8"),
        ("deposits_back", "i8"),  # of ``deposits``: handed back to the fen; how many were paid another sum; their money, and that
        ("deposits_served", "i8"),  # of the first
        ("deposit_money", "i8"),
        ("deposit_money_back", "i8"),
        ("price", "i8"),  # W30: the largest unit beyond UNITS_MINOR of which most payers' newest credits are multiples, those of
        ("price_fits", "i8"),  # 1,000 yuan and more; how many are, and of how many
        ("price_known", "i8"),
        ("level_parts", "i8"),  # W90 payouts to payers at exact parts of the usual first payment: parts that are levels (see
        ("level_payouts", "i8"),  # features.levels), payouts at them, all payouts known; payees
        ("level_known", "i8"),
        ("level_payees", "i8"),  # at them, and those of several levels
        ("level_several", "i8"),
        ("level", "f8", (MOST_LEVELS,)),  # these parts, the largest first
        ("at_one_rate", "i8"),  # payouts within one per cent of one rate (of all that was paid in, or of one of the payments),
        ("round_principals", "i8"),  # and different round principals behind them
        ("ratios", "i8"),
        ("in_proportion", "i8"),  # of those, within a third of one of two rates
        ("ratios_on_lattice", "i8"),
        ("lattice", "f8", (3,)),
    ],
    align=True,
)
TODAY, W10, W30, W90 = range(4)
"""Second index of the windows that stand beside evaluation rows: the as-of day, 10 working days, 30 and 90 days."""
CAUSE_RUNG: Final = 1
CAUSE_LATE: Final = 2
CAUSE_DAY: Final = 3
CAUSE_SILENT: Final = 4
CAUSE_SO_FAR: Final = 5
"""Why an account is judged: its ladder, a late movement, its day's end, silence under an open flag, or the end of input
within a day. Only a day's end teaches the models, so each account-day is learned once."""

EVIDENCE_SLOTS: Final = 20
"""Newest credits and newest debits remembered by event id, each (contract §3: up to 20 movements as evidence)."""
ID_BYTES: Final = 96
EVIDENCE_BYTES: Final = 4096
"""Bytes that the remembered movements of one account may take: the newest of both sides, with the longest ids."""
MOST_TERMINALS: Final = 4
"""As many terminals or merchant numbers of an account are told apart."""
TAG_PERSON: Final = 1
TAG_RETURN: Final = 2
TAG_TEXT: Final = 4
TAG_ANY: Final = 128
TAG_DEBIT: Final = 8
TAG_TERMINAL: Final = 16
"""The last two say what an entry of an account's memory is; the others what a typology may ask for."""
