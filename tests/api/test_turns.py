"""The lock of SQLite's writers: first come, first served."""

from __future__ import annotations

import threading
import time

import pytest

from api.turns import Turns


def test_who_comes_back_at_once_waits_behind_who_waited() -> None:
    turns, order = Turns(), list[str]()
    entered = threading.Event()

    def waits() -> None:
        entered.set()
        with turns.mine(patience_s=20):
            order.append("waited")

    with turns.mine(patience_s=1):
        other = threading.Thread(target=waits)
        other.start()
        assert entered.wait(20)
        until = time.monotonic() + 20
        while not turns._waiting and time.monotonic() < until:  # noqa: SLF001 - nothing else tells that it waits
            threading.Event().wait(0.001)
    with turns.mine(patience_s=20):
        order.append("came back")
    other.join()
    assert order == ["waited", "came back"]


def test_patience_ends_and_the_turn_goes_on_to_others() -> None:
    turns = Turns()
    with turns.mine(patience_s=1), pytest.raises(TimeoutError), turns.mine(patience_s=0.01):
        pass
    with turns.mine(patience_s=0.01):
        pass


def test_the_turn_is_given_back_after_an_error() -> None:
    turns = Turns()
    with pytest.raises(KeyError), turns.mine(patience_s=1):
        raise KeyError
    with turns.mine(patience_s=0.01):
        pass


def test_never_two_at_once() -> None:
    turns, inside, most = Turns(), 0, 0

    def work() -> None:
        nonlocal inside, most
        for _ in range(200):
            with turns.mine(patience_s=20):
                inside += 1
                most = max(most, inside)
                inside -= 1

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (inside, most) == (0, 1)
