"""One page that shows an evaluation: figures, pictures and tables, whole in itself and printable."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any, Final

from detector.evaluate import Evaluated
from detector.evaluate_plots import false_flags, lead_days, money_at_flag, payers_at_flag, precision_recall

_STYLE: Final = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#1c2733}"
    "table{border-collapse:collapse;margin:.5rem 0 1.5rem}td,th{padding:.2rem .8rem;border-bottom:1px solid #d8dee5;"
    "text-align:right}td:first-child,th:first-child{text-align:left}figure{display:inline-block;margin:0 1rem 1rem 0}"
    ".note{color:#5b6875}@media print{body{margin:0}}"
)
_HEADLINE: Final = (
    ("accounts", "accounts"),
    ("accounts that should be flagged", "labelled_positive"),
    ("accounts accused", "flagged_illegal_fundraising"),
    ("precision", "precision"),
    ("recall", "recall"),
    ("PR-AUC of the scores", "pr_auc"),
    ("its 95 % bootstrap interval", "pr_auc_interval"),
    ("ROC-AUC of the scores", "roc_auc"),
    ("schemes", "schemes"),
    ("schemes found", "schemes_found"),
    ("schemes found as suspicious only", "schemes_found_as_suspicious"),
    ("accounts accused that have no label", "false_flags_unlabelled"),
)
_COLUMNS: Final = (
    ("schemes", "schemes"),
    ("found", "found"),
    ("as suspicious", "found_as_suspicious"),
    ("accounts", "accounts"),
    ("accounts accused", "accounts_accused"),
    ("median payers at the flag", "median_payers_at_flag"),
    ("median share of money at the flag", "median_share_of_money_at_flag"),
    ("median days since the first credit", "median_days_from_first_credit"),
    ("median lead days", "median_lead_days"),
)


def page(evaluated: Evaluated) -> str:
    """The page as HTML text; it names no account and loads nothing."""
    figures = evaluated.figures
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8><title>fundwatch evaluation</title>",
        f"<style>{_STYLE}</style><h1>Evaluation</h1>",
        "<p class=note>Measured by the labels that were given; synthetic labels say how well synthetic schemes are found.</p>",
        _table(("", ""), [(name, figures[key]) for name, key in _HEADLINE]),
        *(f"<figure>{picture}</figure>" for picture in _pictures(evaluated)),
    ]
    for title, key in (("By pattern", "by_pattern"), ("By people who paid in", "by_people"), ("By evasion", "by_evasion")):
        parts.append(f"<h2>{title}</h2>")
        parts.append(_table(("", *(name for name, _ in _COLUMNS)), list(_grouped(figures[key]))))
    return "\n".join(parts) + "\n"


def _pictures(evaluated: Evaluated) -> Iterator[str]:
    if evaluated.truth.any():
        yield precision_recall(evaluated.truth, evaluated.score)
    if any(one.at_ms is not None for one in evaluated.schemes):
        yield payers_at_flag(evaluated.schemes)
        yield money_at_flag(evaluated.schemes)
        yield lead_days(evaluated.schemes)
    wrong = (evaluated.figures["false_flags_by_look_alike"], evaluated.figures["suspicious_by_look_alike"])
    if any(wrong):
        yield false_flags(*wrong)


def _grouped(groups: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    for name, group in groups.items():
        yield (name, *(group[key] for _, key in _COLUMNS))


def _table(head: tuple[str, ...], rows: list[tuple[Any, ...]]) -> str:
    lines = ["".join(f"<td>{escape('–' if cell is None else str(cell))}</td>" for cell in row) for row in rows]
    top = "".join(f"<th>{escape(name)}</th>" for name in head) if any(head) else ""
    return f"<table><tr>{top}</tr>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>"
