"""A simulated city or town from seed to figures: made, replayed, evaluated, and scored by the baselines."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from sklearn.metrics import average_precision_score

from tests.quality import other_town
from tests.quality.baselines import Legs, scored

DAY_MS = 86_400_000
SHANGHAI_MS = 8 * 3_600_000
ORDINARY_FROM = 20
"""Movements from which an ordinary account counts among those that must not be accused (issue's aim)."""


def run(*arguments: str) -> str:
    """Last line that a ``fundwatch`` command prints."""
    command = Path(sys.executable).with_name("fundwatch")
    done = subprocess.run([str(command), *arguments], check=True, capture_output=True, text=True)
    return done.stdout.strip().splitlines()[-1]


def measured(folder: Path, seed: int, background: tuple[Path, Path] | None) -> dict[str, Any]:
    """Figures of one city; ``background`` is a third party's movements and the mapping that describes them."""
    size = ("--days", "90", "--accounts", "6000", "--schemes", "62")
    if background is not None:
        size = ("--background", str(background[0]), "--mapping", str(background[1]), "--schemes", "62")
    run("simulate", "--out", str(folder), *size, "--evasive", "0.4", "--seed", str(seed))
    return _figures(folder)


def measured_town(folder: Path, seed: int) -> dict[str, Any]:
    """Figures of a town of another hand."""
    other_town.write(folder, seed)
    return _figures(folder)


def _figures(folder: Path) -> dict[str, Any]:
    """Replay, evaluate and score what stands in ``folder``."""
    files = {name: str(folder / f"{name}.csv") for name in ("movements", "profiles", "labels", "scores")}
    flags, schemes = str(folder / "flags.jsonl"), str(folder / "schemes.jsonl")
    replay = ("replay", "--movements", files["movements"], "--profiles", files["profiles"])
    run(*replay, "--flags", flags, "--scores", files["scores"], "--schemes", schemes)
    told = ("--flags", flags, "--scores", files["scores"], "--labels", files["labels"], "--movements", files["movements"])
    result: dict[str, Any] = json.loads(run("evaluate", *told, "--json"))
    legs = _legs(folder / "movements.csv")
    labels = _column(folder / "labels.csv", "label")
    result["baselines"] = _baselines(legs, {name for name, label in labels.items() if label == "1"})
    result["baselines"]["fundwatch"] = result["pr_auc"]
    result["look_alikes"] = sum(label == "0" for label in labels.values())
    moved = Counter(np.array(legs.names)[legs.account].tolist())
    result["ordinary"] = sum(count >= ORDINARY_FROM and name not in labels for name, count in moved.items())
    licensed = {name for name, licence in _column(folder / "profiles.csv", "holder_licence").items() if licence}
    accused = _accused(folder / "flags.jsonl")
    result["licensed_accused"] = len(licensed & accused)
    result["schemes_written"] = len({json.loads(line)["scheme_id"] for line in Path(schemes).read_text().splitlines()})
    return result


def _column(path: Path, name: str) -> dict[str, str]:
    with path.open(newline="", encoding="utf-8") as source:
        return {row["account_id"]: row[name] for row in csv.DictReader(source)}


def _accused(path: Path) -> set[str]:
    flags = (json.loads(line) for line in path.read_text("utf-8").splitlines())
    return {flag["account_id"] for flag in flags if flag["category"] == "illegal_fundraising"}


def _legs(path: Path) -> Legs:
    wanted = ["account_id", "counterparty_id", "counterparty_customer_id", "occurred_at", "direction", "amount"]
    text = pa.csv.ConvertOptions(
        include_columns=wanted, column_types=dict.fromkeys(wanted, pa.string()), strings_can_be_null=True
    )
    table = pa.csv.read_csv(path, convert_options=text)
    account = table.column("account_id").combine_chunks().dictionary_encode()
    other = pc.coalesce(table.column("counterparty_customer_id"), table.column("counterparty_id")).combine_chunks()
    other = other.fill_null("").dictionary_encode()
    moments = pc.strptime(pc.utf8_slice_codeunits(table.column("occurred_at"), 0, 19), "%Y-%m-%dT%H:%M:%S", "ms")
    ms = moments.cast(pa.int64()).to_numpy()
    if pc.all(pc.ends_with(table.column("occurred_at"), "Z")).as_py():
        ms = ms + SHANGHAI_MS
    return Legs(
        names=account.dictionary.to_pylist(),
        account=account.indices.to_numpy(),
        other=other.indices.to_numpy(),
        day=ms // DAY_MS,
        credit=pc.equal(table.column("direction"), "credit").to_numpy(),
        amount=table.column("amount").cast(pa.float64()).to_numpy(),
    )


def _baselines(legs: Legs, positive: set[str]) -> dict[str, float]:
    truth = np.array([name in positive for name in legs.names])
    return {
        name: round(float(average_precision_score(truth, np.array([score[one] for one in legs.names]))), 4)
        for name, score in scored(legs)
    }
