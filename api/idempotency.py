"""What was answered before to a request that changed something, so that sending it again changes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Header
from sqlalchemy import Connection, insert, select

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

    def once(self, connection: Connection, do: Callable[[], bytes], *, now_ms: int) -> bytes:
        """Do it and keep the answer in the same transaction, or give the answer of the first time.

        Raises ``Conflict`` where the key was used for something else. A refusal is not kept: it may be tried again.
        """
        if self.key is None:
            return do()
        mine = (IDEMPOTENCY.c.owner == self.owner, IDEMPOTENCY.c.idempotency_key == self.key)
        digest = hashlib.sha256(self.asked).digest()
        known = connection.execute(select(IDEMPOTENCY.c.digest, IDEMPOTENCY.c.body).where(*mine)).one_or_none()
        if known is not None:
            if bytes(known.digest) != digest:
                raise Conflict("this Idempotency-Key was used for another request")
            return bytes(known.body)
        body = do()
        row = {"owner": self.owner, "idempotency_key": self.key, "digest": digest, "body": body, "created_ms": now_ms}
        connection.execute(insert(IDEMPOTENCY).values(row))
        return body
