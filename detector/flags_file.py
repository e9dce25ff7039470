"""The flags file: every revision a line, ordered by flag and revision; two runs are the same when these bytes are."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from contract.flag import Flag, encode


def lines(flags: Iterable[Flag]) -> list[bytes]:
    """Lines of the file; a revision that came twice (published again after a restart) is one line."""
    whole = {(flag.flag_id, flag.revision): flag for flag in flags}
    return [encode(whole[key]) for key in sorted(whole)]


def write(path: Path, flags: Iterable[Flag]) -> None:
    """Write the file."""
    path.write_bytes(b"".join(line + b"\n" for line in lines(flags)))
