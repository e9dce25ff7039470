"""Gives a shard what comes next, whether from the log or from the archive."""

from __future__ import annotations

from contract.records import RecordKind
from detector.decode import Step
from detector.engine import Output, Shard


def take(shard: Shard, step: Step) -> Output:
    """Let a shard take movements, profiles or a watermark and return what that brought."""
    if step.batch is None:
        return shard.watermark(step.complete_to_ms)
    return shard.profiles(step.batch) if step.kind is RecordKind.PROFILE else shard.movements(step.batch)
