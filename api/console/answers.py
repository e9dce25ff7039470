"""What a route of the API answered, for the page that shows the same: one set of rules, two faces."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.responses import Response


def told(answer: Response) -> dict[str, Any]:
    """The JSON object of an answer that a route's own function gave."""
    body: dict[str, Any] = msgspec.json.decode(bytes(answer.body))
    return body
