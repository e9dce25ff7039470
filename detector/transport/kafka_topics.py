"""Topics made and looked at through kafka-python's administration client."""

from __future__ import annotations

from typing import Any

from kafka import KafkaAdminClient
from kafka.admin import ConfigFilterType, ConfigResource, ConfigResourceType
from kafka.errors import KafkaError, TopicAlreadyExistsError

from contract.errors import ConfigurationError, TransportUnavailable
from contract.topics import TopicSettings, brokers


def create_topics(servers: str, wanted: list[TopicSettings]) -> list[str]:
    """Create what is missing and return the names that were; raises ``TransportUnavailable`` without a broker."""
    made = []
    with _admin(servers) as admin:
        for one in wanted:
            how = {one.name: {"num_partitions": one.partitions, "replication_factor": -1, "configs": one.settings}}
            try:
                admin.client.create_topics(how, wait_for_metadata=True)
                made.append(one.name)
            except TopicAlreadyExistsError:
                continue
            except KafkaError as error:
                raise TransportUnavailable(f"the broker made no topic {one.name} ({type(error).__name__})") from error
    return made


def topic_differences(servers: str, wanted: list[TopicSettings]) -> list[str]:
    """What stands otherwise on the broker than it should, a line each: a topic, its partitions, one of its settings.

    Raises
    ------
    TransportUnavailable
        When the broker does not say how its topics are kept.
    """
    with _admin(servers) as admin:
        names = [one.name for one in wanted]
        try:
            found = admin.client.describe_topics(names)
            counts = {one["name"]: len(one["partitions"]) for one in found if not one["error_code"]}
            asked = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names if name in counts]
            kept = admin.client.describe_configs(asked, config_filter=ConfigFilterType.ALL).get("topic", {}) if asked else {}
        except KafkaError as error:
            raise TransportUnavailable(f"the broker does not say how its topics are kept ({type(error).__name__})") from error
    for name in counts:
        if not kept.get(name):
            # The client passes over a refusal: without the right to read settings there are none in the answer.
            raise TransportUnavailable(f"the broker does not say how {name} is kept: the right DescribeConfigs is needed")
    return [line for one in wanted for line in _differences(one, counts.get(one.name), kept.get(one.name, {}))]


def _differences(wanted: TopicSettings, partitions: int | None, kept: dict[str, Any]) -> list[str]:
    if partitions is None:
        return [f"{wanted.name} is missing"]
    lines = [] if partitions == wanted.partitions else [f"{wanted.name} has {partitions} partitions, not {wanted.partitions}"]
    for name, value in wanted.settings.items():
        is_so = kept.get(name, {}).get("value")
        if is_so != value:
            lines.append(f"{wanted.name} has {name}={is_so}, not {value}")
    return lines


class _admin:
    def __init__(self, servers: str) -> None:
        try:
            brokers(servers)
        except ValueError as error:
            raise ConfigurationError(f"--kafka {error}") from None
        try:
            self.client: Any = KafkaAdminClient(bootstrap_servers=servers.split(","), client_id="fundwatch-topics")
        except (KafkaError, ValueError) as error:
            raise ConfigurationError(f"no broker answers at {servers}: check --kafka") from error

    def __enter__(self) -> _admin:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()
