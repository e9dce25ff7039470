"""The ``fundwatch`` command as a shell sees it: exit code, standard output, standard error."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

import pytest

from contract.commands import main


class Ended(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def summary(self) -> dict[str, Any]:
        """The JSON object of the last line."""
        found: dict[str, Any] = json.loads(self.out.splitlines()[-1])
        return found


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> Ended:
    """Run the command in this process."""
    capsys.readouterr()
    with patch.object(sys, "argv", ["fundwatch", *map(str, arguments)]), pytest.raises(SystemExit) as ended:
        main()
    told = capsys.readouterr()
    return Ended(int(ended.value.code or 0), told.out, told.err)


def refused(ended: Ended, *words: str) -> None:
    """Exit code 2 and one line that names what to change."""
    assert (ended.code, ended.out) == (2, ""), ended
    assert ended.err.count("\n") == 1
    assert ended.err.startswith("fundwatch: ")
    for word in words:
        assert word in ended.err


def written(path: Path, rows: list[dict[str, Any]]) -> Path:
    """A JSON Lines file of rows as on the wire."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path
