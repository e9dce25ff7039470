"""Templates of the console and of ``/docs``, escaped by default, strict about names."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.console import formats
from api.flags.large_lines import currency_of

_HERE: Final = Path(__file__).parent
_ENVIRONMENT: Final = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters |= {
    "money": formats.money,
    "time": formats.time,
    "short": formats.short,
    "percent": formats.percent,
    "measure": formats.measure,
    "number": formats.number,
    "segment": formats.segment,
}
_ENVIRONMENT.globals["currency_of"] = currency_of


def render(name: str, **values: Any) -> str:
    """One page as HTML."""
    return _ENVIRONMENT.get_template(name).render(**values)
