"""What people of an office may do, by the role of their key."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """The role of a key's holder; administration and audit are kept apart from work (GB/T 22239, 三员)."""

    VIEWER = "viewer"
    ANALYST = "analyst"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    RECIPIENT = "recipient"


class Permission(StrEnum):
    """One thing that a route asks of whoever calls it."""

    READ = "read"
    """See flags, entries and counts."""
    WORK = "work"
    """Move entries, write leads."""
    CONFIRM = "confirm"
    """Be the second person, record an approval, confirm a subject."""
    AUDIT = "audit"
    """Read who asked for what."""
    ADMINISTER = "administer"
    """Give and take away the office's keys."""
    FETCH = "fetch"
    """Fetch the signed watch list."""


PERMISSIONS: Final[dict[Role, frozenset[Permission]]] = {
    Role.VIEWER: frozenset({Permission.READ, Permission.FETCH}),
    Role.ANALYST: frozenset({Permission.READ, Permission.FETCH, Permission.WORK}),
    Role.SUPERVISOR: frozenset({Permission.READ, Permission.FETCH, Permission.WORK, Permission.CONFIRM}),
    # Sees what the office sees and who looked at it, and changes nothing.
    Role.AUDITOR: frozenset({Permission.READ, Permission.FETCH, Permission.AUDIT}),
    # Gives out keys and sees nobody's money.
    Role.ADMINISTRATOR: frozenset({Permission.ADMINISTER}),
    # An institution that restricts whom others found, and asks for nothing else.
    Role.RECIPIENT: frozenset({Permission.FETCH}),
}
