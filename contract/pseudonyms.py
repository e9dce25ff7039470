"""Pseudonyms: HMAC-SM3 under the monitoring area's key, so that one person is one pseudonym at every institution."""

from __future__ import annotations

import base64
import unicodedata
from pathlib import Path
from typing import Final

import pyarrow as pa
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, hmac

from contract.errors import ConfigurationError

LEAST_KEY_BYTES: Final = 16
_MOST_KNOWN: Final = 500_000
"""Numbers whose pseudonyms are remembered before all are forgotten again; about 100 MB."""


def normalised(text: str) -> str:
    """NFKC, letters and digits only, upper case.

    >>> normalised("6222 0212-３４x")
    '6222021234X'
    """
    if text.isascii() and text.isalnum():
        return text.upper()
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum()).upper()


class Pseudonymiser:
    """Turns account and document numbers into pseudonyms; the key is never shown.

    The key belongs to a custodian who runs neither the detector nor a bank's books; no office has it. Re-identification
    happens at the institution, from its own books.

    >>> Pseudonymiser(b"0123456789abcdef").account("B1", "6222 0212")
    'a:VVLROJW5SJRBEH4N7A2F4R5NZJ'
    """

    def __init__(self, key: bytes) -> None:
        if len(key) < LEAST_KEY_BYTES:
            raise ConfigurationError(f"the pseudonym key must have at least {LEAST_KEY_BYTES} bytes")
        try:
            self._base = hmac.HMAC(key, hashes.SM3())
        except UnsupportedAlgorithm as error:
            raise ConfigurationError("this build of 'cryptography' has no SM3: install the wheel of the package index") from error
        self._known: dict[tuple[str, str, str], str] = {}

    @classmethod
    def from_file(cls, path: Path) -> Pseudonymiser:
        """Read the key from a file, trailing line break left out."""
        try:
            return cls(path.read_bytes().rstrip(b"\r\n"))
        except OSError as error:
            raise ConfigurationError(f"the pseudonym key file {path.name} cannot be read") from error

    def __repr__(self) -> str:
        return "Pseudonymiser(key=***)"

    def _pseudonym(self, prefix: str, scope: str, number: str) -> str:
        bare = normalised(number)
        if not bare:
            raise ValueError("a number without letters and digits has no pseudonym")
        digest = self._base.copy()
        digest.update(f"{scope}|{bare}".encode())
        return prefix + base64.b32encode(digest.finalize()).decode()[:26]

    def account(self, institution: str, number: str) -> str:
        """``a:`` pseudonym of an account number at an institution; ``ValueError`` where no letter or digit is."""
        return self._pseudonym("a:", institution, number)

    def customer(self, document_type: str, number: str) -> str:
        """``c:`` pseudonym of a document number; the same at every institution."""
        return self._pseudonym("c:", normalised(document_type), number)

    def accounts(self, institution: str, numbers: pa.Array) -> pa.Array:
        """``a:`` pseudonyms of a column; absent where the number is absent or holds no letter or digit.

        Each distinct number costs about 5 µs once, then a look-up.
        """
        return self._column("a:", institution, numbers)

    def customers(self, document_type: str, numbers: pa.Array) -> pa.Array:
        """``c:`` pseudonyms of a column of document numbers of one type, as ``accounts``."""
        return self._column("c:", normalised(document_type), numbers)

    def _column(self, prefix: str, scope: str, numbers: pa.Array) -> pa.Array:
        encoded = numbers.dictionary_encode()
        found = [self._remembered(prefix, scope, number) for number in encoded.dictionary.to_pylist()]
        return pa.array(found, pa.string()).take(encoded.indices)

    def _remembered(self, prefix: str, scope: str, number: str) -> str | None:
        if not normalised(number):
            return None
        known = self._known.get((prefix, scope, number))
        if known is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            known = self._known[prefix, scope, number] = self._pseudonym(prefix, scope, number)
        return known
