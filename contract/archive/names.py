"""Names of archive files: where a file lies says what it is of, and its own name whether it is whole."""

from __future__ import annotations

import hashlib
import re
from typing import Final, NamedTuple

from contract.topics import EVENTS_PATTERN

_FOLDER: Final = re.compile(r"^([0-9]{5})-of-([0-9]{5})$")
_FILE: Final = re.compile(r"^([0-9]{20})-([0-9]{20})\.([0-9]+)\.([0-9]+)\.([0-9a-f]{32})(\.kept)?\.parquet$")
_DIGEST_HEX: Final = 32
"""128 bits of SHA-256: against damage and mistakes, not against forgers."""


class ArchiveShelf(NamedTuple):
    """One partition of a topic, with the topic's partition count, which never changes."""

    topic: str
    partition: int
    partitions: int

    @property
    def folder(self) -> str:
        """Folder below the archive's root.

        >>> ArchiveShelf("fundwatch.events.v1.B1", 2, 8).folder
        'fundwatch.events.v1.B1/00002-of-00008'
        """
        return f"{self.topic}/{self.partition:05d}-of-{self.partitions:05d}"


class ArchiveFile(NamedTuple):
    """What a file's name says: positions ``first`` ≤ offset < ``stop`` of its partition, rows, bytes, digest.

    ``kept`` marks what retention left of a range: profiles without movements.
    """

    shelf: ArchiveShelf
    first: int
    stop: int
    rows: int
    size: int
    digest: str
    kept: bool = False

    @property
    def name(self) -> str:
        """Name inside its folder; ordered by position."""
        kept = ".kept" if self.kept else ""
        return f"{self.first:020d}-{self.stop:020d}.{self.rows}.{self.size}.{self.digest}{kept}.parquet"

    @property
    def path(self) -> str:
        """Path below the archive's root."""
        return f"{self.shelf.folder}/{self.name}"

    def holds(self, other: ArchiveFile) -> bool:
        """Whether the other's positions all lie in this one's."""
        return self.first <= other.first and other.stop <= self.stop


def digest_of(data: bytes) -> str:
    """Digest as it stands in a name."""
    return hashlib.sha256(data).hexdigest()[:_DIGEST_HEX]


def is_topic(name: str) -> bool:
    """Whether a folder of the archive's root is one of an institution's topic."""
    return re.fullmatch(EVENTS_PATTERN, name) is not None


def shelf_of(topic: str, folder: str) -> ArchiveShelf | None:
    """The partition of a folder, ``None`` for a folder that is none of ours.

    >>> shelf_of("fundwatch.events.v1.B1", "00002-of-00008").partition
    2
    >>> shelf_of("fundwatch.events.v1.B1", "00008-of-00008")
    """
    found = _FOLDER.match(folder)
    if not is_topic(topic) or found is None or int(found[1]) >= int(found[2]):
        return None
    return ArchiveShelf(topic, int(found[1]), int(found[2]))


def file_of(shelf: ArchiveShelf, name: str) -> ArchiveFile | None:
    """What a name says, ``None`` for a name that is none of ours."""
    found = _FILE.match(name)
    if found is None:
        return None
    file = ArchiveFile(shelf, int(found[1]), int(found[2]), int(found[3]), int(found[4]), found[5], found[6] is not None)
    return file if file.first < file.stop else None
