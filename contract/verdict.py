"""What an office decided about a flag, with the features that the flag had (contract §2.3)."""

from __future__ import annotations

import math
import re
from typing import Final

import msgspec

from contract import side_input
from contract.errors import ContractViolation, Reason
from contract.flag import Flag
from contract.shanghai import parse_ms

CONFIRMED: Final = "confirmed"
DISMISSED: Final = "dismissed"
VERDICTS: Final = (CONFIRMED, DISMISSED)
MOST_FEATURES: Final = 256
FEATURE_PATTERN: Final = r"^[a-z0-9_.]{1,64}$"
_COUNTS: Final = ("payers", "payees")
_MONEY: Final = ("credited", "debited", "returned_to_payers")


class Verdict(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A decision. It names no office and no person: what is learned from it is for all."""

    flag_id: str
    revision: int
    verdict: str
    decided_at: str
    features: dict[str, float]
    ledger: str | None = None
    seq: int = 0

    @property
    def at_ms(self) -> int:
        """Epoch milliseconds of the decision."""
        return parse_ms(self.decided_at)


def features_of(flag: Flag) -> dict[str, float]:
    """A revision as numbers by name: what findings, models and measures say of it, 4 decimals.

    Findings that do not count (strength 0) are left out, as is what is not known; counts and yuan are ``log1p``. An
    account's name, place and institution are no features: a verdict must not teach that a region is suspect.
    """
    found: dict[str, float] = {f"finding.{one.typology.partition('@')[0]}": one.strength for one in flag.findings if one.strength}
    found["families"] = float(len({one.family for one in flag.findings if one.strength and one.family != "model"}))
    found |= {f"model.{name}": score for name, score in flag.model_scores.items()}
    for name in (*_COUNTS, *_MONEY):
        value = flag.measures.get(name)
        if value is not None:
            found[f"log.{name}"] = math.log1p(max(float(value), 0.0))
    share = flag.measures.get("elderly_payer_share")
    if share is not None:
        found["elderly_payer_share"] = float(share)
    return {name: round(value, 4) for name, value in sorted(found.items())}


def encode(verdict: Verdict) -> bytes:
    """One JSON object, without a newline."""
    return msgspec.json.encode(verdict)


def decode(value: bytes | None) -> Verdict:
    """Read one verdict; raises ``RejectedEvent`` for anything else."""
    types: dict[str, type | tuple[type, ...]] = {
        **dict.fromkeys(("flag_id", "verdict", "decided_at"), str),
        "revision": int,
        "features": dict,
        **side_input.ORIGIN,
    }
    found = side_input.fields_of(value, types, tuple(side_input.ORIGIN))
    features: dict[str, object] = found["features"]
    if len(features) > MOST_FEATURES:
        raise ContractViolation(Reason.TOO_LARGE, "features")
    if not all(re.match(FEATURE_PATTERN, name) for name in features):
        raise ContractViolation(Reason.UNKNOWN_FIELD, "features")
    return Verdict(
        flag_id=side_input.pseudonym(found, "flag_id"),
        revision=side_input.whole(found, "revision"),
        verdict=side_input.word(found, "verdict", VERDICTS),
        decided_at=side_input.moment(found, "decided_at"),
        features={name: side_input.finite(one, "features") for name, one in features.items()},
        **side_input.origin(found),
    )
