"""Takes away files whose positions another file holds, after that one was proven."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from contract.archive.listing import Archive
from contract.archive.names import ArchiveFile
from contract.errors import ArchiveMismatch, ArchiveUnavailable
from contract.stores import reason
from detector.archive.reading import agree, read

log = structlog.get_logger()


def replace(archive: Archive, instead: ArchiveFile, known: Sequence[ArchiveFile] = ()) -> int:
    """Delete what ``instead`` holds and return how many files that were.

    ``known`` are those it was made of. Raises ``ArchiveMismatch``, and deletes nothing, where ``instead`` cannot be read
    back or another file tells its positions otherwise.
    """
    held = [file for file in archive.of(instead.shelf) if file != instead and instead.holds(file) and file.kept <= instead.kept]
    if not held:
        return 0
    whole = read(archive, instead)
    if whole is None:
        raise ArchiveMismatch(f"the archive's file {instead.path} is damaged: nothing was taken away")
    for file in held:
        again = None if file in known else read(archive, file)
        if again is not None and not agree(whole, again):
            raise ArchiveMismatch(f"the archive's files {instead.path} and {file.name} tell the same positions differently")
    for file in held:
        _delete(archive, file)
    shelf = instead.shelf
    log.info("archive_files_replaced", topic=shelf.topic, partition=shelf.partition, files=len(held), rows=instead.rows)
    return len(held)


def _delete(archive: Archive, file: ArchiveFile) -> None:
    try:
        archive.files.delete_file(f"{archive.root}/{file.path}")
    except FileNotFoundError:
        return
    except OSError as error:
        raise ArchiveUnavailable(f"the archive cannot be written ({reason(error)})") from error
