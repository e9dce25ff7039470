"""``fundwatch topics``: make and check the topics of the stream."""

from __future__ import annotations

import click

from contract.errors import ConfigurationError, FatalError
from contract.topics import TopicSettings, institution_topics, shared_topics
from detector.transport.kafka import create_topics, partition_counts


def _wanted(institutions: tuple[str, ...]) -> list[TopicSettings]:
    wanted = shared_topics()
    for one in institutions:
        code, _, number = one.partition("=")
        if not code or not number.isdigit() or int(number) < 1:
            raise ConfigurationError("--institution must be CODE=PARTITIONS, like C1030134001=4")
        wanted += institution_topics(code, int(number))
    return wanted


@click.group()
def topics() -> None:
    """Make and check the topics of the stream."""


@topics.command()
@click.option("--kafka", required=True, help="Broker, HOST:PORT.")
@click.option("--institution", multiple=True, help="CODE=PARTITIONS; may repeat. The count never changes afterwards.")
def create(kafka: str, institution: tuple[str, ...]) -> None:
    """Create what is missing; topics that exist stay as they are."""
    for name in create_topics(kafka, _wanted(institution)):
        click.echo(name)


@topics.command()
@click.option("--kafka", required=True, help="Broker, HOST:PORT.")
@click.option("--institution", multiple=True, help="CODE=PARTITIONS; may repeat.")
def check(kafka: str, institution: tuple[str, ...]) -> None:
    """Compare topics with what they should be; exit code 1 where one is missing or has another partition count."""
    wanted = _wanted(institution)
    found = partition_counts(kafka, [one.name for one in wanted])
    wrong = [one.name for one in wanted if found.get(one.name) != one.partitions]
    if wrong:
        raise FatalError(f"missing or with another partition count: {', '.join(wrong)}")
    click.echo(f"{len(wanted)} topics as they should be")
