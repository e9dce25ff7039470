"""The ledger's writer as a process: ``python -m api.ledger.writing``, started by ``fundwatch serve`` and by nobody else.

Its orders come as one line of standard input; it ends when that closes, however its parent ended, and heeds no SIGTERM
or SIGINT, which its parent has blocked for it. What it has to tell are lines of standard output.
"""

from __future__ import annotations

import io
import sys
import threading
from typing import Final

import structlog

from api.database import Database
from api.ledger import orders as given
from api.ledger import told
from api.ledger.kafka import KafkaFlags
from api.ledger.writer import LedgerWriter, wall_clock_ms
from contract.logs import log_to_stderr

TELL_S: Final = 0.5
_LOG = structlog.get_logger(__name__)


def main() -> int:
    """Write until standard input closes; the exit code."""
    log_to_stderr()
    # Unbuffered: a thread that waits in a buffered reader would hold up the interpreter's end.
    orders, news = io.FileIO(0, closefd=False), io.FileIO(1, "wb", closefd=False)
    told_us = given.decode(orders.readline())
    database = Database(told_us.database)
    writer = LedgerWriter(
        database,
        lambda group: KafkaFlags(told_us.kafka, group, session_s=told_us.session_s),
        clock_ms=wall_clock_ms,
        deadlines=told_us.deadlines(),
    )
    ended = threading.Event()
    threading.Thread(target=_heed, args=(orders, writer), daemon=True).start()
    telling = threading.Thread(target=_tell, args=(news, writer, ended))
    telling.start()
    try:
        writer.run()
    except Exception:  # noqa: BLE001 - the boundary of the process: told, and it ends
        _LOG.exception("ledger_writer_failed")
        return 1
    finally:
        ended.set()
        telling.join()
        database.close()
    return 0


def _heed(orders: io.FileIO, writer: LedgerWriter) -> None:
    while orders.read(1):
        pass
    writer.stop()


def _tell(news: io.FileIO, writer: LedgerWriter, ended: threading.Event) -> None:
    """Tell now and then, and a last time at the end."""
    is_last = False
    while not is_last:
        is_last = ended.wait(TELL_S)
        try:
            news.write(told.encode(told.told(is_reading=writer.state.is_reading)))
        except OSError:
            # Nobody listens any more, so our input has ended as well.
            return


if __name__ == "__main__":
    sys.exit(main())
