"""A silent log costs a few questions a second, and what comes is found at once after them."""

from __future__ import annotations

import pytest

from contract import asking


class _Clock:
    """Time that passes only where it is spent."""

    def __init__(self) -> None:
        self.now = 0.0
        self.questions = 0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def silent(self, seconds: float) -> list[int]:
        self.questions += 1
        self.now += seconds
        return []


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> _Clock:
    clock = _Clock()
    monkeypatch.setattr(asking, "time", clock)
    return clock


def test_a_silent_log_is_asked_a_few_times_a_second(clock: _Clock) -> None:
    assert asking.asked(clock.silent, 2.0) == []
    assert 10 <= clock.questions <= 20
    assert 1.8 <= clock.now <= 2.0


def test_what_is_there_is_given_without_a_pause(clock: _Clock) -> None:
    assert asking.asked(lambda _: [1], 2.0) == [1]
    assert clock.now == 0.0


def test_what_comes_later_is_found_with_the_next_question(clock: _Clock) -> None:
    assert asking.asked(lambda seconds: [7] if clock.now > 0.5 else clock.silent(seconds), 2.0) == [7]
    assert clock.now < 0.7


def test_without_patience_one_question_is_asked(clock: _Clock) -> None:
    asking.asked(clock.silent, 0.0)
    assert clock.questions == 1
    assert clock.now == 0.0
