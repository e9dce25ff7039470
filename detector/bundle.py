"""A model bundle: what a replay's models learned, as one file for young shards to start from."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np

from contract.errors import ConfigurationError
from detector.features.model_inputs import FEATURES

FORMAT: Final = 3
_ABOUT: Final = "about"


@dataclass(frozen=True)
class Bundle:
    """Arrays by model and part; ``digest`` stands for them in the catalogue's name, since flags follow them.

    Holds what trees, peers and calibration learned of account-days and nothing of an account. River's own detectors are
    not in it: theirs would have to be unpickled from a file that anybody may have written.
    """

    digest: str
    parts: dict[str, Any] = field(compare=False)


def about(models: Any) -> bytes:
    """What a bundle must fit: its format, the models' settings and the features that they read."""
    return msgspec.json.encode([FORMAT, models, FEATURES], order="deterministic")


def write(path: Path, models: Any, parts: dict[str, Any]) -> None:
    """Write a bundle; the same parts give the same bytes."""
    sink = io.BytesIO()
    np.savez_compressed(sink, allow_pickle=False, **{_ABOUT: np.frombuffer(about(models), np.uint8)}, **parts)
    path.write_bytes(sink.getvalue())


def read(path: Path, models: Any) -> Bundle:
    """Read a bundle for models of these settings; raises ``ConfigurationError`` in one line where it is none or another's."""
    try:
        data = path.read_bytes()
        with np.load(io.BytesIO(data), allow_pickle=False) as found:
            parts = {name: found[name] for name in found.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise ConfigurationError(f"bundle {path.name} cannot be read: write one with replay --bundle") from error
    if parts.pop(_ABOUT, np.zeros(0, np.uint8)).tobytes() != about(models):
        raise ConfigurationError(f"bundle {path.name} is of other [models] settings or another release: write it anew")
    return Bundle(hashlib.sha256(data).hexdigest()[:12], parts)
