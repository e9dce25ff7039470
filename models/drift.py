"""Drift of a score stream, watched by River's ADWIN on means of a fixed number of scores."""

from __future__ import annotations

import pickle
import sys
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from pathlib import Path
from typing import Any

import numpy as np
import river

CHUNK = 256
"""Scores a mean: River then works once in 256 events, and batches change nothing."""


def _adwin(delta: float) -> Any:
    """River's ADWIN, from its own file: the package around it loads data sets, scikit-learn and SciPy, a second a process.

    The file is loaded under its own name, so that whoever imports the package afterwards has the same class.
    """
    name = "river.drift.adwin"
    if name not in sys.modules:
        spec = PathFinder.find_spec(name, [str(Path(path) / "drift") for path in river.__path__])
        if spec is None or spec.loader is None:
            raise ImportError(f"River has no module {name}")
        sys.modules[name] = module = module_from_spec(spec)
        try:
            spec.loader.exec_module(module)
        except BaseException:
            del sys.modules[name]
            raise
    return sys.modules[name].ADWIN(delta=delta)


class DriftWatch:
    """Counts the drifts that ADWIN sees in the means of consecutive chunks of scores.

    Parameters
    ----------
    delta
        ADWIN's confidence: smaller is slower to cry.

    References
    ----------
    .. [1] Bifet, Gavaldà, "Learning from Time-Changing Data with Adaptive Windowing", SDM 2007.
    """

    def __init__(self, delta: float = 0.002) -> None:
        self.drifts = 0
        self._delta = delta
        self._adwin: Any = None
        self._rest = np.zeros(0)

    def learn_many(self, scores: Any) -> int:
        """Take scores in order and return how many drifts they showed."""
        values = np.concatenate([self._rest, np.asarray(scores, np.float64)])
        whole = len(values) // CHUNK * CHUNK
        found = 0
        if whole and self._adwin is None:
            self._adwin = _adwin(self._delta)
        for mean in values[:whole].reshape(-1, CHUNK).mean(axis=1):
            self._adwin.update(float(mean))
            found += bool(self._adwin.drift_detected)
        self._rest = values[whole:]
        self.drifts += found
        return found

    def state(self) -> bytes:
        """All that was learned; only ever read back from our own checkpoint, whose checksum was verified."""
        return pickle.dumps((self.drifts, self._rest, self._adwin))

    def restore(self, state: bytes) -> None:
        """Take up what ``state`` gave."""
        _adwin(self._delta)  # a pickle names the class by its module, which must not be loaded with all around it
        self.drifts, self._rest, self._adwin = pickle.loads(state)  # noqa: S301  see state()
