"""The whole stream on one machine: broker, database, proxies before both, workers, scheme processes, ledger, banks."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from deploy.demo.children import fundwatch
from deploy.servers.process import free_port, tail
from tests.faults.actors import Actor
from tests.faults.clock import Clock
from tests.faults.proxy import Proxy
from tests.faults.servers import Server, apache_kafka, postgresql
from tests.faults.slices import Slice
from tests.faults.watch import Watch

SESSION_S: Final = 4.0
CHECKPOINT_S: Final = 1
QUIET_S: Final = 180.0
TMPFS_MIB: Final = 512
BESIDE_FROM_MIB: Final = 8
"""About what a worker holds here after a while: some of its checkpoints are written beside the stream, some not."""
HOLDING: Final = ("schemes_new", "schemes_restored")
LETTING_GO: Final = ("schemes_handed_over", "schemes_lost", "schemes_stopped", "commit_refused")


class Stuck(AssertionError):
    """The stream did not come to rest in time."""


@dataclass(slots=True)
class Stage:
    """Everything that faults are done to."""

    folder: Path
    random: random.Random
    broker: Server
    database: Server
    broker_net: Proxy
    database_net: Proxy
    watch: Watch
    database_url: str
    checkpoints: Path
    small_disk: bool
    clocks: dict[str, Clock] = field(default_factory=dict)
    workers: list[Actor] = field(default_factory=list)
    scheme_processes: list[Actor] = field(default_factory=list)
    ledger: Actor | None = None
    producers: list[tuple[Slice, subprocess.Popen[bytes], Path]] = field(default_factory=list)
    sent_again: int = 0
    reserve: list[str] = field(default_factory=list)
    damaged: set[str] = field(default_factory=set)
    retired: list[Actor] = field(default_factory=list)
    _worker_numbers: int = 0

    @property
    def kafka(self) -> str:
        """The broker as everyone but the watch reaches it."""
        return f"127.0.0.1:{self.broker_net.port}"

    def add_worker(self) -> Actor:
        """Start one more worker."""
        self._worker_numbers += 1
        where = ["--kafka", self.kafka, "--checkpoint", str(self.checkpoints), "--archive", str(self.folder / "archive")]
        env = {"DETECTOR_CHECKPOINT_EVERY": f"PT{CHECKPOINT_S}S", "DETECTOR_KAFKA_SESSION": f"PT{SESSION_S}S"}
        # As large states are written: these are small.
        env |= {"DETECTOR_CHECKPOINT_SHARED_FROM_MIB": "0", "DETECTOR_CHECKPOINT_BESIDE_FROM_MIB": str(BESIDE_FROM_MIB)}
        env |= self.clocks["worker"].env
        worker = Actor(f"detect-{self._worker_numbers}", ["detect", *where], self.folder, env)
        worker.start()
        self.workers.append(worker)
        return worker

    def retire(self, worker: Actor) -> None:
        """Let a worker end in order and not come back."""
        worker.ask_to_end()
        self.retired.append(worker)

    def add_scheme_process(self) -> None:
        """Start one more scheme process: the first works, the others stand by."""
        where = ["--kafka", self.kafka, "--checkpoint", str(self.checkpoints)]
        env = {"SCHEMES_CHECKPOINT_EVERY": f"PT{CHECKPOINT_S}S", "SCHEMES_KAFKA_SESSION": f"PT{SESSION_S}S"}
        # Nobody is to be given up: for how long a shard stands still here is no part of the plan.
        env |= {"SCHEMES_SILENT_AFTER": "PT6H"} | self.clocks["schemes"].env
        process = Actor(f"schemes-{len(self.scheme_processes) + 1}", ["schemes", *where], self.folder, env)
        process.start()
        self.scheme_processes.append(process)

    def working_scheme_process(self) -> Actor | None:
        """The scheme process that has the engine, by its own log; None where none has it at the moment."""
        lives = [one for one in self.scheme_processes if one.code is None]
        return next((one for one in lives if one.newest(HOLDING + LETTING_GO) in HOLDING), None)

    def open_ledger(self) -> None:
        """Start the ledger."""
        where = ["--kafka", self.kafka, "--secret-file", str(self.folder / "secret")]
        env = {"API_KAFKA_SESSION": f"PT{SESSION_S}S", "API_DATABASE": self.database_url} | self.clocks["ledger"].env
        self.ledger = Actor("serve", ["serve", *where, "--port", "0", "--ops-port", "0"], self.folder, env)
        self.ledger.start()

    def add_institution(self, code: str) -> None:
        """Make an institution's topics."""
        made = ["topics", "create", "--kafka", self.kafka, "--institution", f"{code}={self.watch.partitions}"]
        deadline = time.monotonic() + QUIET_S
        while subprocess.run(fundwatch(*made), env=self._env(), capture_output=True, check=False).returncode:
            if time.monotonic() > deadline:
                raise Stuck(f"no topics for {code}")
            self.tend()
            time.sleep(0.5)
        self.watch.institutions.append(code)

    def send(self, one: Slice, *, seconds: float, anew: bool = False) -> None:
        """Let a bank send a slice at the pace that takes about ``seconds``; ``anew`` sends what was sent before once more."""
        log = self.folder / f"produce-{one.movements.stem}-{len(self.producers)}-{time.monotonic_ns()}.log"
        arguments = ["produce", str(one.movements), "--profiles", str(one.profiles), "--format", "csv"]
        arguments += ["--institution", one.institution, "--kafka", self.kafka, "--rate", str(max(1, round(one.rows / seconds)))]
        arguments += ["--progress", str(self.folder / "progress"), *(["--anew"] if anew else [])]
        with log.open("wb") as sink:
            process = subprocess.Popen(fundwatch(*arguments), stdout=sink, stderr=sink, env=self._env(), start_new_session=True)
        self.producers.append((one, process, log))

    def _env(self) -> dict[str, str]:
        return {**os.environ, **self.clocks["producer"].env}

    @property
    def actors(self) -> list[Actor]:
        """Everything that is started again whenever it has ended."""
        return [*self.workers, *self.scheme_processes, *([self.ledger] if self.ledger else [])]

    def tend(self) -> None:
        """What supervisors and operators do: start again what has ended, send again what was not sent wholly."""
        for actor in self.actors:
            actor.tend()
        for entry in list(self.producers):
            one, process, log = entry
            if process.poll() is None:
                continue
            self.producers.remove(entry)
            if process.returncode != 0:
                self.sent_again += 1
                # Half of the banks go on where the producer remembers to be, half begin their file again.
                self.send(one, seconds=1.0, anew=self.random.random() < 0.5)
            log.unlink()

    def wait(self, reached: Callable[[], bool], what: str, *, within_s: float = QUIET_S) -> None:
        """Tend everything until something is reached; raises ``Stuck`` where it takes too long."""
        deadline = time.monotonic() + within_s
        while not reached():
            self.tend()
            if time.monotonic() > deadline:
                raise Stuck(f"not within {within_s:.0f} s: {what}\n{self._last_words()}")
            time.sleep(0.05)

    def settle(self) -> None:
        """Wait until everything that was sent is judged, committed, stored and committed again."""
        self.wait(lambda: not self.producers, "producers at their end")
        self.wait(lambda: not self.watch.detector_lag(), "detectors at the log's end")
        self.wait(lambda: not self.watch.scheme_lag(), "scheme process at the evidence's end")
        self.wait(lambda: not self.watch.ledger_lag(), "ledger at the flags' and schemes' end")

    def _last_words(self) -> str:
        logs = [actor.log for actor in self.actors]
        return "\n".join(f"{log.name}: {tail(log, 3)}" for log in (*logs, *(log for _, _, log in self.producers)))

    def end(self) -> None:
        """End every process of ours."""
        for actor in (*self.actors, *self.retired):
            actor.kill()
            actor.signal(signal.SIGCONT)
            actor.wait(10)
        for _, process, _ in self.producers:
            process.kill()
            process.wait()
        self.watch.close()


@contextmanager
def _disk(folder: Path) -> Iterator[tuple[Path, bool]]:
    """A folder for checkpoints on a small disk of its own where this account may mount one; tells whether it is."""
    folder.mkdir()
    size = f"size={TMPFS_MIB}m"
    mounted = (
        os.geteuid() == 0
        and not subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", folder], capture_output=True, check=False).returncode
    )
    try:
        yield folder, bool(mounted)
    finally:
        if mounted:
            subprocess.run(["umount", "-l", folder], check=False)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def stage(folder: Path, seed: int, *, partitions: int, workers: int) -> Iterator[Stage]:
    """Everything running and nothing sent yet."""
    with ExitStack() as stack:
        checkpoints, small = stack.enter_context(_disk(folder / "checkpoints"))
        inner, database_port = free_port(), free_port()
        broker_net, database_net = Proxy(inner), Proxy(database_port)
        stack.callback(broker_net.close)
        stack.callback(database_net.close)
        broker, direct = stack.enter_context(apache_kafka(folder / "kafka", inner=inner, outer=broker_net.port))
        database, url = stack.enter_context(postgresql(database_port))
        behind = url.replace(f":{database_port}/", f":{database_net.port}/")
        watch = Watch(direct, url, partitions)
        made = Stage(folder, random.Random(seed), broker, database, broker_net, database_net, watch, behind, checkpoints, small)
        made.clocks = {who: Clock(folder / f"clock-{who}") for who in ("worker", "schemes", "ledger", "producer")}
        for clock in made.clocks.values():
            clock.jump(0)
        stack.callback(made.end)
        subprocess.run(fundwatch("topics", "create", "--kafka", direct), check=True, capture_output=True)
        made.open_ledger()
        for _ in range(workers):
            made.add_worker()
        yield made
