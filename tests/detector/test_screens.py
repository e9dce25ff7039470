"""What accounts are screened by before their counterparties are asked: bounds that hold, and no finding that is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from detector import decision, judge
from detector.features.buffer import Buffer
from detector.features.evaluate import look_closer
from detector.features.layout import EVALUATION, WINDOW
from detector.features.rules import Rules
from detector.findings import EvaluationRows, Typology
from tests.detector.dense_stream import logs
from tests.detector.row_bounds import bounds_of
from tests.detector.shards import CATALOGUE, feed, movement, new_shard, profile, until
from tests.detector.test_engine_invariance import file_of, replayed
from tests.detector.typologies.test_pyramid_levels import pyramid
from tests.detector.typologies.test_unit_priced_credits import pieces

ACCOUNTS = 60


def everything(typologies: Any, rows: EvaluationRows, **_: Any) -> Any:
    """A screen that lets every row through."""
    return np.ones(len(rows), np.bool_)


def test_flags_and_scores_are_those_of_a_run_in_which_every_row_is_looked_at_closer(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = logs(ACCOUNTS)
    screened = replayed(whole)
    monkeypatch.setattr(decision, "may_fire", everything)
    looked_at = replayed(whole)
    assert len(screened.flags) > 200
    assert file_of(screened.flags) == file_of(looked_at.flags)
    assert list(screened.scores()) == list(looked_at.scores())


class Looked:
    """What was met where every row that waits to be decided is looked at closer and put back as it was."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.met: Counter[str] = Counter()
        drained = judge.Judge.drain

        def drain(one: judge.Judge, buffer: Buffer, memory: Any, rules: Rules) -> Any:
            watched = int(buffer.count[1])
            before = buffer.rows[:watched].copy()
            typologies, rows = CATALOGUE.typologies, EvaluationRows(buffer.rows[:watched], buffer.windows[:watched])
            may = decision.may_fire(typologies, rows)
            look_closer(memory, np.arange(watched), rules, buffer)
            self._check(typologies, rows, may)
            buffer.rows[:watched] = before
            return drained(one, buffer, memory, rules)

        monkeypatch.setattr(judge.Judge, "drain", drain)

    def _check(self, typologies: Sequence[Typology], rows: EvaluationRows, may: Any) -> None:
        for name, most in bounds_of(rows):
            assert (rows.core[name] <= most).all(), name
            self.met[name] += int(np.count_nonzero(rows.core[name]))
        closer = decision.may_fire(typologies, rows, closer=True)
        self.met["screened out"] += int(np.count_nonzero(~may))
        self.met["let through"] += int(np.count_nonzero(may))
        for one in decision.heard(typologies, rows):
            if one.key.partition("@")[0] not in ("night_activity", "payout_stress"):
                fired = one.evaluate(rows).fired
                self.met["fired"] += int(np.count_nonzero(fired))
                assert not (fired & ~(may & closer)).any(), one.key


def test_nothing_fires_that_is_screened_out_in_a_dense_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    looked = Looked(monkeypatch)
    replayed(logs(ACCOUNTS))
    assert looked.met["screened out"] > 0
    assert looked.met["let through"] > 0
    assert looked.met["fired"] > 500


REMARKS = (None, None, "货款", "返利", "投资款", "复投", "网贷出借", "私募基金", "保费", "认购", "工资")
CITIES = ("341302", "341321", "110101", "310101", "440103", "510104", "330102", "320102", "610102", "420102", "370102", "350102")


def strange_life(seed: int) -> list[dict[str, Any]]:
    """One account's movements with some forty counterparties who move, grow old, are described late or never, and write anything;
    its branch moves as well, and movements come late and are taken back."""
    rng = np.random.default_rng(seed)
    branches, towns = rng.choice(CITIES, rng.integers(1, 4)), rng.choice(CITIES, rng.integers(1, 12))
    rows: list[dict[str, Any]] = []
    for k in range(300):
        day, credit = k // 6 - int(rng.random() < 0.1), rng.random() < 0.6
        back = rows and rng.random() < 0.05
        named = {"reversal_of": rows[int(rng.integers(len(rows)))]["event_id"]} if back else {}
        at = f"2026-{3 + day // 28:02d}-{1 + day % 28:02d}T{rng.integers(24):02d}:00" if day >= 0 else "2026-03-01T00:00"
        rows.append(
            movement(
                f"e{k}", at, float(rng.choice([500, 1_000, 10_000, 1_137])), direction="credit" if credit else "debit",
                branch_region=str(rng.choice(branches)), counterparty_id=f"a:{rng.integers(40)}",
                counterparty_region=str(rng.choice(towns)) if rng.random() < 0.7 else None,
                counterparty_birth_year=int(rng.choice([1950, 1960, 1967, 1990])) if rng.random() < 0.5 else None,
                counterparty_occupation=str(rng.choice(["student", "retired"])) if rng.random() < 0.3 else None,
                counterparty_kind=str(rng.choice(["person", "company"])) if rng.random() < 0.3 else None,
                remark=rng.choice(np.array(REMARKS, np.object_)), **named,
            )
        )  # fmt: skip
    return rows


def test_counterparties_never_say_more_than_the_account_lets_expect(monkeypatch: pytest.MonkeyPatch) -> None:
    looked = Looked(monkeypatch)
    for seed in range(30):
        shard = new_shard(profile("a:1", ("person", "company")[seed % 2]))
        feed(shard, strange_life(seed))
        until(shard, "2026-06-01")
    for story in (pyramid(), pieces(1_980)):
        shard = new_shard()
        feed(shard, sorted(story, key=lambda row: row["occurred_at"]))
        until(shard, "2026-06-01")
    silent = [
        name for name, _ in bounds_of(EvaluationRows(np.zeros(1, EVALUATION), np.zeros((1, 4), WINDOW))) if not looked.met[name]
    ]
    assert not silent, "the stream says nothing of these"
