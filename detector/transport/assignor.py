"""Who gets which partition: round robin among the members that know the topic.

The client's own (kafka-python 3.0) ends the leader with a KeyError where members know different topics, as they do for a
moment whenever an institution is new.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from kafka.coordinator.assignors.abstract import ConsumerProtocolAssignment
from kafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor


class RoundRobin(RoundRobinPartitionAssignor):  # type: ignore[misc]  # kafka-python ships no types
    """The same protocol by name, so that workers of both kinds may share a group."""

    @classmethod
    def assign(cls, cluster: Any, members: Any) -> dict[str, Any]:
        """Partitions in order, each to the next member in turn that subscribes to its topic."""
        topics = {member.member_id: set(member.metadata.topics) for member in members}
        turn = sorted(topics)
        given: dict[str, dict[str, list[int]]] = {member: defaultdict(list) for member in turn}
        for topic in sorted(set().union(*topics.values())):
            for partition in sorted(cluster.partitions_for_topic(topic) or ()):
                taker = next(member for member in turn if topic in topics[member])
                given[taker][topic].append(partition)
                turn.remove(taker)
                turn.append(taker)
        return {member: ConsumerProtocolAssignment(cls.version, sorted(got.items()), b"") for member, got in given.items()}
