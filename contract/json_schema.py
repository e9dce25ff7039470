"""JSON Schemas of what goes over the wire, generated from the words of the contract; kept in ``contract/schemas``.

They say what a sender should write. The checks are more patient: a bad optional value is blanked and counted, so a row
that a schema refuses may still be used.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import msgspec

from contract.fields import DATES, ID_PATTERN, PATTERNS, REGION_PATTERN, REGIONS, TEXTS, WORDS, YEARS
from contract.flag import Flag
from contract.json_codec import FIELDS
from contract.money import AMOUNT_PATTERN, SIGNED_PATTERN
from contract.movement import MONEY_FIELDS, REQUIRED
from contract.records import RecordKind
from contract.side_input import LEDGER_PATTERN
from contract.texts import MOST
from contract.topics import EVENTS_PATTERN
from contract.verdict import FEATURE_PATTERN, MOST_FEATURES, VERDICTS
from contract.watchlist import KINDS, STATUSES

FOLDER: Final = Path(__file__).parent / "schemas"
_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_TIMES: Final = ("occurred_at", "updated_at", "complete_to")
_ZERO_PATTERN: Final = r"^0(\.0{1,2})?$"
_PROFILE_REQUIRED: Final = ("account_id", "institution_code", "institution_type")

Schema = dict[str, Any]


def _value(name: str, kind: type) -> Schema:
    """What one field may hold; every string that is nothing else is an id."""
    if kind is bool:
        return {"type": "boolean"}
    if name in YEARS:
        return {"type": "integer", "minimum": 1880, "maximum": 2049}
    if name in WORDS:
        return {"enum": list(WORDS[name])}
    if name in TEXTS:
        return {"type": "string", "maxLength": MOST}
    if name in _TIMES:
        return {"type": "string", "format": "date-time"}
    if name in DATES:
        return {"type": "string", "format": "date"}
    if name == "balance_after":
        return {"type": "string", "pattern": SIGNED_PATTERN}
    if name in MONEY_FIELDS:
        return {"type": "string", "pattern": AMOUNT_PATTERN, "not": {"pattern": _ZERO_PATTERN}}
    if name == "registered_capital":
        return {"type": "string", "pattern": AMOUNT_PATTERN}
    pattern = REGION_PATTERN if name in REGIONS else PATTERNS.get(name, ID_PATTERN)
    return {"type": "string", "pattern": pattern}


def _object(title: str, types: dict[str, type], required: tuple[str, ...]) -> Schema:
    """Required fields hold a value; others may be null, which is the same as absent."""
    fields = {name: _value(name, kind) for name, kind in types.items()}
    for name in fields.keys() - set(required):
        fields[name] = {"anyOf": [fields[name], {"type": "null"}]}
    return {
        "$schema": _DIALECT,
        "title": title,
        "type": "object",
        "properties": fields,
        "required": list(required),
        "additionalProperties": False,
    }


def movement() -> Schema:
    """One movement (contract §2.1)."""
    return _object("movement", FIELDS[RecordKind.MOVEMENT], REQUIRED)


def profile() -> Schema:
    """One profile (contract §2.2)."""
    return _object("profile", FIELDS[RecordKind.PROFILE], _PROFILE_REQUIRED)


def watermark() -> Schema:
    """One watermark (contract §2.3)."""
    return _object("watermark", {"institution_code": str, "complete_to": str}, ("institution_code", "complete_to"))


def flag() -> Schema:
    """One revision of a flag (contract §3), from the struct that writes it."""
    (found,), parts = msgspec.json.schema_components([Flag], ref_template="#/$defs/{name}")
    return {"$schema": _DIALECT, **found, "$defs": parts}


def _side(title: str, fields: Schema, optional: tuple[str, ...] = ()) -> Schema:
    """A record of a side topic: nothing may be null, nothing is blanked."""
    return {
        "$schema": _DIALECT,
        "title": title,
        "type": "object",
        "properties": fields,
        "required": [name for name in fields if name not in optional],
        "dependentRequired": {"ledger": ["seq"], "seq": ["ledger"]} if "ledger" in fields else {},
        "additionalProperties": False,
    }


def _pattern(text: str) -> Schema:
    return {"type": "string", "pattern": text}


_TIME: Final[Schema] = {"type": "string", "format": "date-time"}
_WHOLE: Final[Schema] = {"type": "integer", "minimum": 0}
_ORIGIN: Final[Schema] = {"ledger": _pattern(LEDGER_PATTERN), "seq": _WHOLE}


def verdict() -> Schema:
    """What an office decided (contract §2.3)."""
    number = {"type": "number", "minimum": -1e15, "maximum": 1e15}
    features = {"type": "object", "propertyNames": {"pattern": FEATURE_PATTERN}, "additionalProperties": number}
    return _side(
        "verdict",
        {
            "flag_id": _pattern(ID_PATTERN),
            "revision": _WHOLE,
            "verdict": {"enum": list(VERDICTS)},
            "decided_at": _TIME,
            "features": features | {"maxProperties": MOST_FEATURES},
            **_ORIGIN,
        },
        tuple(_ORIGIN),
    )


def watchlist() -> Schema:
    """An entry of the watch list (contract §2.3)."""
    words = {"status": {"enum": list(STATUSES)}, "since": _TIME, "kind": {"enum": list(KINDS)}}
    return _side("watchlist", {"subject": _pattern(ID_PATTERN), **words, **_ORIGIN}, ("kind", *_ORIGIN))


def control() -> Schema:
    """Which side inputs took effect at a turn of a shard's day (contract §2.3)."""
    day = {"type": "string", "format": "date"}
    numbers = dict.fromkeys(("watchlist", "verdicts"), _WHOLE)
    return _side("control", {"topic": _pattern(EVENTS_PATTERN), "partition": _WHOLE, "position": _WHOLE, "day": day, **numbers})


SCHEMAS: Final[dict[str, Callable[[], Schema]]] = {
    "movement": movement,
    "profile": profile,
    "watermark": watermark,
    "flag": flag,
    "verdict": verdict,
    "watchlist": watchlist,
    "control": control,
}


def path(name: str) -> Path:
    """Where the schema of a kind of record lies."""
    return FOLDER / f"{name}.schema.json"


def text(name: str) -> str:
    """The schema as its file should stand."""
    return json.dumps(SCHEMAS[name](), indent=2, ensure_ascii=False) + "\n"


def write() -> None:
    """Write every schema file anew: ``python -m contract.json_schema``."""
    FOLDER.mkdir(exist_ok=True)
    for name in SCHEMAS:
        path(name).write_text(text(name), encoding="utf-8")


if __name__ == "__main__":
    write()
