"""Fund-raising remarks: how many payers and payees write of investing and returns, and whose words do not count."""

from __future__ import annotations

from typing import Any

import pytest

from tests.detector.stories import Heard, hear, paid_in, paid_out

NAME = "fundraising_remarks"
Rows = list[dict[str, Any]]


def heard(rows: Rows) -> Heard:
    return hear(NAME, rows)


def written(saying: int = 10, credits: int = 50, word: str | None = "投资款", **fields: Any) -> Rows:
    """Credits without a remark, then those of ``saying`` other payers with one, all within a day."""
    silent = paid_in(0, range(saying, credits), 1_000)
    return silent + paid_in(1, range(saying), 1_000, remark=word, **fields)


def answered(saying: int = 10, debits: int = 50, word: str = "返利") -> Rows:
    """The same for payouts, after credits without a remark."""
    return paid_in(0, range(10), 1_000) + paid_out(1, range(saying, debits), 90) + paid_out(2, range(saying), 90, remark=word)


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(written(), True, id="ten payers and a fifth of the credits"),
        pytest.param(written(saying=9, credits=30), False, id="nine payers"),
        pytest.param(written(saying=5, credits=15), True, id="five, a third of fifteen"),
        pytest.param(written(saying=5, credits=16), False, id="five of sixteen"),
        pytest.param(written(saying=4, credits=12), False, id="four, a third of twelve"),
        pytest.param(written(credits=51), False, id="a little less than a fifth"),
        pytest.param(written(word="  投 资-款！"), True, id="spaces and signs between"),
        pytest.param(written(word=None, purpose="入股"), True, id="said as the purpose"),
        pytest.param(written(word="货款"), False, id="goods"),
        pytest.param(written(word="投资顾问工资"), False, id="wages, whatever the employer is called"),
        pytest.param(written(word="利息"), False, id="a payout's word on credits"),
        pytest.param(written(counterparty_kind="financial"), False, id="a licensed bank's wealth product"),
        pytest.param(written(counterparty_kind="payment"), False, id="settled by a payment institution"),
        pytest.param(written(word="加盟费"), False, id="a weak word alone"),
        pytest.param(written(word="认购"), False, id="what buyers of a flat write too"),
        pytest.param(
            written(word="加盟费") + paid_in(1, range(60, 62), 1_000, remark="入股"),
            False,
            id="weak words beside two with plain ones",
        ),
        pytest.param(
            written(word="加盟费") + paid_in(1, range(60, 63), 1_000, remark="入股"), True, id="weak words beside three"
        ),
    ],
)
def test_a_fifth_of_credits_by_ten_payers_speaks_of_investing(rows: Rows, fires: bool) -> None:
    assert heard(rows).fired == fires


def test_weak_words_make_payers_beside_three_with_plain_ones() -> None:
    plain = paid_in(1, range(100, 103), 1_000, remark="入股")
    again = [row for day in range(2, 9) for row in paid_in(day, range(100, 103), 1_000, remark="入股")]
    weak = paid_in(1, range(200, 207), 1_000, remark="加盟费")
    silent = paid_in(0, range(90), 1_000)
    assert heard(silent + plain + again + weak).fired
    assert not heard(silent + plain + again + weak[:-1]).fired
    assert not heard(silent + [row for row in plain + again if row["counterparty_id"] != "a:p102"] + weak).fired


def test_what_is_shown_is_never_below_its_reference() -> None:
    share = heard(written()).finding
    words = heard(written(saying=0, credits=50) + paid_in(1, range(60, 64), 1_000, remark="复投")).finding
    assert share is not None
    assert words is not None
    assert (share.value, share.threshold) == (0.2, 0.2)
    assert (words.value, words.threshold) == (4, 3)


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(answered(), True, id="ten payees and a fifth of the debits"),
        pytest.param(answered(saying=9, debits=20), False, id="nine payees"),
        pytest.param(answered(debits=51), False, id="a little less than a fifth"),
        pytest.param(
            paid_in(0, range(100, 110), 1_000) + paid_out(2, range(20), 90, remark="分红"),
            False,
            id="to members who never paid in",
        ),
        pytest.param(
            paid_in(0, range(12), 1_000) + [row for p in range(12) for row in paid_out(2, [p], 2.0 ** (p - 1), remark="分红")],
            False,
            id="to members in no proportion to what they had paid in",
        ),
        pytest.param(
            [row for day in (0, 1, 5) for p in range(12) for row in paid_in(day, [p], 1_137 + 11 * p + day)]
            + paid_out(3, range(12), 30)
            + [row for p in range(12) for row in paid_out(9, [p], 33 + p / 3, remark="返利")],
            False,
            id="to dealers who bought three times",
        ),
        pytest.param(answered(word="贷款利息"), False, id="interest on a loan"),
        pytest.param(answered(word="投资"), False, id="a payer's word on debits"),
    ],
)
def test_a_fifth_of_debits_to_ten_payees_speaks_of_returns(rows: Rows, fires: bool) -> None:
    assert heard(rows).fired == fires


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(written(saying=3, word="复投"), True, id="three payers"),
        pytest.param(written(saying=2, word="复投"), False, id="two payers"),
        pytest.param(written(saying=3, word="复投,不是工资"), True, id="a harmless word beside it"),
        pytest.param(paid_in(0, range(30), 500) + paid_in(1, [1] * 9, 1_000, remark="复投"), False, id="one payer nine times"),
    ],
)
def test_three_payers_with_a_strong_word_are_enough(rows: Rows, fires: bool) -> None:
    assert heard(rows).fired == fires


@pytest.mark.parametrize("word", ["物业费", "学费", "工资", "份子", "社保", "捐款", "房租"])
def test_words_of_ordinary_life_are_none_of_fundraising(word: str) -> None:
    assert not heard(written(saying=50, credits=100, word=word)).fired


def test_it_says_shares_and_persons_and_shows_the_movements_that_said_it() -> None:
    rows = written(saying=12, credits=48) + paid_out(2, range(5), 90, remark="分红") + paid_out(3, range(70, 85), 90)
    finding = heard(rows + paid_in(3, [12], 1_000)).finding
    assert finding is not None
    assert (finding.value, finding.threshold, finding.family, finding.window) == (0.25, 0.2, "text", "W90")
    assert (finding.strength, finding.coverage) == (round(0.5 + 0.5 * 0.05 / 0.4, 4), 1.0)
    for number in ("24.5%", "12", "25.0%", "5"):
        assert number in finding.zh, number
        assert number in finding.en, number
    assert finding.evidence == [*(f"in-1-{p}" for p in range(12)), *(f"out-2-{p}" for p in range(5))]


FIRES = written()
"""A story on which the typology fires, told again as wire JSON."""
