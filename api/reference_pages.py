"""``/openapi.json`` and ``/docs``: the API's description for those who are signed in."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from fastapi import APIRouter, Request
from starlette.responses import Response

from api.auth.principal import CurrentPrincipal
from api.console.templates import render
from api.reference import json_response

ROUTER: Final = APIRouter(include_in_schema=False)


@ROUTER.get("/openapi.json")
def openapi(request: Request, _principal: CurrentPrincipal) -> Response:
    """The description for programs."""
    return json_response(msgspec.json.encode(request.app.openapi()))


@ROUTER.get("/docs")
def docs(request: Request, _principal: CurrentPrincipal) -> Response:
    """The description for people: a plain page, made here, that asks no other server for anything."""
    description = request.app.openapi()
    return Response(render("docs.html", api=description, operations=_operations(description)), media_type="text/html")


def _operations(description: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"path": path, "method": method.upper(), **operation, "parameters": _parameters(operation)}
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    ]


def _parameters(operation: dict[str, Any]) -> list[dict[str, str]]:
    return [
        {
            "name": parameter["name"],
            "in": parameter["in"],
            "takes": takes(parameter["schema"]),
            "means": parameter.get("description", ""),
        }
        for parameter in operation.get("parameters", ())
    ]


def takes(schema: dict[str, Any]) -> str:
    """What a parameter takes, in few words.

    >>> takes({"anyOf": [{"type": "number", "minimum": 0, "maximum": 100}, {"type": "null"}]})
    'number 0–100'
    >>> takes({"type": "array", "items": {"enum": ["open", "closed"]}})
    'open | closed, may repeat'
    """
    if "anyOf" in schema:
        return takes(next(one for one in schema["anyOf"] if one.get("type") != "null"))
    if schema.get("type") == "array":
        return takes(schema["items"]) + ", may repeat"
    if "enum" in schema or "const" in schema:
        return " | ".join(schema.get("enum") or [schema["const"]])
    words = str(schema.get("format") or schema.get("pattern") or schema.get("type"))
    return f"{words} {schema['minimum']}–{schema['maximum']}" if "maximum" in schema else words
