"""Addresses of brokers as settings and options take them."""

from __future__ import annotations

import pytest

from contract.topics import brokers


@pytest.mark.parametrize(
    "address", ["127.0.0.1:9092", "kafka:9092", "b-1.bank.example:9092,b-2.bank.example:19092", "[::1]:9092"]
)
def test_an_address_of_brokers_is_host_and_port(address: str) -> None:
    assert brokers(address) == address


@pytest.mark.parametrize(
    "address", ["", "kafka", "kafka:", ":9092", "kafka:port", "a:1,", "a:1, b:2", "a:1;b:2", "a:123456", "::1:9"]
)
def test_anything_else_is_no_address(address: str) -> None:
    with pytest.raises(ValueError, match="must be HOST:PORT"):
        brokers(address)
