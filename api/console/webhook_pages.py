"""The office's webhooks, for its administrator: added, how they go, what was given up, removed."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request
from starlette.responses import RedirectResponse, Response

from api.auth.principal import Administrator, Principal
from api.console.answers import told
from api.console.forms import SHOWN_AGAIN, Fields, asked_by
from api.console.page import page
from api.flags.filters import ID
from api.webhooks.endpoints import HookAsked, add_webhook, list_dead_letters, list_webhooks, remove_webhook
from contract.errors import RequestError

ROUTER: Final = APIRouter(prefix="/console/webhooks", include_in_schema=False)
HookId = Annotated[str, Path(pattern=ID)]


@ROUTER.get("")
def webhooks_page(request: Request, by: Administrator) -> Response:
    """Every webhook of the office and the form for a new one."""
    return _shown(request, by)


@ROUTER.post("")
def add(request: Request, fields: Fields, by: Administrator) -> Response:
    """Add a webhook; its secret stands on this one answer and nowhere else."""
    try:
        added = told(add_webhook(request, asked_by(fields, HookAsked), by))
    except SHOWN_AGAIN as refusal:
        return _shown(request, by, refusal=refusal)
    return _shown(request, by, added=added)


@ROUTER.post("/{hook_id}/remove")
def remove(request: Request, hook_id: HookId, by: Administrator) -> Response:
    """Remove a webhook; what waits for it is told to nobody."""
    remove_webhook(request, hook_id, by)
    return RedirectResponse("/console/webhooks", status_code=303)


def _shown(
    request: Request, by: Principal, *, added: dict[str, Any] | None = None, refusal: RequestError | None = None
) -> Response:
    hooks = told(list_webhooks(request, by))["items"]
    letters = {hook["hook_id"]: told(list_dead_letters(request, hook["hook_id"], by))["items"] for hook in hooks}
    return page(request, "webhooks.html", hooks=hooks, letters=letters, added=added, refusal=refusal)
