"""Where branches and other people's banks are: the city, its neighbours, the rest of the country and some places abroad."""

from __future__ import annotations

from typing import Final

from producers.simulate.drawing import Urn

CITY: Final = {
    "341302": 30, "341321": 14, "341322": 14, "341323": 12, "341324": 12, "341371": 3, "341372": 5, "340102": 6, "341202": 4,
}  # fmt: skip
"""Branch regions by their shares: 宿州 with its two park codes, and some branches in 合肥 and 阜阳."""

COUNTRY: Final = {
    "310115": 14, "320102": 10, "320505": 8, "330106": 10, "330203": 5, "340102": 9, "340202": 3, "341102": 3, "341602": 3,
    "110105": 6, "120101": 2, "130102": 2, "140105": 1, "210102": 1.5, "220102": 1, "230102": 1, "350203": 2, "360102": 1.5,
    "370102": 3, "371302": 2, "410105": 4, "411402": 3, "420106": 2.5, "430102": 1.5, "440106": 4, "440305": 5, "450102": 1,
    "500103": 1.5, "510104": 2, "520102": 0.8, "530102": 0.8, "610102": 1.2, "620102": 0.5, "650102": 0.5,
}  # fmt: skip
"""Where other people's money comes from: where the city's people work and buy, and everywhere else."""

ABROAD: Final = ("HK", "US", "JP", "SG", "AU", "KR")

IN_CITY: Final = Urn(CITY)
ANYWHERE_IN_CITY: Final = Urn(dict.fromkeys(CITY, 1.0))
IN_COUNTRY: Final = Urn(COUNTRY)
