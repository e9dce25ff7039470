"""One account's history out of a large archive with DuckDB, and what writing and reading back cost."""

from __future__ import annotations

import base64
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import click
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from api.archive.history import History
from contract.archive.columns import ARCHIVE, filled
from contract.archive.listing import Archive
from contract.archive.names import ArchiveShelf
from contract.movement import TIMESTAMP
from contract.shanghai import DAY_MS
from detector.archive.compaction import TARGET_ROWS
from detector.archive.reading import parts, steps
from detector.archive.writing import write

SHELF = ArchiveShelf("fundwatch.events.v1.C1030134001", 0, 1)
ROWS_A_RECORD = 1000
MEAN_ROWS_AN_ACCOUNT = 60
"""Median 20 and mean 60 movements an account in 90 days: a logarithmic normal distribution with sigma 1.48."""
SIGMA = 1.48
BEGIN_MS = 1_767_196_800_000
DAYS = 90
LOOKUPS = 40


def _pseudonyms(random: Any, count: int, prefix: str) -> pa.Array:
    data = random.bytes(16 * count)
    return pa.array([prefix + base64.b32encode(data[at : at + 16])[:26].decode() for at in range(0, len(data), 16)])


def _tables(movements: int, rows_a_file: int, seed: int) -> Iterator[tuple[tuple[int, int], pa.Table]]:
    """Files' rows in the log's order: accounts drawn by weight, so each account is in most files."""
    random = np.random.default_rng(seed)
    count = max(10, movements // MEAN_ROWS_AN_ACCOUNT)
    accounts, customers = _pseudonyms(random, count, "a:"), _pseudonyms(random, count, "c:")
    weights = np.cumsum(random.lognormal(0.0, SIGMA, count))
    for start in range(0, movements, rows_a_file):
        rows = min(rows_a_file, movements - start)
        at = np.arange(start, start + rows)
        who, other = (np.searchsorted(weights, random.random(rows) * weights[-1]) for _ in range(2))
        times = BEGIN_MS + at * (DAYS * DAY_MS) // movements
        words = {name: pa.array(values) for name, values in _WORDS.items()}
        table = pa.table(
            {
                "log_offset": at // ROWS_A_RECORD,
                "log_row": (at % ROWS_A_RECORD).astype(np.int32),
                "record": pa.repeat("movement", rows),
                "refused": pa.repeat(False, rows),
                "event_id": pa.array([f"E{number:014d}" for number in random.permutation(rows) + start * 7]),
                "institution_code": pa.repeat("C1030134001", rows),
                "institution_type": pa.repeat("bank", rows),
                "account_id": accounts.take(pa.array(who)),
                "customer_id": customers.take(pa.array(who)),
                "occurred_at": pa.array(times, pa.int64()).cast(TIMESTAMP),
                "amount_minor": np.rint(random.lognormal(10.0, 1.5, rows)).astype(np.int64) + 1,
                "balance_after_minor": np.rint(random.lognormal(13.0, 1.5, rows)).astype(np.int64),
                "currency": pa.repeat("CNY", rows),
                "kind": pa.repeat("transfer", rows),
                "counterparty_id": accounts.take(pa.array(other)),
                "counterparty_customer_id": customers.take(pa.array(other)),
                **{name: values.take(pa.array(random.integers(0, len(values), rows))) for name, values in words.items()},
            }
        )
        yield (start // ROWS_A_RECORD, (start + rows) // ROWS_A_RECORD), filled(table, ARCHIVE)


_WORDS = {
    "direction": ["credit", "debit"],
    "branch_region": ["341302", "341321", "341322", "341323", "341324"],
    "counterparty_kind": ["person", "person", "person", "company", None],
    "counterparty_region": ["341302", "341321", "340102", "110101", "310101", None],
    "channel": ["mobile", "online", "counter", "pos", "third_party"],
    "remark": [None, None, "货款", "工资", "转账", "生活费", "第3期利息"],
}


def _build(archive: Archive, movements: int, rows_a_file: int) -> tuple[float, int]:
    """CPU seconds and bytes of writing."""
    seconds, size = 0.0, 0
    for positions, table in _tables(movements, rows_a_file, seed=11):
        started = time.process_time()
        size += write(archive, SHELF, positions, table, begins=positions[0] == 0).size
        seconds += time.process_time() - started
        click.echo(f"\r{positions[1] * ROWS_A_RECORD:,} written", nl=False, err=True)
    return seconds, size


def _read_back(archive: Archive) -> float:
    """Rows a CPU-second, proven and in the log's order, of the first two files."""
    started, rows = time.process_time(), 0
    for part in parts(archive, archive.of(SHELF)[:2]):
        rows += sum(step.batch.num_rows for step in steps(part.table) if step.batch is not None)
    return rows / (time.process_time() - started)


def _accounts(archive: Archive, count: int) -> list[str]:
    """Accounts drawn by movement, so that busy ones come as often as they are asked for."""
    random = np.random.default_rng(5)
    found = []
    for file in random.choice(np.array([file.path for file in archive.of(SHELF)]), count):
        parquet = pq.ParquetFile(f"{archive.root}/{file}")
        column = parquet.read_row_group(int(random.integers(parquet.num_row_groups)), columns=["account_id"]).column(0)
        found.append(column[int(random.integers(len(column)))].as_py())
    return found


class _Times(NamedTuple):
    wall: float
    cpu: float
    rows: int


def _looked_up(history: History, account: str) -> _Times:
    wall, cpu = time.perf_counter(), time.process_time()
    rows = history.movements("C1030134001", account).num_rows
    return _Times(time.perf_counter() - wall, time.process_time() - cpu, rows)


def _row(name: str, times: list[_Times]) -> None:
    wall, cpu = (np.percentile([getattr(one, what) for one in times], [0, 50, 99]) for what in ("wall", "cpu"))
    rows = [one.rows for one in times]
    shown = ", ".join(f"{value:.3f}" for value in wall), ", ".join(f"{value:.3f}" for value in cpu)
    click.echo(f"| {name}, {min(rows)} to {max(rows)} movements | {shown[0]} s; CPU {shown[1]} s (least, median, p99) |")


@click.command()
@click.option("--movements", default=1_000_000, show_default=True)
@click.option("--folder", type=click.Path(path_type=Path), help="Where the archive is kept; one that is there is used again.")
@click.option("--rows-a-file", default=TARGET_ROWS, show_default=True)
def main(movements: int, folder: Path | None, rows_a_file: int) -> None:
    """Build an archive of one partition and look accounts up in it, each time a different one."""
    with tempfile.TemporaryDirectory() as temporary:
        archive = Archive.at(str(folder or temporary))
        click.echo("| what | figure |\n|---|---|")
        if not archive.of(SHELF):
            seconds, size = _build(archive, movements, rows_a_file)
            click.echo(f"| written | {movements / seconds:,.0f} movements a CPU-second, {size / movements:.1f} bytes each |")
        files = archive.of(SHELF)
        total = sum(file.rows for file in files)
        click.echo(f"| archive | {total:,} movements, {len(files)} files, {sum(file.size for file in files) / 1e9:.2f} GB |")
        click.echo(f"| read back in the log's order, proven | {_read_back(archive):,.0f} movements a CPU-second |")
        accounts = _accounts(archive, LOOKUPS)
        _row("first lookup of a process", [_looked_up(History(archive), accounts[0])])
        history = History(archive)
        _looked_up(history, accounts[0])
        _row(f"{len(accounts) - 1} further accounts", [_looked_up(history, account) for account in accounts[1:]])


if __name__ == "__main__":
    main()
