"""What the stream must say: the engine of ``fundwatch replay``, fed with the same slices and nothing that fails."""

from __future__ import annotations

from dataclasses import dataclass, field

from contract import flag as flags
from detector.catalogue import load_catalogue
from detector.replay import Replay
from detector.replay_command import reader
from tests.faults.slices import Slice


@dataclass(slots=True)
class Reference:
    """Every revision so far, by flag and revision, as its bytes in the flags topic."""

    partitions: int
    lines: dict[tuple[str, int], bytes] = field(default_factory=dict)
    movements: int = 0
    _run: Replay = field(default_factory=lambda: Replay(load_catalogue(None)))

    def take(self, one: Slice) -> None:
        """Go on with one slice."""
        items = reader()(
            [one.movements],
            profiles=[one.profiles],
            institution=one.institution,
            fmt="csv",
            partitions=lambda _code: self.partitions,
        )
        for _ in self._run.feed(items):
            pass
        for flag in self._run.flags:
            self.lines.setdefault((flag.flag_id, flag.revision), flags.encode(flag))
        self._run.flags.clear()
        self.movements = self._run.movements
