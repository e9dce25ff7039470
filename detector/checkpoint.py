"""Checkpoints of a shard: immutable objects, a manifest with checksums written last, its name kept by the commit (design §5)."""

from __future__ import annotations

import hashlib
import io
import os
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final

import msgspec
import numpy as np
from pyarrow import fs

from contract.errors import CheckpointMismatch, ConfigurationError, StoreUnavailable

FORMAT: Final = 2
_MANIFEST: Final = "manifest.json"
_STATE: Final = "state.npz"
_BYTES: Final = "bytes:"
_NAME: Final = re.compile(r"[0-9]{20}-[0-9a-f]{8}")


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a checkpoint is of, and the checksum (SHA-256) of each of its objects."""

    format: int
    engine: str
    catalogue: str
    topic: str
    partition: int
    position: int
    objects: dict[str, str]


def _position(name: str) -> int:
    return int(name.partition("-")[0])


def _short(error: OSError) -> str:
    return os.strerror(error.errno) if error.errno else type(error).__name__


def _packed(state: dict[str, Any]) -> bytes:
    arrays: dict[str, Any] = {}
    for name, value in state.items():
        if isinstance(value, bytes):
            arrays[_BYTES + name] = np.frombuffer(value, np.uint8)
        else:
            arrays[name] = value
    sink = io.BytesIO()
    np.savez(sink, **arrays)
    return sink.getvalue()


def _unpacked(data: bytes) -> dict[str, Any]:
    with np.load(io.BytesIO(data), allow_pickle=False) as parts:
        return {
            name.removeprefix(_BYTES): parts[name].tobytes() if name.startswith(_BYTES) else parts[name] for name in parts.files
        }


@dataclass(frozen=True, slots=True)
class CheckpointStore:
    """Checkpoints under one URL (a folder, or an object store that ``pyarrow.fs`` knows); no rename is ever needed."""

    files: Any
    root: str
    keep: int

    @classmethod
    def at(cls, url: str, keep: int) -> CheckpointStore:
        """Open a store; raises ``ConfigurationError`` for a URL that cannot be used."""
        try:
            files, root = fs.FileSystem.from_uri(url) if "://" in url else (fs.LocalFileSystem(), url)
            files.create_dir(root, recursive=True)
        except (OSError, ValueError) as error:
            raise ConfigurationError("--checkpoint must be a folder or object store URL that can be written") from error
        return cls(files, root.rstrip("/"), keep)

    def write(self, topic: str, partition: int, position: int, catalogue: str, state: dict[str, Any]) -> str:
        """Write a whole state and return its name, to be put into the offset commit.

        The manifest comes last: what a crash leaves behind without one is no checkpoint. Raises ``StoreUnavailable``.
        """
        name = f"{topic}/{partition}/{position:020d}-{secrets.token_hex(4)}"
        data = _packed(state)
        manifest = Manifest(
            format=FORMAT,
            engine=version("fundwatch"),
            catalogue=catalogue,
            topic=topic,
            partition=partition,
            position=position,
            objects={_STATE: hashlib.sha256(data).hexdigest()},
        )
        try:
            self.files.create_dir(f"{self.root}/{name}", recursive=True)
            self._put(f"{name}/{_STATE}", data)
            self._put(f"{name}/{_MANIFEST}", msgspec.json.encode(manifest))
        except OSError as error:
            raise StoreUnavailable(f"no checkpoint can be written ({_short(error)})") from error
        return name

    def read(self, name: str, topic: str, partition: int, position: int, catalogue: str) -> dict[str, Any]:
        """The state of a checkpoint; raises ``CheckpointMismatch`` for one that is damaged, foreign or newer."""
        what = f"checkpoint of {topic} partition {partition} at {position}"
        folder, _, own = name.rpartition("/")
        if folder != f"{topic}/{partition}" or not _NAME.fullmatch(own):
            raise CheckpointMismatch(f"the {what} belongs to another shard or position")
        try:
            manifest = msgspec.json.decode(self._get(f"{name}/{_MANIFEST}"), type=Manifest)
            data = self._get(f"{name}/{_STATE}")
        except (OSError, msgspec.DecodeError) as error:
            raise CheckpointMismatch(f"the {what} is missing or damaged") from error
        if manifest.format != FORMAT:
            age = "a newer" if manifest.format > FORMAT else "an older"
            raise CheckpointMismatch(f"the {what} was written by {age} release ({manifest.engine})")
        if (manifest.topic, manifest.partition, manifest.position) != (topic, partition, position):
            raise CheckpointMismatch(f"the {what} belongs to another shard or position")
        if manifest.catalogue != catalogue:
            raise CheckpointMismatch(f"the {what} was made with catalogue {manifest.catalogue}, now {catalogue}")
        if hashlib.sha256(data).hexdigest() != manifest.objects.get(_STATE):
            raise CheckpointMismatch(f"the {what} is damaged: its checksum differs")
        return _unpacked(data)

    def newest(self, topic: str, partition: int) -> list[tuple[str, int]]:
        """Name and position of every whole checkpoint of a shard, the newest first; one without manifest is not whole.

        Raises ``StoreUnavailable``.
        """
        try:
            whole = [name for name in self._of(topic, partition) if self._is_whole(topic, partition, name)]
        except OSError as error:
            raise StoreUnavailable(f"the store of checkpoints cannot be read ({_short(error)})") from error
        return [(f"{topic}/{partition}/{name}", _position(name)) for name in reversed(whole)]

    def prune(self, topic: str, partition: int, committed: str) -> None:
        """Delete what is older than the committed one and those kept before it.

        What stands at a later position, written by a worker that lost the partition before it could commit, stays until
        the commits have passed it.
        """
        position = _position(committed.rpartition("/")[2])
        # Another worker may be deleting too, and what stays harms nobody.
        with suppress(OSError):
            names = self._of(topic, partition)
            past = [name for name in names if _position(name) <= position and not committed.endswith(f"/{name}")]
            whole = [name for name in past if self._is_whole(topic, partition, name)]
            for name in sorted(set(past) - set(whole[-(self.keep - 1) :])):
                self.files.delete_dir(f"{self.root}/{topic}/{partition}/{name}")

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
