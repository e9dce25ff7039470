"""Faults of the scheme process: killed, ended and frozen while another stands by, and its checkpoint damaged."""

from __future__ import annotations

import signal

from contract.topics import EVIDENCE
from tests.faults.actors import Actor
from tests.faults.damage import damage_a_checkpoint
from tests.faults.kinds import fault, pass_time, schemes_caught
from tests.faults.stage import SESSION_S, Stage
from tests.faults.watch import SCHEME_PROCESSES


def _working(stage: Stage) -> Actor:
    """The one that has the engine, or any where it is just changing hands."""
    return stage.working_scheme_process() or stage.random.choice(stage.scheme_processes)


@fault(6)
def schemes_killed(stage: Stage) -> int:
    """SIGKILL of the scheme process that works, in a batch; the one that stood by goes on."""
    waiting = schemes_caught(stage)
    _working(stage).kill()
    return waiting


@fault(1)
def all_schemes_killed(stage: Stage) -> int:
    """SIGKILL of the scheme process and of the one that stands by."""
    waiting = schemes_caught(stage)
    for process in stage.scheme_processes:
        process.kill()
    return waiting


@fault(1)
def schemes_ended(stage: Stage) -> int:
    """SIGTERM of the scheme process: it hands its engine over."""
    waiting = schemes_caught(stage)
    _working(stage).ask_to_end()
    return waiting


@fault(2)
def schemes_frozen(stage: Stage) -> int:
    """The scheme process stopped until the other has its engine, then let go with what it still had in hand."""
    waiting = schemes_caught(stage)
    process = _working(stage)
    process.signal(signal.SIGSTOP)
    pass_time(stage, SESSION_S + stage.random.uniform(1.0, 3.0))
    process.signal(signal.SIGCONT)
    return waiting


@fault(2)
def scheme_checkpoint_damaged(stage: Stage) -> int:
    """The scheme process's checkpoint is truncated, altered or loses its manifest while both processes are dead."""
    waiting = schemes_caught(stage)
    for process in stage.scheme_processes:
        process.kill()
        process.wait(10)
    return waiting if damage_a_checkpoint(stage, SCHEME_PROCESSES, EVIDENCE) else 0
