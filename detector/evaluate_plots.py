"""The pictures of an evaluation as SVG text: nothing is loaded from anywhere when they are shown."""

from __future__ import annotations

import io
from typing import Any, Final

from matplotlib import rc_context
from matplotlib.figure import Figure
from sklearn.metrics import precision_recall_curve

from detector.evaluate import Detected

_STYLE: Final[Any] = {
    # The same figures give the same bytes.
    "svg.hashsalt": "fundwatch",
    # Text stays text: it can be searched and read aloud.
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "axes.spines.top": False,
    "axes.spines.right": False,
}
_INK: Final = "#1f4e79"
_WRONG: Final = "#b3412e"


def _figure(title: str, across: str, up: str) -> tuple[Figure, Any]:
    figure = Figure(figsize=(5.6, 3.6), layout="constrained")
    axes = figure.subplots()
    axes.set(title=title, xlabel=across, ylabel=up)
    return figure, axes


def _svg(figure: Figure) -> str:
    sink = io.StringIO()
    figure.savefig(sink, format="svg", metadata={"Date": None, "Creator": None})
    text = sink.getvalue()
    return text[text.index("<svg") :]


def precision_recall(truth: Any, score: Any) -> str:
    """Precision over recall of accounts by their score; ``truth`` bool and ``score`` float, one row an account."""
    precision, recall, _ = precision_recall_curve(truth, score)
    with rc_context(_STYLE):
        figure, axes = _figure("Accounts by score", "recall", "precision")
        axes.step(recall, precision, where="post", color=_INK)
        axes.axhline(truth.mean(), color="grey", linestyle=":", label="by chance")
        axes.set(xlim=(0, 1), ylim=(0, 1.02))
        axes.legend(frameon=False)
        return _svg(figure)


def payers_at_flag(schemes: list[Detected]) -> str:
    """Each found scheme: how many had paid in when it was first flagged, over how many did in the end."""
    found = [one for one in schemes if one.at_ms is not None and one.all_payers]
    with rc_context(_STYLE):
        figure, axes = _figure("Payers when first flagged", "payers in the end", "payers at the flag")
        axes.scatter([len(one.all_payers) for one in found], [max(1, len(one.payers)) for one in found], s=14, color=_INK)
        most = max((len(one.all_payers) for one in found), default=10)
        axes.plot([1, most], [1, most], color="grey", linestyle=":", label="all of them")
        axes.axhline(25, color=_WRONG, linewidth=0.8, label="25")
        axes.set(xscale="log", yscale="log")
        axes.legend(frameon=False)
        return _svg(figure)


def money_at_flag(schemes: list[Detected]) -> str:
    """Each found scheme's share of all its money that had come in when it was first flagged, by pattern."""
    found = [one for one in schemes if one.at_ms is not None and one.all_money]
    patterns = sorted({one.pattern for one in found}, reverse=True)
    with rc_context(_STYLE):
        figure, axes = _figure("Money that had come in by the flag", "share of all money", "")
        figure.set_figheight(max(2.4, 0.28 * len(patterns) + 1.2))
        for place, pattern in enumerate(patterns):
            shares = [one.money / one.all_money for one in found if one.pattern == pattern]
            axes.scatter(shares, [place] * len(shares), s=14, color=_INK, alpha=0.6)
        axes.set(xlim=(0, 1.02), yticks=range(len(patterns)), yticklabels=patterns)
        return _svg(figure)


def lead_days(schemes: list[Detected]) -> str:
    """How many days before its last credit each found scheme was flagged."""
    days = [one.lead_days for one in schemes if one.lead_days is not None]
    with rc_context(_STYLE):
        figure, axes = _figure("Days from the flag to the scheme's last credit", "days", "schemes")
        axes.hist(days, bins=20, color=_INK)
        return _svg(figure)


def false_flags(accused: dict[str, int], suspicious: dict[str, int]) -> str:
    """Accounts of each look-alike that were accused, or found suspicious."""
    names = sorted({*accused, *suspicious})
    with rc_context(_STYLE):
        figure, axes = _figure("Look-alikes flagged", "", "accounts")
        axes.bar(names, [accused.get(name, 0) for name in names], color=_WRONG, label="illegal_fundraising")
        bottom = [accused.get(name, 0) for name in names]
        axes.bar(names, [suspicious.get(name, 0) for name in names], bottom=bottom, color="#c9a227", label="suspicious")
        axes.legend(frameon=False)
        return _svg(figure)
