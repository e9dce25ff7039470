"""Types of text in request bodies: bounded, normalised, and free of numbers in clear."""

from __future__ import annotations

from typing import Annotated

import pyarrow as pa
from pydantic import AfterValidator, StringConstraints

from api.free_text import plain
from contract.identifiers import GOOD, judge


def pseudonym(text: str) -> str:
    """The id itself; raises ``ValueError`` for one that is no id or a number in clear."""
    if judge(pa.array([text], pa.string()))[0] != GOOD:
        raise ValueError("must be a pseudonym, not a number in clear")
    return text


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000), AfterValidator(plain)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(plain)]
Pseudonym = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,96}$"), AfterValidator(pseudonym)]
