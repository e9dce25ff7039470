"""L23: a union's mutual aid: small yearly dues of thousands, help for some of them."""

from __future__ import annotations

from producers.simulate.patterns import LOOK_ALIKE, Label, _alike
from producers.simulate.patterns._scene import Scene
from producers.simulate.town import PUBLIC_BODY

NAME, SORT = "L23", LOOK_ALIKE


def plant(scene: Scene, number: int) -> list[Label]:  # noqa: ARG001
    """150 to 1,200 members pay 50 to 200 yuan; two in a hundred get help of 1,000 to 20,000."""
    people, rng, days = scene.people, scene.rng, scene.town.days
    account = _alike.account_of(scene, kind=PUBLIC_BODY, licence="public_body", industry="S9510")
    members = _alike.some(scene, people.persons, int(150 * 8 ** rng.uniform(0, 1)))
    day = int(rng.integers(0, days // 2)) + rng.integers(0, 25, len(members))
    _alike.move(scene, day, members, account, rng.choice([50, 80, 100, 200]), {"互助金": 4, "工会费": 3, "": 3})
    helped = rng.random(len(members)) < 0.03
    _alike.move(
        scene,
        day[helped] + rng.integers(20, 60, int(helped.sum())),
        account,
        members[helped],
        rng.integers(1, 20, int(helped.sum())) * 1000,
        {"慰问金": 3, "互助金": 3},
        channel="online",
    )
    return _alike.label(scene, account, NAME)
