"""What lies in an archive, and the fewest files that cover a partition's positions without a gap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from pyarrow import fs

from contract.archive.names import ArchiveFile, ArchiveShelf, file_of, is_topic, shelf_of
from contract.errors import ArchiveMismatch, ArchiveUnavailable
from contract.stores import opened, reason


class Piece(NamedTuple):
    """A file and the first position that is to be taken of it; what lies before stood in the piece before."""

    file: ArchiveFile
    since: int


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive under one URL (a folder, or an object store that ``pyarrow.fs`` knows).

    A file counts when its size is the one in its name: so a file that was cut off in the middle of writing is none, and
    no rename is needed. Listing costs one request a partition, and raises ``ArchiveUnavailable`` where it cannot be done.
    """

    files: Any
    root: str

    @classmethod
    def at(cls, url: str, *, option: str = "--archive") -> Archive:
        """Open an archive; raises as ``contract.stores.opened``."""
        files, root = opened(url, option)
        return cls(files, root.rstrip("/") or "/")

    @property
    def is_local(self) -> bool:
        """Whether it is a folder of this machine."""
        return isinstance(self.files, fs.LocalFileSystem)

    def shelves(self) -> list[ArchiveShelf]:
        """Partitions that have a folder, in order.

        Raises ``ArchiveMismatch`` for what is none of ours and for a topic with two partition counts.
        """
        found: list[ArchiveShelf] = []
        for topic in self._listed(""):
            if not is_topic(topic.base_name):
                raise ArchiveMismatch(f"the archive holds {topic.base_name}, which is no topic: move it elsewhere")
            shelves = []
            for folder in self._listed(topic.base_name):
                shelf = shelf_of(topic.base_name, folder.base_name)
                if shelf is None:
                    raise ArchiveMismatch(f"the archive holds {topic.base_name}/{folder.base_name}, which is no partition")
                shelves.append(shelf)
            if len({shelf.partitions for shelf in shelves}) > 1:
                raise ArchiveMismatch(f"the archive has {topic.base_name} with two partition counts: they are two topics")
            found += shelves
        return sorted(found)

    def partitions(self, topic: str) -> int | None:
        """Partition count of a topic, ``None`` where nothing of it was archived."""
        shelves = (shelf_of(topic, folder.base_name) for folder in self._listed(topic))
        return next((shelf.partitions for shelf in shelves if shelf), None)

    def of(self, shelf: ArchiveShelf) -> list[ArchiveFile]:
        """Whole files of a partition in order of position; raises ``ArchiveMismatch`` for a file that is none of ours."""
        whole = []
        for found in self._listed(shelf.folder):
            file = file_of(shelf, found.base_name)
            if file is None:
                raise ArchiveMismatch(f"the archive holds {shelf.folder}/{found.base_name}, which is none of its files")
            if found.size == file.size:
                whole.append(file)
        return sorted(whole)

    def _listed(self, folder: str) -> list[Any]:
        selector = fs.FileSelector(f"{self.root}/{folder}" if folder else self.root, allow_not_found=True)
        try:
            return sorted(self.files.get_file_info(selector), key=lambda found: found.base_name)
        except OSError as error:
            raise ArchiveUnavailable(f"the archive cannot be read ({reason(error)})") from error


def cover(files: Iterable[ArchiveFile]) -> list[Piece]:
    """The fewest files that together hold every position from the first to the last.

    Files may overlap, because a worker that came back after a crash writes what it had not committed again: the same
    positions hold the same rows. What retention left stands before what it was made of. Raises ``ArchiveMismatch`` where
    positions are missing in between.
    """
    return list(_covered(sorted(files)))


def _covered(files: list[ArchiveFile]) -> Iterator[Piece]:
    if not files:
        return
    at, end, read = files[0].first, max(file.stop for file in files), 0
    farthest: dict[bool, ArchiveFile] = {}
    while at < end:
        while read < len(files) and files[read].first <= at:
            file = files[read]
            read += 1
            if file.kept not in farthest or _reach(file) > _reach(farthest[file.kept]):
                farthest[file.kept] = file
        best = next((farthest[kept] for kept in (True, False) if kept in farthest and farthest[kept].stop > at), None)
        if best is None:
            where = f"{files[0].shelf.topic} partition {files[0].shelf.partition}"
            raise ArchiveMismatch(f"the archive of {where} has a gap: positions {at} to {files[read].first - 1} are missing")
        yield Piece(best, at)
        at = best.stop


def _reach(file: ArchiveFile) -> tuple[int, str]:
    return file.stop, file.digest
