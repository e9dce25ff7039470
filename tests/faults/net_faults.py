"""Faults of the network: slow, silent, reset and cut, before the broker and before the database."""

from __future__ import annotations

from tests.faults.kinds import detectors_caught, fault, ledger_caught, pass_time
from tests.faults.proxy import Net, Proxy
from tests.faults.stage import Stage


def _for_a_while(stage: Stage, proxy: Proxy, net: Net, least_s: float, most_s: float) -> None:
    proxy.set(net)
    pass_time(stage, stage.random.uniform(least_s, most_s))
    proxy.set(Net.CLEAR)


@fault(2)
def broker_net_cut(stage: Stage) -> int:
    """No way to the broker for up to two sessions."""
    waiting = detectors_caught(stage)
    _for_a_while(stage, stage.broker_net, Net.CUT, 0.5, 8.0)
    return waiting


@fault(2)
def broker_net_reset(stage: Stage) -> int:
    """Every connection to the broker breaks at once; new ones work."""
    waiting = detectors_caught(stage)
    stage.broker_net.reset()
    return waiting


@fault(1)
def broker_net_silent(stage: Stage) -> int:
    """Connections to the broker stay and nothing passes; what was sent arrives late."""
    waiting = detectors_caught(stage)
    _for_a_while(stage, stage.broker_net, Net.SILENT, 0.5, 8.0)
    return waiting


@fault(1)
def broker_net_slow(stage: Stage) -> int:
    """50 to 300 ms more for every piece of data to and from the broker."""
    waiting = detectors_caught(stage)
    stage.broker_net.delay_s = stage.random.uniform(0.05, 0.3)
    _for_a_while(stage, stage.broker_net, Net.SLOW, 2.0, 5.0)
    return waiting


@fault(2)
def database_net_cut(stage: Stage) -> int:
    """No way to the database for a while."""
    waiting = ledger_caught(stage)
    _for_a_while(stage, stage.database_net, Net.CUT, 0.5, 5.0)
    return waiting


@fault(1)
def database_net_silent(stage: Stage) -> int:
    """Connections to the database stay and nothing passes for a while."""
    waiting = ledger_caught(stage)
    _for_a_while(stage, stage.database_net, Net.SILENT, 0.5, 5.0)
    return waiting
