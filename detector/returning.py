"""What payments to those who paid in before can be besides returns: the rest of a common purse, the price of goods."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from detector.findings import EvaluationRows
from detector.legal_scale import LEGAL_PERSONS, at_legal_scale

LEAST_OF_PAYERS: Final = 0.8
MOST_JOINED: Final = 0.2
LEAST_IN_PROPORTION: Final = 0.75
LEAST_REBATED: Final = 0.6
LEAST_DUE_SERVED: Final = 0.4


def given_back_at_once(rows: EvaluationRows) -> Any:
    """Rows on which what is left of a common purse was handed back: a class's fund, a journey's, an order's.

    Nearly all who ever paid in were paid within three days, once, and those who paid in first afterwards are less than a
    fifth of all (whoever keeps a purse also has friends who send him money). A scheme whose first payments look so goes
    on taking money, and is judged by what it does next. At legal scale nothing but a licence explains payments to payers
    (regulation §2.2).
    """
    core = rows.core
    nearly_all = core["returned_at_once"] >= LEAST_OF_PAYERS * core["payers"]
    over = core["joined_after"] < MOST_JOINED * core["payers"]
    large = at_legal_scale(core["credited_by_persons"], core["payers"])
    return (core["returned_at_once"] > 0) & nearly_all & over & ~large


def in_proportion(rows: EvaluationRows) -> Any:
    """Rows on which payments stand in some proportion to what each payee had paid in (see lattice.in_proportion).

    Three quarters of those who promise returns keep it, even where sums are varied by a third to hide. A co-operative that
    sells seed and buys grain pays its members too, and nothing of the one follows from the other.
    """
    return rows.core["in_proportion"] >= LEAST_IN_PROPORTION * rows.core["ratios"]


def are_rebates(rows: EvaluationRows) -> Any:
    """Rows on which most who are paid back pay in three times and more, also after they were paid, at first odd sums that differ.

    Who buys goods again and again is given a part of their price at the month's end. Who invests brings what he has, once or
    in instalments, and is then paid for it; where half began with the one sum it is a fee; and of the public it is no trade.
    """
    core = rows.core
    bought = (core["ratios"] > 0) & (core["rebated"] >= LEAST_REBATED * core["ratios"])
    return bought & (2 * core["ticket_mode"] <= core["tickets"]) & (core["payers"] < LEGAL_PERSONS[0])


def most_turns_are_served(rows: EvaluationRows) -> Any:
    """Rows on which two fifths and more of the money whose turn has come, and of what firms paid in within 90 days, belong to
    persons who were paid back.

    It is nearly all where returns come from the account; less where some are paid in cash or from another bank. Drivers of a
    fleet have left deposits with it, and are paid by the week what a platform sends: most money is of one who gets none back.
    """
    core, w = rows.core, rows.w90
    # What firms were paid may be the same money, sent round to come in again.
    to_firms = np.maximum(w["debited"] - core["paid_to_walked"], 0)
    firms = np.maximum(w["credited"] - w["credited_by_persons"] - to_firms, 0)
    return (core["due_money"] > 0) & (core["due_served"] >= LEAST_DUE_SERVED * (core["due_money"] + firms))
