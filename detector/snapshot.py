"""A checkpoint written beside the stream: a copy of the process that the system makes page by page as they change.

What a shard knows stands still in the copy while the stream goes on; the pause is that of the copying of page tables. The
copy does nothing but look at arrays and write a file: it asks no library that has threads or connections, and ends when
its parent does.
"""

from __future__ import annotations

import gc
import os
import shutil
import signal
import tempfile
import threading
import warnings
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from contract.errors import StoreUnavailable
from contract.stores import reason
from detector.checkpoint import CheckpointStore, Draft
from detector.chunks import Part, pack

_MOST_FILES: Final = 1 << 16
_COPIED: Final = 8 * 1024 * 1024
_NICENESS: Final = 5


class Wanted(NamedTuple):
    """One shard's checkpoint to be written."""

    topic: str
    partition: int
    position: int
    catalogue: str
    state: dict[str, Any]


class _Job(NamedTuple):
    wanted: Wanted
    draft: Draft
    data: str  # file that the copy writes chunks to
    parts: str  # and what it says of them


def can_copy() -> bool:
    """Whether the system can copy a process."""
    return hasattr(os, "fork")


@dataclass(slots=True)
class Snapshot:
    """Checkpoints of several shards at one moment, being written; ask ``is_over`` now and then, or ``discard`` it."""

    store: CheckpointStore
    _jobs: list[_Job]
    _folder: Path
    _child: int
    _sending: threading.Thread | None = None
    _names: list[str] = field(default_factory=list)
    _failure: StoreUnavailable | None = None

    @classmethod
    def take(cls, store: CheckpointStore, wanted: Sequence[Wanted]) -> Snapshot:
        """Begin; raises ``StoreUnavailable``. States may change again as soon as this returns."""
        folder = Path(tempfile.mkdtemp(prefix="fundwatch-checkpoint-"))
        jobs = []
        try:
            for number, one in enumerate(wanted):
                draft = store.draft(one.topic, one.partition, one.position, one.state)
                data = store.local_path(draft.state) or str(folder / f"{number}.bin")
                jobs.append(_Job(one, draft, data, str(folder / f"{number}.parts")))
            child = _copy(jobs)
        except (OSError, StoreUnavailable) as error:
            shutil.rmtree(folder, ignore_errors=True)
            if isinstance(error, StoreUnavailable):
                raise
            raise StoreUnavailable(f"no checkpoint can be begun ({reason(error)})") from error
        # The states are the copy's by now.
        jobs = [job._replace(wanted=job.wanted._replace(state={})) for job in jobs]
        return cls(store, jobs, folder, child)

    def is_over(self) -> bool:
        """Whether the writing has ended, well or not."""
        if self._child:
            pid, status = os.waitpid(self._child, os.WNOHANG)
            if pid == 0:
                return False
            self._child = 0
            if status:
                self._failure = StoreUnavailable("no checkpoint can be written")
                return True
            self._sending = threading.Thread(target=self._send, daemon=True)
            self._sending.start()
        return self._sending is None or not self._sending.is_alive()

    def names(self) -> list[str]:
        """Names of the written checkpoints in the order they were wanted, once it is over.

        Raises ``StoreUnavailable`` where they could not be written.
        """
        shutil.rmtree(self._folder, ignore_errors=True)
        if self._failure is not None:
            raise self._failure
        return self._names

    def discard(self) -> None:
        """End the writing; what it leaves behind without a manifest is no checkpoint and goes with the next pruning."""
        if self._child:
            os.kill(self._child, signal.SIGKILL)
            os.waitpid(self._child, 0)
            self._child = 0
        if self._sending is not None:
            self._sending.join()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _send(self) -> None:
        try:
            for job in self._jobs:
                if self.store.local_path(job.draft.state) is None:
                    self._upload(job)
                parts = msgspec.msgpack.decode(Path(job.parts).read_bytes(), type=dict[str, Part])
                one = job.wanted
                self._names.append(self.store.complete(job.draft, one.topic, one.partition, one.position, one.catalogue, parts))
        except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
            self._failure = StoreUnavailable(f"no checkpoint can be written ({reason(error)})")
        except StoreUnavailable as error:
            self._failure = error

    def _upload(self, job: _Job) -> None:
        store = self.store
        with Path(job.data).open("rb") as source, store.files.open_output_stream(f"{store.root}/{job.draft.state}") as sink:
            while data := source.read(_COPIED):
                sink.write(data)


def _copy(jobs: Sequence[_Job]) -> int:
    """Copy this process; the copy writes and ends, the process goes on with the copy's number."""
    parent = os.getpid()
    with warnings.catch_warnings():
        # Python warns of copies that go on to use threads; this one does not.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child:
        return child
    code = 1
    with suppress(BaseException):
        # Its parent's ports and connections must not outlive the parent, nor its garbage be collected here.
        gc.disable()
        os.closerange(3, _MOST_FILES)
        os.nice(_NICENESS)
        for job in jobs:
            _write(job, parent)
        code = 0
    os._exit(code)


def _write(job: _Job, parent: int) -> None:
    with Path(job.data).open("wb") as sink:

        def write(chunk: Any) -> None:
            if os.getppid() != parent:
                os._exit(1)
            sink.write(chunk)

        parts = pack(job.wanted.state, write, len(job.draft.objects) - 1, job.draft.known)
    Path(job.parts).write_bytes(msgspec.msgpack.encode(parts))
