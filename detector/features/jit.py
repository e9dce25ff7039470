"""Where the engine's compiled loops are kept; how they are compiled is the contract's to say (contract.kernels)."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from numba import config

from contract import kernels

if os.environ.get("NUMBA_CACHE_DIR"):
    # Numba remembers a kernel by its own file alone, but kernels here are made of layouts and constants of several:
    # without their fingerprint a change of one file, or an upgrade, would go on with kernels of the old layout.
    _sources = b"".join(path.read_bytes() for path in [Path(kernels.__file__), *sorted(Path(__file__).parent.glob("*.py"))])
    config.CACHE_DIR = str(Path(os.environ["NUMBA_CACHE_DIR"]) / hashlib.sha256(_sources).hexdigest()[:16])  # type: ignore[attr-defined]  # set by numba itself from the environment

loop, inner, apart = kernels.loop, kernels.inner, kernels.apart
