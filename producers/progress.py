"""What of a file has arrived, kept between runs: an interrupted file is gone on with, one that was sent is recognised."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec
import structlog

logger = structlog.get_logger(__name__)
_SAVE_S: Final = 1.0
_CHUNK: Final = 1 << 20


class Sent(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What the broker has acknowledged of a stream: its first ``units``, and where each partition stood after them.

    A unit is a row of movements or profiles, or one partition's copy of a watermark.
    """

    units: int = 0
    movements: int = 0
    complete: bool = False
    ends: dict[int, int] = {}


def fingerprint(files: Iterable[Path], words: Iterable[str]) -> str:
    """A name for what these files become in one topic: it changes with any byte of them and with any of ``words``.

    Reads every file once, about a gigabyte in two seconds. Raises ``OSError``.
    """
    whole = hashlib.sha256()
    for word in words:
        whole.update(f"{len(word)}:{word}".encode())
    for path in files:
        content = hashlib.sha256()
        with path.open("rb") as source:
            while chunk := source.read(_CHUNK):
                content.update(chunk)
        whole.update(content.digest())
    return whole.hexdigest()[:40]


@dataclass(slots=True)
class Progress:
    """One small JSON file a stream, in a folder of the sender's own; it holds counts and offsets, nothing of the data.

    Written at most once a second and at the end, so that a run that was killed sends a second's worth again, which the
    detector counts once. A folder that cannot be written costs the memory of what was sent, not the run.
    """

    path: Path
    sent: Sent = field(default_factory=Sent)
    clock: Callable[[], float] = time.monotonic
    _saved_at: float = 0.0

    @classmethod
    def of(cls, folder: Path, name: str, ends: Mapping[int, int] | None) -> Progress:
        """The progress of a stream in a topic that holds offsets below ``ends``; with ``None`` it begins anew.

        A topic that ends before what was sent is another one, or lost it: then nothing has arrived.
        """
        progress = cls(folder / f"{name}.json")
        if ends is None:
            return progress
        try:
            sent = msgspec.json.decode(progress.path.read_bytes(), type=Sent)
        except (OSError, msgspec.MsgspecError):
            return progress
        if all(ends.get(partition, 0) >= end for partition, end in sent.ends.items()):
            progress.sent = sent
        return progress

    def settled(self, units: int, movements: int, partition: int, offset: int) -> None:
        """A record was acknowledged, after all that were sent before it."""
        self.sent.units += units
        self.sent.movements += movements
        self.sent.ends[partition] = offset + 1
        if self.clock() - self._saved_at >= _SAVE_S:
            self.save()

    def save(self) -> None:
        """Write it whole or not at all."""
        self._saved_at = self.clock()
        fresh = self.path.with_suffix(f".{os.getpid()}")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            fresh.write_bytes(msgspec.json.encode(self.sent))
            fresh.replace(self.path)
        except OSError as error:
            logger.warning("progress_not_kept", reason=error.strerror)
