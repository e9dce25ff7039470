"""Schemas for senders: current, sound, and no wider than the checks."""

from __future__ import annotations

from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pyarrow as pa
import pytest

from contract.checks import check_movements, check_profiles
from contract.json_codec import FIELDS
from contract.json_schema import SCHEMAS, path, text
from contract.records import RecordKind

Row = dict[str, Any]


def allows(name: str, value: Row) -> bool:
    validator = jsonschema.Draft202012Validator(SCHEMAS[name](), format_checker=jsonschema.FormatChecker())
    return bool(validator.is_valid(value))


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_file_is_current(name: str) -> None:
    assert path(name).read_text("utf-8") == text(name), "stale: run python -m contract.json_schema"


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_schema_is_one(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMAS[name]())


def test_whole_records_are_allowed(movement: Row, full_movement: Row, profile: Row) -> None:
    assert allows("movement", movement)
    assert allows("movement", full_movement)
    assert allows("profile", profile)
    assert allows("movement", movement | dict.fromkeys(full_movement.keys() - movement.keys()))
    assert allows("watermark", {"institution_code": "C1", "complete_to": "2026-03-01T00:00:00Z"})
    assert not allows("watermark", {"institution_code": "C1"})
    assert not allows("movement", movement | {"surname": "x"})


WRONG: list[Any] = ["", "two words", "汉字", "-1", "0", "1.005", "x" * 300, 5, True, None]


@pytest.mark.parametrize("field", FIELDS[RecordKind.MOVEMENT])
def test_a_movement_that_the_schema_allows_passes_the_checks_unblanked(full_movement: Row, field: str) -> None:
    tried = [full_movement | {field: value} for value in WRONG]
    allowed = [row for row in tried if allows("movement", row)]
    assert len(allowed) < len(tried)
    for row in allowed:
        checked = check_movements(pa.Table.from_pylist([row]))
        assert (checked.rejects, checked.degraded) == ([], {})


@pytest.mark.parametrize("field", FIELDS[RecordKind.PROFILE])
def test_a_profile_that_the_schema_allows_passes_the_checks_unblanked(profile: Row, field: str) -> None:
    for row in [profile | {field: value} for value in WRONG]:
        if allows("profile", row):
            checked = check_profiles(pa.Table.from_pylist([row]))
            assert (checked.rejects, checked.degraded) == ([], {})
