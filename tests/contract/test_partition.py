"""Partitions as Kafka's own clients choose them."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kafka.partitioner.default import murmur2 as kafkas_murmur2

from contract.partition import keys_of, murmur2, partition_of, partitions_of


@pytest.mark.parametrize(
    ("key", "value"),
    [(b"21", -973932308), (b"abc", 479470107), (b"foobar", -790332482)],
)
def test_murmur2_has_the_contracts_known_values(key: bytes, value: int) -> None:
    assert murmur2(key) == value


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=40))
def test_murmur2_is_kafka_pythons(key: bytes) -> None:
    assert murmur2(key) % 2**32 == kafkas_murmur2(key) % 2**32


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=12), min_size=1), st.integers(1, 50))
def test_a_column_of_keys_goes_where_a_kafka_client_sends_each_of_them(keys: list[str], count: int) -> None:
    found = partitions_of(pa.array(["first", *keys]).slice(1), count).tolist()
    assert found == [(kafkas_murmur2(key.encode()) & 0x7FFFFFFF) % count for key in keys]
    assert found == [partition_of(key.encode(), count) for key in keys]


def test_the_key_is_the_customer_else_the_account() -> None:
    batch = pa.RecordBatch.from_pydict({"customer_id": ["c:1", None], "account_id": ["a:1", "a:2"]})
    assert keys_of(batch).to_pylist() == ["c:1", "a:2"]
    assert keys_of(pa.Table.from_batches([batch, batch])).to_pylist() == ["c:1", "a:2"] * 2
