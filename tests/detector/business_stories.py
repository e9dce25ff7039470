"""Lives of accounts at a securities firm and an insurer in few words, and what one typology says of one of them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from contract.flag import Finding, Flag
from contract.profile import PROFILE
from detector.catalogue import found
from detector.engine import Shard
from tests.detector.shards import INSTITUTION, batch_of, movement, profile
from tests.detector.stories import alone, on, told

Rows = list[dict[str, Any]]
_number = itertools.count()
OWN_BANK: Final = "a:bank-1"
SECOND_BANK: Final = "a:bank-2"
STRANGER: Final = "a:stranger"


def _row(name: str, day: int, hour: str, yuan: float, **fields: Any) -> dict[str, Any]:
    return movement(f"{name}-{next(_number)}", f"{on(day)}T{hour}", yuan, **fields)


def into(day: int, yuan: float, bank: str = OWN_BANK, **fields: Any) -> Rows:
    """Money from the holder's bank account to the securities account."""
    said = {"counterparty_id": bank, "own_name": True, "kind": "securities_transfer", "institution_type": "securities"}
    return [_row("into", day, "09:40", yuan, **said | fields)]


def gone(day: int, yuan: float, bank: str = OWN_BANK, **fields: Any) -> Rows:
    """Money from the securities account to the holder's bank account."""
    return into(day, yuan, bank, direction="debit", **fields)


def traded(day: int, yuan: float, side: str = "buy", at: str = "10:30:00", **fields: Any) -> Rows:
    """A trade of 1,000 shares of one security."""
    said = {
        "kind": "securities_trade", "side": side, "instrument_code": "600001", "quantity": "1000", "counterparty_id": None,
        "institution_type": "securities", "direction": "debit" if side == "buy" else "credit",
    }  # fmt: skip
    return [_row("trade", day, at, yuan, **said | fields)]


def premium(day: int, yuan: float, policy: str = "p1", **fields: Any) -> Rows:
    """A premium from the holder's own bank account."""
    said = {
        "kind": "premium", "policy_id": policy, "institution_type": "insurance", "counterparty_id": OWN_BANK,
        "payer_relation": "self", "policy_issued_on": on(0), "premium_due": f"{yuan:.2f}", "cash_value": f"{yuan:.2f}",
    }  # fmt: skip
    return [_row("premium", day, "09:50", yuan, **said | fields)]


def paid(day: int, yuan: float, kind: str = "surrender", policy: str = "p1", **fields: Any) -> Rows:
    """What the insurer pays to the holder's own bank account."""
    said = {
        "kind": kind, "policy_id": policy, "institution_type": "insurance", "counterparty_id": OWN_BANK, "direction": "debit",
        "payer_relation": "self", "policy_issued_on": on(0), "cash_value": f"{yuan:.2f}",
    }  # fmt: skip
    return [_row("paid", day, "15:10", yuan, **said | fields)]


@dataclass(frozen=True, slots=True)
class Conduct:
    """The last that one typology said of account ``a:1``, and all flags of the shard."""

    finding: Finding | None
    not_evaluable: bool
    flags: Sequence[Flag]

    @property
    def fired(self) -> bool:
        """Whether there is a finding."""
        return self.finding is not None

    def accused(self, key: str) -> set[str]:
        """Accounts with a finding of a typology."""
        return {flag.account_id for flag in self.flags for one in flag.findings if one.typology == key}


def conduct(name: str, rows: Rows, account: str = "a:1", **about: Any) -> Conduct:
    """What the typology said last of ``account``; ``about`` is its profile."""
    shard, kind = Shard(INSTITUTION, 0, alone(name)), about.pop("holder_kind", "person")
    known = {"institution_type": rows[0]["institution_type"], **about}
    shard.profiles(batch_of([profile(account, kind, **known)], PROFILE))
    flags = [one for one in told(shard, sorted(rows, key=lambda row: row["occurred_at"])) if one.category != "large_value"]
    own = [flag for flag in flags if flag.account_id == account]
    key = found()[name].key
    finding = next((one for one in own[-1].findings if one.typology == key), None) if own else None
    return Conduct(finding, bool(own) and key in own[-1].not_evaluable, flags)
