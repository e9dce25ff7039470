"""One campaign from a simulated city's files to its result."""

from __future__ import annotations

from collections import deque
from pathlib import Path
from typing import Final

from tests.faults.campaign import Campaign, Result, Tell
from tests.faults.kinds import load
from tests.faults.reference import Reference
from tests.faults.slices import cut
from tests.faults.stage import stage

PARTITIONS: Final = 2
WORKERS: Final = 2
SCHEME_PROCESSES: Final = 2
AT_FIRST: Final = 3
"""Institutions that are there from the start, the largest; the others come as faults."""


def play(
    folder: Path,
    city: Path,
    *,
    seed: int,
    faults: int,
    until: float,
    tell: Tell,
    names: tuple[str, ...] = (),
    pace_s: float = 12.0,
    most_a_round: int = 6,
    warm_days: int = 30,
    least_rows: int = 3000,
) -> Result:
    """Run a campaign over the city in ``city``; logs stay in ``folder``. ``names`` limits the kinds of faults."""
    sliced = folder / "slices"
    sliced.mkdir()
    slices = cut(city, sliced, warm_days=warm_days, least_rows=least_rows)
    by_size = sorted(slices, key=lambda code: -sum(one.rows for one in slices[code]))
    tell(f"{sum(map(len, slices.values()))} slices of {len(slices)} institutions")
    kinds = [kind for name, kind in load().items() if not names or name in names]
    with stage(folder, seed, partitions=PARTITIONS, workers=WORKERS) as made:
        for code in by_size[:AT_FIRST]:
            made.add_institution(code)
        made.reserve = by_size[AT_FIRST:]
        # Not before: which institutions there are when it opens its log is what it waits for at first.
        for _ in range(SCHEME_PROCESSES):
            made.add_scheme_process()
        queues = {code: deque(ones) for code, ones in slices.items()}
        campaign = Campaign(
            made, queues, kinds, Reference(PARTITIONS), Result(seed), tell, pace_s=pace_s, most_a_round=most_a_round
        )
        return campaign.run(faults, until)
