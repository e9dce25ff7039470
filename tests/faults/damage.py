"""Damage to checkpoints that commits name: to their own objects, and to earlier ones whose chunks they share.

Two checkpoints are kept, one of them sharing nothing with the newest: one fault takes one of them, and the other is whole.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from tests.faults.stage import Stage

_STATE = "state.bin"


class _Manifest(msgspec.Struct):
    """What is looked at of a manifest: folders beside its own, itself the last."""

    objects: list[str]


def damage_a_checkpoint(stage: Stage, group: str, topic_prefix: str) -> bool:
    """Damage an object of a checkpoint that a commit of the group names; False where none may be."""
    found = [name for name in _named(stage, group, topic_prefix) if _spared(stage, name, {Path(name).name})]
    if not found:
        return False
    name = stage.random.choice(found)
    own = stage.checkpoints / name
    _damage(stage, stage.random.choice(sorted(own.iterdir())))
    stage.damaged.add(name)
    return True


def damage_a_shared_object(stage: Stage, group: str, topic_prefix: str) -> bool:
    """Damage an earlier object whose chunks a committed checkpoint names; False where none names any."""
    found = []
    for name in _named(stage, group, topic_prefix):
        earlier = _objects(stage, name) - {Path(name).name}
        found += [(name, one) for one in sorted(earlier) if _spared(stage, name, {one})]
    if not found:
        return False
    name, one = stage.random.choice(found)
    folder = (stage.checkpoints / name).parent
    _damage(stage, folder / one / _STATE)
    for other in _whole(folder):
        relative = f"{folder.relative_to(stage.checkpoints)}/{other}"
        if one in _objects(stage, relative):
            stage.damaged.add(relative)
    return True


def _named(stage: Stage, group: str, topic_prefix: str) -> list[str]:
    commits: dict[Any, Any] = stage.watch.committed(group)
    names = {at.metadata for at in commits.values() if at.metadata}
    return sorted(
        name
        for name in names
        if name.startswith(topic_prefix) and name not in stage.damaged and (stage.checkpoints / name).is_dir()
    )


def _whole(folder: Path) -> list[str]:
    return sorted(one.parent.name for one in folder.glob("*/manifest.json"))


def _objects(stage: Stage, name: str) -> set[str]:
    """Folders in which parts of a checkpoint lie, its own among them."""
    manifest = (stage.checkpoints / name / "manifest.json").read_bytes()
    return set(msgspec.json.decode(manifest, type=_Manifest).objects)


def _spared(stage: Stage, name: str, taken: set[str]) -> bool:
    """Whether a whole checkpoint that we have not damaged stands before it and needs none of what is ``taken``."""
    folder = (stage.checkpoints / name).parent
    own = folder.relative_to(stage.checkpoints)
    before = [f"{own}/{one}" for one in _whole(folder) if one < Path(name).name]
    return any(one not in stage.damaged and not _objects(stage, one) & taken for one in before)


def _damage(stage: Stage, target: Path) -> None:
    data = target.read_bytes()
    how = stage.random.randrange(3)
    if how == 0 and data:
        target.write_bytes(data[: stage.random.randrange(len(data))])
    elif how == 1 and data:
        at = stage.random.randrange(len(data))
        target.write_bytes(data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :])
    else:
        target.unlink()
