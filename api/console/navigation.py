"""The console's pages as the bar on top names them, each for whoever has its permission."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from api.auth.principal import Principal
from api.auth.roles import Permission
from contract.errors import Forbidden


@dataclass(frozen=True, slots=True)
class Destination:
    """One page of the bar: its word's key, its address, and what it takes to be let in."""

    key: str
    address: str
    permission: Permission


BAR: Final = (
    Destination("overview", "/console/overview", Permission.READ),
    Destination("flags", "/console/flags", Permission.READ),
    Destination("schemes", "/console/schemes", Permission.READ),
    Destination("ledger", "/console/ledger", Permission.READ),
    Destination("reports", "/console/reports", Permission.READ),
    Destination("leads", "/console/leads", Permission.READ),
    Destination("watchlist", "/console/watchlist", Permission.READ),
    Destination("results", "/console/results", Permission.READ),
    Destination("coverage_page", "/console/coverage", Permission.READ),
    Destination("audit", "/console/audit", Permission.AUDIT),
    Destination("keys", "/console/keys", Permission.ADMINISTER),
    Destination("webhooks", "/console/webhooks", Permission.ADMINISTER),
)


def open_to(principal: Principal | None) -> list[Destination]:
    """The pages that this person may open, in the bar's order; none for nobody."""
    return [] if principal is None else [place for place in BAR if principal.may(place.permission)]


def first_page(principal: Principal) -> str:
    """Where this person's day begins; raises ``Forbidden`` for a key that opens no page."""
    pages = open_to(principal)
    if not pages:
        raise Forbidden("this key opens no page")
    return pages[0].address
