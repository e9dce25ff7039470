"""``--help`` teaches: every command shows how it is used, and what it shows would be understood."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from contract.commands import fundwatch

_SHOWN = re.compile(r"^ *(?:[A-Z_]+=\S+ )?fundwatch (\S.*)$", re.MULTILINE)


def _commands(group: click.Group = fundwatch, path: str = "") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from _commands(command, f"{path}{name} ")
        else:
            yield f"{path}{name}", command


COMMANDS = dict(_commands())


def _help(path: str) -> str:
    answer = CliRunner().invoke(fundwatch, [*path.split(), "--help"])
    assert answer.exit_code == 0
    return answer.output


def _examples(path: str) -> list[list[str]]:
    """The words of each use that a help shows, behind ``fundwatch``; words behind two blanks say what it does."""
    text = _help(path).split("\n\n", 1)[1].replace("\\\n", " ")
    return [shlex.split(re.split(r"(?<=\S) {2,}(?=[a-z])", line)[0]) for line in _SHOWN.findall(text)]


@pytest.mark.parametrize("path", COMMANDS)
def test_a_commands_help_shows_a_use_of_it(path: str) -> None:
    assert [words for words in _examples(path) if words[: len(path.split())] == path.split()]


@pytest.mark.parametrize("path", ["", *COMMANDS])
def test_what_a_help_shows_is_understood(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for words in _examples(path):
        named = max((name for name in COMMANDS if words[: len(name.split())] == name.split()), key=len, default=None)
        assert named is not None, words
        command, rest = COMMANDS[named], words[len(named.split()) :]
        # Files that have to be there are not: what is left of the arguments is checked, not what they name.
        for option in command.params:
            if isinstance(option.type, click.Path):
                monkeypatch.setattr(option, "type", click.Path(path_type=option.type.type))
        command.make_context(named, rest)


def test_no_command_is_cut_short_where_commands_are_listed() -> None:
    for path in ("", "office", "archive", "topics", "audit", "config"):
        listed = _help(path).partition("Commands:")[2]
        assert listed.strip()
        assert "..." not in listed
