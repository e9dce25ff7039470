"""Lists, summaries and pages of the ledger over many flags: ``python -m tests.benchmarks.bench_office [--flags N]``."""

from __future__ import annotations

import itertools
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import click

from api.auth.offices import Kind, Office
from api.auth.scope import VisibleScope, visible_scope
from api.auth.secret import ServerSecret
from api.database import Database
from api.flags.filters import Page, Selection
from api.flags.service import Lists
from api.ledger import repository
from api.ledger.deadlines import Deadlines
from api.ledger.filters import EntryPage
from api.ledger.service import Board
from api.summary.service import summarise
from contract import regions
from contract.flag import Flag
from contract.shanghai import DAY_MS, text_ms
from deploy.servers import postgres
from tests.api.flags import NOON, finding, flag
from tests.benchmarks.many_flags import analyse, multiply, number_of_flags

BATCH = 5000
MIX = (("large_value", 60), ("observe", 25), ("suspicious", 10), ("illegal_fundraising", 5))
"""Flags by category in per cent: our own guess at a monitoring area's ledger."""
TYPOLOGIES = ("pass_through", "structuring", "unit_priced_credits", "payees_were_payers", "fundraising_remarks")
SUZHOU = Office("x", Kind.PBOC, "341300", "x")
NATION = Office("y", Kind.PBOC, "000000", "y")


def flags(number: int, seed: int = 1) -> Iterator[list[Flag]]:
    """Batches of flags: half in one city's counties and parks, the rest anywhere, over 300 days and 200 institutions."""
    draw = random.Random(seed)
    city, country = sorted(regions.all_within("341300") - {"341300"}), sorted(regions.all_within("000000"))
    names = [name for name, weight in MIX for _ in range(weight)]
    for start in range(0, number, BATCH):
        batch = []
        for at in range(start, min(number, start + BATCH)):
            category = draw.choice(names)
            batch.append(
                flag(
                    f"f{at}",
                    category=category,
                    branch_region=draw.choice(city if draw.random() < 0.5 else country),
                    institution_code=f"I{draw.randrange(200):03d}",
                    score=None if category == "large_value" else draw.randrange(400, 1000) / 10,
                    updated_at=text_ms(NOON + draw.randrange(300) * DAY_MS + at % 1000),
                    findings=[finding(f"{name}@1") for name in draw.sample(TYPOLOGIES, 2)],
                )
            )
        yield batch


@contextmanager
def databases(only: str | None) -> Iterator[dict[str, str]]:
    """URLs of an empty SQLite file and an empty PostgreSQL database."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        found = {"SQLite": f"sqlite:///{Path(folder) / 'ledger.sqlite'}"}
        if only != "SQLite":
            found["PostgreSQL"] = stack.enter_context(postgres.fresh_database(stack.enter_context(postgres.running())))
        yield {name: url for name, url in found.items() if only in (None, name)}


def fill(database: Database, number: int) -> float:
    """Store flags as the writer does; seconds."""
    database.migrate()
    started = time.perf_counter()
    with database.writing() as connection:
        repository.ensure_ledger(connection)
    for batch in flags(number):
        for at in range(0, len(batch), 500):
            with database.writing() as connection:
                repository.store(connection, batch[at : at + 500], now_ms=NOON, deadlines=Deadlines())
    return time.perf_counter() - started


def questions(database: Database) -> dict[str, Callable[[], Any]]:
    """What offices ask all day; each call asks for another page."""
    secret = ServerSecret(bytes(32))
    lists, board = Lists(database, secret), Board(database, secret, Deadlines(), lambda: NOON)
    city, nation = visible_scope(SUZHOU), visible_scope(NATION)

    def pages(page: Page, visible: VisibleScope) -> Callable[[], Any]:
        cursors: list[str | None] = [None]

        def ask() -> Any:
            rows, cursor = lists.page(page.model_copy(update={"cursor": cursors[0]}), limit=100, visible=visible)
            cursors[0] = cursor
            return rows

        return ask

    counties = itertools.cycle(sorted(regions.all_within("341300")))
    return {
        "page of 100, city, by score": pages(Page(), city),
        "page of 100, city, newest": pages(Page(sort="-updated_at"), city),
        "page of 100, nation, by score": pages(Page(), nation),
        "page of 100, city, one category": pages(Page(category=["illegal_fundraising"]), city),
        "page of 100, city, one county": lambda: lists.page(Page(region=next(counties)), limit=100, visible=city),
        "page of 100, city, one typology": pages(Page(typology=["structuring"]), city),
        "summary, city": lambda: summarise(database, Selection(), visible=city),
        "summary, nation": lambda: summarise(database, Selection(), visible=nation),
        "page of 100 ledger entries, city": lambda: board.page(EntryPage(limit=100), visible=city),
    }


def measure(ask: Callable[[], Any], times: int) -> tuple[list[float], list[float]]:
    """Milliseconds of each call after one that is not counted, by the clock and of CPU, each in order of size.

    CPU is this process's: all there is with SQLite, with PostgreSQL the smaller part.
    """
    ask()
    taken, spent = [], []
    for _ in range(times):
        started, began = time.perf_counter(), time.process_time()
        ask()
        spent.append((time.process_time() - began) * 1000)
        taken.append((time.perf_counter() - started) * 1000)
    return sorted(taken), sorted(spent)


def told(taken: list[float]) -> str:
    """Median, p99, most."""
    return f"{taken[len(taken) // 2]:.1f} {taken[int(len(taken) * 0.99)]:.1f} {taken[-1]:.1f}"


@click.command()
@click.option("--flags", "number", default=10_000, show_default=True, help="How many flags the ledger holds.")
@click.option("--copies", default=1, show_default=True, help="Copy what was stored until the ledger holds so many times as much.")
@click.option("--times", default=100, show_default=True, help="Calls of each question.")
@click.option("--only", type=click.Choice(["SQLite", "PostgreSQL"]), help="One database; both unless told.")
def main(number: int, copies: int, times: int, only: str | None) -> None:
    """Fill ledgers and print milliseconds of what offices ask: median, p99, most."""
    with databases(only) as urls:
        for name, url in urls.items():
            database = Database(url)
            seconds = fill(database, number)
            click.echo(f"{name}: {number} flags stored in {seconds:.0f} s, {number / seconds:.0f} a second")
            if copies > 1:
                multiply(database, copies)
            analyse(database)
            click.echo(f"  {number_of_flags(database)} flags; milliseconds: median, p99, most (CPU: the same)")
            for asked, ask in questions(database).items():
                taken, spent = measure(ask, times)
                click.echo(f"  {asked}: {told(taken)} (CPU: {told(spent)})")
            database.close()


if __name__ == "__main__":
    main()
