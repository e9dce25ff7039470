"""What every bank format must do, over its samples: good ones are read, bad ones refused with place and field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contract.errors import ConfigurationError, DamagedFile
from contract.stream import Counted, Item, Movements, Refused
from producers import lines
from producers.adapters import adapter_for, adapters
from producers.files import read_files

SAMPLES = Path(__file__).parent / "samples"
GOOD = sorted(SAMPLES.glob("*/good/*"))
BAD = sorted(SAMPLES.glob("*/bad/*"))
ROWS = 8
LINE_FORMATS = ("csv", "jsonl")


def _read(path: Path) -> Iterator[Item]:
    return read_files([path], partitions=lambda _code: 1)


def _name(path: Path) -> str:
    return f"{path.parts[-3]}-{path.name}"


@pytest.mark.parametrize("name", sorted(adapters()))
def test_a_format_has_samples_of_both_kinds(name: str) -> None:
    assert [path for path in GOOD if path.parts[-3] == name]
    assert [path for path in BAD if path.parts[-3] == name]


@pytest.mark.parametrize("path", GOOD + BAD, ids=_name)
def test_a_format_is_told_from_the_name(path: Path) -> None:
    assert path.parts[-3] == adapter_for(path, None).NAME


@pytest.mark.parametrize("path", GOOD, ids=_name)
def test_a_good_sample_gives_all_its_rows(path: Path) -> None:
    items = list(_read(path))
    assert [item for item in items if isinstance(item, Refused)] == []
    movements = [item for item in items if isinstance(item, Movements)]
    ids = [one for item in movements for one in item.batch.column("event_id").to_pylist()]
    assert ids == [f"E{number}" for number in range(1, ROWS + 1)]
    amounts = [one for item in movements for one in item.batch.column("amount_minor").to_pylist()]
    assert amounts == [10_050 + 100 * number for number in range(1, ROWS + 1)]
    own = [one for item in movements for one in item.batch.column("own_name").to_pylist()]
    assert own == [number % 2 == 0 for number in range(1, ROWS + 1)]


@pytest.mark.parametrize("path", BAD, ids=_name)
def test_a_bad_row_is_refused_with_row_field_and_reason_and_the_rest_goes_on(path: Path) -> None:
    row, name, reason = path.name.removesuffix(path.suffix).split("-")[:3]
    items = list(_read(path))
    refused = [(one.row, one.field, one.reason.value, one.file) for one in items if isinstance(one, Refused)]
    assert refused == [(int(row), None if name == "none" else name, reason, path.name)]
    rows = [int(number) for item in items if isinstance(item, Movements) for number in item.rows]
    assert rows == [number for number in range(1, ROWS + 1) if number != int(row)]


@pytest.mark.parametrize("path", [p for p in GOOD + BAD if p.parts[-3] in LINE_FORMATS], ids=_name)
def test_the_size_of_blocks_changes_neither_rows_nor_refusals(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = _fates(_read(path))
    for size in (1, 64, 200, 997):
        monkeypatch.setattr(lines, "BLOCK_BYTES", size)
        assert _fates(_read(path)) == whole


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_mutated_sample_raises_nothing_but_our_own_errors(data: st.DataObject, tmp_path: Path) -> None:
    path = data.draw(st.sampled_from([p for p in GOOD if p.parts[-3] in LINE_FORMATS]), label="sample")
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 8), label="changes")):
        place = data.draw(st.integers(0, len(content) - 1), label="place")
        piece = data.draw(st.sampled_from([b"", b'"', b"\n", b",", b"\x00", b"\xff", b"{", b"\r", b"9" * 40]), label="piece")
        content[place : place + data.draw(st.integers(0, 3), label="cut")] = piece
    mutated = tmp_path / path.name
    mutated.write_bytes(bytes(content))
    try:
        items = list(_read(mutated))
    except (ConfigurationError, DamagedFile):
        return
    kept, refused = _fates(items)
    assert len(kept) + len(refused) == sum(item.rows for item in items if isinstance(item, Counted)), "read, or refused"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "BLOCK_BYTES", data.draw(st.integers(1, 400), label="block"))
        assert _fates(_read(mutated)) == (kept, refused)


def _fates(items: Iterable[Item]) -> tuple[list[tuple[int, str]], list[tuple[int, str, str | None]]]:
    """Rows kept with their ids, and rows refused."""
    kept, refused = [], []
    for item in items:
        if isinstance(item, Movements):
            kept += list(zip(map(int, item.rows), item.batch.column("event_id").to_pylist(), strict=True))
        elif isinstance(item, Refused):
            refused.append((item.row, item.reason.value, item.field))
    return sorted(kept), sorted(refused)


def test_a_file_that_breaks_off_within_its_compression_gives_what_stood_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "BLOCK_BYTES", 100)
    whole = (SAMPLES / "jsonl/good/zipped.jsonl.gz").read_bytes()
    path = tmp_path / "cut.jsonl.gz"
    path.write_bytes(whole[: len(whole) // 2])
    items = _read(path)
    with pytest.raises(DamagedFile, match=r"cut.jsonl.gz is damaged"):
        list(items)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.csv", b"", "no column of ours: give --mapping"),
        ("x.csv", b"a,b\n1,2\n", "no column of ours: give --mapping"),
        ("x.csv", b"amount,amount\n1,2\n", "names a column twice"),
        ("x.csv", b"\xff\xfe\n", "no header in the encoding"),
        ("x.parquet", b"PAR1", "no readable Parquet file"),
        ("x.xls", b"", "give --format"),
    ],
    ids=["empty", "foreign-columns", "twin-columns", "foreign-encoding", "no-parquet", "unknown-suffix"],
)
def test_a_file_that_cannot_be_read_at_all_is_said_in_one_line(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ConfigurationError, match=message):
        list(_read(path))


def test_a_file_that_is_not_there_is_said() -> None:
    with pytest.raises(ConfigurationError, match="there is no file"):
        list(_read(Path("absent.csv")))
