"""Which faults there are, how often each is drawn, and the registry that the files of faults fill."""

from __future__ import annotations

import importlib
import random
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from tests.faults.actors import Actor
from tests.faults.stage import SESSION_S, Stage

FILES: Final = ("process_faults", "scheme_faults", "server_faults", "net_faults", "store_faults", "bank_faults")
FREEZE_S: Final = 0.6 * SESSION_S
"""Shorter than a session: being frozen to be hit in a batch is no fault of its own."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fault; ``act`` does it and returns how many records waited, uncommitted, when it struck."""

    name: str
    weight: int
    act: Callable[[Stage], int]
    possible: Callable[[Stage], bool]


KINDS: dict[str, Kind] = {}


def fault(weight: int, possible: Callable[[Stage], bool] = lambda _: True) -> Callable[[Callable[[Stage], int]], object]:
    """Register a fault under its function's name."""

    def register(act: Callable[[Stage], int]) -> Callable[[Stage], int]:
        KINDS[act.__name__] = Kind(act.__name__, weight, act, possible)
        return act

    return register


def load() -> dict[str, Kind]:
    """All kinds."""
    for name in FILES:
        importlib.import_module(f"tests.faults.{name}")
    return KINDS


def dealt(draw: random.Random, kinds: Sequence[Kind]) -> Iterator[Kind]:
    """Kinds for ever, by weight: a deck shuffled anew when it is dealt, so that none is missed for long."""
    while True:
        deck = [kind for kind in kinds for _ in range(kind.weight)]
        draw.shuffle(deck)
        yield from deck


def caught(stage: Stage, actors: Sequence[Actor], lag: Callable[[], int]) -> int:
    """Freeze processes until work waits for them, then let them go for a few ms; returns how much waited.

    What strikes next strikes in a batch.
    """
    for actor in actors:
        actor.signal(signal.SIGSTOP)
    deadline = time.monotonic() + FREEZE_S
    while not (waiting := lag()) and time.monotonic() < deadline:
        time.sleep(0.01)
    for actor in actors:
        actor.signal(signal.SIGCONT)
    time.sleep(stage.random.uniform(0.0, 0.12))
    return waiting


def detectors_caught(stage: Stage) -> int:
    """All workers in a batch."""
    return caught(stage, stage.workers, lambda: sum(stage.watch.detector_lag().values()))


def schemes_caught(stage: Stage) -> int:
    """The scheme process with evidence in hand, which comes at the turns of shards' days only: three tries."""
    for _ in range(3):
        if waiting := caught(stage, stage.scheme_processes, stage.watch.scheme_lag):
            return waiting
        pass_time(stage, 0.2)
    return 0


def ledger_caught(stage: Stage) -> int:
    """The ledger in a batch."""
    assert stage.ledger is not None
    return caught(stage, [stage.ledger], stage.watch.ledger_lag)


def pass_time(stage: Stage, seconds: float) -> None:
    """Let the stream go on for a while."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        stage.tend()
        time.sleep(0.05)
