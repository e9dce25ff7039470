"""Fields of a form that a page sent, and the checked request that they make; no value ever stands in a refusal."""

from __future__ import annotations

from collections.abc import Collection
from email import message_from_bytes
from email.message import Message
from typing import Annotated, Any, Final, TypeVar
from urllib.parse import parse_qs

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

from api import errors
from contract.errors import Conflict, Forbidden, Unprocessable

_Model = TypeVar("_Model", bound=BaseModel)
_MOST_FIELDS: Final = 60
SHOWN_AGAIN: Final = (Conflict, Forbidden, Unprocessable)
"""Refusals after which a page is shown as it stands now, with what was refused."""


async def _fields(request: Request) -> dict[str, list[str]]:
    body = await request.body()
    kind = request.headers.get("content-type", "")
    if kind.startswith("multipart/form-data"):
        return _parts(message_from_bytes(b"Content-Type: " + kind.encode("latin-1") + b"\r\n\r\n" + body))
    try:
        return parse_qs(body.decode("utf-8", "replace"), max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise Unprocessable("too many fields") from None


Fields = Annotated[dict[str, list[str]], Depends(_fields)]
"""What the form held, blank fields left out; a file is one field of text."""


def _parts(message: Message) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for part in message.walk():
        name, content = part.get_param("name", header="content-disposition"), part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes) and len(found) < _MOST_FIELDS:
            found.setdefault(name, []).append(content.decode("utf-8-sig", "replace"))
    return found


def asked_by(
    fields: dict[str, list[str]], model: type[_Model], *, lists: Collection[str] = (), lines: Collection[str] = ()
) -> _Model:
    """The request that a form makes; ``lists`` name fields that repeat, ``lines`` those with one value a line.

    Raises ``Unprocessable``.
    """
    given: dict[str, Any] = {}
    for name, values in fields.items():
        if name in lines:
            given[name] = [line.strip() for line in values[0].splitlines() if line.strip()]
        elif name in lists:
            given[name] = [value for value in values if value.strip()]
        elif values[0].strip():
            given[name] = values[0]
    try:
        return model.model_validate(given)
    except ValidationError as error:
        located = [{**problem, "loc": ("body", *problem["loc"])} for problem in error.errors()]
        raise Unprocessable(errors.describe(RequestValidationError(located))) from None
