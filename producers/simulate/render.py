"""From transfers to each institution's movements and profiles, with only the fields that its systems know."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from contract.movement import BATCH_CODES, CHANNELS, HOLDER_KINDS, KINDS
from contract.shanghai import date_of
from producers.simulate.city import City, Settings, build
from producers.simulate.institutions import INSTITUTIONS
from producers.simulate.sides import Sides


def _words(codes: Any, words: tuple[str, ...]) -> pa.Array:
    """Words by code, 0 for none."""
    return pa.array([None, *words]).take(pa.array(codes))


def _where(mask: Any, values: pa.Array) -> pa.Array:
    return pc.if_else(pa.array(mask), values, pa.scalar(None, values.type))


def _blank(texts: pa.Array) -> pa.Array:
    """Null where a text is empty."""
    return pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)


def _money(fen: Any) -> pa.Array:
    whole, part = fen // 100, fen % 100
    cents = pa.array([f".{k:02d}" for k in range(100)]).take(pa.array(part))
    return pc.binary_join_element_wise(pc.cast(pa.array(whole), pa.string()), cents, "")


def _event_ids(seed: int, count: int) -> pa.Array:
    """References of one form that tell nothing: a keyed shuffle of the movement's number."""
    key = int.from_bytes(hashlib.sha256(f"{seed}|events".encode()).digest()[:8], "big")
    numbers = (np.arange(count, dtype=np.uint64) + np.uint64(key)) * np.uint64(0x9E3779B97F4A7C15)
    numbers ^= numbers >> np.uint64(29)
    numbers *= np.uint64(0xBF58476D1CE4E5B9)
    numbers ^= numbers >> np.uint64(32)
    return pc.binary_join_element_wise(pa.scalar("T"), pc.cast(pa.array(numbers), pa.string()), "")


def _balances(accounts: Any, signed: Any, total: int, seed: int) -> Any:
    """Balance after each movement, never negative: every account starts with what it will ever need and some more."""
    order = np.argsort(accounts, kind="stable")
    sums = np.cumsum(signed[order])
    first = np.searchsorted(accounts[order], np.arange(total))
    base = np.concatenate([[0], sums])[first]
    running = sums - base[accounts[order]]
    lowest = np.zeros(total, np.int64)
    np.minimum.at(lowest, accounts[order], running)
    spare = (np.random.default_rng([seed, 7]).lognormal(8.0, 1.5, total) * 100).astype(np.int64)
    result = np.empty(len(accounts), np.int64)
    result[order] = running - lowest[accounts[order]] + spare[accounts[order]]
    return result


def movements(city: City) -> pa.Table:
    """All movements of all institutions in order of time, columns of text as in ``movements.csv``, null where unknown."""
    t, town = city.transfers, city.town
    sides = Sides(city)
    institution, row = pa.array(sides.institution), sides.transfer
    signed = np.where(sides.credit, t["amount"][row], -t["amount"][row])
    ids, holders = pa.array(town.account_ids()), pa.array(town.customer_ids()).take(pa.array(town.customer))
    codes, kinds = (pa.array([getattr(one, name) for one in INSTITUTIONS]) for name in ("code", "kind"))
    other = pa.array(sides.other)
    return pa.table(
        {
            "event_id": _event_ids(town.seed, len(row)),
            "institution_code": codes.take(institution),
            "institution_type": kinds.take(institution),
            "account_id": ids.take(pa.array(sides.account)),
            "customer_id": _where(sides.has("gives_customer"), holders.take(pa.array(sides.account))),
            "branch_region": pa.array(town.branch).take(pa.array(sides.account)),
            "occurred_at": pc.strftime(pa.array(t["ms"][row], pa.timestamp("ms", "UTC")), format="%Y-%m-%dT%H:%M:%SZ"),
            "direction": pa.array(["debit", "credit"]).take(pa.array(sides.credit.astype(np.int8))),
            "amount": _money(t["amount"][row]),
            "currency": pa.repeat(pa.scalar("CNY"), len(row)),
            "kind": pa.array(KINDS).take(pa.array(t["kind"][row])),
            "own_name": _words(sides.own_name(), ("true", "false")),
            "counterparty_id": _where(sides.somebody, ids.take(other)),
            "counterparty_customer_id": _where(sides.on_us & sides.has("gives_customer"), holders.take(other)),
            "counterparty_kind": _words(sides.other_kind(), HOLDER_KINDS),
            "counterparty_institution": _where(
                sides.somebody & sides.has("names_other_institution"), codes.take(pa.array(town.institution)).take(other)
            ),
            "counterparty_region": _where(sides.somebody & sides.has("knows_region"), pa.array(town.branch).take(other)),
            "counterparty_birth_year": _where(sides.knows_age(), pc.cast(pa.array(town.birth_year), pa.string()).take(other)),
            "channel": _words(np.where(sides.has("gives_channel"), t["channel"][row], 0), CHANNELS),
            "batch_code": _words(t["batch"][row], BATCH_CODES),
            "remark": _blank(pa.array(city.flows.remarks.texts)).take(pa.array(t["remark"][row])),
            "balance_after": _where(sides.has("gives_balance"), _money(_balances(sides.account, signed, len(town), town.seed))),
        }
    )


def simulate(settings: Settings, *, rows: int = 65_536) -> Iterator[pa.RecordBatch]:
    """The movements of a city in order of time, in batches, without files."""
    yield from movements(build(settings)).to_batches(max_chunksize=rows)


def profiles(city: City) -> pa.Table:
    """One profile an account, columns as in ``profiles.csv``."""
    town = city.town
    holders = town.customer_ids()
    table = pa.table(
        {
            "account_id": town.account_ids(),
            "institution_code": [INSTITUTIONS[k].code for k in town.institution],
            "institution_type": [INSTITUTIONS[k].kind for k in town.institution],
            "customer_id": [holders[k] for k in town.customer],
            "holder_kind": [HOLDER_KINDS[k - 1] for k in town.kind],
            "holder_licence": list(town.licence),
            "account_type": town.account_type,
            "branch_region": town.branch,
            "subject_region": town.subject,
            "opened_on": [date_of(day).isoformat() for day in town.opened],
            "birth_year": [str(year) if year else None for year in town.birth_year],
            "occupation": list(town.occupation),
            "industry": list(town.industry),
        }
    )
    # In the order of pseudonyms: the order of opening would tell who was planted last.
    return table.sort_by("account_id")


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
