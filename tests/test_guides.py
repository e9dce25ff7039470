"""Guides show commands that exist: every line that calls ``fundwatch`` names a command and options of it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from contract.commands import fundwatch

PROJECT = Path(__file__).parents[1]
GUIDES = [PROJECT / "README.md", *sorted((PROJECT / "docs").glob("*.md"))]


def _shown(path: Path) -> Iterator[str]:
    for block in re.findall(r"^```[a-z]*\n(.*?)^```", path.read_text("utf-8"), re.DOTALL | re.MULTILINE):
        for line in block.replace("\\\n", " ").splitlines():
            if line.strip().startswith("fundwatch "):
                yield line.strip()


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.name)
def test_every_command_of_a_guide_exists_with_its_options(path: Path) -> None:
    for line in _shown(path):
        words = shlex.split(line, comments=True)[1:]
        command: click.Command | None = fundwatch
        while isinstance(command, click.Group) and words:
            command = command.get_command(click.Context(command), words.pop(0))
        assert command is not None, line
        known = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
        assert {word.partition("=")[0] for word in words if word.startswith("--")} <= known | {"--help"}, line


def test_the_guide_to_real_input_shows_the_whole_way() -> None:
    called = {line.split()[1] for line in _shown(PROJECT / "docs" / "guide-real-input.md")}
    assert called == {"topics", "produce", "detect", "office", "serve"}
