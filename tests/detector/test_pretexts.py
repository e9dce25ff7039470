"""Under what name money is collected: told beside a flag from scope, name and payers' words, and no reason for one."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from contract.profile import PROFILE
from detector.features.pretexts import PRETEXTS, pretext_tags, pretexts_of
from tests.detector.shards import batch_of, feed, new_shard, profile, until
from tests.detector.stories import hear, on, paid_in, paid_out

SCHEME: list[dict[str, Any]] = [
    *paid_in(0, range(12), 10_000),
    *paid_in(1, range(12, 30), 20_000, remark="海天私募 投资款"),
    *paid_out(3, range(12), 1_000),
]


def tags(rows: list[dict[str, Any]], **about: Any) -> list[str]:
    return hear("unit_priced_credits", rows, **about).flag.tags


@pytest.mark.parametrize("name", PRETEXTS)
def test_every_word_names_its_pretext_alone_and_inside_a_text(name: str) -> None:
    words = PRETEXTS[name].split()
    for said in (words, [f"购买{word}2026" for word in words]):
        for bits in pretexts_of(pa.array(said)).tolist():
            assert f"pretext:{name}" in pretext_tags(bits)


def test_what_payers_write_is_told_with_the_flag() -> None:
    assert tags(SCHEME) == ["pretext:private_fund"]


def test_what_an_account_writes_to_those_whom_it_pays_is_not_what_it_is_called() -> None:
    assert tags([*paid_in(0, range(30), 10_000), *paid_out(3, range(12), 1_000, remark="疫情补助")]) == []


def test_the_registered_scope_and_the_class_of_the_name_are_told_in_the_order_of_the_list() -> None:
    firm = {"holder_kind": "company", "business_scope": "投资咨询", "holder_name_class": "慈善"}
    assert tags(paid_in(0, range(30), 10_000), **firm) == ["pretext:charity", "pretext:investment_consulting"]


def test_a_word_of_one_payer_stays_told_after_his_money_was_taken_back() -> None:
    taken_back = paid_in(2, [12], 20_000, direction="debit", reversal_of="in-1-12")
    assert tags([*SCHEME, *taken_back]) == ["pretext:private_fund"]


def test_a_pretext_alone_is_no_reason_for_a_flag() -> None:
    shard = new_shard()
    shard.profiles(batch_of([profile("a:1", "company", business_scope="慈善 众筹 私募 数字货币 投资咨询 口罩")], PROFILE))
    rows = [row for day in range(0, 20, 4) for row in paid_in(day, [day, day + 1], 137.5, remark="爱心众筹")]
    assert [*feed(shard, rows), *until(shard, on(40))] == []
