"""A wall clock of a process's own that can be made to jump while the process runs."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_SITE: Final = Path(__file__).parent / "wrong_clock"


@dataclass(frozen=True, slots=True)
class Clock:
    """The wall clock of the Python processes that are started with ``env``."""

    file: Path

    @property
    def env(self) -> dict[str, str]:
        """Variables that put a process under this clock."""
        paths = [str(_SITE), *filter(None, [os.environ.get("PYTHONPATH")])]
        return {"PYTHONPATH": os.pathsep.join(paths), "FUNDWATCH_WRONG_CLOCK": str(self.file)}

    def jump(self, seconds: int) -> None:
        """Set how far the clock is off from now on."""
        new = self.file.with_suffix(".new")
        new.write_text(str(seconds))
        new.replace(self.file)
