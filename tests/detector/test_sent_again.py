"""A bank that was interrupted sends its file from the beginning again: movements count once and watermarks say nothing new."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from contract.flag import encode
from contract.profile import PROFILE
from contract.shanghai import parse_ms
from detector.engine import Shard
from tests.detector.shards import INSTITUTION, batch_of, feed, movement, profile
from tests.detector.stories import alone, on, paid_in, paid_out

Part = list[dict[str, Any]] | int
CATALOGUE = alone("pass_through")
LATER = paid_in(3, [1, 5], 60_000) + paid_out(3, [2], 118_000)


def watermark(day: int, at: str = "00:00:00") -> int:
    return parse_ms(f"{on(day)}T{at}+08:00")


def parts() -> list[Part]:
    """A file of three days as the log holds it: movements, a watermark at each midnight and one at the end.

    On the third day what came in has left at three, and more has come and stayed at five.
    """
    made: list[Part] = []
    for day in range(3):
        if day:
            made.append(watermark(day))
        made += [paid_in(day, [1, 5 + day], 60_000), paid_out(day, [2, 3], 59_000)]
    stays = [movement("late", f"{on(2)}T17:00", 60_000, counterparty_id="a:p9")]
    return [*made, stays, watermark(2, "17:00:00")]


def told(sent: list[Part]) -> tuple[list[bytes], dict[str, bytes]]:
    """Flags as bytes, and what models and flags remember, after ``sent`` and a day more."""
    shard = Shard(INSTITUTION, 0, CATALOGUE)
    flags = []
    for part in (*sent, LATER, watermark(5)):
        flags += shard.watermark(part).flags if isinstance(part, int) else feed(shard, part)
    remembered = {name: bytes(value) for name, value in shard.state().items() if name.startswith(("scoring", "book"))}
    return [encode(flag) for flag in flags], remembered


@pytest.mark.parametrize("sent", range(1, len(parts()) + 1))
def test_a_file_sent_again_from_its_beginning_changes_no_flag_and_no_model(sent: int) -> None:
    """``sent`` parts came before the interruption. Old watermarks once judged waiting accounts anew."""
    flags, remembered = told(parts())
    assert len(flags) > 3, "the comparison must be over some flags"
    assert told(parts()[:sent] + parts()) == (flags, remembered)


OPENED = {"opened_on": date.fromisoformat(on(-30)), "subject_region": "340102", "phone_id": "p:1"}
CLOSED = {**OPENED, "closed_on": date.fromisoformat(on(2)), "phone_id": "p:2", "updated_at": watermark(2)}
MOVED = {**CLOSED, "subject_region": "110101", "updated_at": watermark(3)}


def known(*profiles: dict[str, Any], after: Part | None = None) -> dict[str, bytes]:
    """What a shard knows of an account after profiles in this order, and what it will tell the scheme process."""
    shard = Shard(INSTITUTION, 0, CATALOGUE, evidence=True)
    if isinstance(after, list):
        feed(shard, after)
    for about in profiles:
        output = shard.profiles(batch_of([profile("a:1", "person", **about)], PROFILE))
        assert output.rejects == [], "an older profile is no mistake of the bank's"
    return {name: bytes(value) for name, value in shard.state().items() if name.startswith(("memory.accounts", "telling"))}


def test_an_older_profile_that_is_sent_again_takes_back_nothing() -> None:
    """The account was open again, and elsewhere, until the newer profile came by once more."""
    assert known(OPENED, CLOSED, OPENED) == known(OPENED, CLOSED) != known(OPENED)
    assert known(OPENED, CLOSED, MOVED, OPENED, CLOSED) == known(OPENED, CLOSED, MOVED) != known(OPENED, CLOSED)


def test_a_profile_of_the_same_time_replaces_the_one_before() -> None:
    """Banks that give no times send their newest profile last."""
    assert known(OPENED, {**OPENED, "subject_region": "110101"}) == known({**OPENED, "subject_region": "110101"}) != known(OPENED)


def test_a_time_far_ahead_keeps_no_later_profile_out() -> None:
    """It is taken for a month after the shard's day: what says a year 9999 would be the newest for ever."""
    far = parse_ms("9999-12-31T00:00:00+08:00")
    times = far, watermark(20), watermark(40)
    ahead, month, later = ({**OPENED, "subject_region": f"11010{k}", "updated_at": at} for k, at in enumerate(times, 1))
    assert known(ahead, month, after=parts()[0]) == known(ahead, after=parts()[0])
    assert known(ahead, later, after=parts()[0]) == known(later, after=parts()[0])
