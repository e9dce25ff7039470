"""Areas as people read them and choose from."""

from __future__ import annotations

from typing import Final

from contract import regions

_MOST_AREAS: Final = 400


def areas_to_choose(area: str) -> list[tuple[str, str, int]]:
    """An office's areas: code, name and depth; only down to cities where there would be too many."""
    codes = sorted(regions.all_within(area) | ({area} if area == regions.NATION else set()))
    if len(codes) > _MOST_AREAS:
        codes = [code for code in codes if code.endswith("00")]
    top = len(regions.parents(area))
    return [(code, region_name(code), max(0, len(regions.parents(code)) - top)) for code in codes]


def region_name(code: str | None) -> str:
    """The Chinese name of a code, the code itself where the table has none."""
    if code is None:
        return "—"
    return "全国" if code == regions.NATION else regions.name(code) or code
