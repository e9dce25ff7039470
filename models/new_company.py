"""What company an account newly keeps: its new counterparties, by how many more new ones each has than it used to."""

from __future__ import annotations

from models.new_counterparties import COLUMNS, NewCounterparties

__all__ = ["COLUMNS", "NewCompany", "build"]

CHECK_COLUMNS = {
    "account": (1000.0, 8.0, 1001.0),
    "day": (1000.0, 3.0, 1009.0),
    "new": (0.0, 0.5, 1.0),
    "other": (1000.0, 60.0, 1000.0),
}
"""What models/checks.py may try: nearly all payments go along known edges; stranger is a new one to who has new ones himself."""
LIMITS = (
    "Sees counterparties of whom the shard itself keeps accounts: others have no past here. Says little where nearly all "
    "payments go to somebody new, and its calibrated score is held to that. Who pays into a scheme keeps its company too and "
    "may be its victim."
)
"""What the model cannot say, for its card."""


class NewCompany(NewCounterparties):
    """Surprise at an account's newest counterparties, by how many more new ones each has of late than it used to have.

    Money is moved for others along edges that did not exist before, between accounts of which each alone is ordinary. The
    surprises of ``new_counterparties`` at the eight newest counterparties of the last 30 days are added, each halved in ten
    days and without the edge between the two; that of one who has more than five others of late counts by the square less,
    as whom a hub meets is anybody. ``sum / (sum + 10)`` is the score. About 0.3 µs a leg, with the score of
    ``new_counterparties``.

    Columns of ``X`` as there.

    References
    ----------
    .. [1] Akoglu, McGlohon, Faloutsos, "OddBall: Spotting Anomalies in Weighted Graphs", PAKDD 2010: egonets.
    .. [2] Suzumura, Kanezashi, "Anti-Money Laundering Datasets" (IBM/AMLSim), 2021: circles, scattering and gathering.
    """

    _told = 1


def build(seed: int) -> NewCompany:  # noqa: ARG001  nothing random in it
    """The model as it stands by default."""
    return NewCompany()
