"""Checkpoints of a shard: immutable objects, a manifest with checksums written last, its name kept by the commit (design §5)."""

from __future__ import annotations

import hashlib
import io
import secrets
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final

import msgspec
import numpy as np
from pyarrow import fs

from contract.errors import CheckpointMismatch, ConfigurationError

FORMAT: Final = 1
_MANIFEST: Final = "manifest.json"
_STATE: Final = "state.npz"
_BYTES: Final = "bytes:"


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a checkpoint is of, and the checksum (SHA-256) of each of its objects."""

    format: int
    engine: str
    catalogue: str
    topic: str
    partition: int
    position: int
    objects: dict[str, str]


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
        """Write a whole state and return the manifest's name, to be put into the offset commit."""
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
        self.files.create_dir(f"{self.root}/{name}", recursive=True)
        self._put(f"{name}/{_STATE}", data)
        self._put(f"{name}/{_MANIFEST}", msgspec.json.encode(manifest))
        return name

    def read(self, name: str, topic: str, partition: int, position: int, catalogue: str) -> dict[str, Any]:
        """The state of a checkpoint; raises ``CheckpointMismatch`` for one that is damaged, foreign or newer."""
        what = f"checkpoint of {topic} partition {partition} at {position}"
        try:
            manifest = msgspec.json.decode(self._get(f"{name}/{_MANIFEST}"), type=Manifest)
            data = self._get(f"{name}/{_STATE}")
        except (OSError, msgspec.DecodeError) as error:
            raise CheckpointMismatch(f"the {what} is missing or damaged") from error
        if manifest.format > FORMAT:
            raise CheckpointMismatch(f"the {what} was written by a newer release ({manifest.engine})")
        if (manifest.topic, manifest.partition, manifest.position) != (topic, partition, position):
            raise CheckpointMismatch(f"the {what} belongs to another shard or position")
        if manifest.catalogue != catalogue:
            raise CheckpointMismatch(f"the {what} was made with catalogue {manifest.catalogue}, now {catalogue}")
        if hashlib.sha256(data).hexdigest() != manifest.objects.get(_STATE):
            raise CheckpointMismatch(f"the {what} is damaged: its checksum differs")
        return _unpacked(data)

    def exists(self, topic: str, partition: int) -> bool:
        """Whether any checkpoint of a shard is there."""
        return bool(self._of(topic, partition))

    def prune(self, topic: str, partition: int) -> None:
        """Delete all but the newest ones, by position."""
        for name in self._of(topic, partition)[: -self.keep]:
            self.files.delete_dir(f"{self.root}/{topic}/{partition}/{name}")

    def _of(self, topic: str, partition: int) -> list[str]:
        selector = fs.FileSelector(f"{self.root}/{topic}/{partition}", allow_not_found=True)
        return sorted(found.base_name for found in self.files.get_file_info(selector))

    def _put(self, name: str, data: bytes) -> None:
        with self.files.open_output_stream(f"{self.root}/{name}") as sink:
            sink.write(data)

    def _get(self, name: str) -> bytes:
        with self.files.open_input_stream(f"{self.root}/{name}") as source:
            data: bytes = source.read()
            return data
