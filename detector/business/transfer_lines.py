"""The reporting line of transfers that stands behind "large" in the 2006 criteria: T of regulation §3, by kind of holder."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from contract.movement import HOLDER_KINDS
from detector.large_value_sums import CNY, COMPANY, PERSON_DOMESTIC, THRESHOLDS

_OF_FIRMS: Final = tuple(
    HOLDER_KINDS.index(kind) + 1 for kind in ("company", "sole_trader", "public_body", "financial", "payment")
)


def transfer_line(core: Any) -> Any:
    """Minor units of line 0502 for firms, of 0503 for persons and holders of unknown kind; evaluation rows or one of them."""
    firm = np.isin(core["holder_kind"], _OF_FIRMS)
    return np.where(firm, THRESHOLDS[COMPANY, CNY], THRESHOLDS[PERSON_DOMESTIC, CNY])
