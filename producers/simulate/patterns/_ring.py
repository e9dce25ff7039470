"""The accounts of one scheme: where money comes in, where it is gathered, whence it is paid out, and what evades."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from producers.simulate.flows import NOBODY, daytime, yuan
from producers.simulate.institutions import BANKS
from producers.simulate.patterns import Label
from producers.simulate.patterns._evade import EVASIONS, MISLEADING, chosen
from producers.simulate.patterns._organise import organiser, recruits
from producers.simulate.patterns._scene import Deposits, Scene
from producers.simulate.patterns._transfers import forward, mix_trade, spend

IN_CASH: Final = 0.65
ALL: Final = frozenset(EVASIONS)


class Ring:
    """``hub`` gathers, ``inlets`` take deposits (the hub alone unless the scheme evades), ``outlet`` pays.

    ``payers`` is how many will pay: mules are recruited for them. ``may`` restricts what this scheme can evade with.
    """

    def __init__(
        self,
        scene: Scene,
        name: str,
        number: int,
        *,
        hub: int | None = None,
        company: bool = False,
        start: int,
        payers: int = 60,
        may: frozenset[str] = ALL,
    ) -> None:
        self.scene, self.name, self.number, self.start = scene, name, number, start
        self.end: int | None = None
        self.hub = organiser(scene, company=company, start=start) if hub is None else hub
        self.evades = chosen(scene.rng, scene.evasive, may)
        self.inlets = self._inlets(payers)
        self.outlet = self._outlet()
        self.more: list[int] = []

    def collapses(self, span: int, share: float) -> float | None:
        """With chance ``share`` the scheme collapses at about the end of ``span`` days: where in it the growth peaks, else None.

        ``end`` is then the day from which nobody is paid any more.
        """
        rng = self.scene.rng
        if rng.random() >= share:
            return None
        self.end = self.start + int(span * rng.uniform(0.95, 1.1))
        return float(rng.uniform(0.3, 0.55))

    def _inlets(self, payers: int) -> Any:
        rng = self.scene.rng
        if "mules" in self.evades:
            return recruits(self.scene, max(3, payers // int(rng.integers(4, 9))), self.start)
        if "rotating" in self.evades:
            return np.append(self.hub, recruits(self.scene, int(rng.integers(2, 5)), self.start))
        return np.array([self.hub])

    def _outlet(self) -> int:
        rng, town = self.scene.rng, self.scene.town
        if "ownaccount" in self.evades:
            others = [k for k in BANKS if k != town.institution[self.hub]]
            outlet = town.add_for(rng, self.hub, institution=int(rng.choice(others)))
            town.opened[outlet] = town.first_day + self.start - int(rng.integers(0, 200))
            return outlet
        if "elsewhere" in self.evades:
            return int(recruits(self.scene, 1, self.start)[0])
        return self.hub

    @property
    def accounts(self) -> list[int]:
        """All accounts that should be flagged, the hub first."""
        return list(dict.fromkeys([self.hub, *self.inlets.tolist(), self.outlet, *self.more]))

    def jitter(self, ordinary: float) -> float:
        """Share of amounts off the unit."""
        return float(self.scene.rng.uniform(0.7, 1.0)) if "jittered" in self.evades else ordinary

    def words(self, weights: Mapping[str, float]) -> Mapping[str, float]:
        """What is written on its money."""
        if "wordless" in self.evades:
            return {"": 1.0}
        return MISLEADING if "misleading" in self.evades else weights

    def pay_in(self, deposits: Deposits, words: Mapping[str, float], **details: Any) -> None:
        """Book deposits on the inlets, part of them in cash if it evades so, and gather them at the hub."""
        rng, flows, town = self.scene.rng, self.scene.flows, self.scene.town
        count = len(deposits.payer)
        inlet, weights = self._inlet_of(deposits), self.words(words)
        cash = (rng.random(count) < IN_CASH) & ("cash" in self.evades)
        flows.add(
            day=deposits.day[~cash], ms_of_day=daytime(rng, int((~cash).sum())), payer=deposits.payer[~cash], payee=inlet[~cash],
            amount=yuan(deposits.amount[~cash]),
            channel=rng.choice(["mobile", "online", "counter"], int((~cash).sum()), p=[0.72, 0.16, 0.12]),
            remark=self.scene.words(weights, int((~cash).sum()), self.scene.taste(weights)), **details,
        )  # fmt: skip
        if cash.any():
            by = np.array(town.customer)[deposits.payer[cash]] + 1
            flows.add(
                day=deposits.day[cash], ms_of_day=daytime(rng, int(cash.sum())), payer=NOBODY, payee=inlet[cash], kind="cash",
                amount=yuan(np.maximum(100, deposits.amount[cash].round(-2))), channel="counter", agent=by,
            )  # fmt: skip
        if "trade" in self.evades:
            mix_trade(self.scene, self.hub, self.start, count)
        away = inlet != self.hub
        forward(self.scene, inlet[away], deposits.day[away], deposits.amount[away], self.hub, kept=0.02)

    def _inlet_of(self, deposits: Deposits) -> Any:
        if "mules" in self.evades:
            return self.inlets[np.unique(deposits.payer, return_inverse=True)[1] % len(self.inlets)]
        turn = np.maximum(deposits.day - self.start, 0) // int(self.scene.rng.integers(8, 20))
        return self.inlets[turn % len(self.inlets)]

    def pay_out(self, paid: Deposits, words: Mapping[str, float]) -> None:
        """Book payouts from the outlet, which is filled from the hub the day before."""
        scene, rng = self.scene, self.scene.rng
        count, weights = len(paid.payer), self.words(words)
        day, amount = paid.day, paid.amount
        if "irregular" in self.evades:
            day, amount = day + rng.integers(-6, 7, count), amount * rng.uniform(0.7, 1.35, count)
        if self.outlet != self.hub:
            for one in np.unique(day):
                scene.flows.add(
                    day=one - 1, ms_of_day=daytime(rng, 1), payer=self.hub, payee=self.outlet,
                    amount=yuan(np.ceil(amount[day == one].sum() / 1000) * 1000), channel="online",
                )  # fmt: skip
        scene.flows.add(
            day=day, ms_of_day=daytime(rng, count), payer=self.outlet, payee=paid.payer, amount=yuan(amount),
            channel=scene.channels(self.outlet, count), remark=scene.words(weights, count, scene.taste(weights)),
        )  # fmt: skip

    def spend(self, deposits: Deposits, share: float, **how: Any) -> None:
        """Take a share of the money out."""
        spend(self.scene, self.hub, deposits, share, **how)

    def labels(self) -> list[Label]:
        """One label an account; evasions stand behind the scheme's number."""
        name = f"{self.name}-{self.number}" + "".join(f"+{one}" for one in sorted(self.evades))
        last = self.scene.town.days - 1 if self.end is None else min(self.end, self.scene.town.days - 1)
        return [Label(account, 1, name, self.name, self.start, last) for account in self.accounts]
