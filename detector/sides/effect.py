"""What side inputs are in effect in one shard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from contract.verdict import CONFIRMED
from contract.watchlist import TAG_PREFIX
from detector.features.memory import Memory
from detector.parts import part, under
from detector.sides.contacts import CONTACT, NOBODY, PARTY, Contacts, changed, contacts_of, of_accounts, parties_of, with_cleared
from detector.sides.inputs import Arrived, Positions
from detector.sides.watched import Watched
from models.verdict_learner import VerdictLearner

MOST_TAGS: Final = 20


class SideEffects:
    """The watch list, who is in contact with it, and what verdicts taught; changes at turns of the day and nowhere else.

    ``features`` are the names of what is learned of a verdict.
    """

    def __init__(self, features: Sequence[str] = ()) -> None:
        self.positions = Positions()
        self.learner = VerdictLearner(features)
        self._watched = Watched()
        self._contacts = NOBODY

    def moves(self, arrived: Arrived) -> bool:
        """Whether the turn can change what ``contacts`` says: what was judged before it must be decided first."""
        return bool(arrived.entries) or bool(arrived.verdicts) or len(self._watched) > 0 or len(self._contacts.accounts) > 0

    def turn(self, arrived: Arrived, memory: Memory, day: int) -> Any:
        """Let inputs take effect as ``day`` begins; gives the accounts (int32) to look at because the list changed.

        Everything before the turn must have been taken in by ``memory`` and decided.
        """
        self.positions = arrived.positions
        for one in arrived.verdicts:
            self.learner.learn_one(one.features, is_confirmed=one.verdict == CONFIRMED)
        if not self.moves(arrived):
            return np.zeros(0, np.int32)
        before = self._watched
        self._watched = before.after(arrived.entries) if arrived.entries else before
        now = contacts_of(memory, self._watched, day)
        if not arrived.entries:
            self._contacts = now
            return np.zeros(0, np.int32)
        # By the old list as of today: what only grew old was not cleared.
        was = contacts_of(memory, before, day)
        self._contacts = Contacts(with_cleared(was.accounts, now.accounts), now.parties)
        return changed(was.accounts, now.accounts)

    def contacts(self, accounts: Any) -> Any:
        """CONTACT of each account as of the last turn, ``None`` where no account is in contact."""
        return of_accounts(self._contacts.accounts, accounts) if len(self._contacts.accounts) else None

    def tags(self, account: int) -> list[str]:
        """What a flag's tags say of an account in contact: the subjects that it is in contact with, 20 at most."""
        subjects = self._watched.subjects(parties_of(self._contacts, account))
        return [TAG_PREFIX + subject for subject in subjects[:MOST_TAGS]]

    def state(self) -> dict[str, Any]:
        """All that must survive."""
        watched = under("watched", self._watched.state())
        contacts = {"contacts": self._contacts.accounts, "parties": self._contacts.parties}
        return {"positions": np.array(self.positions, np.int64), **contacts, **watched} | {"learner": self.learner.state()}

    def restore(self, parts: dict[str, Any]) -> None:
        """Take up what ``state`` gave; a checkpoint of before there were side inputs has nothing in effect."""
        if not parts:
            return
        self.positions = Positions(*np.asarray(parts["positions"]).tolist())
        self._contacts = Contacts(np.asarray(parts["contacts"]).astype(CONTACT), np.asarray(parts["parties"]).astype(PARTY))
        self.learner.restore(bytes(parts["learner"]))
        self._watched = Watched.restored(part("watched", parts))
