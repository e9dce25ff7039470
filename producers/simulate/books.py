"""What each institution knows of its accounts, and what every labelled account is: profiles and labels."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa

from contract.movement import HOLDER_KINDS
from contract.shanghai import date_of
from producers.simulate.city import City
from producers.simulate.details import where
from producers.simulate.institutions import ELSEWHERE, INSTITUTIONS
from producers.simulate.town import PERSON

AS_IT_IS: Final = ("licence", "account_type", "branch", "subject", "occupation", "industry", "scope", "name_class")
"""Columns of accounts that a profile has as they are."""


def profiles(city: City) -> pa.Table:
    """One profile an account that is held here, and another where it is closed, columns as in ``profiles.csv``."""
    town = city.town
    here = np.flatnonzero(np.array(town.institution) != ELSEWHERE)
    at = np.array(town.institution)[here]
    own = {name: pa.array([getattr(town, name)[k] for k in here]) for name in AS_IT_IS}
    table = pa.table(
        {
            "account_id": pa.array(town.account_ids()).take(pa.array(here)),
            "institution_code": pa.array([INSTITUTIONS[k].code for k in at]),
            "institution_type": pa.array([INSTITUTIONS[k].kind for k in at]),
            "customer_id": pa.array(town.customer_ids()).take(pa.array(np.array(town.customer)[here])),
            "holder_kind": pa.array([HOLDER_KINDS[town.kind[k] - 1] for k in here]),
            "holder_licence": own["licence"],
            "account_type": own["account_type"],
            "branch_region": own["branch"],
            "subject_region": own["subject"],
            "opened_on": pa.array([date_of(town.opened[k]).isoformat() for k in here]),
            "birth_year": pa.array([str(town.birth_year[k]) if town.birth_year[k] else None for k in here]),
            "occupation": own["occupation"],
            "industry": own["industry"],
            **_links(city, here, own),
        }
    )
    # In the order of pseudonyms: the order of opening would tell who was planted last.
    return _with_closings(city, table, here).sort_by([("account_id", "ascending"), ("updated_at", "ascending")])


def _links(city: City, here: Any, own: dict[str, pa.Array]) -> dict[str, pa.Array]:
    """What a holder shares with others, where the institution keeps it."""
    town = city.town
    known = np.array([one.knows_links for one in INSTITUTIONS])[np.array(town.institution)[here]]
    firm = np.array(town.kind)[here] != PERSON
    capital = np.array(town.capital, np.int64)[here]

    def link(name: str, prefix: str, mask: Any) -> pa.Array:
        number = np.array(getattr(town, name), np.int64)[here]
        names = pa.array(town.pseudonyms(prefix, town.customers))
        return where(mask & (number >= 0), names.take(pa.array(np.maximum(number, 0))))

    return {
        "business_scope": where(known & firm, own["scope"]),
        "holder_name_class": where(firm, own["name_class"]),
        "registered_capital": where(known & (capital > 0), pa.array([f"{yuan}.00" for yuan in capital.tolist()])),
        "legal_representative_id": link("legal", "c:", known & firm),
        "address_id": link("address", "d:", known),
        "phone_id": link("phone", "p:", known),
        "employer_id": link("employer", "c:", known & ~firm),
    }


def _with_closings(city: City, table: pa.Table, here: Any) -> pa.Table:
    """A second profile of an account that is closed within the time, from that day on: nobody knows it before."""
    first, days = city.town.first_day, city.town.days
    closed = np.array(city.town.closed)[here]
    rows = np.flatnonzero(closed < first + days)
    table = table.append_column("closed_on", pa.nulls(len(here), pa.string())).append_column(
        "updated_at", pa.nulls(len(here), pa.string())
    )
    dates = [date_of(day).isoformat() for day in closed[rows].tolist()]
    later = table.take(pa.array(rows))
    for name, values in (("closed_on", dates), ("updated_at", [f"{day}T00:00:00+08:00" for day in dates])):
        later = later.set_column(later.column_names.index(name), name, pa.array(values, pa.string()))
    return pa.concat_tables([table, later])


def labels(city: City) -> pa.Table:
    """Who should be flagged and who must not be, columns as in ``labels.csv``."""
    ids, town = city.town.account_ids(), city.town
    return pa.table(
        {
            "account_id": [ids[one.account] for one in city.labels],
            "label": [str(one.label) for one in city.labels],
            "scheme_id": [one.scheme_id for one in city.labels],
            "pattern": [one.pattern for one in city.labels],
            "active_from": [date_of(town.first_day + one.active_from).isoformat() for one in city.labels],
            "active_to": [date_of(town.first_day + one.active_to).isoformat() for one in city.labels],
        }
    ).sort_by("account_id")


def watch_list(city: City) -> list[dict[str, str]]:
    """Holders whom an office has found before the first day, in order of pseudonym: subject, status, since when."""
    town = city.town
    holders = town.customer_ids()
    since = f"{date_of(town.first_day - 30).isoformat()}T00:00:00+08:00"
    subjects = sorted({holders[town.customer[account]] for account in city.people.found})
    return [{"subject": subject, "status": "FOUND", "since": since} for subject in subjects]
