"""``fundwatch config show``: effective settings, secrets masked, what is wrong named and not shown."""

from __future__ import annotations

from datetime import timedelta

import pytest
from click.testing import CliRunner
from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from contract.errors import ConfigurationError
from deploy.config_command import MASK, config, effective


class Trial(BaseSettings):
    """Settings of a process that does not exist."""

    model_config = SettingsConfigDict(env_prefix="TRIAL_", extra="forbid")

    kafka: str
    password: SecretStr | None = None
    interval: timedelta = timedelta(minutes=30)
    partitions: int = 1


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KAFKA", "PASSWORD", "INTERVAL", "PARTITIONS"):
        monkeypatch.delenv(f"TRIAL_{name}", raising=False)


def test_what_is_set_wins_over_defaults_and_secrets_are_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIAL_KAFKA", "broker:9092")
    monkeypatch.setenv("TRIAL_PASSWORD", "do-not-show-me")
    assert dict(effective(Trial)) == {
        "TRIAL_KAFKA": "broker:9092",
        "TRIAL_PASSWORD": MASK,
        "TRIAL_INTERVAL": "PT30M",
        "TRIAL_PARTITIONS": "1",
    }


def test_a_secret_that_is_not_set_shows_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIAL_KAFKA", "broker:9092")
    assert dict(effective(Trial))["TRIAL_PASSWORD"] == ""


def test_what_is_required_and_missing_is_said_and_the_rest_still_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIAL_PASSWORD", "do-not-show-me")
    shown = dict(effective(Trial))
    assert shown["TRIAL_KAFKA"] == "(required, not set)"
    assert shown["TRIAL_PASSWORD"] == MASK
    assert shown["TRIAL_PARTITIONS"] == "1"


def test_a_value_that_cannot_be_is_named_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIAL_KAFKA", "broker:9092")
    monkeypatch.setenv("TRIAL_PARTITIONS", "6217000000000000001x")
    with pytest.raises(ConfigurationError) as refused:
        list(effective(Trial))
    assert str(refused.value) == "not usable: TRIAL_PARTITIONS"


def test_every_process_of_the_product_shows_its_settings() -> None:
    shown = CliRunner().invoke(config, ["show"], catch_exceptions=False)
    named = [line for line in shown.output.splitlines() if line.startswith("#")]
    assert named == ["# api", "# detector", "# producer", "# schemes"]


def test_a_process_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(ConfigurationError, match="choose from api, detector, producer, schemes"):
        CliRunner().invoke(config, ["show", "ledger"], catch_exceptions=False)


def test_keys_in_a_url_are_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIAL_KAFKA", "s3://key:hush@bucket/checkpoints")
    assert dict(effective(Trial))["TRIAL_KAFKA"] == f"s3://{MASK}@bucket/checkpoints"
