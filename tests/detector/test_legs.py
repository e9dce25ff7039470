"""Models of payments in a shard: which movements they see, who the two ends are, and what an account keeps of them."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from detector import legs
from detector.engine import Shard
from detector.legs import HALF_LIFE_DAYS, LegScores
from detector.model_set import MODEL_NAMES, RARITY, TRAIL
from tests.detector.shards import CATALOGUE, INSTITUTION, feed, movement, new_shard, until

DAY = 20_544
"""2026-04-01 as a day since 1970."""


def paid(name: str, day: int, payer: str, payee: str, yuan: float, **fields: Any) -> list[dict[str, Any]]:
    """Both legs of a transfer between two accounts of the shard."""
    at = f"2026-04-{day:02d}T10:00"
    debit = movement(name, at, yuan, account_id=payer, counterparty_id=payee, direction="debit", **fields)
    return [debit, movement(name, at, yuan, account_id=payee, counterparty_id=payer, **fields)]


def chain(**fields: Any) -> list[dict[str, Any]]:
    """Money that goes through five hands in five days."""
    hands = [f"a:{k}" for k in range(1, 7)]
    return [
        leg
        for k, (payer, payee) in enumerate(pairwise(hands))
        for leg in paid(f"e{k}", k + 1, payer, payee, 9_000 * 0.98**k, **fields)
    ]


def state_of(shard: Shard) -> dict[str, Any]:
    """What a checkpoint keeps of them."""
    prefix = "scoring.legs."
    return {name.removeprefix(prefix): part for name, part in shard.state().items() if name.startswith(prefix)}


def scores_of(shard: Shard, day: int) -> dict[str, tuple[float, float]]:
    """Rarity and trail of every account as of a day of April."""
    kept = LegScores()
    kept.restore(state_of(shard))
    names = [name for name, _, _ in shard.scores()]
    found, _ = kept.of(np.arange(len(names)), np.full(len(names), DAY - 1 + day))
    return {name: (float(row[0]), float(row[1])) for name, row in zip(names, found, strict=True)}


def trails(rows: list[dict[str, Any]], day: int = 5) -> dict[str, float]:
    shard = new_shard()
    feed(shard, rows)
    return {name: trail for name, (_, trail) in scores_of(shard, day).items()}


def test_every_hand_of_a_chain_has_a_longer_trail_than_the_one_before() -> None:
    found = trails(chain())
    assert found["a:1"] == 0.0 < found["a:3"] < found["a:4"] < found["a:5"]
    assert found["a:6"] == found["a:5"]


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"own_name": True}, id="between accounts of one holder"),
        pytest.param({"kind": "fee"}, id="the institution's own booking"),
        pytest.param({"reversal_of": "e9"}, id="a reversal"),
    ],
)
def test_what_is_no_customers_payment_leaves_no_trail(fields: dict[str, Any]) -> None:
    assert set(trails(chain(**fields)).values()) == {0.0}


def test_a_movement_that_comes_twice_counts_once() -> None:
    once, twice = chain(), [leg for leg in chain() for _ in range(2)]
    assert trails(twice) == trails(once)


def test_a_counterparty_named_by_its_account_is_the_holder_of_that_account() -> None:
    """The bank names accounts here and customers there; the money goes on all the same."""
    rows = chain()
    for row in rows:
        row["customer_id"] = row["account_id"].replace("a:", "c:")
        if row["event_id"] in ("e1", "e3"):
            row["counterparty_customer_id"] = row["counterparty_id"].replace("a:", "c:")
    # Who a holder is must have been said before: by an earlier, unrelated movement of each account.
    said = [movement(f"s{k}", "2026-03-01T10:00", 5, account_id=f"a:{k}", customer_id=f"c:{k}") for k in range(1, 7)]
    found = trails([*said, *rows])
    assert found["a:5"] == pytest.approx(trails([*said, *chain()])["a:5"], abs=0.02)
    assert found["a:5"] > 0.5


def test_a_score_fades_by_half_in_ten_days() -> None:
    shard = new_shard()
    feed(shard, chain())
    assert HALF_LIFE_DAYS == 10
    assert scores_of(shard, 15)["a:5"][1] == pytest.approx(scores_of(shard, 5)["a:5"][1] / 2)


def many(count: int) -> list[dict[str, Any]]:
    """Payments among sixty accounts over four weeks, as often passed on as not."""
    rng = np.random.default_rng(5)
    days = np.sort(rng.integers(1, 29, count))
    ends = rng.integers(1, 60, (count, 2))
    return [
        leg
        for k in range(count)
        if ends[k, 0] != ends[k, 1]
        for leg in paid(f"m{k}", int(days[k]), f"a:{ends[k, 0]}", f"a:{ends[k, 1]}", float(rng.integers(100, 900)))
    ]


def test_pieces_and_a_restart_leave_the_same_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(legs, "LEAST_NAMES", 16)  # so that the table doubles on the way
    rows = [{**row, "customer_id": row["account_id"].replace("a:", "c:")} for row in many(500)]
    whole, pieces = new_shard(), new_shard()
    feed(whole, rows)
    feed(pieces, rows[:411], [1, 7, 50, 3, 200])
    restored = Shard.restore(INSTITUTION, 0, CATALOGUE, pieces.state())
    feed(restored, rows[411:], [2, 300])
    kept, again = (state_of(shard) for shard in (whole, restored))
    used = len(scores_of(whole, 28))
    for name, part in kept.items():
        if name == "known":
            assert part[0] == again[name][0] > 16 // 2
        elif name in ("strangest", "since", "worth"):
            assert np.array_equal(part[:used], again[name][:used])
        else:
            assert np.array_equal(part, again[name]), name


def test_a_late_payment_does_not_fade_what_came_after_it() -> None:
    shard = new_shard()
    feed(shard, [*chain(), movement("late", "2026-04-03T10:00", 3, account_id="a:5", counterparty_id="a:9")])
    assert scores_of(shard, 5)["a:5"][1] == pytest.approx(trails(chain())["a:5"])


def test_the_models_of_payments_reach_the_scores_that_flags_tell() -> None:
    shard = new_shard()
    feed(shard, many(400))
    until(shard, "2026-04-30")
    latest = shard.state()["scoring.latest"]
    assert latest.shape[1] == len(MODEL_NAMES)
    assert latest[:, RARITY].max() > 0.5
    assert latest[:, TRAIL].max() > 0.5
