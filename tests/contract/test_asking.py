"""A silent log costs a few questions a second; what comes is found soon; who joins a group is not hurried."""

from __future__ import annotations

from typing import Any

import pytest

from contract import asking


class _Consumer:
    """A consumer of a log in which something stands from ``something_at`` on; time passes only where it is spent."""

    def __init__(self, something_at: float = 1e9, settled_at: float = 0.0) -> None:
        self.now = 0.0
        self.something_at, self.settled_at = something_at, settled_at
        self.asked: list[int] = []
        self._subscription = self._coordinator = self

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def poll(self, timeout_ms: int) -> dict[str, Any]:
        self.asked.append(timeout_ms)
        if self.now >= self.something_at:
            return {"p": [1]}
        self.now += timeout_ms / 1000
        return {}

    def assignment(self) -> set[str]:
        return {"p"}

    def has_all_fetch_positions(self) -> bool:
        return self.now >= self.settled_at

    def need_rejoin(self) -> bool:
        return False


def _ask(monkeypatch: pytest.MonkeyPatch, consumer: _Consumer, timeout_s: float) -> Any:
    monkeypatch.setattr(asking, "time", consumer)
    return asking.polled(consumer, timeout_s)


def test_a_silent_log_is_asked_a_few_times_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    consumer = _Consumer()
    assert _ask(monkeypatch, consumer, 2.0) == {}
    assert 10 <= len(consumer.asked) <= 20
    assert sum(consumer.asked) < 600
    assert 1.8 <= consumer.now <= 2.01


def test_what_is_there_is_given_without_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    consumer = _Consumer(something_at=0.0)
    assert _ask(monkeypatch, consumer, 2.0) == {"p": [1]}
    assert consumer.now == 0.0


def test_what_comes_later_is_found_with_the_next_question(monkeypatch: pytest.MonkeyPatch) -> None:
    consumer = _Consumer(something_at=0.5)
    assert _ask(monkeypatch, consumer, 2.0) == {"p": [1]}
    assert consumer.now < 0.7


def test_a_client_on_its_way_into_the_group_has_all_the_time_in_one_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    consumer = _Consumer(settled_at=1e9)
    assert _ask(monkeypatch, consumer, 0.5) == {}
    assert consumer.asked == [500]
