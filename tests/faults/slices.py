"""A simulated city cut into slices: one institution's next days, short enough to be sent again inside the duplicate window."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

DAYS: Final = 3
"""Fewer than the duplicate window's four."""


@dataclass(frozen=True, slots=True)
class Slice:
    """Some days of one institution's movements."""

    institution: str
    movements: Path
    profiles: Path
    rows: int
    begins: str


def cut(city: Path, out: Path, *, warm_days: int, least_rows: int) -> dict[str, list[Slice]]:
    """Slices of every institution in order; days of little traffic are joined, never more than ``DAYS`` of them.

    The first slice of each holds the city's first ``warm_days`` whole, so that faults find accounts with a past.
    """
    profiles = _profiles(city / "profiles.csv", out)
    days: dict[str, dict[str, list[list[str]]]] = defaultdict(lambda: defaultdict(list))
    with (city / "movements.csv").open(newline="", encoding="utf-8") as source:
        reader = csv.reader(source)
        header = next(reader)
        code, time = header.index("institution_code"), header.index("occurred_at")
        for row in reader:
            days[row[code]][row[time][:10]].append(row)
    begin = min(day for by_day in days.values() for day in by_day)
    warm_end = (date.fromisoformat(begin) + timedelta(days=warm_days)).isoformat()
    slices = {}
    for institution, by_day in sorted(days.items()):
        parts = _joined(by_day, warm_end, least_rows)
        paths = [out / f"{institution}-{number:04d}.csv" for number in range(len(parts))]
        for path, rows in zip(paths, parts, strict=True):
            _write(path, header, rows)
        slices[institution] = [
            Slice(institution, path, profiles[institution], len(rows), rows[0][time])
            for path, rows in zip(paths, parts, strict=True)
        ]
    return slices


def _joined(by_day: dict[str, list[list[str]]], warm_end: str, least_rows: int) -> list[list[list[str]]]:
    parts = [[row for day in sorted(by_day) if day < warm_end for row in by_day[day]]]
    first = warm_end
    for day in sorted(day for day in by_day if day >= warm_end):
        if len(parts) == 1 or len(parts[-1]) >= least_rows or _apart(first, day) >= DAYS:
            parts.append([])
            first = day
        parts[-1] += by_day[day]
    return [part for part in parts if part]


def _apart(first: str, later: str) -> int:
    return (date.fromisoformat(later) - date.fromisoformat(first)).days


def _profiles(source: Path, out: Path) -> dict[str, Path]:
    rows: dict[str, list[list[str]]] = defaultdict(list)
    with source.open(newline="", encoding="utf-8") as lines:
        reader = csv.reader(lines)
        header = next(reader)
        code = header.index("institution_code")
        for row in reader:
            rows[row[code]].append(row)
    paths = {institution: out / f"{institution}-profiles.csv" for institution in rows}
    for institution, path in paths.items():
        _write(path, header, rows[institution])
    return paths


def _write(path: Path, header: list[str], rows: list[list[str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as sink:
        writer = csv.writer(sink)
        writer.writerow(header)
        writer.writerows(rows)
