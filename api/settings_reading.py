"""Settings from options and environment, refused in one line."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from api.config import ApiSettings
from contract.errors import ConfigurationError


def read_settings(options: dict[str, Any]) -> ApiSettings:
    """Settings with the options that were given; raises ``ConfigurationError`` that names what to change."""
    given = {name: value for name, value in options.items() if value is not None}
    try:
        return ApiSettings(**given)
    except ValidationError as error:
        problem = error.errors()[0]
        if not problem["loc"]:
            # A rule between several settings names them itself.
            raise ConfigurationError(problem["msg"].removeprefix("Value error, ")) from None
        name = str(problem["loc"][0])
        shown = f"--{name.replace('_', '-')}" if name in given else f"API_{name.upper()}"
        raise ConfigurationError(f"{shown}: {problem['msg'].removeprefix('Value error, ')}") from None
