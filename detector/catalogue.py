"""The catalogue: every typology found in the package, with its configured thresholds, under one name."""

from __future__ import annotations

import dataclasses
import hashlib
import importlib
import pkgutil
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import msgspec

import detector.typologies
from contract import working_days
from contract.errors import ConfigurationError
from contract.working_days import WorkingDays
from detector import bundle as bundle_file
from detector.bundle import Bundle
from detector.features.layout import KEEP_DAYS, LEAST_SILENT_DAYS
from detector.findings import Typology
from models.river_detector import RiverDetector


@dataclass(frozen=True, slots=True)
class DecisionRules:
    """How findings become a category. Regulation §2.4 marks these as engineering proposals, so they are configuration.

    Days are calendar days of event time.
    """

    suspicious_strength: float = 0.8
    legal_persons: int = 150
    least_person_share: float = 0.8
    keep_finding_days: int = 30
    close_after_days: int = 90
    persisting_days: int = 42
    """Three windows of 10 working days, about 42 calendar days, for one structure finding alone (regulation §2.4)."""


@dataclass(frozen=True, slots=True)
class ModelRules:
    """The online models that order lists: River's arguments of the half-space trees, seed included."""

    n_trees: int = 25
    height: int = 8
    window_size: int = 2000
    seed: int = 42


@dataclass(frozen=True, slots=True)
class RiverModel:
    """A River anomaly detector that is configured in by the name of its class, with its own arguments."""

    name: str
    parameters: dict[str, int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StreamRules:
    """Event-time windows of the shard, in days."""

    lateness_days: int = 3
    duplicate_window_days: int = 4
    silent_days: int = 400
    """After so long a silence, no flag being open, an account keeps nothing but its cumulative figures and when it moved."""


@dataclass(frozen=True, slots=True)
class LinkRules:
    """What links accounts across holders. Devices only where the institution may use them so: terminal data gathered against
    telecom fraud may not be (反电信网络诈骗法 art. 18), so they are off unless switched on (regulation §1.1).
    """

    use_devices: bool = False
    least_device_days: int = 3
    """Days of the last 90 on which a device must have been used for an account (regulation §2.1, F10)."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All that decides about flags besides the input; ``name`` changes when any of it does."""

    typologies: tuple[Typology, ...]
    decision: DecisionRules = field(default_factory=DecisionRules)
    models: ModelRules = field(default_factory=ModelRules)
    stream: StreamRules = field(default_factory=StreamRules)
    links: LinkRules = field(default_factory=LinkRules)
    name: str = ""
    river: tuple[RiverModel, ...] = ()
    bundle: Bundle | None = None
    calendar: WorkingDays = field(default_factory=working_days.calendar, compare=False)


def found() -> dict[str, Typology]:
    """Typologies of the package by short name, in name order; two with one key refuse to start."""
    typologies: dict[str, Typology] = {}
    keys: set[str] = set()
    for module in sorted(m.name for m in pkgutil.iter_modules(detector.typologies.__path__)):
        typology = importlib.import_module(f"detector.typologies.{module}").TYPOLOGY
        if typology.key in keys:
            raise ConfigurationError(f"two typologies are called {typology.key}")
        keys.add(typology.key)
        typologies[typology.key.partition("@")[0]] = typology
    return typologies


def _replaced(section: str, default: Any, values: dict[str, Any]) -> Any:
    """``default`` with ``values`` in its fields; one line names what does not fit."""
    known = {f.name: getattr(default, f.name) for f in fields(default)}
    for key, value in values.items():
        if key not in known or key in ("key", "family", "window"):
            raise ConfigurationError(f"configuration [{section}] has no setting '{key}'")
        if isinstance(known[key], bool):
            if not isinstance(value, bool):
                raise ConfigurationError(f"configuration [{section}] {key} must be true or false")
            continue
        whole = isinstance(known[key], int)
        if not isinstance(value, int if whole else (int, float)) or isinstance(value, bool):
            raise ConfigurationError(f"configuration [{section}] {key} must be a {'whole ' if whole else ''}number")
        if value < 0:
            raise ConfigurationError(f"configuration [{section}] {key} must not be negative")
    return dataclasses.replace(default, **values)


def _river(entries: Any) -> tuple[RiverModel, ...]:
    """River's detectors that a file names: ``[[river]]`` with ``name`` and ``parameters`` of numbers."""
    found = []
    for entry in entries if isinstance(entries, list) else [entries]:
        known = isinstance(entry, dict) and set(entry) <= {"name", "parameters"} and isinstance(entry.get("name"), str)
        parameters = entry.get("parameters", {}) if known else None
        if not isinstance(parameters, dict) or any(
            isinstance(v, bool) or not isinstance(v, (int, float)) for v in parameters.values()
        ):
            raise ConfigurationError("configuration [[river]] must have a name and may have parameters, a table of numbers")
        try:
            RiverDetector(entry["name"], parameters, ["any"])
        except ValueError as error:
            raise ConfigurationError(f"configuration [[river]]: {error}") from error
        found.append(RiverModel(entry["name"], parameters))
    if len({one.name for one in found}) < len(found):
        raise ConfigurationError("configuration [[river]] names a detector twice")
    return tuple(found)


def _bundle(config: Path | None, name: Any, models: ModelRules) -> Bundle:
    """The bundle that a configuration names, relative to its own place."""
    if config is None or not isinstance(name, str):
        raise ConfigurationError("configuration [models] bundle must be a file's name")
    return bundle_file.read(config.parent / name, models)


def _name(parts: list[Any]) -> str:
    canonical = msgspec.json.encode(parts, order="deterministic")
    return hashlib.sha256(canonical).hexdigest()[:12]


def load_catalogue(path: Path | None = None, calendar: Path | None = None) -> Catalogue:
    """The built-in catalogue, changed by a TOML file where one is given, and by days off and on of a ``calendar`` file.

    The file has ``off = ["name", …]``, tables ``[typology.<name>]`` with threshold fields, ``[decision]``, ``[models]``,
    ``[stream]``, ``[links]``, and ``[[river]]`` for River's own detectors beside ours; ``bundle`` in ``[models]`` names a file
    beside it that young shards start from. Raises ``ConfigurationError`` in one line for anything unknown.
    """
    changes: dict[str, Any] = {}
    if path is not None:
        try:
            changes = tomllib.loads(path.read_text("utf-8"))
        except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ConfigurationError(f"configuration {path.name} cannot be read: {error}") from error
    unknown = set(changes) - {"off", "typology", "decision", "models", "stream", "links", "river"}
    if unknown:
        raise ConfigurationError(f"configuration has no section '{min(unknown)}'")
    typologies = found()
    wanted = changes.get("typology", {})
    for name in [*changes.get("off", []), *wanted]:
        if name not in typologies:
            raise ConfigurationError(f"configuration names the unknown typology '{name}'")
    chosen = tuple(
        _replaced(f"typology.{name}", typology, wanted.get(name, {}))
        for name, typology in typologies.items()
        if name not in changes.get("off", [])
    )
    decision = _replaced("decision", DecisionRules(), changes.get("decision", {}))
    settings = dict(changes.get("models", {}))
    started_from = settings.pop("bundle", None)
    models = _replaced("models", ModelRules(), settings)
    bundle = _bundle(path, started_from, models) if started_from is not None else None
    stream = _replaced("stream", StreamRules(), changes.get("stream", {}))
    if stream.duplicate_window_days <= stream.lateness_days:
        raise ConfigurationError("configuration [stream] duplicate_window_days must be greater than lateness_days")
    if stream.duplicate_window_days > KEEP_DAYS:
        raise ConfigurationError(f"configuration [stream] duplicate_window_days must not be more than {KEEP_DAYS}")
    if stream.silent_days < LEAST_SILENT_DAYS:
        raise ConfigurationError(f"configuration [stream] silent_days must be at least {LEAST_SILENT_DAYS}")
    links = _replaced("links", LinkRules(), changes.get("links", {}))
    if links.least_device_days < 1:
        raise ConfigurationError("configuration [links] least_device_days must be at least 1")
    river = _river(changes["river"]) if "river" in changes else ()
    parts: list[Any] = [dataclasses.asdict(part) for part in (*chosen, decision, models, stream, links, *river)]
    parts += [bundle.digest] if bundle else []
    if calendar is None:
        return Catalogue(chosen, decision, models, stream, links, name=_name(parts), river=river, bundle=bundle)
    days = working_days.read_overrides(calendar)
    # Due dates and windows follow these days, so they are part of what the name stands for.
    named = _name([*parts, sorted(days.items())] if days else parts)
    return Catalogue(chosen, decision, models, stream, links, named, river, bundle, WorkingDays(days))
