"""Folders and object stores by URL, and what is said where they fail."""

from __future__ import annotations

import pytest

from contract.errors import ConfigurationError, StoreUnavailable
from contract.stores import is_of_store, not_opened, opened, reason

DENIED = OSError("When testing for existence of bucket 'b': AWS Error ACCESS_DENIED during HeadBucket operation: No body.")
AWAY = OSError("When listing objects in bucket 'b': AWS Error NETWORK_CONNECTION during ListObjectsV2 operation: curlCode: 7")


@pytest.mark.parametrize("url", ["s3://key:secret@bucket/path", "s3://key@bucket/path", "gs://token@bucket"])
def test_credentials_in_a_url_are_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^--archive holds credentials: give them in the environment") as refused:
        opened(url, "--archive")
    assert "secret" not in str(refused.value)


def test_a_place_of_no_known_kind_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="--archive must be a folder or object store URL"):
        opened("nothing://x", "--archive")


def test_a_store_that_is_away_may_come_back_and_one_that_denies_is_for_the_operator() -> None:
    assert isinstance(not_opened(AWAY, "x"), StoreUnavailable)
    assert str(not_opened(DENIED, "--checkpoint must")) == "--checkpoint must (ACCESS_DENIED in HeadBucket)"
    assert isinstance(not_opened(DENIED, "x"), ConfigurationError)


@pytest.mark.parametrize(
    ("error", "said", "of_store"),
    [
        pytest.param(DENIED, "ACCESS_DENIED in HeadBucket", True, id="denied"),
        pytest.param(AWAY, "NETWORK_CONNECTION in ListObjectsV2", True, id="away"),
        pytest.param(OSError("Bucket 'b' not found. To create buckets, …"), "no such bucket", False, id="no-bucket"),
        pytest.param(OSError("Out of bounds read (offset = 5, size = 7)"), "OSError", False, id="cut-off"),
        pytest.param(FileNotFoundError(2, "gone"), "No such file or directory", False, id="gone"),
    ],
)
def test_a_failure_is_said_in_a_few_words_without_names(error: OSError, said: str, of_store: bool) -> None:
    assert reason(error) == said
    assert is_of_store(error) is of_store
