"""Every error of the product, in one tree, grouped by what the caller does about it.

::

    FundwatchError
    ├── RejectedEvent            this record or row is bad: reject it with its reason, go on
    │   ├── MalformedRecord      the bytes are no record
    │   └── ContractViolation    a record, but not as the contract wants it
    ├── RetryableError           the outside is ill: back off, commit nothing
    │   ├── TransportUnavailable
    │   │   ├── PartitionsLost
    │   │   └── TurnTaken
    │   ├── StoreUnavailable
    │   │   └── ArchiveUnavailable
    │   └── LedgerUnavailable
    ├── FatalError               we are ill: end the process with one clear line
    │   ├── ConfigurationError   exit code 2
    │   ├── DamagedFile
    │   ├── CheckpointMismatch
    │   └── ArchiveMismatch
    └── RequestError             the caller asked for what it cannot have (HTTP 4xx)
        ├── BadRequest
        ├── Unauthenticated
        ├── Forbidden
        ├── NotFound
        ├── Conflict
        ├── Unprocessable
        └── TooManyRequests

Messages name fields, files and positions, never a value: values are personal data.
"""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Why a record or row was refused: a closed set, used as metric label and in reject records."""

    MALFORMED_JSON = "malformed_json"
    MALFORMED_ARROW = "malformed_arrow"
    MALFORMED_ROW = "malformed_row"
    TOO_LARGE = "too_large"
    UNKNOWN_HEADER = "unknown_header"
    UNKNOWN_FIELD = "unknown_field"
    WRONG_TYPE = "wrong_type"
    MISSING_FIELD = "missing_field"
    BAD_ID = "bad_id"
    BAD_INSTITUTION = "bad_institution"
    BAD_AMOUNT = "bad_amount"
    BAD_CURRENCY = "bad_currency"
    BAD_TIME = "bad_time"
    FUTURE = "future"
    UNKNOWN_REGION = "unknown_region"
    UNKNOWN_VALUE = "unknown_value"
    IDENTITY_IN_CLEAR = "identity_in_clear"
    INSTITUTION_MISMATCH = "institution_mismatch"
    WRONG_PARTITION = "wrong_partition"
    CUSTOMER_CHANGED = "customer_changed"
    CONFLICTING_DUPLICATE = "conflicting_duplicate"


class FundwatchError(Exception):
    """Root of all errors that the product raises on purpose."""


class RejectedEvent(FundwatchError):
    """A record or row that cannot be used; carries its reason and the field's name, never the value."""

    def __init__(self, reason: Reason, field: str | None = None) -> None:
        super().__init__(f"{reason}: {field}" if field else str(reason))
        self.reason = reason
        self.field = field


class MalformedRecord(RejectedEvent):
    """The bytes are not a record of the announced kind."""


class ContractViolation(RejectedEvent):
    """A readable record that breaks the contract."""


class RetryableError(FundwatchError):
    """Something outside is away; try again later and commit nothing meanwhile."""


class TransportUnavailable(RetryableError):
    """The broker cannot be reached or refuses work."""


class PartitionsLost(TransportUnavailable):
    """The group went on without this member: what it holds is another's now, so it is to be forgotten."""


class TurnTaken(TransportUnavailable):
    """Another owner of a shard turned its day first, with other side inputs: the shard is to be forgotten."""


class StoreUnavailable(RetryableError):
    """The store of checkpoints cannot be written."""


class ArchiveUnavailable(StoreUnavailable):
    """The archive cannot be written or read: nothing may be committed without it."""


class LedgerUnavailable(RetryableError):
    """The ledger's database cannot be reached or refuses work."""


class FatalError(FundwatchError):
    """The process cannot go on; one line says why."""


class ConfigurationError(FatalError):
    """Wrong arguments or settings; the message says what to change."""


class DamagedFile(FatalError):
    """An input file that breaks off; what stood before the damage was used."""


class CheckpointMismatch(FatalError):
    """A checkpoint that is damaged, foreign or newer than this release."""


class ArchiveMismatch(FatalError):
    """An archive with a gap, with positions told in two ways, with damaged files or files that are none of its own."""


class RequestError(FundwatchError):
    """A caller of the API asked for what it cannot have."""

    code = "bad_request"


class BadRequest(RequestError):
    """The request itself is wrong."""


class Unauthenticated(RequestError):
    """No key, or one that is unknown, expired or revoked."""

    code = "unauthenticated"


class Forbidden(RequestError):
    """Known, but not allowed to do this at all."""

    code = "forbidden"


class NotFound(RequestError):
    """Absent or unseen: the two are one."""

    code = "not_found"


class Conflict(RequestError):
    """Somebody else was first."""

    code = "conflict"


class Unprocessable(RequestError):
    """A body that is well formed and asks for what cannot be."""

    code = "unprocessable"


class TooManyRequests(RequestError):
    """More than the server takes from one caller; ``retry_after_s`` says when to come back."""

    code = "too_many_requests"

    def __init__(self, message: str, *, retry_after_s: int) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s
