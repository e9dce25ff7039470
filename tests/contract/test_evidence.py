"""Evidence on the wire: what is written is read, and nothing else is."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from contract.evidence import (
    COUNTERPARTY,
    NAMES,
    DayMark,
    Evidence,
    Names,
    Record,
    Spoken,
    counterparties,
    decode,
    encode,
    key_of,
)


def evidence(account: str = "a:1", as_of: int = 20_000) -> Evidence:
    return Evidence(
        institution_code="B1", partition=2, account_id=account, customer_id="c:1", as_of=as_of, institution_type="bank",
        branch_region="341302", subject_region=None, holder_kind="person", licence=None, account_type="current", opened=0,
        category="observe", findings=[Spoken("pass_through@1", "structure", 0.8)], links=[("phone", 2**64 - 1)],
        first_ms=1, last_ms=2, credited=3, debited=4, usual_elderly=0.2, whole=True,
        counterparties=np.array([(7, *range(1, 16))], COUNTERPARTY).tobytes(), events=["T1"],
    )  # fmt: skip


RECORDS: list[Record] = [
    evidence(),
    Names(institution_code="B1", partition=0, as_of=20_000, number=3, names=np.array([(1, 2)], NAMES).tobytes()),
    DayMark(institution_code="B1", partition=0, day=20_000),
]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_what_is_written_is_read(record: Record) -> None:
    assert decode(encode(record)) == record


def test_counterparties_are_read_without_a_copy_as_they_were() -> None:
    found = counterparties(evidence())
    assert found["key"].tolist() == [7]
    assert found["bits"].tolist() == [15]
    assert found.dtype.itemsize == 96


def test_an_unknown_version_and_a_torn_record_are_refused() -> None:
    whole = encode(RECORDS[0])
    for bad in (b"", b"\x02" + whole[1:], whole[:-1], b"\x01{}"):
        with pytest.raises(msgspec.DecodeError):
            decode(bad)


def test_each_account_mark_and_record_of_names_has_a_key_of_its_own() -> None:
    keys = [key_of(one) for one in (*RECORDS, evidence("a:2"))]
    assert keys == ["B1|a:1", "B1||names|3|0", "B1||mark|0", "B1|a:2"]
    assert key_of(evidence("a:1", as_of=20_009)) == keys[0]
