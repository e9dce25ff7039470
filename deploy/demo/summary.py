"""The demo's closing summary: the top of the list as an office gets it from the API, and the counts."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from contract.flag import CATEGORIES, LARGE_VALUE
from deploy.demo.office_view import OfficeView
from deploy.demo.offices import CENTRAL_BANK
from deploy.demo.screen import PIPED_WIDTH
from deploy.demo.stream import Progress

TOP = 5
LANGUAGE = "zh"


def show(view: OfficeView, progress: Progress, *, seconds: float) -> None:
    """Print the accounts highest on the central bank's list with their reasons and, last, one JSON line of counts."""
    # Each by name: "observe" is listed only when asked for.
    flags = {category: view.flags(category=category) for category in (*reversed(CATEGORIES), LARGE_VALUE)}
    counts = {category: len(found) for category, found in flags.items()}
    schemes = [one for category in reversed(CATEGORIES) for one in view.items("/v1/schemes", category=category)]
    ranked = sorted(
        (flag for found in flags.values() for flag in found if flag["score"] is not None),
        key=lambda flag: (-flag["score"], flag["flag_id"]),
    )
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = PIPED_WIDTH
    console.print(_table(counts, ranked[:TOP]))
    if schemes:
        console.print(_schemes(schemes))
    click.echo(json.dumps(_counts(progress, counts, schemes, seconds)))


def _counts(progress: Progress, flags: Mapping[str, int], schemes: Sequence[Mapping[str, Any]], seconds: float) -> dict[str, Any]:
    return {
        "movements": progress.produced,
        "consumed": progress.consumed,
        "revisions": progress.stored,
        "flags": dict(flags),
        "schemes": dict(Counter(one["category"] for one in schemes)),
        "seconds": round(seconds, 1),
    }


def _schemes(found: Sequence[Mapping[str, Any]]) -> Table:
    table = Table("score", title=f"{len(found):,} schemes. Highest first:", title_justify="left")
    for name in ("category", "scheme", "accounts", "payers", "absorbed", "stage"):
        table.add_column(name, no_wrap=True)
    table.add_column("reasons", overflow="fold")
    for one in sorted(found, key=lambda one: (-one["score"], one["scheme_id"]))[:TOP]:
        totals = one["totals"] or {"payers": "", "absorbed": ""}
        reasons = "\n".join(f"· {finding[LANGUAGE]}" for finding in one["findings"])
        accounts = "" if one["member_count"] is None else str(one["member_count"])
        figures = (accounts, str(totals["payers"]), totals["absorbed"], one["stage"])
        table.add_row(f"{one['score']:.1f}", one["category"], one["scheme_id"], *figures, reasons)
    return table


def _table(counts: Mapping[str, int], top: Sequence[Mapping[str, Any]]) -> Table:
    figures = ", ".join(f"{category} {count:,}" for category, count in counts.items())
    title = f"{CENTRAL_BANK.office_id} sees: {figures}. Highest first:"
    table = Table("score", title=title, title_justify="left")
    for name in ("category", "account", "region"):
        table.add_column(name, no_wrap=True)
    table.add_column("reasons", overflow="fold")
    for flag in top:
        reasons = "\n".join(f"· {finding[LANGUAGE]}" for finding in flag["findings"])
        table.add_row(f"{flag['score']:.1f}", flag["category"], flag["account_id"], flag["branch_region"], reasons)
    return table
