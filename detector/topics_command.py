"""``fundwatch topics``: make and check the topics of the stream."""

from __future__ import annotations

import re

import click

from contract.commands import Verbs
from contract.errors import ConfigurationError, FatalError
from contract.fields import INSTITUTION_PATTERN
from contract.topics import TopicSettings, institution_topics, shared_topics
from detector.transport.kafka_topics import create_topics, topic_differences


def _wanted(institutions: tuple[str, ...]) -> list[TopicSettings]:
    wanted = shared_topics()
    for one in institutions:
        code, _, number = one.partition("=")
        if not re.fullmatch(INSTITUTION_PATTERN, code) or not number.isdecimal() or int(number) < 1:
            raise ConfigurationError("--institution must be CODE=PARTITIONS, like C1030134001=4")
        wanted += institution_topics(code, int(number))
    return wanted


@click.group(cls=Verbs)
def topics() -> None:
    """Make and check the topics of the stream."""


@topics.command()
@click.option("--kafka", required=True, help="Broker, HOST:PORT.")
@click.option("--institution", multiple=True, help="CODE=PARTITIONS; may repeat. The count never changes afterwards.")
def create(kafka: str, institution: tuple[str, ...]) -> None:
    """Create what is missing; topics that exist stay as they are.

    \b
        fundwatch topics create --kafka 127.0.0.1:9092 --institution C1030134001=4
    """
    for name in create_topics(kafka, _wanted(institution)):
        click.echo(name)


@topics.command()
@click.option("--kafka", required=True, help="Broker, HOST:PORT.")
@click.option("--institution", multiple=True, help="CODE=PARTITIONS; may repeat.")
def check(kafka: str, institution: tuple[str, ...]) -> None:
    """Compare topics with what they should be: partitions, retention, clean-up, whose clock. Exit code 1 where one differs.

    \b
        fundwatch topics check --kafka 127.0.0.1:9092 --institution C1030134001=4
    """
    wanted = _wanted(institution)
    wrong = topic_differences(kafka, wanted)
    if wrong:
        raise FatalError("; ".join(wrong))
    click.echo(f"{len(wanted)} topics as they should be")
