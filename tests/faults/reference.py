"""What the stream must say: the engine of ``fundwatch replay --schemes``, fed with the same slices and nothing that fails."""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec

from contract import flag as flags
from contract import scheme as schemes
from contract.evidence import DayMark, Record
from contract.topics import FLAGS, SCHEMES
from detector.catalogue import load_catalogue
from detector.replay import Replay
from detector.replay_command import reader
from detector.schemes.engine import SchemeEngine, SchemeOutput
from detector.schemes.ticks import Shard
from tests.faults.slices import Slice
from tests.faults.watch import Revisions


class _Shards(Replay):
    """Replay that holds what shards tell until it is known for whom the stream waits."""

    def told(self) -> list[Record]:
        """What was told since the last time."""
        return list(self._held.let_go())

    def _link(self) -> None:
        """Not at the end of each slice."""


def _engine() -> SchemeEngine:
    return SchemeEngine(load_catalogue(None))


@dataclass(slots=True)
class Reference:
    """Every revision of flags and schemes so far, by topic, id and number, as its bytes in the topic.

    For whom the scheme engine waits is no outcome of the files: an institution that is added while others are under way is
    waited for from the moment at which the scheme process hears of it. That moment is read from the stream (``Marks``);
    all else is the engine's own.
    """

    partitions: int
    lines: dict[str, Revisions] = field(default_factory=lambda: {FLAGS: {}, SCHEMES: {}})
    movements: int = 0
    _engine: SchemeEngine = field(default_factory=_engine)
    _run: _Shards = field(init=False)
    _untold: list[Record] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._run = _Shards(load_catalogue(None), scheme_engine=self._engine)

    def expect(self, institution: str) -> None:
        """Wait for an institution that is there before anything is sent."""
        self._engine.expect([(institution, number) for number in range(self.partitions)])

    def take(self, one: Slice) -> None:
        """Go on with one slice."""
        for number in range(self.partitions):
            # Watermarks reach every partition of the stream, whether an account lies in it or not.
            self._run.shard(one.institution, number)
        items = reader()(
            [one.movements],
            profiles=[one.profiles],
            institution=one.institution,
            fmt="csv",
            partitions=lambda _code: self.partitions,
        )
        for _ in self._run.feed(items):
            pass
        self._say(SchemeOutput(flags=self._run.flags))
        self._run.flags.clear()
        self._untold += self._run.told()
        self.movements = self._run.movements

    def link(self, joined: list[tuple[Shard, int]]) -> None:
        """Find schemes in all that was told. ``joined`` are all shards that are waited for, and the day judged before each."""
        for shard, judged in joined:
            if shard not in self._engine.standing:
                self._tell_of_known(judged)
                self._engine.expect([shard])
        for record in self._untold:
            self._say(self._engine.take(record, patient=True))
        self._untold.clear()

    def _tell_of_known(self, judged: int) -> None:
        """Let the days until ``judged`` be judged, without those who were unknown by then."""
        later = []
        for record in self._untold:
            if (record.institution_code, record.partition) not in self._engine.standing:
                later.append(record)
            elif isinstance(record, DayMark):
                later.append(record)
                until = msgspec.structs.replace(record, day=min(record.day, judged))
                self._say(self._engine.take(until, patient=True))
            else:
                self._say(self._engine.take(record, patient=True))
        self._untold = later

    def _say(self, output: SchemeOutput) -> None:
        for flag in output.flags:
            self.lines[FLAGS].setdefault((flag.flag_id, flag.revision), flags.encode(flag))
        for scheme in output.schemes:
            self.lines[SCHEMES].setdefault((scheme.scheme_id, scheme.revision), schemes.encode(scheme))
