"""Faults of the servers: broker and database killed or restarted while work is in hand."""

from __future__ import annotations

from tests.faults.kinds import detectors_caught, fault, ledger_caught, pass_time
from tests.faults.stage import Stage


@fault(2)
def broker_killed(stage: Stage) -> int:
    """SIGKILL of the broker, up again on its log after a while."""
    waiting = detectors_caught(stage)
    stage.broker.kill()
    pass_time(stage, stage.random.uniform(0.0, 3.0))
    stage.broker.start()
    return waiting


@fault(1)
def broker_restarted(stage: Stage) -> int:
    """The broker ended in order and started again."""
    waiting = detectors_caught(stage)
    stage.broker.stop()
    stage.broker.start()
    return waiting


@fault(2)
def database_killed(stage: Stage) -> int:
    """SIGKILL of every process of the database while the ledger has flags in hand; recovery from its own log."""
    waiting = ledger_caught(stage)
    stage.database.kill()
    pass_time(stage, stage.random.uniform(0.0, 2.0))
    stage.database.start()
    return waiting


@fault(1)
def database_restarted(stage: Stage) -> int:
    """The database ended in order, open transactions rolled back, and started again."""
    waiting = ledger_caught(stage)
    stage.database.stop()
    stage.database.start()
    return waiting
