"""L25: a payment institution's own settlement account, which everybody pays and which pays everybody."""

from __future__ import annotations

from producers.simulate.patterns import LOOK_ALIKE, Label, _alike
from producers.simulate.patterns._scene import Scene

NAME, SORT = "L25", LOOK_ALIKE


def plant(scene: Scene, number: int) -> list[Label]:
    """One of the city's payment institutions, which ordinary life keeps busy; planted again, it is the next one."""
    payment = scene.people.payment
    return _alike.label(scene, payment[number], NAME) if number < len(payment) else []
