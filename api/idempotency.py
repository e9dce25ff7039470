"""What was answered before to a request that changed something, so that sending it again changes nothing.

Every route of the API that changes something takes a key. A secret that is shown once is not kept for it: whoever reads
the database must not find what the answer alone has told, so the answer to a request sent again leaves it out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Header
from sqlalchemy import Connection, insert, select

from api.auth.principal import Principal
from api.tables import IDEMPOTENCY
from contract.errors import Conflict

IdempotencyKey = Annotated[
    str | None,
    Header(pattern=r"^[!-~]{1,128}$", description="Sending the same request again with it changes nothing more."),
]


@dataclass(frozen=True, slots=True)
class Repeatable:
    """A request with its ``Idempotency-Key`` (None: none was sent), whose it is, and what it asks."""

    key: str | None
    owner: str
    asked: bytes

    def once(
        self, connection: Connection, do: Callable[[], bytes], *, now_ms: int, kept: Callable[[bytes], bytes] = bytes
    ) -> bytes:
        """Do it and keep the answer in the same transaction, or give the answer of the first time.

        ``kept`` makes what is kept of an answer that holds a secret. Raises ``Conflict`` where the key was used for
        something else. A refusal is not kept: it may be tried again.
        """
        if self.key is None:
            return do()
        known = self.answered(connection)
        if known is not None:
            return known
        body = do()
        row = {"owner": self.owner, "idempotency_key": self.key, "digest": self._digest(), "body": kept(body)}
        connection.execute(insert(IDEMPOTENCY).values(row | {"created_ms": now_ms}))
        return body

    def answered(self, connection: Connection) -> bytes | None:
        """What was answered the first time; None where this is the first. Raises ``Conflict`` as ``once`` does."""
        if self.key is None:
            return None
        mine = (IDEMPOTENCY.c.owner == self.owner, IDEMPOTENCY.c.idempotency_key == self.key)
        known = connection.execute(select(IDEMPOTENCY.c.digest, IDEMPOTENCY.c.body).where(*mine)).one_or_none()
        if known is None:
            return None
        if bytes(known.digest) != self._digest():
            raise Conflict("this Idempotency-Key was used for another request")
        return bytes(known.body)

    def _digest(self) -> bytes:
        return hashlib.sha256(self.asked).digest()


def repeatable(key: str | None, by: Principal, *asked: bytes) -> Repeatable:
    """What ``by`` asks with its ``Idempotency-Key``: the kind of act first, then all that the act depends on.

    A digest of ``asked`` is kept, so nothing that can be guessed from a digest may stand in it as it is.
    """
    return Repeatable(key, f"{by.office.office_id}\n{by.holder}", b"\n".join(asked))
