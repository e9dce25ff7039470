"""Pseudonyms: a published vector, one person one pseudonym, and a key that nobody sees."""

from __future__ import annotations

import base64
import hashlib
import pickle
from pathlib import Path

import pyarrow as pa
import pytest

from contract.errors import ConfigurationError
from contract.pseudonyms import Pseudonymiser, normalised

KEY = b"0123456789abcdef"


def hmac_sm3(key: bytes, message: bytes) -> bytes:
    """HMAC by its definition (RFC 2104), over a hash that this library did not make."""
    sm3 = "sm3"
    padded = key.ljust(64, b"\0")
    inner = hashlib.new(sm3, bytes(b ^ 0x36 for b in padded) + message).digest()
    return hashlib.new(sm3, bytes(b ^ 0x5C for b in padded) + inner).digest()


def test_the_vector_that_every_institution_must_reproduce() -> None:
    # Also: printf "C1030134001|6222021234567890" | openssl dgst -sm3 -hmac 0123456789abcdef -binary | base32
    names = Pseudonymiser(KEY)
    assert names.account("C1030134001", "6222 0212-3456 7890") == "a:LHSDDELYO273PTBYGEDN4XUUTC"
    assert names.customer("ID", "34130219550101001x") == "c:H2JAQ2BQ3RAMMG5WKICIGCA2PX"


@pytest.mark.skipif("sm3" not in hashlib.algorithms_available, reason="this Python's OpenSSL has no SM3")
def test_the_vector_follows_from_hmacs_own_definition() -> None:
    digest = hmac_sm3(KEY, b"C1030134001|6222021234567890")
    assert Pseudonymiser(KEY).account("C1030134001", "6222021234567890") == "a:" + base64.b32encode(digest).decode()[:26]


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("34130219550101001x", "34130219550101001X"),
        ("６２２２", "6222"),
        (" 6222-0212\t", "62220212"),
        ("护照 e123", "护照E123"),
        ("\N{ROMAN NUMERAL FOUR}", "IV"),
    ],
    ids=["small-letter", "full-width", "spaces-and-dashes", "chinese", "compatibility-form"],
)
def test_ways_of_writing_one_number_give_one_pseudonym(written: str, same: str) -> None:
    assert normalised(written) == same
    names = Pseudonymiser(KEY)
    assert names.account("B1", written) == names.account("B1", same)


def test_accounts_differ_by_institution_and_customers_do_not_and_keys_matter() -> None:
    names, others = Pseudonymiser(KEY), Pseudonymiser(KEY[::-1])
    assert names.account("B1", "1") != names.account("B2", "1")
    assert names.customer("id card", "1") == names.customer("ID-CARD", "1") != names.customer("PASSPORT", "1")
    assert names.account("B1", "1") != others.account("B1", "1")


def test_columns_equal_single_numbers_and_nothing_has_no_pseudonym() -> None:
    names = Pseudonymiser(KEY)
    numbers = pa.array(["1", None, "1", "2", "--", ""])
    one, two = names.account("B1", "1"), names.account("B1", "2")
    assert names.accounts("B1", numbers).to_pylist() == [one, None, one, two, None, None]
    assert names.customers("ID", pa.array(["7"])).to_pylist() == [names.customer("ID", "7")]
    with pytest.raises(ValueError, match="no pseudonym"):
        names.account("B1", "--")


def test_the_key_shows_nowhere(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_bytes(KEY + b"\n")
    names = Pseudonymiser.from_file(file)
    assert names.account("B1", "1") == Pseudonymiser(KEY).account("B1", "1")
    assert KEY.decode() not in repr(names) + str(vars(names))
    with pytest.raises(TypeError):
        pickle.dumps(names)


@pytest.mark.parametrize("content", [b"", b"short\n", None], ids=["empty", "short", "absent"])
def test_a_key_file_that_will_not_do_is_a_configuration_error(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "key"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ConfigurationError) as caught:
        Pseudonymiser.from_file(file)
    assert "short\n" not in str(caught.value)
