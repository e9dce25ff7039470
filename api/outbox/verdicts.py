"""Which steps with a ledger entry are verdicts, and what they say of the entry's flags."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, select

from api.ledger.rows import Entry
from api.ledger.states import Status
from api.ledger.tracks import Track
from api.outbox import repository
from api.tables import FLAGS
from contract.flag import decode
from contract.shanghai import text_ms
from contract.verdict import CONFIRMED, DISMISSED, Verdict, features_of

OF_STATUS: Final = {
    Status.DISMISSED: DISMISSED,
    Status.REPORTED_LOCAL: CONFIRMED,
    Status.TRANSFERRED: CONFIRMED,
}
"""What a state that was reached says of the flags. A report to the monitoring centre says nothing here: that there is one
leaves the central bank's unit nowhere (AML Law art. 7), and a score that moves would tell. Closing judges nothing."""


def tell(connection: Connection, entry: Entry, *, before: Status, now_ms: int) -> None:
    """Put the verdict about each flag of an entry into the outbox where the step was one, in the step's own transaction.

    The police decide about referred cases, not about flags.
    """
    said = OF_STATUS.get(entry.status)
    if said is None or entry.status is before or entry.track is Track.CASE:
        return
    wanted = select(FLAGS.c.document).where(FLAGS.c.flag_id.in_(sorted(entry.evidence.flags))).order_by(FLAGS.c.flag_id)
    for row in connection.execute(wanted).all():
        flag = decode(bytes(row.document))
        told = Verdict(
            flag_id=flag.flag_id,
            revision=flag.revision,
            verdict=said,
            decided_at=text_ms(now_ms),
            features=features_of(flag),
        )
        repository.add(connection, told, now_ms=now_ms)
