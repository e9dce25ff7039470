"""Records of the business book: one entry a movement that it keeps, and what is settled of an account at a day's turn.

Money is CNY minor units, days are Shanghai days since 1970-01-01, keys are 64-bit hashes (0 unknown).
"""

from __future__ import annotations

from typing import Final

import numpy as np

BANK, SECURITIES, INSURANCE = range(1, 4)
"""Where an entry was booked. Of a bank only what it sends to securities accounts is kept."""
TRANSFER, CASH, TRADE, CUSTODY, PREMIUM, SURRENDER, CLAIM, LOAN, REVERSAL = range(1, 10)
"""What an entry is; a reversal never stays, it takes its entry with it."""
SELF, RELATED, EMPLOYER, AGENT, PROVIDER, OTHER = range(1, 7)
"""Who pays or is paid, seen from the policy's holder; 0 not said."""

OWN, NOT_OWN, COMPANY, NO_PARTY, COUNTER_CASH, ALLOWED, AGENT_PAYS, MERGED = (1 << k for k in range(8))
"""Bits of an entry: both sides one holder; known not to be; the other side a firm; or a public, financial or payment
institution; cash over the counter; a custody transfer with a reason that the law knows; paid by the agent himself;
several entries in one."""

ENTRY: Final = np.dtype(
    [
        ("account", "u8"),
        ("event", "u8"),
        ("other", "u8"),  # the other account, else its holder
        ("subject", "u8"),  # policy or security; of a reversal the event taken back
        ("agent", "u8"),
        ("ms", "i8"),
        ("amount", "i8"),
        ("quantity", "i8"),  # ten-thousandths
        ("due", "i8"),  # premium due, -1 unknown
        ("value", "i8"),  # cash value, -1 unknown
        ("day", "i4"),
        ("issued", "i4"),  # day of the policy's issue, 0 unknown
        ("count", "i4"),
        ("place", "i1"),
        ("kind", "i1"),
        ("relation", "i1"),
        ("credit", "i1"),
        ("bits", "u2"),
    ],
    align=True,
)
KEEP_DAYS: Final = 92
KEEP_POLICY_DAYS: Final = 400
"""Entries are kept for the longest window, 90 days; an insurer's for a year, as a policy's youth is counted in years."""
WHOLE_DAYS: Final = 5
"""So long trades stay single, for reversals and for the search of mirrored ones; then one entry a side and day is left."""

BUSINESS: Final = np.dtype(
    [
        ("account", "u8"),
        ("as_of", "i4"),
        ("place", "i4"),
        ("observed", "i8"),  # days that the book has looked on
        # securities
        ("deposits", "i8"),  # W90, money in by transfer or cash
        ("withdrawals", "i8"),  # W90
        ("trades", "i8"),
        ("turnover", "i8"),
        ("paid_others", "i8"),  # W90, money out to other holders
        ("paid_others_count", "i8"),
        ("flow_w10", "i8"),  # transfers and cash, both ways
        ("flow_day", "i8"),  # most transfers on one working day of W10
        ("flow_run", "i8"),  # working days in a row with transfers
        ("turnover_w10", "i8"),
        ("turnover_w30", "i8"),
        ("idle", "i8"),  # days without a trade before the first of W10, or until today where there is none
        ("idle_whole", "i8"),  # 1 where the trade before is known, 0 where the book has only looked on since
        ("passages", "i8"),  # W10, sums that left for another account of the holder within three days, untraded
        ("passed", "i8"),
        ("trades_w10", "i8"),
        ("custody_moves", "i8"),  # W30, most of one security
        ("mirrored", "i8"),  # W10, trades mirrored by one and the same other account
        ("mirrored_gain", "i8"),  # what they moved from one to the other, negative for the loser
        ("mirrored_open", "f8"),  # share of their quantity that was not closed again
        # bank
        ("to_securities", "i8"),  # W30
        # insurance
        ("hesitant", "i8"),  # W10, surrenders within 15 days of issue
        ("hesitant_sum", "i8"),
        ("issued_known", "i8"),  # W90, of surrenders and loans: whose policy's issue is known
        ("issued_asked", "i8"),
        ("early_third", "i8"),  # W30, surrendered within a year to somebody else
        ("early_third_age", "i8"),  # days of the youngest
        ("overpaid", "i8"),  # W10, premiums at half as much again as due
        ("overpaid_due", "i8"),
        ("overpaid_back", "i8"),  # refunds of the same policies
        ("dues_known", "i8"),  # W90
        ("premiums", "i8"),  # W90, number, and all that was paid in and out
        ("premium_sum", "i8"),
        ("payout_sum", "i8"),
        ("relations_known", "i8"),  # W90, premiums whose payer's relation is said
        ("unrelated", "i8"),  # W90, premiums by somebody without relation
        ("cash_premiums", "i8"),  # W30
        ("claims_third", "i8"),  # W90
        ("near_day", "i8"),  # W10, payouts just below a line to one payee: most a day, longest run of working days, sum
        ("near_run", "i8"),
        ("near_sum", "i8"),
        ("loan", "i8"),  # W30, lent within 30 days of issue
        ("loan_value", "i8"),
        ("loan_age", "i8"),
        ("agent_holders", "i8"),  # W30, accounts whose premiums the same agent pays
        ("agent_paid", "i8"),
        ("group_policies", "i8"),  # W10, surrendered to one or two accounts, paid or handled by one party
        ("group_share", "f8"),  # of that party's surrendered policies
        ("group_sum", "i8"),
    ],
    align=True,
)
"""One account at a turn of the shard's day; all zero where nothing is known. Thresholds stand in the typologies."""
