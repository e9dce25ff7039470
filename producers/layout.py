"""How a bank's file is laid out, from its mapping file: names, constants, value maps, times, two-sided rows."""

from __future__ import annotations

import codecs
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from contract.errors import ConfigurationError
from contract.json_codec import FIELDS
from contract.movement import MONEY_FIELDS, REQUIRED
from contract.records import RecordKind

UNITS: Final = ("s", "ms", "us", "ns")
_KNOWN_FIELDS: Final = frozenset(FIELDS[RecordKind.MOVEMENT]) | frozenset(FIELDS[RecordKind.PROFILE])
_TYPED_FIELDS: Final = frozenset(f"{name}_minor" for name in (*MONEY_FIELDS, "registered_capital"))
_FROM_SIDES: Final = ("account_id", "counterparty_id", "direction")
"""What a two-sided row gives by itself."""


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
    """A mapping file, read and checked; empty for files that use our own field names.

    Without ``columns`` and ``two_sided`` the file's columns are ours by name, and constants and pseudonyms come on top.
    """

    constants: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, Source] = field(default_factory=dict)
    two_sided: TwoSided | None = None
    pseudonymise: Mapping[str, Source] = field(default_factory=dict)
    encoding: str = "utf-8"
    delimiter: str = ","

    @property
    def is_own(self) -> bool:
        """Whether the file uses our names and nothing is added."""
        return self.has_own_columns and not (self.constants or self.pseudonymise)

    @property
    def has_own_columns(self) -> bool:
        """Whether the file's columns have our names."""
        return not (self.columns or self.two_sided)

    @property
    def is_utf8(self) -> bool:
        """Whether the file's bytes are UTF-8."""
        return codecs.lookup(self.encoding).name in ("utf-8", "ascii")

    @property
    def needed(self) -> frozenset[str]:
        """Names of the file's columns that are read at all."""
        named = {source.column for source in (*self.columns.values(), *self.pseudonymise.values())}
        if self.has_own_columns:
            return _KNOWN_FIELDS | _TYPED_FIELDS | named
        return frozenset(named | ({self.two_sided.payer, self.two_sided.payee} if self.two_sided else set()))


class _Section:
    """One table of the mapping file, whose complaints name it."""

    def __init__(self, content: Mapping[str, Any], name: str) -> None:
        self.name = name
        self.values = content.get(name, {})
        if not isinstance(self.values, dict):
            raise ConfigurationError(f"mapping {name} must be a section [{name}]")

    def only(self, known: frozenset[str] | set[str], what: str) -> None:
        for key in self.values:
            if key not in known:
                raise ConfigurationError(f"mapping [{self.name}] names the unknown {what} '{key}'")

    def text(self, key: str, default: str | None = None) -> str:
        value = self.values.get(key, default)
        if not isinstance(value, str):
            raise ConfigurationError(f"mapping [{self.name}] {key} must be a text in quotes")
        return value

    def sources(self) -> dict[str, Source]:
        self.only(_KNOWN_FIELDS, "field")
        return {name: _source(f"[{self.name}] {name}", value) for name, value in self.values.items()}


def _source(place: str, value: Any) -> Source:
    if isinstance(value, str):
        return Source(value)
    if not isinstance(value, dict) or not isinstance(value.get("column"), str):
        raise ConfigurationError(f"mapping {place} must be a column name or a table with 'column'")
    for key, one in value.items():
        if key not in Source.__dataclass_fields__:
            raise ConfigurationError(f"mapping {place} has no setting '{key}'")
        wanted = dict if key == "values" else str
        if not isinstance(one, wanted) or (isinstance(one, dict) and not all(isinstance(word, str) for word in one.values())):
            raise ConfigurationError(f"mapping {place} {key} must be {'a table of texts' if wanted is dict else 'a text'}")
    source = Source(**value)
    if source.unit is not None and source.unit not in UNITS:
        raise ConfigurationError(f"mapping {place} unit must be one of {', '.join(UNITS)}")
    if source.unit and source.format:
        raise ConfigurationError(f"mapping {place} has both unit and format: a time is read by one of them")
    try:
        ZoneInfo(source.zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ConfigurationError(f"mapping {place} zone is no time zone such as Asia/Shanghai") from error
    return source


def _two_sided(content: Mapping[str, Any]) -> TwoSided | None:
    if "two_sided" not in content:
        return None
    section = _Section(content, "two_sided")
    section.only({"payer", "payee", "external"}, "setting")
    external = section.values.get("external", [])
    if not isinstance(external, list) or not all(isinstance(one, str) for one in external):
        raise ConfigurationError("mapping [two_sided] external must be a list of texts")
    return TwoSided(section.text("payer"), section.text("payee"), tuple(external))


def _file(content: Mapping[str, Any]) -> tuple[str, str]:
    section = _Section(content, "file")
    section.only({"encoding", "delimiter"}, "setting")
    encoding, delimiter = section.text("encoding", "utf-8"), section.text("delimiter", ",")
    try:
        plain = "\n,0aZ".encode(encoding) == b"\n,0aZ"
    except LookupError:
        plain = False
    if not plain:
        raise ConfigurationError("mapping [file] encoding must be one that keeps ASCII, such as utf-8 or gb18030")
    if len(delimiter) != 1 or not delimiter.isascii() or delimiter in '"\r\n':
        raise ConfigurationError("mapping [file] delimiter must be one ASCII character")
    return encoding, delimiter


def _check_required(layout: Layout) -> None:
    """A field that no row can have would refuse them all, one by one."""
    if layout.has_own_columns:
        return
    given = {*layout.constants, *layout.columns, *layout.pseudonymise, *(_FROM_SIDES if layout.two_sided else ())}
    missing = [name for name in REQUIRED if name not in given]
    if missing:
        raise ConfigurationError(f"mapping gives no '{missing[0]}': name its column under [columns] or a value under [constants]")


def read_layout(path: Path | None) -> Layout:
    """Read a mapping file (TOML, contract §2.5); raises ``ConfigurationError`` in one line naming the key."""
    if path is None:
        return Layout()
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"mapping {path.name} cannot be read: {error}") from error
    unknown = set(content) - {"constants", "columns", "two_sided", "pseudonymise", "file"}
    if unknown:
        raise ConfigurationError(f"mapping has no section [{min(unknown)}]")
    constants = _Section(content, "constants")
    constants.only(_KNOWN_FIELDS, "field")
    encoding, delimiter = _file(content)
    layout = Layout(
        constants={name: constants.text(name) for name in constants.values},
        columns=_Section(content, "columns").sources(),
        two_sided=_two_sided(content),
        pseudonymise=_Section(content, "pseudonymise").sources(),
        encoding=encoding,
        delimiter=delimiter,
    )
    _check_required(layout)
    return layout
