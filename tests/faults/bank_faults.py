"""Faults at the banks: a producer killed and run again, a file sent twice, an institution that comes while all runs."""

from __future__ import annotations

import signal

from tests.faults.kinds import detectors_caught, fault
from tests.faults.stage import Stage


@fault(2, lambda stage: bool(stage.producers))
def producer_killed(stage: Stage) -> int:
    """SIGKILL of a bank's producer in its file; the bank then goes on, or sends the whole file again."""
    waiting = detectors_caught(stage)
    _, process, _ = stage.random.choice(stage.producers)
    process.send_signal(signal.SIGKILL)
    process.wait()
    return waiting


@fault(2, lambda stage: bool(stage.producers))
def file_sent_twice(stage: Stage) -> int:
    """The file that is being sent is sent once more, at the same time."""
    waiting = detectors_caught(stage)
    one, _, _ = stage.random.choice(stage.producers)
    stage.sent_again += 1
    stage.send(one, seconds=stage.random.uniform(0.5, 4.0), anew=True)
    return waiting


@fault(1, lambda stage: bool(stage.reserve))
def institution_added(stage: Stage) -> int:
    """A new institution's topics are made while all runs; its movements follow with the next slices."""
    waiting = detectors_caught(stage)
    stage.add_institution(stage.reserve.pop(0))
    return waiting
