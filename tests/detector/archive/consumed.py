"""A small log as a worker consumed it, an archive of it, and a file system that fails when it is told to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

from pyarrow import fs

from contract.archive.listing import Archive
from contract.archive.names import ArchiveFile, ArchiveShelf
from contract.errors import Reason
from contract.movement import MOVEMENT
from contract.profile import PROFILE
from contract.records import RecordKind
from contract.reject import RowReject
from contract.shanghai import parse_ms
from detector.archive.reading import parts, steps
from detector.archive.recorder import Recorder
from detector.decode import Step
from tests.detector.shards import INSTITUTION, batch_of, movement, profile

SHELF = ArchiveShelf(f"fundwatch.events.v1.{INSTITUTION}", 0, 1)
Entry = tuple[RecordKind, list[dict[str, Any]]]


def log(length: int = 40) -> list[Entry]:
    """One entry an offset: records of one to three movements of five accounts, now and then a profile or a watermark."""
    entries: list[Entry] = []
    for offset in range(length):
        day = f"2026-03-{1 + offset // 3:02d}"
        if offset % 10 == 0:
            entries.append((RecordKind.PROFILE, [profile(f"a:{offset % 5}", "person", customer_id=f"c:{offset % 5}")]))
        elif offset % 7 == 0:
            entries.append((RecordKind.WATERMARK, [{"complete_to": parse_ms(f"{day}T00:00:00+08:00")}]))
        else:
            rows = [
                movement(f"E{offset}-{n}", f"{day}T10:0{n}", 100 + offset, account_id=f"a:{(offset + n) % 5}", remark=f"r{n}")
                for n in range(1 + offset % 3)
            ]
            entries.append((RecordKind.MOVEMENT, rows))
    return entries


def steps_of(entries: Sequence[Entry], first: int, stop: int) -> Iterator[Step]:
    """What the decoder makes of the records of positions: neighbours of a kind together, a watermark alone."""
    numbered = [(kind, offset, rows) for offset, (kind, rows) in enumerate(entries) if first <= offset < stop]
    for kind, group in groupby(numbered, key=lambda one: one[0]):
        records = list(group)
        if kind is RecordKind.WATERMARK:
            for _, offset, rows in records:
                yield Step(kind, complete_to_ms=rows[0]["complete_to"], places=[(offset, None)])
            continue
        places: list[tuple[int, int | None]] = [(offset, n) for _, offset, rows in records for n in range(len(rows))]
        flat = [row for _, _, rows in records for row in rows]
        yield Step(kind, batch_of(flat, MOVEMENT if kind is RecordKind.MOVEMENT else PROFILE), places=places)


def told(consumed: Iterable[Step]) -> list[Any]:
    """Every row and watermark in order, whatever the batches."""
    rows: list[Any] = []
    for step in consumed:
        rows += [step.complete_to_ms] if step.batch is None else [(step.kind, row) for row in step.batch.to_pylist()]
    return rows


def record(archive: Archive, entries: Sequence[Entry], cuts: Sequence[int], refused: frozenset[int] = frozenset()) -> None:
    """Archive the positions between the first and the last cut, a file between each two."""
    recorder = Recorder(archive, SHELF, cuts[0], begins=cuts[0] == 0)
    for first, stop in pairwise(cuts):
        for step in steps_of(entries, first, stop):
            rows = [row for row, (offset, _) in enumerate(step.places) if offset in refused]
            recorder.add(step, [RowReject(row, Reason.CONFLICTING_DUPLICATE, "event_id") for row in rows])
        recorder.flush(stop)


def rebuilt(archive: Archive) -> list[Any]:
    """What a rebuild would be given."""
    return [row for part in parts(archive, archive.of(SHELF)) for row in told(steps(part.table))]


def paths(archive: Archive) -> list[Path]:
    """Files of the partition, in order."""
    return [Path(archive.root) / file.path for file in archive.of(SHELF)]


def names(archive: Archive) -> list[ArchiveFile]:
    """Files of the partition, in order."""
    return archive.of(SHELF)


class Crash(Exception):
    """The process ended here."""


class Fragile:
    """A file system as of an object store; before its ``acts``-th write or deletion, or in its middle, the process ends."""

    def __init__(self, root: Path, acts: int | None = None) -> None:
        self._files = fs.SubTreeFileSystem(str(root), fs.LocalFileSystem())
        self.acts = acts

    def __getattr__(self, name: str) -> Any:
        return getattr(self._files, name)

    def _spend(self) -> bool:
        if self.acts is None:
            return False
        self.acts -= 1
        return self.acts < 0

    def open_output_stream(self, path: str) -> Any:
        if self._spend():
            # Half of a file under its own name, as a machine that stops leaves it.
            with self._files.open_output_stream(path) as sink:
                sink.write(b"PAR1")
            raise Crash
        return self._files.open_output_stream(path)

    def delete_file(self, path: str) -> None:
        if self._spend():
            raise Crash
        self._files.delete_file(path)
