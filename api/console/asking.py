"""What a page's address asks for, as a checked selection; blank fields ask for nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final, TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

from api import errors
from api.list_route import gathered
from contract.errors import BadRequest

_Model = TypeVar("_Model", bound=BaseModel)
LISTS: Final = ("institution_type", "institution_code", "category", "typology", "severity")
"""Filters of the list of flags that may repeat."""


def asked_of(request: Request, model: type[_Model], *, lists: Collection[str]) -> _Model:
    """The selection of a request; ``lists`` name the filters that may repeat. Raises ``BadRequest``."""
    return selection_of(request.query_params.multi_items(), model, lists=lists)


def selection_of(pairs: Iterable[tuple[str, str]], model: type[_Model], *, lists: Collection[str]) -> _Model:
    """The selection that names and values make; raises ``BadRequest``."""
    asked = ((name, value) for name, value in pairs if value.strip() and name != "lang")
    try:
        return model.model_validate(gathered(asked, lists))
    except ValidationError as error:
        located = [{**problem, "loc": ("query", *problem["loc"])} for problem in error.errors()]
        raise BadRequest(errors.describe(RequestValidationError(located))) from None
