"""People who take steps with entries, for the ledger's tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from api.ledger.tracks import Track, entry_id
from tests.api.world import World

AML, JOINT, CASE = Track


@dataclass
class Desk:
    """An office with its people; keys are made once."""

    world: World
    kind: str = "pboc"
    region: str = "341300"
    keys: dict[tuple[str, str], str] = field(default_factory=dict)

    def key(self, holder: str = "li", role: str = "analyst") -> str:
        """The key of a person."""
        if (holder, role) not in self.keys:
            self.keys[(holder, role)] = self.world.office(self.kind, self.region, role=role, holder=holder)
        return self.keys[(holder, role)]

    def entry(self, name: str = "a", track: Track = AML) -> Any:
        """The entry of account ``a:name`` as the office reads it."""
        answer = self.world.get(f"/v1/ledger/{id_of(name, track)}", self.key())
        assert answer.status_code == 200, answer.text
        return answer.json()

    def step(
        self,
        to: str,
        *,
        name: str = "a",
        track: Track = AML,
        holder: str = "li",
        role: str = "analyst",
        version: int | None = None,
        key: str | None = None,
        **body: Any,
    ) -> Any:
        """Ask for a step; the version is the entry's own unless told."""
        asked = {"to": to, "reason": "核查", "expected_version": version or self.entry(name, track)["version"]} | body
        headers = {"Authorization": f"Bearer {self.key(holder, role)}"} | ({"Idempotency-Key": key} if key else {})
        return self.world.client.post(f"/v1/ledger/{id_of(name, track)}/transitions", json=asked, headers=headers)

    def done(self, to: str, **given: Any) -> Any:
        """Take a step that must be taken."""
        answer = self.step(to, **given)
        assert answer.status_code == 201, answer.text
        return answer.json()


def id_of(name: str, track: Track = AML) -> str:
    """Id of the entry of account ``a:name``."""
    return entry_id(track, "BANK01", f"a:{name}")
