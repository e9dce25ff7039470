"""watchlist_contact: who deals with subjects that an office has found, and who is one."""

from __future__ import annotations

from typing import Any

import pytest

from contract.shanghai import parse_ms
from contract.watchlist import WatchEntry
from detector.engine import Shard
from tests.detector.listing import Listing, cleared, found
from tests.detector.shards import INSTITUTION, feed, until
from tests.detector.stories import alone, hear, on, paid_in, paid_out

LISTED = [found("a:p7")]
FIRES = [*paid_in(0, range(1, 11), 10_000), *paid_in(3, range(1, 11), 10_000)]
"""Ten persons pay in twice; the seventh of them is on the list: a tenth of the money."""


def said(rows: list[dict[str, Any]], *listed: WatchEntry, **about: Any) -> Any:
    return hear("watchlist_contact", rows, turns=Listing.at_once(*listed), **about)


def test_a_payer_on_the_list_is_contact_by_its_share_of_the_money() -> None:
    finding = said(FIRES, *LISTED).finding
    assert finding is not None
    assert (finding.value, finding.threshold, finding.coverage) == (0.0909, 0.05, 1.0)
    assert 0.5 < finding.strength < 0.6
    assert "10,000" in finding.zh
    assert "Deals with 1 subjects" in finding.en


@pytest.mark.parametrize(
    ("rows", "listed"),
    [
        pytest.param(FIRES, [], id="nobody-listed"),
        pytest.param(FIRES, [found("a:p99")], id="somebody-else"),
        pytest.param(FIRES, [found("a:p7"), cleared("a:p7")], id="cleared-again-before-the-turn"),
        pytest.param([*paid_in(0, range(1, 31), 10_000), *paid_in(3, range(1, 31), 10_000)], LISTED, id="under-the-share"),
        pytest.param([*paid_in(0, range(1, 11), 490), *paid_in(3, range(1, 11), 490)], LISTED, id="under-the-sum"),
    ],
)
def test_what_is_no_contact(rows: list[dict[str, Any]], listed: list[WatchEntry]) -> None:
    heard = said(rows, *listed)
    assert not heard.fired
    assert not heard.not_evaluable


def test_a_holder_on_the_list_is_contact_whatever_it_does() -> None:
    finding = said(FIRES, found("c:1", "risk_enterprise"), customer_id="c:1").finding
    assert (finding.value, finding.strength, finding.coverage) == (1.0, 1.0, 1.0)
    assert "风险企业" in finding.zh
    assert "a risk enterprise" in finding.en
    by_account = said(FIRES, found("a:1")).finding
    assert "认定主体" in by_account.zh


def test_money_paid_to_a_listed_subject_counts_as_money_from_one() -> None:
    rows = [*paid_in(0, range(1, 11), 10_000), *paid_out(0, [50], 30_000), *paid_in(1, [1], 1)]
    finding = said(rows, found("a:p50")).finding
    assert finding.value == pytest.approx(30 / 130, abs=1e-4)


def test_the_flag_names_whom_of_the_list_it_is_about() -> None:
    listed = [found("a:p7"), found("c:1"), found("a:p3"), found("a:p99")]
    flag = said(FIRES, *listed, customer_id="c:1").flag
    assert flag.tags == ["watchlist:a:p3", "watchlist:a:p7", "watchlist:c:1"]
    assert said(FIRES, found("a:p99")).flag.tags == []


def test_unknown_counterparties_are_not_evaluable() -> None:
    rows = [{**row, "counterparty_id": None, "remark": "投资理财本金"} for row in FIRES]
    assert said(rows, *LISTED).not_evaluable


def shard_with(turns: Listing) -> Shard:
    return Shard(INSTITUTION, 0, alone("watchlist_contact"), turns=turns)


def keys(flags: Any) -> list[list[str]]:
    return [[one.typology for one in flag.findings] for flag in flags if flag.category != "large_value"]


CONTACT = "watchlist_contact@1"


def test_it_begins_at_the_turn_at_which_the_entry_takes_effect_for_a_silent_account_too() -> None:
    shard = shard_with(Listing(on={on(9): LISTED}))
    feed(shard, FIRES)
    assert CONTACT not in {key for one in keys(until(shard, on(8))) for key in one}
    (told,) = until(shard, on(9))
    assert CONTACT in [one.typology for one in told.findings]
    assert parse_ms(told.updated_at) == parse_ms(f"{on(9)}T00:00:00+08:00")


def test_an_entry_acts_from_its_turn_on_and_not_on_what_was_judged_before_it() -> None:
    """The same movements, in one batch with the turn inside it and one by one."""
    rows = [*FIRES, *paid_in(4, range(11, 60), 10_000)]

    def told(size: int) -> list[list[str]]:
        shard = shard_with(Listing(on={on(4): LISTED}))
        return keys([*feed(shard, rows, [size] * (len(rows) // size)), *until(shard, on(5))])

    together = told(len(rows))
    assert told(1) == told(7) == together
    assert [CONTACT in one for one in together].index(True) > 0


def test_clearing_ends_it_at_the_next_turn() -> None:
    shard = shard_with(Listing(first=LISTED, on={on(6): [cleared("a:p7")]}))
    assert CONTACT in keys([*feed(shard, FIRES), *until(shard, on(5))])[-1]
    (last,) = [flag for flag in until(shard, on(6)) if flag.category != "large_value"]
    assert last.tags == []
    assert CONTACT not in [one.typology for one in last.findings]
    assert last.status == "open", "its other findings carry the flag"
    assert keys(until(shard, on(20))) == []


def test_a_contact_that_only_grows_old_stays_as_long_as_any_finding() -> None:
    shard = shard_with(Listing(first=LISTED))
    feed(shard, FIRES)
    ended = [day for day in range(4, 130) for one in keys(until(shard, on(day))) if CONTACT not in one]
    # The movement of day 3 counts 90 days, as of the day before each turn, and the finding stays 30 more.
    assert ended == [3 + 90 + 30 + 1]


def test_a_contact_of_long_ago_is_none() -> None:
    shard = shard_with(Listing(on={on(95): LISTED}))
    feed(shard, FIRES)
    until(shard, on(95))
    told = keys([*feed(shard, paid_in(95, range(10, 21), 10_000)), *until(shard, on(96))])
    assert told
    assert CONTACT not in {key for one in told for key in one}
