"""An entry of the watch list: a risk enterprise or a confirmed subject, found or cleared again (contract §2.3)."""

from __future__ import annotations

from typing import Final

import msgspec

from contract import side_input
from contract.shanghai import parse_ms

FOUND: Final = "FOUND"
CLEARED: Final = "CLEARED"
STATUSES: Final = (FOUND, CLEARED)
KINDS: Final = ("confirmed_subject", "risk_enterprise")
"""Found by an office's own decision, or named by the police's or the registry's list of risk enterprises."""
TAG_PREFIX: Final = "watchlist:"
"""Tags of a flag that begin so name subjects of the list that its finding ``watchlist_contact`` is about."""


class WatchEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One word about a subject; the newest holds. ``since`` is RFC 3339: from when it is so by the decision."""

    subject: str
    status: str
    since: str
    kind: str = KINDS[0]
    ledger: str | None = None
    seq: int = 0

    @property
    def at_ms(self) -> int:
        """Epoch milliseconds of ``since``."""
        return parse_ms(self.since)


def encode(entry: WatchEntry) -> bytes:
    """One JSON object, without a newline."""
    return msgspec.json.encode(entry)


def decode(value: bytes | None) -> WatchEntry:
    """Read one entry; raises ``RejectedEvent`` for anything else.

    >>> decode(b'{"subject": "c:1", "status": "FOUND", "since": "2026-03-01T00:00:00+08:00"}').kind
    'confirmed_subject'
    """
    types: dict[str, type | tuple[type, ...]] = {
        **dict.fromkeys(("subject", "status", "since", "kind"), str),
        **side_input.ORIGIN,
    }
    found = side_input.fields_of(value, types, ("kind", *side_input.ORIGIN))
    return WatchEntry(
        subject=side_input.pseudonym(found, "subject"),
        status=side_input.word(found, "status", STATUSES),
        since=side_input.moment(found, "since"),
        kind=side_input.word({"kind": KINDS[0], **found}, "kind", KINDS),
        **side_input.origin(found),
    )
