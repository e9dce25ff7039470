"""What few movements have: reversals, agents, devices, points of sale, foreign currency, securities, policies."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from contract.movement import CHANNELS, KINDS
from contract.shanghai import date_of
from producers.simulate.city import City
from producers.simulate.flows import CURRENCIES
from producers.simulate.institutions import INSTITUTIONS
from producers.simulate.policies import RELATIONS
from producers.simulate.sides import Sides
from producers.simulate.town import pseudonym

RATES: Final = {"CNY": 1.0, "USD": 7.12, "HKD": 0.91, "EUR": 8.2}
"""Yuan for one unit: constants of the simulation."""

MERCHANT_CODES: Final = {"F5212": "5411", "H6210": "5812", "O8111": "7538", "K7020": "6513", "P8331": "8211"}
OTHER_MERCHANTS: Final = "5999"
HANDLED: Final = (KINDS.index("cash"), KINDS.index("premium"), KINDS.index("surrender"))
TRADE: Final = KINDS.index("securities_trade")
REMOTE: Final = (CHANNELS.index("mobile") + 1, CHANNELS.index("online") + 1)


def where(mask: Any, values: pa.Array) -> pa.Array:
    """Values, null where the mask is false."""
    return pc.if_else(pa.array(mask), values, pa.scalar(None, values.type))


def money(fen: Any) -> pa.Array:
    """Decimal strings of minor units."""
    whole, part = fen // 100, fen % 100
    cents = pa.array([f".{k:02d}" for k in range(100)]).take(pa.array(part))
    return pc.binary_join_element_wise(pc.cast(pa.array(whole), pa.string()), cents, "")


def few(count: int, rows: Any, values: pa.Array) -> pa.Array:
    """A column of ``count`` texts with values in some rows only."""
    place = np.full(count, -1, np.int64)
    place[rows] = np.arange(len(values))
    return values.take(pa.array(place, mask=place < 0))


def details(city: City, sides: Sides, events: pa.Array) -> dict[str, pa.Array]:
    """Columns of text by name, null where a row has none or its institution does not give it."""
    t, row = city.transfers, sides.transfer
    columns = {"reversal_of": _reversed(t, sides, events)}
    columns |= _people(city, t, sides)
    columns |= _foreign(t, row)
    columns |= _securities(t, row)
    return columns | _insurance(city, t, sides)


def _reversed(t: dict[str, Any], sides: Sides, events: pa.Array) -> pa.Array:
    """The event of the same account that this one takes back."""
    tagged = np.flatnonzero(t["tag"])
    place = np.zeros(int(t["tag"].max(initial=0)) + 1, np.int64)
    place[t["tag"][tagged]] = tagged
    rows = np.flatnonzero(t["reverses"][sides.transfer])
    first = place[t["reverses"][sides.transfer[rows]]]
    # A transfer's rows stand together; where the first is another account's, the second is this one's.
    start = np.searchsorted(sides.transfer, first)
    other = sides.account[start] != sides.account[rows]
    return few(len(sides.account), rows, events.take(pa.array(start + other)))


def _people(city: City, t: dict[str, Any], sides: Sides) -> dict[str, pa.Array]:
    """Who handled it, on what device, at which point of sale of which trade."""
    town, row = city.town, sides.transfer
    agent, terminal = t["agent"][row], t["terminal"][row]
    holders = pa.array(town.customer_ids())
    handled = sides.has("gives_agent") & (agent > 0) & (~sides.credit | np.isin(t["kind"][row], HANDLED))
    mine = sides.has("gives_device") & ~sides.credit & np.isin(t["channel"][row], REMOTE)
    devices = pa.array(town.pseudonyms("v:", town.customers)).take(pa.array(town.device))
    sold = np.flatnonzero(sides.has("gives_terminal") & (terminal > 0))
    numbers, place = np.unique(terminal[sold], return_inverse=True)
    trades = pa.array([MERCHANT_CODES.get(str(one), OTHER_MERCHANTS) for one in town.industry])
    return {
        "agent_id": few(len(row), np.flatnonzero(handled), holders.take(pa.array(agent[handled] - 1))),
        "device_id": where(mine, devices.take(pa.array(sides.account))),
        "pos_id": few(
            len(row), sold, pa.array([pseudonym("t:", town.seed, k) for k in numbers.tolist()], pa.string()).take(pa.array(place))
        ),
        "merchant_code": few(len(row), sold, trades.take(pa.array(np.where(sides.credit, sides.account, sides.other)[sold]))),
    }


def _foreign(t: dict[str, Any], row: Any) -> dict[str, pa.Array]:
    code = t["currency"][row]
    rows = np.flatnonzero(code)
    rate = np.array([RATES[name] for name in CURRENCIES])[code[rows]]
    yuan = np.rint(t["amount"][row[rows]] * rate).astype(np.int64)
    return {
        "cny_amount": few(len(row), rows, money(yuan)),
        "usd_amount": few(len(row), rows, money(np.rint(yuan / RATES["USD"]).astype(np.int64))),
    }


def _securities(t: dict[str, Any], row: Any) -> dict[str, pa.Array]:
    """A purchase is a debit; what is no trade has no side. Prices to the fen, so that quantity times price is the amount."""
    rows = np.flatnonzero(t["instrument"][row])
    at = row[rows]
    trades = t["kind"][at] == TRADE
    side = np.where(trades, np.where(t["payer"][at] >= 0, 2, 1), 0)
    quantity = np.maximum(t["quantity"][at], 1).astype(np.int64)
    return {
        "instrument_code": few(len(row), rows, pa.array([f"{k:06d}" for k in t["instrument"][at].tolist()], pa.string())),
        "side": few(len(row), rows, pa.array([None, "sell", "buy"]).take(pa.array(side))),
        "quantity": few(len(row), rows, pc.cast(pa.array(quantity), pa.string())),
        "price": few(len(row), rows, money(t["amount"][at] // quantity)),
    }


def _insurance(city: City, t: dict[str, Any], sides: Sides) -> dict[str, pa.Array]:
    """Facts of the policy, on the insurer's own rows."""
    policies, town, row = city.town.policies, city.town, sides.transfer
    reported = np.array([one.kind == "insurance" for one in INSTITUTIONS])[sides.institution]
    number = np.where(reported, t["policy"][row], 0)
    rows = np.flatnonzero(number)
    at = number[rows] - 1
    issued = pa.array([date_of(town.first_day + day).isoformat() for day in policies.issued], pa.string())
    relation = t["relation"][row[rows]]
    facts = {
        "policy_id": pa.array([pseudonym("l:", town.seed, k) for k in range(len(policies.issued))], pa.string()).take(
            pa.array(at)
        ),
        "policy_issued_on": issued.take(pa.array(at)),
        "product_code": pa.array(policies.product, pa.string()).take(pa.array(at)),
        "premium_due": money(np.array(policies.due, np.int64)[at]),
        "cash_value": money(np.array(policies.cash_value, np.int64)[at]),
        "payer_relation": pa.array([None, *RELATIONS]).take(pa.array(relation)),
    }
    return {name: few(len(row), rows, values) for name, values in facts.items()}
