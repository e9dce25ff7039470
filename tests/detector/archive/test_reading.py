"""What was archived comes back as it was consumed; what is not whole, not ours or not of one mind is refused."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.archive.listing import Archive
from contract.errors import ArchiveMismatch
from detector.archive.reading import parts
from detector.archive.recorder import Recorder
from tests.detector.archive.consumed import SHELF, Fragile, log, names, paths, rebuilt, record, steps_of, told

LOG = log()
WHOLE = told(steps_of(LOG, 0, len(LOG)))


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive.at(str(tmp_path))


@given(st.sets(st.integers(1, len(LOG) - 1), max_size=8))
@settings(max_examples=10, deadline=None)
def test_any_cuts_give_back_what_was_consumed(tmp_path_factory: pytest.TempPathFactory, cuts: set[int]) -> None:
    archive = Archive(Fragile(tmp_path_factory.mktemp("archive")), "")
    record(archive, LOG, [0, *sorted(cuts), len(LOG)])
    assert rebuilt(archive) == WHOLE


def test_the_same_positions_are_the_same_file_whatever_the_batches(archive: Archive, tmp_path: Path) -> None:
    record(archive, LOG, [0, 30])
    again = Archive.at(str(tmp_path / "again"))
    whole = list(steps_of(LOG, 0, 30))
    recorder = Recorder(again, SHELF, 0, begins=True)
    for step in whole:
        if step.batch is None:
            recorder.add(step, [])
            continue
        for row in range(step.batch.num_rows):
            recorder.add(type(step)(step.kind, step.batch.slice(row, 1), places=step.places[row : row + 1]), [])
    recorder.flush(30)
    assert [path.name for path in paths(again)] == [path.name for path in paths(archive)]
    assert paths(again)[0].read_bytes() == paths(archive)[0].read_bytes()


def test_positions_without_any_row_leave_no_gap(archive: Archive) -> None:
    record(archive, LOG, [0, 20])
    recorder = Recorder(archive, SHELF, 20, begins=False)
    recorder.flush(25)
    assert rebuilt(archive) == told(steps_of(LOG, 0, 20))
    assert names(archive)[-1].rows == 0


def test_what_a_worker_wrote_again_after_a_crash_counts_once(archive: Archive) -> None:
    record(archive, LOG, [0, 10, 20])
    record(archive, LOG, [10, 15, 23])
    record(archive, LOG, [15, 18])
    record(archive, LOG, [23, len(LOG)])
    assert rebuilt(archive) == WHOLE


def test_half_a_file_is_none(archive: Archive) -> None:
    record(archive, LOG, [0, 10, 20])
    half = paths(archive)[1]
    half.write_bytes(half.read_bytes()[:1000])
    assert rebuilt(archive) == told(steps_of(LOG, 0, 10))
    record(archive, LOG, [10, 20])
    assert rebuilt(archive) == told(steps_of(LOG, 0, 20))


def _flipped(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def test_a_damaged_file_is_refused_by_name(archive: Archive) -> None:
    record(archive, LOG, [0, 10, 20, 30])
    _flipped(paths(archive)[1])
    with pytest.raises(ArchiveMismatch, match=f"{paths(archive)[1].name} is damaged, and no other holds its positions"):
        rebuilt(archive)


def test_a_damaged_file_is_left_aside_where_others_hold_its_positions(archive: Archive) -> None:
    record(archive, LOG, [0, 10, 25, len(LOG)])
    record(archive, LOG, [8, 17, 31])
    damaged = next(file for file in names(archive) if (file.first, file.stop) == (10, 25))
    _flipped(Path(archive.root) / damaged.path)
    assert rebuilt(archive) == WHOLE


def test_writing_again_mends_a_damaged_file(archive: Archive) -> None:
    record(archive, LOG, [0, 10, 20])
    _flipped(paths(archive)[1])
    record(archive, LOG, [10, 20])
    assert rebuilt(archive) == told(steps_of(LOG, 0, 20))


def test_a_gap_is_refused_with_its_positions(archive: Archive) -> None:
    record(archive, LOG, [0, 10, 20, 30])
    paths(archive)[1].unlink()
    with pytest.raises(ArchiveMismatch, match="has a gap: positions 10 to 19 are missing"):
        rebuilt(archive)


def test_positions_told_in_two_ways_are_refused(archive: Archive) -> None:
    record(archive, LOG, [0, 20])
    other = [entry if number != 15 else LOG[16] for number, entry in enumerate(LOG)]
    record(archive, other, [10, 30])
    with pytest.raises(ArchiveMismatch, match="tell the same positions differently"):
        rebuilt(archive)


def test_which_rows_were_refused_depends_on_where_a_shard_began_and_is_no_contradiction(archive: Archive) -> None:
    record(archive, LOG, [0, 20], frozenset({15}))
    record(archive, LOG, [10, 30])
    assert rebuilt(archive) == told(steps_of(LOG, 0, 30))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        pytest.param("notes.txt", "which is no topic", id="at-the-root"),
        pytest.param(f"{SHELF.topic}/3", "which is no partition", id="folder"),
        pytest.param(f"{SHELF.topic}/00005-of-00004", "which is no partition", id="beyond-its-count"),
        pytest.param(f"{SHELF.topic}/00001-of-00002", "two partition counts", id="other-count"),
        pytest.param(f"{SHELF.folder}/movements.parquet", "which is none of its files", id="file"),
    ],
)
def test_what_is_not_the_archives_own_is_refused(archive: Archive, name: str, said: str) -> None:
    record(archive, LOG, [0, 10])
    (Path(archive.root) / name).mkdir()
    with pytest.raises(ArchiveMismatch, match=said):
        list(itertools.chain.from_iterable(archive.of(shelf) for shelf in archive.shelves()))


def test_a_file_moved_to_another_partition_is_refused(archive: Archive) -> None:
    record(archive, LOG, [0, 10])
    elsewhere = SHELF._replace(topic="fundwatch.events.v1.OTHER")
    shutil.copytree(Path(archive.root) / SHELF.topic, Path(archive.root) / elsewhere.topic)
    with pytest.raises(ArchiveMismatch, match="belongs to another partition or position"):
        list(parts(archive, archive.of(elsewhere)))


def test_an_archive_that_is_not_there_is_empty(tmp_path: Path) -> None:
    archive = Archive.at(str(tmp_path / "none"))
    assert archive.shelves() == []
    assert archive.of(SHELF) == []
