"""The demo's banks: a simulated city's files, and one producer an institution that streams its own part of them."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
from pyarrow import csv

from deploy.demo import figures
from deploy.demo.children import Child, Children
from deploy.servers.process import free_port

INSTITUTION = "institution_code"


@dataclass(frozen=True, slots=True)
class Size:
    """How large the simulated city is."""

    days: int
    accounts: int
    schemes: int
    seed: int


@dataclass(frozen=True, slots=True)
class City:
    """The files of a simulated city, and how many movements each of its institutions has."""

    movements: Path
    profiles: Path
    per_institution: dict[str, int]

    @property
    def total(self) -> int:
        """Movements of all institutions."""
        return sum(self.per_institution.values())


@dataclass(slots=True)
class Producer:
    """One institution's producer at work."""

    institution: str
    child: Child
    metrics_port: int
    _sent: int = 0

    def sent(self) -> int:
        """Movements acknowledged so far: by its metrics while it runs, by its closing summary after."""
        if self.child.ended:
            self._sent = int(self.summary()["sent"])
        else:
            page = figures.scrape(self.metrics_port)
            self._sent = max(self._sent, figures.by_label(page, "producer_movements_total", "outcome")["sent"])
        return self._sent

    def summary(self) -> dict[str, Any]:
        """Return the closing summary: the last line that it printed."""
        summary: dict[str, Any] = json.loads(self.child.output.read_text().strip().splitlines()[-1])
        return summary


def simulate(children: Children, size: Size) -> City:
    """Write a city's files into the demo's folder and count what each institution will send."""
    out = children.folder / "city"
    sizes = ("--days", size.days, "--accounts", size.accounts, "--schemes", size.schemes, "--seed", size.seed)
    children.run("simulate", ["simulate", "--out", str(out), *map(str, sizes)])
    movements = out / "movements.csv"
    return City(movements, out / "profiles.csv", _count(movements))


def _count(movements: Path) -> dict[str, int]:
    counts: Counter[str] = Counter()
    with csv.open_csv(movements, convert_options=csv.ConvertOptions(include_columns=[INSTITUTION])) as reader:
        for batch in reader:
            for row in pc.value_counts(batch.column(0)).to_pylist():
                counts[row["values"]] += row["counts"]
    return dict(sorted(counts.items()))


def produce(children: Children, city: City, kafka: str, *, seconds: float) -> list[Producer]:
    """Start every institution's producer, each at the pace that sends its part within about ``seconds``."""
    producers = []
    for institution, count in city.per_institution.items():
        port = free_port()
        child = children.start(
            f"produce-{institution}",
            [
                *("produce", str(city.movements), "--profiles", str(city.profiles), "--format", "csv"),
                *("--institution", institution, "--kafka", kafka, "--progress", str(children.folder / "progress")),
                *("--rate", str(max(1, round(count / seconds))), "--metrics-port", str(port)),
            ],
        )
        producers.append(Producer(institution, child, port))
    return producers
