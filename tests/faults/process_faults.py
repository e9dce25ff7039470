"""Faults of our own processes: killed, ended, frozen beyond their session, more and fewer of them, clocks that jump."""

from __future__ import annotations

import signal

from tests.faults.kinds import detectors_caught, fault, ledger_caught, pass_time
from tests.faults.stage import SESSION_S, Stage

_JUMPS_S = (-172_800, -3_600, -61, 61, 3_000, 172_800)


@fault(5)
def worker_killed(stage: Stage) -> int:
    """SIGKILL of one worker in a batch."""
    waiting = detectors_caught(stage)
    stage.random.choice(stage.workers).kill()
    return waiting


@fault(1)
def all_workers_killed(stage: Stage) -> int:
    """SIGKILL of every worker at once."""
    waiting = detectors_caught(stage)
    for worker in stage.workers:
        worker.kill()
    return waiting


@fault(1)
def worker_ended(stage: Stage) -> int:
    """SIGTERM of one worker, as a rolling restart does it."""
    waiting = detectors_caught(stage)
    stage.random.choice(stage.workers).ask_to_end()
    return waiting


@fault(2, lambda stage: len(stage.workers) > 1)
def worker_frozen(stage: Stage) -> int:
    """One worker stopped until others have its shards, then let go with what it still had in hand."""
    waiting = detectors_caught(stage)
    worker = stage.random.choice(stage.workers)
    worker.signal(signal.SIGSTOP)
    pass_time(stage, SESSION_S + stage.random.uniform(1.0, 3.0))
    worker.signal(signal.SIGCONT)
    return waiting


@fault(1)
def workers_more_or_fewer(stage: Stage) -> int:
    """One worker more, or one fewer for good: shards move with all that they have learned."""
    waiting = detectors_caught(stage)
    if len(stage.workers) < 2 or (len(stage.workers) == 2 and stage.random.random() < 0.5):
        stage.add_worker()
    else:
        worker = stage.workers.pop(stage.random.randrange(len(stage.workers)))
        stage.retire(worker)
    return waiting


@fault(4)
def ledger_killed(stage: Stage) -> int:
    """SIGKILL of the ledger with flags in hand."""
    waiting = ledger_caught(stage)
    assert stage.ledger is not None
    stage.ledger.kill()
    return waiting


@fault(1)
def ledger_ended(stage: Stage) -> int:
    """SIGTERM of the ledger."""
    waiting = ledger_caught(stage)
    assert stage.ledger is not None
    stage.ledger.ask_to_end()
    return waiting


@fault(1)
def ledger_frozen(stage: Stage) -> int:
    """The ledger stopped beyond its session."""
    waiting = ledger_caught(stage)
    assert stage.ledger is not None
    stage.ledger.signal(signal.SIGSTOP)
    pass_time(stage, SESSION_S + 1.0)
    stage.ledger.signal(signal.SIGCONT)
    return waiting


@fault(2)
def clock_jumped(stage: Stage) -> int:
    """The wall clock of the workers, the ledger or the banks jumps while they run."""
    waiting = detectors_caught(stage)
    stage.random.choice(list(stage.clocks.values())).jump(stage.random.choice(_JUMPS_S))
    return waiting
