"""What the loop and the evaluation need of configuration and calendar."""

from __future__ import annotations

from typing import Any, NamedTuple

from detector.features.jit import inner


class Rules(NamedTuple):
    """What the loop and the evaluation need of configuration and calendar."""

    lateness_days: Any
    window_starts: Any  # int32, first day of the 10-working-day window ending at base + index
    window_base: Any
    pass_least_inflow: Any  # minor units; a day of it also makes an account worth remembering movements of
    pass_most_retained: Any


@inner
def first_of_w10(as_of: Any, rules: Any) -> Any:
    """First day of the 10-working-day window that ends with ``as_of``."""
    return rules.window_starts[min(max(as_of - rules.window_base, 0), len(rules.window_starts) - 1)]
