"""Faults of what checkpoints lie on: a full disk, and objects damaged while nobody looks."""

from __future__ import annotations

from contextlib import suppress

from contract.topics import EVENTS_PREFIX
from tests.faults.damage import damage_a_checkpoint, damage_a_shared_object
from tests.faults.kinds import detectors_caught, fault, pass_time
from tests.faults.stage import CHECKPOINT_S, Stage
from tests.faults.watch import DETECTORS

_PIECE = 256 * 1024


@fault(2, lambda stage: stage.small_disk)
def disk_full(stage: Stage) -> int:
    """Not a byte is free where checkpoints go; half the time a worker is killed as well."""
    waiting = detectors_caught(stage)
    ballast = stage.checkpoints / "ballast"
    with suppress(OSError), ballast.open("wb", buffering=0) as sink:
        while sink.write(b"\0" * _PIECE):
            pass
    pass_time(stage, CHECKPOINT_S * stage.random.uniform(2.0, 4.0))
    if stage.random.random() < 0.5:
        stage.random.choice(stage.workers).kill()
        pass_time(stage, 1.0)
    ballast.unlink()
    return waiting


@fault(3)
def checkpoint_damaged(stage: Stage) -> int:
    """A checkpoint that a commit names is truncated, altered or loses a part while every worker is dead."""
    waiting = _workers_dead(stage)
    return waiting if damage_a_checkpoint(stage, DETECTORS, EVENTS_PREFIX) else 0


@fault(3)
def shared_chunk_lost(stage: Stage) -> int:
    """An earlier object whose chunks a committed checkpoint names is truncated, altered or removed, every worker dead."""
    waiting = _workers_dead(stage)
    return waiting if damage_a_shared_object(stage, DETECTORS, EVENTS_PREFIX) else 0


def _workers_dead(stage: Stage) -> int:
    waiting = detectors_caught(stage)
    for worker in stage.workers:
        worker.kill()
        worker.wait(10)
    return waiting
