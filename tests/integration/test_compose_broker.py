"""The broker's settings of docker-compose.yml mean to a real Apache Kafka what they say."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import yaml
from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType

from deploy.servers import kafka
from deploy.servers.process import ServerUnavailable

pytestmark = pytest.mark.integration

COMPOSE = Path(__file__).parents[2] / "docker-compose.yml"
PREFIX = "KAFKA_"
# Where it listens and writes is this test's own.
PLACES = {"listeners", "advertised.listeners", "controller.quorum.voters", "log.dirs"}


def _settings() -> dict[str, str]:
    """The image turns KAFKA_A_B into a.b; so do we."""
    environment: dict[str, str] = yaml.safe_load(COMPOSE.read_text())["services"]["kafka"]["environment"]
    named = {
        name.removeprefix(PREFIX).lower().replace("_", "."): value
        for name, value in environment.items()
        if name.startswith(PREFIX)
    }
    return {name: value for name, value in named.items() if name not in PLACES}


def test_a_real_broker_takes_every_setting_of_the_compose_file() -> None:
    settings = _settings()
    try:
        with kafka.running(settings=settings) as address:
            admin = KafkaAdminClient(bootstrap_servers=address)
            broker = ConfigResource(ConfigResourceType.BROKER, "1")
            described: Any = admin.describe_configs([broker], config_filter="all")
            admin.close()
    except ServerUnavailable:
        if os.environ.get("CI"):
            raise
        pytest.skip("no Apache Kafka here")
    in_force = {name: found["value"] for name, found in described["broker"]["1"].items()}
    # A misspelt name would be no property of the broker at all.
    assert {name: in_force.get(name) for name in settings} == settings
