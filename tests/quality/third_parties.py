"""Third parties' labelled transactions, last 40 % of the time: our scores beside the baselines', with intervals."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow.csv as pc
from sklearn.metrics import average_precision_score, roc_auc_score

from tests.quality.baselines import Legs, scored
from tests.quality.cities import SHANGHAI_MS, run

LAST_PART = 0.6
RESAMPLES = 500
OUTSIDE = ("EXT_SINK", "EXT_SOURCE")


class Ranked(NamedTuple):
    """One score's figures; ``ratio`` is ours over it, with the 95 % interval of resampled accounts."""

    name: str
    pr_auc: float
    roc_auc: float
    low: float
    high: float


def _legs(data: Path) -> tuple[Legs, int]:
    table = pc.read_csv(data / "tx.csv.gz")
    ts, amount = table.column("ts").to_numpy(), table.column("amount").to_numpy().astype(float)
    src, dst = (np.array([str(one) for one in table.column(name).to_pylist()]) for name in ("src", "dst"))
    names, both = np.unique(np.concatenate([src, dst]), return_inverse=True)
    payer, payee = both[: len(src)], both[len(src) :]
    day = (ts + SHANGHAI_MS // 1000) // 86_400
    cut = int(np.quantile(ts, LAST_PART))
    kept = ~np.isin(np.concatenate([dst, src]), OUTSIDE)
    credit = np.repeat([True, False], len(src))
    sides = (np.concatenate([payee, payer]), np.concatenate([payer, payee]), np.tile(day, 2), credit, np.tile(amount, 2))
    return Legs(names.tolist(), *(side[kept] for side in sides)), cut


def ranked(data: Path, mapping: Path, folder: Path) -> list[Ranked]:
    """Account PR-AUC and ROC-AUC of our scores and of every baseline over the last 40 % of the time; labels only judge."""
    legs, cut = _legs(data)
    folder.mkdir(parents=True, exist_ok=True)
    scores = folder / "scores.csv"
    moment = f"{np.datetime64(cut, 's')}Z"
    replay = ("replay", "--movements", str(data / "tx.csv.gz"), "--mapping", str(mapping), "--flags", str(folder / "flags.jsonl"))
    run(*replay, "--scores", str(scores), "--scores-from", moment)
    with scores.open() as source:
        ours = {row["account_id"]: float(row["score"]) for row in csv.DictReader(source)}
    with gzip.open(data / "accounts.csv.gz", "rt") as source:
        labels = {row["account"]: int(row["label"]) for row in csv.DictReader(source) if row["label"] in ("0", "1")}
    names = sorted(labels)
    truth = np.array([labels[name] for name in names])
    since = (cut + SHANGHAI_MS // 1000) // 86_400
    return [_rank(name, truth, names, score) for name, score in [("fundwatch", ours), *scored(legs, since)]]


def _rank(name: str, truth: np.ndarray, names: list[str], score: dict[str, float]) -> Ranked:
    values = np.array([score.get(account, 0.0) for account in names])
    rng, samples = np.random.default_rng(0), []
    for _ in range(RESAMPLES):
        at = rng.integers(0, len(truth), len(truth))
        samples.append(average_precision_score(truth[at], values[at]))
    low, high = np.percentile(samples, [2.5, 97.5])
    return Ranked(
        name, float(average_precision_score(truth, values)), float(roc_auc_score(truth, values)), float(low), float(high)
    )
