"""How a bank's file is laid out, from its mapping file: names, constants, value maps, times, two-sided rows."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from contract.errors import ConfigurationError
from contract.json_codec import FIELDS
from contract.records import RecordKind

_SECTIONS: Final = {"constants", "columns", "two_sided", "pseudonymise", "file"}
UNITS: Final = ("s", "ms")
_KNOWN_FIELDS: Final = frozenset(FIELDS[RecordKind.MOVEMENT]) | frozenset(FIELDS[RecordKind.PROFILE])


@dataclass(frozen=True, slots=True)
class Source:
    """Where one of our fields comes from: their column, and how its values are read."""

    column: str
    unit: str | None = None
    format: str | None = None
    zone: str = "Asia/Shanghai"
    values: Mapping[str, str] | None = None
    document_type: str = "110001"


@dataclass(frozen=True, slots=True)
class TwoSided:
    """Rows that name both accounts and become two movements."""

    payer: str
    payee: str
    external: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """A mapping file, read and checked; empty for files that use our own field names."""

    constants: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, Source] = field(default_factory=dict)
    two_sided: TwoSided | None = None
    pseudonymise: Mapping[str, Source] = field(default_factory=dict)
    encoding: str = "utf8"
    delimiter: str = ","

    @property
    def is_own(self) -> bool:
        """Whether the file uses our names."""
        return not (self.constants or self.columns or self.two_sided or self.pseudonymise)


def _source(section: str, name: str, value: Any) -> Source:
    if name not in _KNOWN_FIELDS:
        raise ConfigurationError(f"mapping [{section}] names the unknown field '{name}'")
    if isinstance(value, str):
        return Source(value)
    if not isinstance(value, dict) or not isinstance(value.get("column"), str):
        raise ConfigurationError(f"mapping [{section}] {name} must be a column name or a table with 'column'")
    unknown = set(value) - {"column", "unit", "format", "zone", "values", "document_type"}
    if unknown:
        raise ConfigurationError(f"mapping [{section}] {name} has no setting '{min(unknown)}'")
    if value.get("unit", "s") not in UNITS:
        raise ConfigurationError(f"mapping [{section}] {name} unit must be one of {', '.join(UNITS)}")
    return Source(**value)


def _constants(section: Any) -> dict[str, str]:
    for name, value in section.items():
        if name not in _KNOWN_FIELDS:
            raise ConfigurationError(f"mapping [constants] names the unknown field '{name}'")
        if not isinstance(value, str):
            raise ConfigurationError(f"mapping [constants] {name} must be a text in quotes")
    return dict(section)


def _two_sided(section: Any) -> TwoSided:
    if not {"payer", "payee"} <= set(section) or set(section) - {"payer", "payee", "external"}:
        raise ConfigurationError("mapping [two_sided] needs 'payer' and 'payee', and may have 'external'")
    return TwoSided(section["payer"], section["payee"], tuple(section.get("external", ())))


def read_layout(path: Path | None) -> Layout:
    """Read a mapping file (TOML, contract §2.5); raises ``ConfigurationError`` in one line naming the key."""
    if path is None:
        return Layout()
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"mapping {path.name} cannot be read: {error}") from error
    unknown = set(content) - _SECTIONS
    if unknown:
        raise ConfigurationError(f"mapping has no section [{min(unknown)}]")
    file = content.get("file", {})
    return Layout(
        constants=_constants(content.get("constants", {})),
        columns={name: _source("columns", name, value) for name, value in content.get("columns", {}).items()},
        two_sided=_two_sided(content["two_sided"]) if "two_sided" in content else None,
        pseudonymise={name: _source("pseudonymise", name, value) for name, value in content.get("pseudonymise", {}).items()},
        encoding=file.get("encoding", "utf8"),
        delimiter=file.get("delimiter", ","),
    )
