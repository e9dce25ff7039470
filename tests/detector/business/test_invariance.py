"""A securities firm's and an insurer's flags: batches, restarts, repetitions and company change no byte (design §6.1)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from detector.replay import Replay
from tests.detector.business_stream import business_logs
from tests.detector.dense_stream import Log
from tests.detector.test_engine_invariance import Disturbed, always, file_of, replayed, store_at, without_watermarks

ACCOUNTS = 64


@pytest.fixture(scope="module")
def whole() -> list[Log]:
    return business_logs(ACCOUNTS)


@pytest.fixture(scope="module")
def expected(whole: list[Log]) -> Replay:
    return replayed(whole)


def test_the_stream_that_is_compared_is_worth_comparing(expected: Replay) -> None:
    conduct = {one.typology for flag in expected.flags for one in flag.findings if flag.institution_code in ("S1", "I1", "B9")}
    assert conduct >= {
        "agent_paid_premiums@1", "cash_premiums_and_third_party_claims@1", "early_surrender_to_third_party@1",
        "frequent_payouts_to_one_payee@1", "hesitation_period_surrenders@1", "idle_account_large_flows@1",
        "matched_trades_moving_money@1", "overpaid_premium_refund@1", "policies_bought_apart_surrendered_together@1",
        "policy_loan_cash_out@1", "repeated_custody_transfers@1", "securities_cash_structuring@1",
        "securities_funding_after_collection@1", "third_party_payout_without_trading@1", "transfer_without_trading@1",
        "unrelated_premium_payer@1",
    }  # fmt: skip
    assert len({flag.flag_id for flag in expected.flags}) > 60
    assert max(flag.revision for flag in expected.flags) > 3
    assert all(one.evidence for flag in expected.flags for one in flag.findings)


@pytest.mark.parametrize("size", [7, 997])
def test_the_size_of_batches_changes_nothing(whole: list[Log], expected: Replay, size: int) -> None:
    assert file_of(replayed(whole, batch_size=size).flags) == file_of(expected.flags)


def test_batches_that_span_days_give_what_single_movements_give() -> None:
    for log in business_logs(16):
        together = without_watermarks(log, always(65_536))
        assert together
        assert without_watermarks(log, always(1)) == together
        assert without_watermarks(log, always(23)) == together


def test_pieces_repetitions_and_restarts_together_change_nothing(whole: list[Log], expected: Replay, tmp_path: Path) -> None:
    rng = np.random.default_rng(8)
    runs = [Disturbed(log, rng, store_at(tmp_path), repeat=0.3, restart=0.3, most=60).run() for log in whole]
    assert file_of(flag for run in runs for flag in run.flags) == file_of(expected.flags)
    assert sum(run.outcomes["duplicate"] for run in runs) > 100


def test_what_needs_no_company_is_said_of_an_account_whoever_shares_its_shard() -> None:
    """Parties and mirrored trades are seen within a shard, each its own part; the other accounts are judged alike."""
    shared = ("agent_paid", "policies_bought", "matched_trades")
    alone, apart = said_of(business_logs(24)), said_of(business_logs(24, partitions=3))
    grouped = {account for account, name in alone if name.startswith(shared)}
    assert {one for one in alone if one[0] not in grouped} == {one for one in apart if one[0] not in grouped}
    assert len({account for account, _ in alone} - grouped) > 10


def said_of(logs: list[Log]) -> set[tuple[str, str]]:
    """Accounts and what was found of them."""
    return {(flag.account_id, one.typology) for log in logs for flag in replayed([log]).flags for one in flag.findings
            if one.family != "model"}  # fmt: skip
