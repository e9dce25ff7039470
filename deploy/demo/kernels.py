"""All kernels compiled once and on all cores: ``python -m deploy.demo.kernels``, which ``make setup`` runs.

Where an upgrade has left none, each process of the demo would else compile its own.
"""

from __future__ import annotations

import tempfile
from itertools import islice
from pathlib import Path
from typing import Final

from deploy.demo.children import Children
from deploy.demo.city import City, Size, simulate

HEAD_ROWS: Final = 10_000
"""Movements that meet every kernel."""
_SMALL: Final = Size(days=30, accounts=400, schemes=4, seed=1)


def compile_kernels(children: Children, city: City) -> None:
    """Run all that is compiled over the first movements of a city: a minute or two on two cores, seconds once compiled.

    What judges is compiled beside what books: neither needs the other.
    """
    head, flags = children.folder / "head.csv", children.folder / "head.jsonl"
    with city.movements.open(encoding="utf-8") as source, head.open("w", encoding="utf-8") as sink:
        sink.writelines(islice(source, HEAD_ROWS))
    told = ("--profiles", str(city.profiles))
    sender = ("--institution", next(iter(city.per_institution)), "--dry-run", "--progress", str(children.folder / "head"))
    compiling = [
        children.start("replay", ["replay", "--movements", str(head), *told, "--flags", str(flags)]),
        children.start_module("detector.kernels"),
        children.start("produce", ["produce", str(head), *told, "--format", "csv", *sender]),
    ]
    for child in compiling:
        children.finish(child)


def compile_ahead() -> None:
    """Compile them before there is any data: a small city is simulated for it."""
    with tempfile.TemporaryDirectory(prefix="fundwatch-kernels-") as folder, Children(Path(folder)) as children:
        compile_kernels(children, simulate(children, _SMALL))


if __name__ == "__main__":
    compile_ahead()
