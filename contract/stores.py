"""Folders and object stores by URL: opened in one place, and what one says in a few words where it fails.

Endpoint, region and credentials of an object store come from where ``pyarrow.fs`` looks for them: the environment
(``AWS_ENDPOINT_URL``, ``AWS_DEFAULT_REGION``, ``AWS_ACCESS_KEY_ID`` …), the machine's role, or a file of profiles.
"""

from __future__ import annotations

import os
import re
from typing import Any, Final
from urllib.parse import urlsplit

from pyarrow import fs

from contract.errors import ConfigurationError, StoreUnavailable

_REFUSED: Final = re.compile(r"AWS Error ([A-Z_]+) during (\w+) operation")
_MAY_PASS: Final = frozenset(
    {"INTERNAL_FAILURE", "NETWORK_CONNECTION", "REQUEST_TIMEOUT", "SERVICE_UNAVAILABLE", "SLOW_DOWN", "THROTTLING"}
)
"""What an object store, or the way to it, says that waiting mends; all else it says is for the operator."""
_NO_BUCKET: Final = re.compile(r"^Bucket '.*' not found")


def opened(url: str, option: str) -> tuple[Any, str]:
    """File system and root below it of a folder or an object store's URL.

    Raises ``ConfigurationError`` that names ``option`` for one that cannot be used, and for a key or password in a URL, which
    lists of processes and of settings would show; ``StoreUnavailable`` where the store is away.
    """
    if "://" not in url:
        return fs.LocalFileSystem(), url
    try:
        if "@" in urlsplit(url).netloc:
            raise ConfigurationError(f"{option} holds credentials: give them in the environment (AWS_ACCESS_KEY_ID …)")
        files, root = fs.FileSystem.from_uri(url)
    except (OSError, ValueError) as error:
        raise not_opened(error, f"{option} must be a folder or object store URL") from error
    return files, root


def not_opened(error: Exception, otherwise: str) -> ConfigurationError | StoreUnavailable:
    """What to raise at a start: that a store is away, or ``otherwise`` with what the store said."""
    told = _REFUSED.search(str(error))
    if told and told[1] in _MAY_PASS:
        return StoreUnavailable(f"the object store cannot be reached ({reason(error)})")
    return ConfigurationError(f"{otherwise} ({reason(error)})" if isinstance(error, OSError) else otherwise)


def is_of_store(error: OSError) -> bool:
    """Whether an object store refused or was away, so that nothing is known of what lies there."""
    return _REFUSED.search(str(error)) is not None


def reason(error: Exception) -> str:
    """Why a folder or an object store failed, in a few words and without the names that it was asked for.

    >>> reason(OSError(28, "x"))
    'No space left on device'
    >>> reason(OSError("When listing objects in bucket 'b': AWS Error ACCESS_DENIED during ListObjectsV2 operation: …"))
    'ACCESS_DENIED in ListObjectsV2'
    """
    if isinstance(error, OSError) and error.errno:
        return os.strerror(error.errno)
    told = _REFUSED.search(str(error))
    if told:
        return f"{told[1]} in {told[2]}"
    return "no such bucket" if _NO_BUCKET.search(str(error)) else type(error).__name__
