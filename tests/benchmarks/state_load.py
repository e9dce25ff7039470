"""A fixed load for a shard's memory: what an account costs, how long growth stops the stream, and checkpoints of it.

Median 20 and mean 60 movements an account in 90 days, a logarithmic normal distribution; whom an account deals with is
drawn from its own list by Zipf's law. Movements go into the per-movement loop as columns; what it would have judged is
dropped, so this measures the state and not the judging.

    python -m tests.benchmarks.state_load --accounts 200000 --days 90
"""

from __future__ import annotations

import itertools
import json
import os
import resource
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import click
import numpy as np

from contract import working_days
from contract.shanghai import DAY_MS
from detector.checkpoint import CheckpointStore
from detector.features import memory as mem
from detector.features.buffer import buffer
from detector.features.columns import Columns
from detector.features.consume import DONE, FULL, ROOM, SCRATCH, TURN, consume, evaluate_rows
from detector.features.growth import restored, with_room
from detector.features.layout import CAUSE_DAY, NEVER
from detector.features.rules import Rules
from detector.features.sweeping import sweep, swept
from detector.parts import taken
from detector.snapshot import Snapshot, Wanted
from tests.benchmarks.state_bytes import bound, bytes_by_kind

DAYS: Final = 90
MEAN: Final = 60
SIGMA: Final = 1.482
"""Median 20 and mean 60: the mean of a logarithmic normal distribution is exp(sigma²/2) times its median."""
ZIPF: Final = 1.5
BEGIN_MS: Final = 1_767_196_800_000
ROWS: Final = 50_000
_LETTERS: Final = np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", np.uint8)
_DIGITS: Final = np.frombuffer(b"0123456789ABCDEF", np.uint8)


def _mixed(values: Any) -> Any:
    z = (values + np.uint64(0x9E3779B97F4A7C15)) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def _texts(prefix: bytes, values: Any, letters: Any, width: int, length: int) -> tuple[Any, Any]:
    """Offsets and bytes of a text of ``length`` characters a value, as ids are."""
    bits, rows = int(letters.size).bit_length() - 1, len(values)
    texts = np.full((rows, length), ord("A"), np.uint8)
    texts[:, : len(prefix)] = np.frombuffer(prefix, np.uint8)
    for k in range(min(width, length - len(prefix))):
        texts[:, len(prefix) + k] = letters[(values >> np.uint64(bits * k)) & np.uint64(letters.size - 1)]
    return np.arange(rows + 1, dtype=np.int32) * length, texts.reshape(-1)


@dataclass(frozen=True, slots=True)
class Load:
    """The movements of ``accounts`` accounts of one shard, in order of time; the same for the same seed."""

    accounts: int
    seed: int = 1

    def opening(self) -> Iterator[Columns]:
        """A movement of every account on the day before: so that all are there, however few days follow."""
        random = np.random.default_rng(self.seed + 1_000)
        for start in range(0, self.accounts, ROWS):
            who = np.arange(start, min(start + ROWS, self.accounts))
            yield self._columns(who.astype(np.uint64), who - self.accounts, -(DAY_MS - DAY_MS * who // self.accounts), random)

    def batches(self, days: float) -> Iterator[Columns]:
        """Columns of the first ``days`` days, ``ROWS`` movements each."""
        random = np.random.default_rng(self.seed)
        weights = np.cumsum(random.lognormal(0.0, SIGMA, self.accounts))
        total = int(self.accounts * MEAN * days / DAYS)
        for start in range(0, total, ROWS):
            at = np.arange(start, min(start + ROWS, total))
            who = np.searchsorted(weights, random.random(len(at)) * weights[-1]).astype(np.uint64)
            yield self._columns(who, at, np.int64(DAYS * DAY_MS) * at // (self.accounts * MEAN), random)

    def _columns(self, who: Any, at: Any, ms: Any, random: Any) -> Columns:
        rows = len(at)
        account = _mixed(who * np.uint64(2) + np.uint64(1))
        other = _mixed(account ^ np.minimum(random.zipf(ZIPF, rows), 10_000_000).astype(np.uint64))
        # Of a list two fifths are persons, the rest firms and payment institutions; a tenth deals both ways.
        sort, way = other % np.uint64(20), (other >> np.uint64(8)) % np.uint64(10)
        credit = np.where(way < 3, 1, np.where(way < 9, 0, random.integers(0, 2, rows)))
        account_at, account_ids = _texts(b"a:", account, _LETTERS, 12, 28)
        customer_at, customer_ids = _texts(b"c:", account, _LETTERS, 12, 28)
        event_at, event_ids = _texts(b"E", at.astype(np.uint64), _DIGITS, 14, 15)
        zeros, amount = np.zeros(rows, np.uint8), np.rint(random.lognormal(10.0, 1.5, rows)).astype(np.int64) + 1
        return Columns(
            account=account,
            customer=_mixed(account),
            event=_mixed(at.astype(np.uint64)),
            reversal_of=np.zeros(rows, np.uint64),
            content=at.astype(np.uint64),
            ms=BEGIN_MS + ms,
            credit=credit.astype(np.uint8),
            amount=amount,
            excluded=zeros,
            counterparty=other,
            kind=np.where(sort < 8, 1, np.where(sort < 15, 2, 6)).astype(np.int8),
            cash=zeros,
            batch=zeros,
            terminal=np.zeros(rows, np.uint64),
            text=zeros,
            pretexts=zeros,
            birth_year=np.zeros(rows, np.int16),
            occupation=np.zeros(rows, np.int8),
            region=np.full(rows, 341302, np.int32),
            branch=np.full(rows, 341302, np.int32),
            institution_type=np.ones(rows, np.int8),
            payroll=zeros,
            returns=np.ones(rows, np.uint8),
            balance=amount * 7,
            account_at=account_at,
            account_ids=account_ids,
            customer_at=customer_at,
            customer_ids=customer_ids,
            event_at=event_at,
            event_ids=event_ids,
        )


class Run:
    """A memory that is fed; notes the longest time that one batch of the loop took, beyond the usual one."""

    def __init__(self) -> None:
        calendar = working_days.calendar()
        self.memory = mem.empty()
        self.memory.counters[mem.SEEN_FROM] = -NEVER
        self._rules = Rules(3, calendar.window_starts(), working_days.FIRST_DAY, 5_000_000, 0.05)
        self._out = buffer()
        self.movements = 0
        self.cpu_s = 0.0
        self.slowest_s = 0.0
        self.slowest_sweep_s = 0.0

    def feed(self, columns: Columns, step: int = 5_000) -> None:
        """Take a batch in steps."""
        began = time.process_time()
        status, rows = np.zeros(len(columns.ms), np.uint8), np.zeros(len(columns.ms), np.int32)
        cause = np.zeros(SCRATCH, np.int64)
        for start in range(0, len(status), step):
            self._step(columns, start, min(start + step, len(status)), status, rows, cause)
        self.movements += len(status)
        self.cpu_s += time.process_time() - began

    def _step(self, columns: Columns, at: int, stop: int, status: Any, rows: Any, cause: Any) -> None:
        turned_at = -1
        while True:
            began = time.thread_time()
            code, at = consume(self.memory, columns, at, stop, turned_at, self._rules, self._out, status, rows, cause)
            self.slowest_s = max(self.slowest_s, time.thread_time() - began)
            if code == DONE:
                return
            if code == FULL:
                self._out.count[:] = 0
            elif code == ROOM:
                self.memory = with_room(self.memory)
            elif code == TURN:
                self._turn()
                turned_at = at

    def _turn(self) -> None:
        c = self.memory.counters
        waiting, at = np.sort(self.memory.dirty[: c[mem.DIRTY]]), 0
        c[mem.DIRTY] = 0
        while at < len(waiting):
            at = evaluate_rows(self.memory, waiting, at, -1, CAUSE_DAY, self._rules, self._out)
            self._out.count[:] = 0
        c[mem.SHARD_DAY] += 1
        c[mem.SEEN_FROM] = (c[mem.SHARD_DAY] - 3) * DAY_MS - 8 * 3_600_000
        mem.forget_before(c, int(c[mem.SHARD_DAY]), 3, 400)
        began = time.thread_time()
        self.memory = swept(self.memory)
        self.slowest_sweep_s = max(self.slowest_sweep_s, time.thread_time() - began)


def resident() -> int:
    """Bytes of this process that are in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def forget_peak() -> None:
    """Let the most that was ever in memory begin anew."""
    Path("/proc/self/clear_refs").write_text("5")


def peak() -> int:
    """The most bytes of this process that were in memory since ``forget_peak``."""
    told = Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]
    return 1024 * int(told)


def _checkpoint(run: Run, folder: Path) -> dict[str, Any]:
    store = CheckpointStore.at(str(folder), 2)
    told: dict[str, Any] = {}
    for number in range(2):
        began = time.perf_counter()
        state = {f"memory.{name}": part for name, part in mem.used(run.memory).items()}
        snapshot = Snapshot.take(store, [Wanted("bench", 0, number, "c", state)])
        told[f"pause_s_{number}"] = round(time.perf_counter() - began, 3)
        while not snapshot.is_over():
            time.sleep(0.05)
        [name] = snapshot.names()
        told[f"written_s_{number}"] = round(time.perf_counter() - began, 1)
        told[f"written_bytes_{number}"] = sum(one.stat().st_size for one in (folder / name).iterdir())
        if number == 0:
            for columns in Load(len_of(run), 2).batches(0.02):
                run.feed(columns)
    return told | {"name": name}


def len_of(run: Run) -> int:
    """Accounts that a run holds."""
    return int(run.memory.counters[mem.ACCOUNTS])


def _sweeps(run: Run, accounts: int) -> dict[str, Any]:
    """How long a sweep over so many accounts takes: where nothing is past; where all that is older than a month is; all of it."""
    c, told = run.memory.counters, {}
    for name, ahead in (("nothing", 0), ("older_than_a_month", 335), ("everything", 500)):
        mem.forget_before(c, int(c[mem.SHARD_DAY]) + ahead, 3, 400)
        c[mem.SWEPT], c[mem.LEFT] = 0, accounts
        began = time.thread_time()
        sweep(run.memory, accounts)
        told[f"sweep_{name}_ms"] = round(1000 * (time.thread_time() - began), 1)
    return told


@click.command()
@click.option("--accounts", default=200_000, help="Accounts.")
@click.option("--days", default=float(DAYS), help="Days that are taken; the bounds are told of 90.")
@click.option("--all-accounts", is_flag=True, help="Let every account move once on the day before.")
@click.option("--sweep", "swept_accounts", default=0, help="Accounts to sweep in the end, at most all; none by default.")
@click.option("--checkpoint", type=click.Path(path_type=Path), help="Folder for checkpoints; none are made where absent.")
def main(accounts: int, days: float, all_accounts: bool, swept_accounts: int, checkpoint: Path | None) -> None:
    """Load a shard's memory, and print what it took as JSON."""
    warm = Run()
    for columns in Load(1000).batches(2):
        warm.feed(columns)
    del warm
    before, run, load = resident(), Run(), Load(accounts)
    for columns in itertools.chain(load.opening() if all_accounts else (), load.batches(days)):
        run.feed(columns)
    m = run.memory
    told: dict[str, Any] = {"movements": run.movements, "accounts": len_of(run), "cpu_s": round(run.cpu_s, 1)}
    told |= {"slowest_step_ms": round(1000 * run.slowest_s, 1), "slowest_sweep_ms": round(1000 * run.slowest_sweep_s, 1)}
    told |= {name: round(value, 1) for name, value in bytes_by_kind(m).items()}
    window = bytes_by_kind(m)["window"]
    told |= {"state_bytes": mem.nbytes(m), "without_window": mem.nbytes(m) - int(window), "bound": int(bound(m))}
    told |= {"resident_bytes": resident() - before}
    print(json.dumps(told), flush=True)  # noqa: T201  what it is for
    if checkpoint is not None:
        told = _checkpoint(run, checkpoint)
        print(json.dumps(told), flush=True)  # noqa: T201
        del run, m
        forget_peak()
        began, store = time.perf_counter(), CheckpointStore.at(str(checkpoint), 2)
        state = store.read(told["name"], "bench", 0, 1, "c")
        read_s = time.perf_counter() - began
        m = restored(taken("memory", state))
        again = {
            "read_s": round(read_s, 1),
            "restored_s": round(time.perf_counter() - began, 1),
            "load": os.getloadavg()[0],
            "peak_bytes": peak() - before,
            "resident_bytes": resident() - before,
        }
        print(json.dumps(again), flush=True)  # noqa: T201
        shutil.rmtree(checkpoint)
    elif swept_accounts:
        print(json.dumps(_sweeps(run, swept_accounts)), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
