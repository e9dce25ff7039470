"""Batches, restarts, repetitions, company and hash seeds change no byte of the flags file (design §6.1)."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contract.flag import Flag
from contract.profile import PROFILE
from detector import flags_file
from detector.checkpoint import CheckpointStore
from detector.engine import Shard
from detector.replay import Replay
from tests.detector.dense_stream import CATALOGUE, DAY_MS, Log, items, logs

ACCOUNTS = 92
"""An institution's accounts, so that more than two hundred flags come of the three institutions."""


def replayed(of: Sequence[Log], **options: Any) -> Replay:
    """The logs one after another."""
    replay = Replay(CATALOGUE, **options)
    for log in of:
        for _ in replay.feed(items(log)):
            pass
    return replay


@pytest.fixture(scope="module")
def whole() -> list[Log]:
    return logs(ACCOUNTS)


@pytest.fixture(scope="module")
def expected(whole: list[Log]) -> Replay:
    return replayed(whole)


def file_of(flags: Iterable[Flag]) -> bytes:
    """The flags file."""
    return b"\n".join(flags_file.lines(flags))


def test_the_stream_that_is_compared_is_worth_comparing(expected: Replay) -> None:
    assert len({flag.flag_id for flag in expected.flags}) >= 200
    assert len({one.typology for flag in expected.flags for one in flag.findings}) >= 7
    assert max(flag.revision for flag in expected.flags) >= 5
    assert {"illegal_fundraising", "suspicious", "observe", "large_value"} == {flag.category for flag in expected.flags}
    assert any(score > 0 for flag in expected.flags for score in flag.model_scores.values())
    assert {flag.status for flag in expected.flags} == {"open", "closed"}


@pytest.mark.parametrize("size", [997, 65_536])
def test_the_size_of_batches_changes_nothing(whole: list[Log], expected: Replay, size: int) -> None:
    assert file_of(replayed(whole, batch_size=size).flags) == file_of(expected.flags)


def without_watermarks(log: Log, sizes: Iterator[int]) -> bytes:
    """A bank that marks no midnight: its batches may span many days."""
    shard, batch, at = Shard(log.institution, log.partition, CATALOGUE), log.movements, 0
    flags: list[Flag] = []
    while at < batch.num_rows:
        step = next(sizes)
        flags += shard.movements(batch.slice(at, step)).flags
        at += step
    return file_of(flags)


def always(size: int) -> Iterator[int]:
    while True:
        yield size


def test_batches_that_span_days_give_what_single_movements_give() -> None:
    [log, *_] = logs(12)
    together = without_watermarks(log, always(65_536))
    assert together.count(b"\n") > 20
    assert without_watermarks(log, always(1)) == together
    assert without_watermarks(log, always(97)) == together


@dataclass(slots=True)
class Disturbed:
    """One shard's log taken in random pieces, with repetitions and restarts from a checkpoint in between."""

    log: Log
    rng: np.random.Generator
    store: CheckpointStore
    repeat: float = 0.0
    restart: float = 0.0
    most: int = 400
    flags: list[Flag] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)

    def pieces(self) -> Iterator[pa.RecordBatch | int]:
        """The log's entries, batches of movements cut at random."""
        for entry in self.log.entries:
            if isinstance(entry, int) or entry.schema == PROFILE:
                yield entry
                continue
            at = 0
            while at < entry.num_rows:
                step = int(self.rng.integers(1, self.most + 1))
                yield entry.slice(at, step)
                at += step

    def run(self) -> Disturbed:
        """Take the whole log."""
        shard = Shard(self.log.institution, self.log.partition, CATALOGUE)
        recent: list[pa.RecordBatch] = []
        known: list[pa.RecordBatch] = []
        for number, piece in enumerate(self.pieces()):
            if isinstance(piece, int):
                self.flags += shard.watermark(piece).flags
            elif piece.schema == PROFILE:
                shard.profiles(piece)
                known.append(piece)
            else:
                output = shard.movements(piece)
                self.flags += output.flags
                self.outcomes.update(output.outcomes)
                recent = [one for one in [*recent, piece] if _newest(piece) - _oldest(one) < 2 * DAY_MS]
                if recent and self.rng.random() < self.repeat:
                    shard.profiles(known[int(self.rng.integers(len(known)))])
                    self._again(shard, recent[int(self.rng.integers(len(recent)))])
            if self.rng.random() < self.restart:
                shard = self._restarted(shard, number)
        return self

    def _again(self, shard: Shard, piece: pa.RecordBatch) -> None:
        output = shard.movements(piece)
        assert (output.flags, output.rejects, output.outcomes) == ([], [], {"duplicate": piece.num_rows})
        self.outcomes.update(output.outcomes)

    def _restarted(self, shard: Shard, number: int) -> Shard:
        place = (self.log.institution, self.log.partition, number)
        name = self.store.write(*place, CATALOGUE.name, shard.state())
        return Shard.restore(*place[:2], CATALOGUE, self.store.read(name, *place, CATALOGUE.name))


def _times(batch: pa.RecordBatch) -> Any:
    return batch.column("occurred_at").cast(pa.int64()).to_numpy()


def _newest(batch: pa.RecordBatch) -> int:
    return int(_times(batch).max())


def _oldest(batch: pa.RecordBatch) -> int:
    return int(_times(batch).min())


def store_at(folder: Path) -> CheckpointStore:
    return CheckpointStore.at(str(folder), 2)


def test_pieces_repetitions_and_restarts_together_change_nothing(whole: list[Log], expected: Replay, tmp_path: Path) -> None:
    rng = np.random.default_rng(8)
    runs = [Disturbed(log, rng, store_at(tmp_path), repeat=0.3, restart=0.15).run() for log in whole]
    assert file_of(flag for run in runs for flag in run.flags) == file_of(expected.flags)
    assert sum(run.outcomes["duplicate"] for run in runs) > 500


@pytest.fixture(scope="module")
def small() -> tuple[Log, bytes]:
    [log, *_] = logs(8, seed=5)
    return log, file_of(replayed([log]).flags)


SEEDS = st.integers(0, 2**32 - 1)
FEW = settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FEW
@given(seed=SEEDS, most=st.sampled_from([4, 20, 60]))
def test_random_pieces_change_nothing(small: tuple[Log, bytes], tmp_path: Path, seed: int, most: int) -> None:
    run = Disturbed(small[0], np.random.default_rng(seed), store_at(tmp_path), most=most).run()
    assert file_of(run.flags) == small[1]


@FEW
@given(seed=SEEDS)
def test_repetitions_within_the_duplicate_window_change_nothing(small: tuple[Log, bytes], tmp_path: Path, seed: int) -> None:
    run = Disturbed(small[0], np.random.default_rng(seed), store_at(tmp_path), repeat=0.8, most=30).run()
    assert file_of(run.flags) == small[1]
    assert run.outcomes["duplicate"] > 0


@FEW
@given(seed=SEEDS)
def test_restarts_from_a_checkpoint_change_nothing(small: tuple[Log, bytes], tmp_path: Path, seed: int) -> None:
    run = Disturbed(small[0], np.random.default_rng(seed), store_at(tmp_path), restart=0.5, most=60).run()
    assert file_of(run.flags) == small[1]


def test_what_is_published_twice_after_a_crash_is_the_same_revision() -> None:
    [log, *_] = logs(12)
    batches = [log.movements.slice(at, 50) for at in range(0, log.movements.num_rows, 50)]
    shard, whole = Shard(log.institution, 0, CATALOGUE), []
    states = []
    for batch in batches:
        states.append(flat(shard.state()))
        whole.append(shard.movements(batch).flags)
    for start, crash in ((2, 5), (3, len(batches))):
        again = Shard.restore(log.institution, 0, CATALOGUE, states[start])
        published = [flag for flags in whole[:crash] for flag in flags]
        published += [flag for batch in batches[start:] for flag in again.movements(batch).flags]
        assert file_of(published) == file_of(flag for flags in whole for flag in flags)


def flat(state: dict[str, Any]) -> dict[str, Any]:
    """A copy of a state, as a checkpoint keeps it: what the shard does next must not reach it."""
    return {name: value.copy() if isinstance(value, np.ndarray) else value for name, value in state.items()}


def test_the_order_in_which_institutions_come_changes_nothing() -> None:
    made = logs(12, partitions=2)
    queues = {log.institution: [i for one in made if one.institution == log.institution for i in items(one)] for log in made}
    one_by_one = Replay(CATALOGUE)
    for queue in queues.values():
        list(one_by_one.feed(queue))
    rng, mixed = np.random.default_rng(1), []
    left = {name: iter(queue) for name, queue in queues.items()}
    while left:
        name = str(rng.choice(sorted(left)))
        item = next(left[name], None)
        if item is None:
            del left[name]
        else:
            mixed.append(item)
    together = Replay(CATALOGUE)
    list(together.feed(mixed))
    assert file_of(together.flags) == file_of(one_by_one.flags)
    assert len(one_by_one.flags) > 30


def by_account(of: Sequence[Log]) -> dict[tuple[str, str, int], tuple[Any, ...]]:
    """What is said of every account, but for what models say: they know the company that an account is in."""
    told: dict[tuple[str, str, int], tuple[Any, ...]] = {}
    for log in of:
        for flag in replayed([log]).flags:
            findings = tuple(one for one in flag.findings if one.family != "model")
            if findings:
                told[flag.account_id, flag.flag_id, flag.revision] = (flag.category, findings, tuple(flag.measures.items()))
    return told


def test_what_is_said_of_an_account_does_not_depend_on_who_shares_its_shard() -> None:
    alone, apart = by_account(logs(20)), by_account(logs(20, partitions=5))
    assert alone == apart
    assert len(alone) > 100


PROGRAM = """
import hashlib, sys
from tests.detector.dense_stream import logs
from tests.detector.test_engine_invariance import file_of, replayed
print(hashlib.sha256(file_of(replayed(logs(8)).flags)).hexdigest())
"""


def test_the_hash_seed_of_the_process_changes_nothing() -> None:
    here = hashlib.sha256(file_of(replayed(logs(8)).flags)).hexdigest()
    environment = {**os.environ, "PYTHONHASHSEED": "77"}
    done = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == here
