"""Holders by account and institution, as a dictionary would give them."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.checks import check_profiles
from producers.holder_table import HolderTable
from producers.known_holders import KnownHolders

CODES = ("B1", "B2")
ACCOUNTS = tuple(f"a:{k}" for k in range(6))
HOLDERS = st.sampled_from([None, "c:1", "c:2"])


def _table(named: dict[tuple[str, str], str | None]) -> HolderTable:
    known = {}
    for code in {code for code, _ in named}:
        rows = [
            {"institution_code": code, "institution_type": "bank", "account_id": account, "customer_id": holder}
            for (own, account), holder in named.items()
            if own == code
        ]
        known[code] = KnownHolders(check_profiles(pa.Table.from_pylist(rows)).good)
    return HolderTable(known)


@settings(max_examples=80, deadline=None)
@given(
    named=st.dictionaries(st.tuples(st.sampled_from(CODES), st.sampled_from(ACCOUNTS)), HOLDERS, max_size=8),
    rows=st.lists(
        st.tuples(st.sampled_from(CODES), st.sampled_from(ACCOUNTS), st.sampled_from([None, "", "c:1", "c:2"])),
        min_size=1,
        max_size=12,
    ),
)
def test_an_account_of_an_institution_gets_the_holder_of_its_profile(
    named: dict[tuple[str, str], str | None], rows: list[tuple[str, str, str | None]]
) -> None:
    table = _table(named)
    codes, accounts, own = (pa.array([row[k] for row in rows], pa.string()) for k in range(3))
    known = [named.get((code, account)) for code, account, _ in rows]
    filled, differs = table.filled(accounts, codes, own)
    assert filled.to_pylist() == [said or holder for (_, _, said), holder in zip(rows, known, strict=True)]
    assert differs.tolist() == [
        bool(said and holder and said != holder) for (_, _, said), holder in zip(rows, known, strict=True)
    ]
    assert table.filled(accounts, codes, None)[0].to_pylist() == known
