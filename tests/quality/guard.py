"""What is found in one small fixed city, held against a committed file: ``python -m tests.quality.guard`` writes it anew."""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from contract.flag import CATEGORIES
from tests.quality.cities import run

KEPT: Final = Path(__file__).with_name("guard.json")
CITY: Final = ("--days", "90", "--accounts", "2500", "--schemes", "31", "--evasive", "0.4", "--seed", "4711")
ACCUSED: Final = CATEGORIES[-1]


def found(folder: Path) -> dict[str, Any]:
    """Schemes by id with their highest category and its first day, and accounts accused that belong to none."""
    run("simulate", "--out", str(folder), *CITY)
    flags, files = (
        folder / "flags.jsonl",
        ("--movements", str(folder / "movements.csv"), "--profiles", str(folder / "profiles.csv")),
    )
    run("replay", *files, "--flags", str(flags), "--schemes", str(folder / "schemes.jsonl"))
    with (folder / "labels.csv").open(newline="", encoding="utf-8") as source:
        labels = {row["account_id"]: row for row in csv.DictReader(source)}
    schemes: dict[str, dict[str, str]] = {}
    for row in labels.values():
        if row["label"] == "1":
            schemes.setdefault(row["scheme_id"], {"pattern": row["pattern"], "category": "none", "first": ""})
    accused: dict[str, str] = {}
    for line in flags.read_text("utf-8").splitlines():
        flag = json.loads(line)
        label = labels.get(flag["account_id"], {"label": "", "pattern": "ordinary"})
        if label["label"] == "1":
            _raise(schemes[label["scheme_id"]], flag["category"], flag["updated_at"][:10])
        elif flag["category"] == ACCUSED:
            accused[flag["account_id"]] = label["pattern"]
    return {"schemes": dict(sorted(schemes.items())), "accused": dict(sorted(accused.items()))}


def _rank(category: str) -> int:
    return CATEGORIES.index(category) if category in CATEGORIES else -1


def _raise(scheme: dict[str, str], category: str, day: str) -> None:
    """Keep the highest category and the first day of it."""
    higher = _rank(category) - _rank(scheme["category"])
    if higher > 0 or (higher == 0 and category in CATEGORIES and day < scheme["first"]):
        scheme["category"], scheme["first"] = category, day


def losses(kept: dict[str, Any], now: dict[str, Any]) -> Iterator[str]:
    """What is worse than it was: schemes lost or seen for less, and others accused."""
    for name, one in now["schemes"].items():
        before = kept["schemes"][name]
        if _rank(one["category"]) < _rank(before["category"]):
            yield f"lost: {before['pattern']} {name}, {before['category']} on {before['first']}, now {one['category']}"
    for account, pattern in now["accused"].items():
        if account not in kept["accused"]:
            yield f"accused without reason: {pattern} {account}"


def changes(kept: dict[str, Any], now: dict[str, Any]) -> Iterator[str]:
    """What is otherwise, for better or for no worse: the file is then to be written anew."""
    for name, one in now["schemes"].items():
        before = kept["schemes"][name]
        if one != before and _rank(one["category"]) >= _rank(before["category"]):
            said = (f"{each['category']} {each['first']}" for each in (before, one))
            yield f"changed: {before['pattern']} {name}, {' → '.join(said)}"
    for account, pattern in kept["accused"].items():
        if account not in now["accused"]:
            yield f"accused no more: {pattern} {account}"


def main() -> None:
    """Write the file anew."""
    with tempfile.TemporaryDirectory() as folder:
        KEPT.write_text(json.dumps(found(Path(folder)), indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
