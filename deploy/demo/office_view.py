"""What an office gets from the demo's API: read over HTTP with its key, as any program would."""

from __future__ import annotations

import json
import urllib.request
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

TIMEOUT_S = 20.0
PAGE = 500


@dataclass(frozen=True, slots=True)
class OfficeView:
    """The API as one office sees it."""

    address: str
    key: str

    def get(self, path: str, **query: str | int) -> dict[str, Any]:
        """Return the JSON object at ``path``."""
        question = f"?{urlencode(query)}" if query else ""
        request = urllib.request.Request(  # noqa: S310
            f"{self.address}{path}{question}", headers={"Authorization": f"Bearer {self.key}"}
        )
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310
            body: dict[str, Any] = json.load(answer)
            return body

    def flags(self, **query: str | int) -> list[dict[str, Any]]:
        """Return all flags of a query, page by page."""
        return self.items("/v1/flags", **query)

    def items(self, path: str, **query: str | int) -> list[dict[str, Any]]:
        """Return all items of a list, page by page."""
        found: list[dict[str, Any]] = []
        cursor: str | None = ""
        while cursor is not None:
            page = self.get(path, limit=PAGE, **query, **({"cursor": cursor} if cursor else {}))
            found += page["items"]
            cursor = page["next_cursor"]
        return found
