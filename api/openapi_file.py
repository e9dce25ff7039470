"""Writes the API's description to the file that is checked in: ``python -m api.openapi_file``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from api.app import create_app
from api.auth.secret import ServerSecret
from api.config import ApiSettings
from api.database import Database

FILE: Final = Path(__file__).parent / "openapi.json"


def current() -> str:
    """The description as it should stand in the file."""
    app = create_app(Database("sqlite:///never-opened.sqlite"), ServerSecret(b""), ApiSettings())
    return json.dumps(app.openapi(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


if __name__ == "__main__":
    FILE.write_text(current(), encoding="utf-8")
