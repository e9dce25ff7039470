"""Partitions go round the workers, whatever topics each of them has heard of."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from detector.transport.assignor import RoundRobin

PARTITIONS = {"t0": 3, "t1": 1, "t2": 4, "t3": 1}


class Cluster:
    def partitions_for_topic(self, topic: str) -> set[int] | None:
        return set(range(PARTITIONS[topic])) if topic in PARTITIONS else None


def members(known: dict[str, set[str]]) -> list[Any]:
    return [SimpleNamespace(member_id=name, metadata=SimpleNamespace(topics=sorted(topics))) for name, topics in known.items()]


def assigned(known: dict[str, set[str]]) -> dict[str, set[tuple[str, int]]]:
    found = RoundRobin.assign(Cluster(), members(known))
    return {name: {(t, p) for t, numbers in got.assigned_partitions for p in numbers} for name, got in found.items()}


def test_topics_of_one_partition_do_not_all_go_to_the_first_worker() -> None:
    everywhere = set(PARTITIONS)
    counts = {name: len(got) for name, got in assigned({"w1": everywhere, "w2": everywhere, "w3": everywhere}).items()}
    assert counts == {"w1": 3, "w2": 3, "w3": 3}


topics = st.sets(st.sampled_from([*PARTITIONS, "unknown"]))


@given(st.dictionaries(st.sampled_from(["w1", "w2", "w3", "w4"]), topics, min_size=1))
def test_every_partition_that_anyone_knows_goes_to_one_worker_that_knows_it(known: dict[str, set[str]]) -> None:
    """Found by faults on real servers: a worker that had not heard of a new institution yet ended the group's leader."""
    got = assigned(known)
    wanted = {(topic, number) for topic in set().union(*known.values()) for number in range(PARTITIONS.get(topic, 0))}
    assert Counter(one for taken in got.values() for one in taken) == Counter(wanted)
    assert all(topic in known[name] for name, taken in got.items() for topic, _ in taken)
    assert got.keys() == known.keys()
