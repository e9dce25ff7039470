"""Faults of what checkpoints lie on: a full disk, and objects damaged while nobody looks."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.faults.kinds import detectors_caught, fault, pass_time
from tests.faults.stage import CHECKPOINT_S, Stage

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
    """A checkpoint that a commit names is truncated, altered or loses its manifest while every worker is dead."""
    waiting = detectors_caught(stage)
    for worker in stage.workers:
        worker.kill()
        worker.wait(10)
    found = [name for name in sorted(_named(stage)) if _earlier(stage, name)]
    if found:
        name = stage.random.choice(found)
        stage.damaged.add(name)
        _damage(stage, stage.checkpoints / name)
    return waiting if found else 0


def _named(stage: Stage) -> list[str]:
    commits: dict[Any, Any] = stage.watch.committed()
    return [at.metadata for at in commits.values() if at.metadata and at.metadata not in stage.damaged]


def _earlier(stage: Stage, name: str) -> bool:
    """Whether a whole one that we have not damaged stands before it: two are kept, and one fault takes one."""
    folder = (stage.checkpoints / name).parent
    own = str(folder.relative_to(stage.checkpoints))
    before = [one.parent.name for one in folder.glob("*/manifest.json") if one.parent.name < Path(name).name]
    return any(f"{own}/{one}" not in stage.damaged for one in before)


def _damage(stage: Stage, folder: Path) -> None:
    objects = sorted(folder.iterdir())
    target = stage.random.choice(objects)
    data = target.read_bytes()
    match stage.random.randrange(3):
        case 0:
            target.write_bytes(data[: stage.random.randrange(len(data))])
        case 1:
            at = stage.random.randrange(len(data))
            target.write_bytes(data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :])
        case _:
            target.unlink()
