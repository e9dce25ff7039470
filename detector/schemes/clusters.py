"""From parts of circles that overlap to schemes that do not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np

from detector.schemes.filling import Filling
from detector.schemes.flows import Flows
from detector.schemes.picture import Picture
from detector.schemes.pruning import Part, taking_part
from detector.schemes.returns import Returns

TIED: Final = 0.2
"""Two schemes are one where so large a part of the smaller one's returns runs between them."""
MOST_ACCOUNTS: Final = 200


def clustered(
    picture: Picture, flows: Flows, filling: Filling, returns: Returns, known: Iterable[Any], parts: list[Part]
) -> list[Part]:
    """Disjoint parts: those ``known`` from before as they are now, and what grew out of them or is new.

    Smaller parts first. One that overlaps one cluster grows it; one that overlaps several joins those that returns tie
    together, and is left out where they are not: an account in common makes no scheme of two.
    """
    clusters = [part for part in (taking_part(picture, flows, filling, accounts) for accounts in known) if len(part.accounts)]
    for part in sorted(parts, key=lambda one: (len(one.accounts), one.accounts.tolist())):
        touched = [one for one in clusters if np.isin(one.accounts, part.accounts).any()]
        if not touched:
            clusters.append(part)
            continue
        if len(touched) > 1 and not _all_tied(returns, touched):
            continue
        together = np.unique(np.concatenate([part.accounts, *(one.accounts for one in touched)]))
        grown = taking_part(picture, flows, filling, together) if len(together) <= MOST_ACCOUNTS else part
        if all(np.isin(one.accounts, grown.accounts).mean() >= 0.5 for one in touched):
            clusters = [one for one in clusters if all(one is not other for other in touched)]
            clusters.append(grown)
    return clusters


def _all_tied(returns: Returns, parts: list[Part]) -> bool:
    first, *others = parts
    inside = [returns.between(one.accounts) for one in parts]
    for number, other in enumerate(others, 1):
        both = returns.between(np.concatenate([first.accounts, other.accounts])) - inside[0] - inside[number]
        if both < TIED * max(1, min(inside[0], inside[number])):
            return False
    return True
