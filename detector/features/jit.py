"""Where the engine's compiled loops are kept; how they are compiled is the contract's to say (contract.kernels)."""

from __future__ import annotations

import hashlib
import os
from importlib.util import find_spec
from pathlib import Path

from numba import config

from contract import kernels

if os.environ.get("NUMBA_CACHE_DIR"):
    # Numba remembers a kernel by its own file alone, but kernels here are made of layouts and constants of several:
    # without their fingerprint a change of one file, or an upgrade, would go on with kernels of the old layout.
    # Found, not imported: importing models decorates kernels of theirs, which would then stand in another folder.
    _folders = [Path(__file__).parent, *map(Path, getattr(find_spec("models"), "submodule_search_locations", None) or [])]
    _files = [Path(kernels.__file__), *(path for folder in _folders for path in sorted(folder.glob("*.py")))]
    _sources = b"".join(path.read_bytes() for path in _files)
    config.CACHE_DIR = str(Path(os.environ["NUMBA_CACHE_DIR"]) / hashlib.sha256(_sources).hexdigest()[:16])  # type: ignore[attr-defined]  # set by numba itself from the environment

loop, inner, apart = kernels.loop, kernels.inner, kernels.apart
