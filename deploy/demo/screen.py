"""What the demo shows on the terminal: phases, live figures, addresses and keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from rich.console import Console
from rich.live import Live
from rich.table import Table

from contract.flag import CATEGORIES, LARGE_VALUE
from deploy.demo.offices import OFFICES
from deploy.demo.stream import Progress

PIPED_WIDTH = 160
"""Columns where nobody's window says otherwise: a key or a reason that is cut off helps no one."""


class Screen:
    """The demo's words on standard error; live figures only where that is a terminal."""

    def __init__(self) -> None:
        self.console = Console(stderr=True, highlight=False)
        if not self.console.is_terminal:
            self.console.width = PIPED_WIDTH

    def phase(self, words: str) -> None:
        """Say what begins now."""
        self.console.print(f"[dim]·[/dim] {words}")

    def access(self, address: str, keys: Mapping[str, str]) -> None:
        """Say where the console is and the key of each office."""
        self.console.print(f"\n[bold]Console[/bold]  {address}/console      API  {address}/v1/flags")
        table = Table("office", "name", box=None, padding=(0, 2, 0, 0))
        table.add_column("key", no_wrap=True, min_width=max(map(len, keys.values()), default=0))
        for office in OFFICES:
            table.add_row(office.office_id, office.name, keys[office.office_id])
        self.console.print(table)
        self.console.print()

    @contextmanager
    def live(self) -> Iterator[Live]:
        """Show figures that are drawn over each other; nothing when piped."""
        with Live(console=self.console, refresh_per_second=4, transient=True, auto_refresh=False) as live:
            yield live

    def show(self, live: Live, progress: Progress, *, total: int, seconds: float) -> None:
        """Draw the figures anew."""
        if self.console.is_terminal:
            live.update(figures_table(progress, total=total, seconds=seconds), refresh=True)


def figures_table(progress: Progress, *, total: int, seconds: float) -> Table:
    """Return the figures of one moment as a table."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_row("seconds", f"{seconds:,.0f}", "")
    table.add_row("movements produced", f"{progress.produced:,}", f"of {total:,}")
    table.add_row("movements consumed", f"{progress.consumed:,}", _lag(progress))
    for category in (*reversed(CATEGORIES), LARGE_VALUE):
        table.add_row(f"flag revisions, {category}", f"{progress.flags[category]:,}", "")
    table.add_row("scheme revisions", f"{progress.schemes.total():,}", "")
    table.add_row("revisions in the ledger", f"{progress.stored:,}", f"of {progress.published:,}")
    return table


def _lag(progress: Progress) -> str:
    return "" if progress.lag_s is None else f"{progress.lag_s:,.0f} s behind the newest event's own time"
