"""From transfers to each institution's movements, with only the fields that its systems know."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from contract.movement import BATCH_CODES, CHANNELS, HOLDER_KINDS, KINDS
from producers.simulate.city import City, Settings, build
from producers.simulate.details import details, money, where
from producers.simulate.flows import CURRENCIES
from producers.simulate.institutions import INSTITUTIONS
from producers.simulate.sides import Sides
from producers.simulate.town import Town

NEW_DAYS: Final = 60
"""How old an account is that has not filled yet."""


def words(codes: Any, words: tuple[str, ...]) -> pa.Array:
    """Words by code, 0 for none."""
    return pa.array([None, *words]).take(pa.array(codes))


def blank(texts: pa.Array) -> pa.Array:
    """Null where a text is empty."""
    return pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)


def _event_ids(seed: int, count: int) -> pa.Array:
    """References of one form that tell nothing: a keyed shuffle of the movement's number."""
    key = int.from_bytes(hashlib.sha256(f"{seed}|events".encode()).digest()[:8], "big")
    numbers = (np.arange(count, dtype=np.uint64) + np.uint64(key)) * np.uint64(0x9E3779B97F4A7C15)
    numbers ^= numbers >> np.uint64(29)
    numbers *= np.uint64(0xBF58476D1CE4E5B9)
    numbers ^= numbers >> np.uint64(32)
    return pc.binary_join_element_wise(pa.scalar("T"), pc.cast(pa.array(numbers), pa.string()), "")


def _balances(accounts: Any, signed: Any, town: Town) -> Any:
    """Balance after each movement, never negative: every account starts with what it will ever need and some more.

    What was opened not long before the first day starts with a few yuan more only.
    """
    total = len(town)
    order = np.argsort(accounts, kind="stable")
    sums = np.cumsum(signed[order])
    first = np.searchsorted(accounts[order], np.arange(total))
    base = np.concatenate([[0], sums])[first]
    running = sums - base[accounts[order]]
    lowest = np.zeros(total, np.int64)
    np.minimum.at(lowest, accounts[order], running)
    spare = (np.random.default_rng([town.seed, 7]).lognormal(8.0, 1.5, total) * 100).astype(np.int64)
    spare = np.where(np.array(town.opened) > town.first_day - NEW_DAYS, spare % 1000, spare)
    result = np.empty(len(accounts), np.int64)
    result[order] = running - lowest[accounts[order]] + spare[accounts[order]]
    return result


def movements(city: City) -> pa.Table:
    """All movements of all institutions in order of time, columns of text as in ``movements.csv``, null where unknown."""
    t, town, sides = city.transfers, city.town, Sides(city)
    row = sides.transfer
    events = _event_ids(town.seed, len(row))
    signed = np.where(sides.credit, t["amount"][row], -t["amount"][row])
    texts = blank(pa.array(city.flows.remarks.texts)).take(pa.array(t["remark"][row]))
    return pa.table(
        {
            "event_id": events,
            **_account(city, sides),
            "occurred_at": pc.strftime(pa.array(t["ms"][row], pa.timestamp("ms", "UTC")), format="%Y-%m-%dT%H:%M:%SZ"),
            "direction": pa.array(["debit", "credit"]).take(pa.array(sides.credit.astype(np.int8))),
            "amount": money(t["amount"][row]),
            "currency": pa.array(CURRENCIES).take(pa.array(t["currency"][row])),
            "kind": pa.array(KINDS).take(pa.array(t["kind"][row])),
            "own_name": words(sides.own_name(), ("true", "false")),
            **_counterparty(city, sides),
            "channel": words(np.where(sides.has("gives_channel"), t["channel"][row], 0), CHANNELS),
            "batch_code": words(t["batch"][row], BATCH_CODES),
            "purpose": where(sides.has("text_is_purpose"), texts),
            "remark": where(~sides.has("text_is_purpose"), texts),
            "balance_after": where(sides.has("gives_balance"), money(_balances(sides.account, signed, town))),
            **details(city, sides, events),
        }
    )


def _account(city: City, sides: Sides) -> dict[str, pa.Array]:
    """Where it is booked, and on whose account."""
    town, account, institution = city.town, pa.array(sides.account), pa.array(sides.institution)
    holders = pa.array(town.customer_ids()).take(pa.array(town.customer))
    codes, kinds = (pa.array([getattr(one, name) for one in INSTITUTIONS]) for name in ("code", "kind"))
    return {
        "institution_code": codes.take(institution),
        "institution_type": kinds.take(institution),
        "account_id": pa.array(town.account_ids()).take(account),
        "customer_id": where(sides.has("gives_customer"), holders.take(account)),
        "branch_region": pa.array(town.branch).take(account),
    }


def _counterparty(city: City, sides: Sides) -> dict[str, pa.Array]:
    """What is known of the other side."""
    town, other = city.town, pa.array(sides.other)
    holders = pa.array(town.customer_ids()).take(pa.array(town.customer))
    banks = pa.array([one.code for one in INSTITUTIONS]).take(pa.array(town.institution))
    known = sides.knows_age()
    return {
        "counterparty_id": where(sides.somebody, pa.array(town.account_ids()).take(other)),
        "counterparty_customer_id": where(sides.on_us & sides.has("gives_customer"), holders.take(other)),
        "counterparty_kind": words(sides.other_kind(), HOLDER_KINDS),
        "counterparty_institution": where(sides.somebody & sides.has("names_other_institution"), banks.take(other)),
        "counterparty_region": where(
            sides.somebody & sides.has("knows_region") & ~sides.abroad, pa.array(town.branch).take(other)
        ),
        "counterparty_country": where(sides.abroad, pa.array(town.country).take(other)),
        "counterparty_birth_year": where(known, pc.cast(pa.array(town.birth_year), pa.string()).take(other)),
        "counterparty_occupation": where(known, pa.array(list(town.occupation), pa.string()).take(other)),
    }


def simulate(settings: Settings, *, rows: int = 65_536) -> Iterator[pa.RecordBatch]:
    """The movements of a city in order of time, in batches, without files."""
    yield from movements(build(settings)).to_batches(max_chunksize=rows)
