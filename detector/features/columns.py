"""A batch as the loop reads it, and what the loop says of each movement."""

from __future__ import annotations

from typing import Any, NamedTuple

# What became of a movement.
USED, DUPLICATE, CONFLICTING, CUSTOMER_CHANGED, LATE, UNVERIFIED = range(6)

MAY_RETURN, REFUNDS = 1, 2
"""What ``Columns.returns`` says of a debit, 0 beside: it may be money returned, or a refund batch paid it."""


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
    pretexts: Any  # uint8, by position in features.pretexts.PRETEXTS
    birth_year: Any  # int16
    occupation: Any  # int8
    region: Any  # int32 counterparty's
    branch: Any  # int32
    institution_type: Any  # int8 code
    payroll: Any  # uint8, by the institution's own payroll batch
    returns: Any  # uint8, whether a debit may count as money returned: MAY_RETURN, REFUNDS, or 0 (payroll, pension, subsidy)
    balance: Any  # int64 or NO_BALANCE
    account_at: Any  # int32 offsets into account_ids
    account_ids: Any  # uint8
    customer_at: Any
    customer_ids: Any
    event_at: Any
    event_ids: Any
