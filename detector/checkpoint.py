"""Checkpoints of a shard: immutable objects, a manifest with checksums written last, its name kept by the commit (design §5).

A checkpoint names chunks of earlier objects where they have not changed, and now and then stands by itself again.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any, Final

import msgspec
from pyarrow import fs

from contract.errors import CheckpointMismatch, StoreUnavailable
from contract.stores import is_of_store, not_opened, opened, reason
from detector.chunks import Damaged, Part, pack, unpack

FORMAT: Final = 6
MOST_OBJECTS: Final = 8
"""A checkpoint over more objects is written whole."""
LEAST_SHARED: Final = 16 * 1024 * 1024
"""Smaller states are always written whole."""
_UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError)
"""What a damaged manifest raises: one byte that no text has is no DecodeError of msgspec's."""
_MANIFEST: Final = "manifest.json"
_STATE: Final = "state.bin"
_NAME: Final = re.compile(r"[0-9]{20}-[0-9a-f]{8}")


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a checkpoint is of, and where its parts lie: ``objects`` are folders beside its own, the last one its own."""

    format: int
    engine: str
    catalogue: str
    topic: str
    partition: int
    position: int
    objects: list[str]
    parts: dict[str, Part]
    digest: str = ""  # SHA-256 of the manifest with this field empty


class _Age(msgspec.Struct):
    """What every release's manifest has."""

    format: int
    engine: str


class _Objects(msgspec.Struct):
    """What a manifest needs of others."""

    objects: list[str] = []


def _digest(manifest: Manifest) -> str:
    return hashlib.sha256(msgspec.json.encode(msgspec.structs.replace(manifest, digest=""))).hexdigest()


def _position(name: str) -> int:
    return int(name.partition("-")[0])


def _unread(error: Exception, what: str) -> CheckpointMismatch | StoreUnavailable:
    if isinstance(error, OSError) and is_of_store(error):
        return StoreUnavailable(f"the {what} cannot be read ({reason(error)})")
    return CheckpointMismatch(f"the {what} is missing or damaged")


def _size(state: dict[str, Any]) -> int:
    return sum(len(value) if isinstance(value, bytes) else int(value.nbytes) for value in state.values())


@dataclass(frozen=True, slots=True)
class Draft:
    """A checkpoint that is being written: where, and what it may name of those before it."""

    name: str
    objects: list[str]
    known: dict[str, Part]

    @property
    def state(self) -> str:
        """Name of its own object."""
        return f"{self.name}/{_STATE}"


@dataclass(frozen=True, slots=True)
class CheckpointStore:
    """Checkpoints under one URL (a folder, or an object store that ``pyarrow.fs`` knows); no rename is ever needed."""

    files: Any
    root: str
    keep: int
    least_shared: int = field(default=LEAST_SHARED, kw_only=True)
    _last: dict[str, Manifest] = field(default_factory=dict, kw_only=True)

    @classmethod
    def at(cls, url: str, keep: int, *, least_shared: int = LEAST_SHARED) -> CheckpointStore:
        """Open a store and make its folder; raises as ``contract.stores.opened``."""
        files, root = opened(url, "--checkpoint")
        try:
            files.create_dir(root, recursive=True)
        except (OSError, ValueError) as error:
            raise not_opened(error, "--checkpoint must be a folder or object store URL that can be written") from error
        return cls(files, root.rstrip("/"), keep, least_shared=least_shared)

    def write(self, topic: str, partition: int, position: int, catalogue: str, state: dict[str, Any]) -> str:
        """Write a state and return its name, to be put into the offset commit.

        The manifest comes last: what a crash leaves behind without one is no checkpoint. Raises ``StoreUnavailable``.
        """
        draft = self.draft(topic, partition, position, state)
        try:
            with self.files.open_output_stream(f"{self.root}/{draft.state}") as sink:
                parts = pack(state, sink.write, len(draft.objects) - 1, draft.known)
        except OSError as error:
            raise StoreUnavailable(f"no checkpoint can be written ({reason(error)})") from error
        return self.complete(draft, topic, partition, position, catalogue, parts)

    def draft(self, topic: str, partition: int, position: int, state: dict[str, Any]) -> Draft:
        """Make the place of a new checkpoint. Raises ``StoreUnavailable``."""
        own = f"{position:020d}-{secrets.token_hex(4)}"
        folder = f"{topic}/{partition}"
        last = self._last.get(folder)
        try:
            self.files.create_dir(f"{self.root}/{folder}/{own}", recursive=True)
            if last is not None and len(last.objects) < MOST_OBJECTS and _size(state) >= self.least_shared:
                # Another worker may have pruned them meanwhile.
                places = [f"{self.root}/{folder}/{one}/{_STATE}" for one in last.objects]
                if all(one.type == fs.FileType.File for one in self.files.get_file_info(places)):
                    return Draft(f"{folder}/{own}", [*last.objects, own], last.parts)
        except OSError as error:
            raise StoreUnavailable(f"no checkpoint can be written ({reason(error)})") from error
        return Draft(f"{folder}/{own}", [own], {})

    def complete(
        self, draft: Draft, topic: str, partition: int, position: int, catalogue: str, parts: dict[str, Part]
    ) -> str:  # fmt: skip
        """Write the manifest of a draft whose object is written, and return the checkpoint's name."""
        manifest = Manifest(
            format=FORMAT,
            engine=version("fundwatch"),
            catalogue=catalogue,
            topic=topic,
            partition=partition,
            position=position,
            objects=draft.objects,
            parts=parts,
        )
        manifest = msgspec.structs.replace(manifest, digest=_digest(manifest))
        try:
            self._put(f"{draft.name}/{_MANIFEST}", msgspec.json.encode(manifest))
        except OSError as error:
            raise StoreUnavailable(f"no checkpoint can be written ({reason(error)})") from error
        self._last[f"{topic}/{partition}"] = manifest
        return draft.name

    def local_path(self, name: str) -> str | None:
        """Where an object of this store lies on this machine, where it does."""
        return f"{self.root}/{name}" if isinstance(self.files, fs.LocalFileSystem) else None

    def read(self, name: str, topic: str, partition: int, position: int, catalogue: str) -> dict[str, Any]:
        """The state of a checkpoint; raises ``CheckpointMismatch`` for one that is damaged, foreign or newer.

        ``StoreUnavailable`` where an object store refuses or is away: what lies there may be whole.
        """
        what = f"checkpoint of {topic} partition {partition} at {position}"
        folder, _, own = name.rpartition("/")
        if folder != f"{topic}/{partition}" or not _NAME.fullmatch(own):
            raise CheckpointMismatch(f"the {what} belongs to another shard or position")
        self._last.pop(folder, None)
        manifest = self._manifest(name, what)
        if (manifest.topic, manifest.partition, manifest.position) != (topic, partition, position):
            raise CheckpointMismatch(f"the {what} belongs to another shard or position")
        if manifest.catalogue != catalogue:
            raise CheckpointMismatch(f"the {what} was made with catalogue {manifest.catalogue}, now {catalogue}")
        if _digest(manifest) != manifest.digest or not all(map(_NAME.fullmatch, manifest.objects)):
            raise CheckpointMismatch(f"the {what} is damaged: its checksum differs")
        try:
            state = unpack(manifest.parts, _Reader(self.files, f"{self.root}/{folder}", manifest.objects))
        except OSError as error:
            raise _unread(error, what) from error
        except Damaged as error:
            raise CheckpointMismatch(f"the {what} is damaged: its checksum differs") from error
        self._last[folder] = manifest
        return state

    def _manifest(self, name: str, what: str) -> Manifest:
        try:
            data = self._get(f"{name}/{_MANIFEST}")
            age = msgspec.json.decode(data, type=_Age)
            if age.format != FORMAT:
                raise CheckpointMismatch(
                    f"the {what} was written by {'a newer' if age.format > FORMAT else 'an older'} release ({age.engine})"
                )
            return msgspec.json.decode(data, type=Manifest)
        except (OSError, *_UNREADABLE) as error:
            raise _unread(error, what) from error

    def newest(self, topic: str, partition: int) -> list[tuple[str, int]]:
        """Name and position of every whole checkpoint of a shard, the newest first; one without manifest is not whole.

        Raises ``StoreUnavailable``.
        """
        try:
            whole = [name for name in self._of(topic, partition) if self._is_whole(topic, partition, name)]
        except OSError as error:
            raise StoreUnavailable(f"the store of checkpoints cannot be read ({reason(error)})") from error
        return [(f"{topic}/{partition}/{name}", _position(name)) for name in reversed(whole)]

    def prune(self, topic: str, partition: int, committed: str) -> None:
        """Delete what is older than the committed one and those kept before it, and what none of these needs.

        Among those kept is one that shares no object with the committed one, as soon as there is one: damage to an
        object then leaves something to go on from. What stands at a later position, written by a worker that lost the
        partition before it could commit, stays until the commits have passed it.
        """
        folder, _, own = committed.rpartition("/")
        # Another worker may be deleting too, and what stays harms nobody.
        with suppress(OSError):
            names = self._of(topic, partition)
            past = [name for name in names if _position(name) <= _position(own) and name != own]
            whole = [name for name in names if self._is_whole(topic, partition, name)]
            needed = {name: self._needs(folder, name) for name in whole if name not in past}
            if not all(needed.values()):
                # Another worker may be writing one that needs what we would take for old.
                return
            kept: list[str] = []
            for name in reversed([name for name in past if name in whole]):
                apart = any(not needed[one] & needed[own] for one in kept)
                if apart and len(kept) >= self.keep - 1:
                    break
                needs = self._needs(folder, name)
                # What cannot be read is nothing to go on from.
                if needs and (len(kept) < self.keep - 1 or not needs & needed[own]):
                    needed[name] = needs
                    kept.append(name)
            objects = set().union(*needed.values())
            for name in sorted(set(past) - set(kept)):
                self._remove(folder, name, needed=name in objects, whole=name in whole)

    def _needs(self, folder: str, name: str) -> set[str]:
        """Names of the checkpoints in whose folders the parts of this one lie; none where its manifest cannot be read."""
        try:
            return {*msgspec.json.decode(self._get(f"{folder}/{name}/{_MANIFEST}"), type=_Objects).objects, name}
        except _UNREADABLE:
            return set()

    def _remove(self, folder: str, name: str, *, needed: bool, whole: bool) -> None:
        """Delete a checkpoint; where later ones need its object, only its manifest."""
        if not needed:
            self.files.delete_dir(f"{self.root}/{folder}/{name}")
        elif whole:
            self.files.delete_file(f"{self.root}/{folder}/{name}/{_MANIFEST}")

    def _is_whole(self, topic: str, partition: int, name: str) -> bool:
        manifest = self.files.get_file_info(f"{self.root}/{topic}/{partition}/{name}/{_MANIFEST}")
        return bool(manifest.type == fs.FileType.File)

    def _of(self, topic: str, partition: int) -> list[str]:
        """Names of a shard's checkpoints in order of position; what else lies there is none of ours."""
        selector = fs.FileSelector(f"{self.root}/{topic}/{partition}", allow_not_found=True)
        names = [found.base_name for found in self.files.get_file_info(selector)]
        return sorted(name for name in names if _NAME.fullmatch(name))

    def _put(self, name: str, data: bytes) -> None:
        with self.files.open_output_stream(f"{self.root}/{name}") as sink:
            sink.write(data)

    def _get(self, name: str) -> bytes:
        with self.files.open_input_stream(f"{self.root}/{name}") as source:
            data: bytes = source.read()
            return data


@dataclass(slots=True)
class _Reader:
    """Reads objects of a shard's folder by their place in a manifest."""

    files: Any
    folder: str
    objects: list[str]
    _open: dict[int, Any] = field(default_factory=dict)

    def __call__(self, place: int, offset: int, length: int) -> bytes:
        if place not in self._open:
            if not 0 <= place < len(self.objects):
                raise Damaged
            self._open[place] = self.files.open_input_file(f"{self.folder}/{self.objects[place]}/{_STATE}")
        data: bytes = self._open[place].read_at(length, offset)
        return data
