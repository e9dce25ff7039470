"""A run of many faults on one stream: traffic, faults in it, rest, comparison, and again."""

from __future__ import annotations

import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.faults.archived import archived
from tests.faults.kinds import Kind, dealt
from tests.faults.reference import Reference
from tests.faults.slices import Slice
from tests.faults.stage import Stage
from tests.faults.watch import Revisions

IN_STEP: Final = 0.8
"""How often the next to send is the one whose days are the furthest behind."""
Tell = Callable[[str], object]
EVENTS: Final = (
    "commit_refused",
    "shards_lost",
    "checkpoint_refused",
    "checkpoint_failed",
    "shard_restored",
    "schemes_restored",
    "schemes_lost",
    "schemes_handed_over",
)
"""Log events of ours that show what a fault led to; counted for the report."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One fault as it happened: records that waited when it struck, and how long it took."""

    kind: str
    waiting: int
    seconds: float


@dataclass(slots=True)
class Result:
    """What a campaign showed."""

    seed: int
    hits: list[Hit] = field(default_factory=list)
    rounds: int = 0
    differences: list[str] = field(default_factory=list)
    movements: int = 0
    archived: int = 0
    subjects: dict[str, int] = field(default_factory=dict)
    """By topic the number of flags, and of schemes."""
    revisions: dict[str, int] = field(default_factory=dict)
    published: dict[str, int] = field(default_factory=dict)
    evidence: int = 0
    slices_sent_again: int = 0
    starts: dict[str, int] = field(default_factory=dict)
    own_ends: list[str] = field(default_factory=list)
    events: dict[str, int] = field(default_factory=dict)
    rest_seconds: list[float] = field(default_factory=list)
    seconds: float = 0.0

    def by_kind(self) -> dict[str, dict[str, float]]:
        """Number, number in a batch and mean seconds of each kind."""
        grouped: dict[str, list[Hit]] = defaultdict(list)
        for hit in self.hits:
            grouped[hit.kind].append(hit)
        return {
            kind: {
                "faults": len(hits),
                "in_batch": sum(hit.waiting > 0 for hit in hits),
                "seconds": round(sum(hit.seconds for hit in hits) / len(hits), 2),
            }
            for kind, hits in sorted(grouped.items())
        }

    def as_dict(self) -> dict[str, Any]:
        """Everything as JSON takes it."""
        return asdict(self) | {"by_kind": self.by_kind()}


@dataclass(slots=True)
class Campaign:
    """Draws faults by the stage's seed and holds what comes out to the reference."""

    stage: Stage
    slices: dict[str, deque[Slice]]
    kinds: list[Kind]
    reference: Reference
    result: Result
    tell: Tell
    pace_s: float
    most_a_round: int

    def run(self, faults: int, until: float) -> Result:
        """Do ``faults`` faults, or as many as begin before ``until`` (monotonic seconds), at least one.

        Stops at the first difference.
        """
        began = time.monotonic()
        deck = dealt(self.stage.random, self.kinds)
        self._warm_up()
        self._compare("before any fault")
        while len(self.result.hits) < faults and not self.result.differences:
            if self.result.hits and time.monotonic() >= until:
                break
            number = min(self.stage.random.randint(1, self.most_a_round), faults - len(self.result.hits))
            for _ in range(number):
                self._strike(deck)
            self._compare(f"after fault {len(self.result.hits)}")
        self._close(began)
        return self.result

    def _strike(self, deck: Iterator[Kind]) -> None:
        self._traffic()
        time.sleep(self.stage.random.uniform(0.0, 0.5))
        self.stage.tend()
        # Not before: a producer that is to be killed may have ended by now.
        kind = next(one for one in deck if one.possible(self.stage))
        began = time.monotonic()
        waiting = kind.act(self.stage)
        hit = Hit(kind.name, waiting, round(time.monotonic() - began, 2))
        self.result.hits.append(hit)
        self.tell(f"{len(self.result.hits):4d}  {kind.name:24s} {waiting:4d} records in hand  {hit.seconds:5.1f} s")

    def _warm_up(self) -> None:
        """The past of the institutions that are there at the start, in one piece and at full speed."""
        for code in self.stage.watch.institutions:
            self.reference.expect(code)
            self.stage.watch.marks.expect(code, self.reference.partitions)
        for code in self.stage.watch.institutions:
            self._send(self.slices[code].popleft(), seconds=0.1)

    def _send(self, one: Slice, *, seconds: float) -> None:
        self.reference.take(one)
        self.stage.send(one, seconds=seconds)

    def _traffic(self) -> None:
        """See that movements are on their way: one slice of an institution that has any left."""
        if self.stage.producers:
            return
        known = [code for code in self.stage.watch.institutions if self._is_waited_for(code) and self.slices[code]]
        if not known:
            raise RuntimeError("the city has no movements left: give more days")
        # Mostly who is furthest behind: no day is judged before all have closed it.
        behind = sorted(known, key=lambda code: self.slices[code][0].begins)
        code = behind[0] if self.stage.random.random() < IN_STEP else self.stage.random.choice(behind)
        self._send(self.slices[code].popleft(), seconds=self.pace_s)
        self.stage.wait(lambda: bool(self.stage.watch.detector_lag()) or not self.stage.producers, "traffic")

    def _is_waited_for(self, code: str) -> bool:
        """Whether the scheme process has said that it waits for an institution that came while all ran.

        What an institution tells before that may or may not be seen on the day that is judged meanwhile.
        """
        shards = {(code, number) for number in range(self.reference.partitions)}
        if not shards <= self.stage.watch.marks.days.keys():
            self.stage.watch.read()
        return shards <= self.stage.watch.marks.days.keys()

    def _compare(self, when: str) -> None:
        began = time.monotonic()
        self.stage.settle()
        rest = time.monotonic() - began
        watch = self.stage.watch
        watch.read()
        self.reference.link(watch.marks.joined)
        stored = watch.stored()
        found = []
        for topic, expected in self.reference.lines.items():
            seen = differences(expected, set(watch.published[topic]), *stored[topic])
            found += [f"{one} ({topic})" for one in seen]
            if seen:
                unlike(self.stage.folder / "unlike.jsonl", expected, stored[topic].revisions)
        self.result.differences += [f"{when}: {one}" for one in found]
        self.result.rounds += 1
        self.result.rest_seconds.append(round(rest, 2))
        said = "; ".join(found) or "the same"
        counts = " and ".join(f"{len(expected)} revisions of {topic}" for topic, expected in self.reference.lines.items())
        self.tell(f"      {when}: {counts}, {said}, at rest after {rest:.1f} s")

    def _close(self, began: float) -> None:
        result, stage = self.result, self.stage
        result.seconds = round(time.monotonic() - began, 1)
        result.movements = self.reference.movements
        result.archived = archived(stage.folder / "archive")
        if result.archived != result.movements:
            result.differences.append(f"at the end: {result.archived} of {result.movements} movements are in the archive")
        result.revisions = {topic: len(lines) for topic, lines in self.reference.lines.items()}
        result.subjects = {topic: len({name for name, _ in lines}) for topic, lines in self.reference.lines.items()}
        result.published = {topic: sum(counts.values()) for topic, counts in stage.watch.published.items()}
        result.evidence = stage.watch.evidence
        result.slices_sent_again = stage.sent_again
        for actor in (*stage.actors, *stage.retired):
            role = actor.arguments[0]
            result.starts[role] = result.starts.get(role, 0) + actor.starts
            result.own_ends += [f"{actor.name}: {end}" for end in actor.ends]
            for event in EVENTS:
                result.events[event] = result.events.get(event, 0) + actor.count(event)


def unlike(file: Path, expected: Revisions, stored: Revisions) -> None:
    """Append revisions that are not as expected to ``file``, first what was expected and then what is stored."""
    with file.open("ab") as out:
        for key in sorted(expected.keys() | stored.keys()):
            if expected.get(key) != stored.get(key):
                out.writelines((expected.get(key, b"null") + b"\n", stored.get(key, b"null") + b"\n"))


def differences(
    expected: Revisions,
    published: set[bytes],
    stored: Revisions,
    current: dict[str, bytes],
) -> list[str]:
    """What differs, in words without a value; empty where topic, ledger history and ledger rows are as expected."""
    wanted = set(expected.values())
    newest: dict[str, tuple[int, bytes]] = {}
    for (flag_id, revision), line in expected.items():
        newest[flag_id] = max(newest.get(flag_id, (0, b"")), (revision, line))
    rows = {flag_id: line for flag_id, (_, line) in newest.items()}
    found = {
        "revisions not published": len(wanted - published),
        "published revisions that are none": len(published - wanted),
        "revisions not stored": len(expected.keys() - stored.keys()),
        "stored revisions that are none": len(stored.keys() - expected.keys()),
        "stored revisions with other bytes": sum(stored[key] != expected[key] for key in stored.keys() & expected.keys()),
        "flags whose row is not their newest revision": sum(
            rows.get(key) != current.get(key) for key in rows.keys() | current.keys()
        ),
    }
    return [f"{count} {what}" for what, count in found.items() if count]
