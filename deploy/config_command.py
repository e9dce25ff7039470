"""``fundwatch config``: the effective settings of every process, secrets masked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import entry_points
from typing import Any

import click
from pydantic import SecretStr, ValidationError
from pydantic_settings import BaseSettings, EnvSettingsSource

from contract.commands import Verbs
from contract.errors import ConfigurationError

GROUP = "fundwatch.settings"
MASK = "**********"
REQUIRED = "(required, not set)"
_IN_URL = re.compile(r"(://)[^/@\s]+(@)")
"""Where a URL names who asks: keys of an object store stand there, though no command takes them so."""


@click.group(cls=Verbs)
def config() -> None:
    """Look at settings."""


@config.command()
@click.argument("process", required=False)
def show(process: str | None) -> None:
    """Print the effective settings of PROCESS, or of every process: a variable a line, secrets masked.

    Settings come from the environment; a command's own options go before them and are not seen here.

    \b
        fundwatch config show
        DETECTOR_KAFKA=127.0.0.1:9092 fundwatch config show detector
    """
    for name, settings in _found(process).items():
        click.echo(f"# {name}")
        for variable, value in effective(settings):
            click.echo(f"{variable}={value}")


def _found(process: str | None) -> dict[str, type[BaseSettings]]:
    points = {point.name: point for point in entry_points(group=GROUP)}
    if process is not None and process not in points:
        raise ConfigurationError(f"no such process: choose from {', '.join(sorted(points))}")
    wanted = sorted(points) if process is None else [process]
    return {name: points[name].load() for name in wanted}


def effective(settings: type[BaseSettings]) -> Iterator[tuple[str, str]]:
    """Yield each variable of a settings class with its value in force, or what keeps it from having one.

    Raises
    ------
    ConfigurationError
        When a variable is set to what it cannot be; names the variable, not the value.
    """
    prefix = settings.model_config.get("env_prefix", "")
    values = _values(settings, prefix)
    for name, field in settings.model_fields.items():
        value = values.get(name, REQUIRED)
        secret = value not in (REQUIRED, None) and _is_secret(field.annotation)
        yield f"{prefix}{name}".upper(), MASK if secret else _text(value)


def _values(settings: type[BaseSettings], prefix: str) -> dict[str, Any]:
    try:
        return settings().model_dump(mode="json")
    except ValidationError as error:
        wrong = [found for found in error.errors() if found["type"] != "missing"]
        if wrong:
            named = ", ".join(f"{prefix}{'.'.join(map(str, found['loc']))}".upper() or "settings" for found in wrong)
            raise ConfigurationError(f"not usable: {named}") from None
    # Something required is not set: show what is, unchecked, beside the defaults.
    given = EnvSettingsSource(settings)()
    defaults = {name: field.get_default() for name, field in settings.model_fields.items() if not field.is_required()}
    return defaults | given


def _is_secret(annotation: Any) -> bool:
    return SecretStr in (annotation, *getattr(annotation, "__args__", ()))


def _text(value: Any) -> str:
    return "" if value is None else _IN_URL.sub(rf"\1{MASK}\2", str(value))
