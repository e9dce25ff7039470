"""Routes of lists, which offices ask all day: from the key to the body in one change of threads."""

from __future__ import annotations

from collections.abc import Callable, Collection, Coroutine, Iterable
from typing import Any, Final, TypeVar, get_args, get_origin, get_type_hints

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.params import Query as QueryMark
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.responses import Response

from api.auth.principal import Visible, visible_to

_Model = TypeVar("_Model", bound=BaseModel)
_SHAPE: Final = "a ListRoute's endpoint takes a request, Annotated[<model>, Query()] and Visible"


class ListRoute(APIRoute):
    """A route whose endpoint takes the request, its query as one model, and what the caller may see.

    The framework would change threads for the key and again for the endpoint, and look at each field of the query by
    itself; together that was a third of a page's CPU time. What stands in the signature is still what is described.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler; raises ``TypeError`` for an endpoint of another shape."""
        answer, model = self.endpoint, _query_model(self.endpoint)

        def made(request: Request) -> Response:
            visible = visible_to(request)
            response: Response = answer(request, checked(request.query_params, model), visible)
            return response

        async def handle(request: Request) -> Response:
            return await run_in_threadpool(made, request)

        return handle


def checked(asked: QueryParams, model: type[_Model]) -> _Model:
    """A query as a model; the last value of a name counts, all values where the model takes a list.

    Raises ``RequestValidationError`` as the framework does.
    """
    try:
        return model.model_validate(gathered(asked.multi_items(), _lists(model)))
    except ValidationError as error:
        raise RequestValidationError([{**problem, "loc": ("query", *problem["loc"])} for problem in error.errors()]) from None


def gathered(pairs: Iterable[tuple[str, str]], lists: Collection[str]) -> dict[str, Any]:
    """Names and values of a query; the last value of a name counts, all values of those in ``lists``."""
    given: dict[str, Any] = {}
    for name, value in pairs:
        if name in lists:
            given.setdefault(name, []).append(value)
        else:
            given[name] = value
    return given


_LISTS: Final[dict[type[BaseModel], frozenset[str]]] = {}


def _lists(model: type[BaseModel]) -> frozenset[str]:
    if model not in _LISTS:
        fields = model.model_fields.items()
        _LISTS[model] = frozenset(name for name, field in fields if get_origin(field.annotation) is list)
    return _LISTS[model]


def _query_model(endpoint: Callable[..., Any]) -> type[BaseModel]:
    hints = get_type_hints(endpoint, include_extras=True)
    hints.pop("return", None)
    request, query, visible = hints.values() if len(hints) == 3 else (None, None, None)
    marks = get_args(query)
    if request is not Request or visible != Visible or len(marks) != 2 or not isinstance(marks[1], QueryMark):
        raise TypeError(_SHAPE)
    model: type[BaseModel] = marks[0]
    return model
