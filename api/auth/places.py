"""Cursors of a list by one number and an id: sealed, of one office and one question, worthless anywhere else."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from api.auth.sealing import Sealer
from api.auth.secret import ServerSecret
from contract.errors import BadRequest

Place = tuple[int, str]
"""The last row of a page: its value in the order, and its id."""


@dataclass(frozen=True, slots=True)
class Places:
    """Seals and opens places of the list ``name`` as ``context`` (office and filters) asks for it.

    >>> places = Places(ServerSecret(bytes(32)), "leads", "OFFICE")
    >>> places.after(places.cursor((7, "x"))), places.after(None)
    ((7, 'x'), None)
    """

    secret: ServerSecret
    name: str
    context: str

    def cursor(self, place: Place) -> str:
        """The cursor after a place."""
        return self._sealer().seal(msgspec.msgpack.encode(place), context=self.context)

    def after(self, cursor: str | None) -> Place | None:
        """The place of a cursor, None for none; raises ``BadRequest`` for one that is forged, cut or of another list."""
        if cursor is None:
            return None
        plain = self._sealer().open(cursor, context=self.context)
        if plain is None:
            raise BadRequest("cursor: not one of this list")
        place: Place = msgspec.msgpack.decode(plain, type=Place)
        return place

    def _sealer(self) -> Sealer:
        return Sealer(self.secret, f"{self.name}-cursor")
