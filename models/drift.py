"""Drift of streams of scores or features, watched by River's ADWIN on means of a fixed number of their values."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Sequence
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from pathlib import Path
from typing import Any

import numpy as np
import river

CHUNK = 256
"""Values a mean: River then works once in 256 events, and batches change nothing."""


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
    """Counts the drifts that ADWIN sees in each of several streams, in the means of consecutive chunks of their values.

    Parameters
    ----------
    names
        What the streams are, in the order of the columns of what is learned.
    delta
        ADWIN's confidence: smaller is slower to cry.

    References
    ----------
    .. [1] Bifet, Gavaldà, "Learning from Time-Changing Data with Adaptive Windowing", SDM 2007.
    """

    def __init__(self, names: Sequence[str], delta: float = 0.002) -> None:
        self.drifts = dict.fromkeys(names, 0)
        """Drifts so far by stream."""
        self._delta = delta
        self._adwins: list[Any] = []
        self._rest = np.zeros((0, len(names)))

    def learn_many(self, X: Any) -> int:
        """Take rows in order, float64 of shape (rows, streams), and return how many drifts they showed."""
        values = np.concatenate([self._rest, np.asarray(X, np.float64)])
        whole = len(values) // CHUNK * CHUNK
        self._rest = values[whole:].copy()
        if not whole:
            return 0
        self._adwins = self._adwins or [_adwin(self._delta) for _ in self.drifts]
        means = values[:whole].reshape(-1, CHUNK, values.shape[1]).mean(axis=1)
        found = 0
        for name, adwin, stream in zip(self.drifts, self._adwins, means.T.tolist(), strict=True):
            for mean in stream:
                adwin.update(mean)
                self.drifts[name] += bool(adwin.drift_detected)
                found += bool(adwin.drift_detected)
        return found

    def state(self) -> bytes:
        """All that was learned; only ever read back from our own checkpoint, whose checksum was verified."""
        return pickle.dumps((self.drifts, self._rest, self._adwins))

    def restore(self, state: bytes) -> None:
        """Take up what ``state`` gave."""
        _adwin(self._delta)  # a pickle names the class by its module, which must not be loaded with all around it
        self.drifts, self._rest, self._adwins = pickle.loads(state)  # noqa: S301  see state()
