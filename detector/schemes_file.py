"""The schemes file: every revision a line, ordered by scheme and revision."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from contract.scheme import Scheme, encode


def lines(schemes: Iterable[Scheme]) -> list[bytes]:
    """Lines of the file; a revision that came twice is one line."""
    whole = {(scheme.scheme_id, scheme.revision): scheme for scheme in schemes}
    return [encode(whole[key]) for key in sorted(whole)]


def write(path: Path, schemes: Iterable[Scheme]) -> None:
    """Write the file."""
    path.write_bytes(b"".join(line + b"\n" for line in lines(schemes)))
