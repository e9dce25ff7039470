"""Wrong arguments of every command and option: one line that says what to change, exit code 2, nothing done."""

from __future__ import annotations

import os
import shlex
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from contract.commands import fundwatch, main

DETECT = "detect --kafka 127.0.0.1:9 --checkpoint {tmp}/c"
SCHEMES = "schemes --kafka 127.0.0.1:9 --checkpoint {tmp}/c"
PRODUCE = "produce {tmp}/m.csv --institution B1 --dry-run"
REPLAY = "replay --movements {tmp}/m.csv --flags {tmp}/f.jsonl"
EVALUATE = "evaluate --flags {tmp}/f.jsonl --scores {tmp}/s.csv --labels {tmp}/l.csv --movements {tmp}/m.csv"
COMPARE = "compare {tmp}/good.toml {tmp}/good.toml --movements {tmp}/m.csv"
OFFICE = "--database sqlite:///{tmp}/l.db --secret-file {tmp}/secret"
ADD = f"office add --kind pboc --region 341300 {OFFICE}"
SERVE = "serve --database sqlite:///{tmp}/l.db --secret-file {tmp}/secret"

WRONG = [
    ("", "choose from archive, audit"),
    ("nothing", "no such command: nothing; choose from archive"),
    ("office", "choose from add, key"),
    ("office ad", "no such command: ad; choose from add"),
    ("office list --database sqlite:///{tmp}/m.csv --secret-file {tmp}/secret", "no SQLite database"),
    ("serve --database sqlite:///{tmp}/m.csv --secret-file {tmp}/secret", "no SQLite database"),
    ("detect --checkpoint {tmp}/c", "--kafka"),
    ("detect --kafka 127.0.0.1:9", "--checkpoint"),
    ("detect --kafka nowhere:port --checkpoint {tmp}/c", "--kafka: must be HOST:PORT"),
    ("detect --kafka 127.0.0.1:9 --checkpoint nothing://x", "--checkpoint"),
    ("detect --kafka 127.0.0.1:9 --checkpoint {tmp}/m.csv/c", "--checkpoint"),
    (f"{DETECT} --archive nothing://x", "--archive"),
    ("archive compact {tmp}/a --target-rows 0", "--target-rows"),
    ("archive forget {tmp}/a --years few", "--years"),
    (f"{DETECT} --config {{tmp}}/none.toml", "none.toml"),
    (f"{DETECT} --config {{tmp}}/bad.toml", "bad.toml"),
    (f"{DETECT} --calendar {{tmp}}/none.toml", "none.toml"),
    (f"{DETECT} --calendar {{tmp}}/bad.toml", "bad.toml"),
    (f"{DETECT} --group ''", "--group"),
    (f"{DETECT} --ops-port 70000", "--ops-port"),
    (f"{DETECT} --ops-port x", "--ops-port"),
    (f"{DETECT} --ops-port 0 --ops-host 203.0.113.7", "--ops-host"),
    (f"{DETECT} --rebuild-from nothing://x", "--rebuild-from"),
    (f"{DETECT} --adopt --from-the-beginning", "--adopt or --from-the-beginning"),
    (f"{DETECT} --unknown", "--unknown"),
    ("schemes --checkpoint {tmp}/c", "--kafka"),
    ("schemes --kafka 127.0.0.1:9", "--checkpoint"),
    ("schemes --kafka nowhere:port --checkpoint {tmp}/c", "--kafka"),
    ("schemes --kafka 127.0.0.1:9 --checkpoint nothing://x", "--checkpoint"),
    ("schemes --kafka 127.0.0.1:9 --checkpoint {tmp}/m.csv/c", "--checkpoint"),
    (f"{SCHEMES} --config {{tmp}}/none.toml", "none.toml"),
    (f"{SCHEMES} --config {{tmp}}/bad.toml", "bad.toml"),
    (f"{SCHEMES} --calendar {{tmp}}/bad.toml", "bad.toml"),
    (f"{SCHEMES} --group ''", "--group"),
    (f"{SCHEMES} --ops-port 70000", "--ops-port"),
    (f"{SCHEMES} --ops-port 0 --ops-host 203.0.113.7", "--ops-host"),
    (f"{SCHEMES} --adopt --from-the-beginning", "--adopt or --from-the-beginning"),
    (f"{SCHEMES} --unknown", "--unknown"),
    ("produce --institution B1", "FILE"),
    ("produce {tmp}/none.csv --institution B1 --dry-run", "none.csv"),
    ("produce {tmp}/m.csv --dry-run", "--institution"),
    ("produce {tmp}/m.csv --institution 'B 1' --dry-run", "--institution"),
    ("produce {tmp}/m.csv --institution B1", "--kafka"),
    ("produce {tmp}/m.csv --institution B1 --kafka nowhere:port", "--kafka"),
    (f"{PRODUCE} --format xls", "--format"),
    (f"{PRODUCE} --profiles {{tmp}}/none.csv", "none.csv"),
    (f"{PRODUCE} --mapping {{tmp}}/none.toml", "none.toml"),
    (f"{PRODUCE} --mapping {{tmp}}/bad.toml", "bad.toml"),
    (f"{PRODUCE} --pseudonym-key {{tmp}}/none.key", "none.key"),
    (f"{PRODUCE} --rejects {{tmp}}/none/r.jsonl", "--rejects"),
    (f"{PRODUCE} --create-topics 0", "--create-topics"),
    (f"{PRODUCE} --rate 0", "--rate"),
    (f"{PRODUCE} --metrics-port 70000", "--metrics-port"),
    ("replay --flags {tmp}/f.jsonl", "--movements"),
    ("replay --movements {tmp}/m.csv", "--flags"),
    ("replay --movements {tmp}/none.csv --flags {tmp}/f.jsonl", "none.csv"),
    ("replay --movements {tmp}/m.csv --flags {tmp}/none/f.jsonl", "--flags"),
    (f"{REPLAY} --profiles {{tmp}}/none.csv", "none.csv"),
    (f"{REPLAY} --scores {{tmp}}/none/s.csv", "--scores"),
    (f"{REPLAY} --scores-from yesterday", "--scores-from"),
    (f"{REPLAY} --rejects {{tmp}}/none/r.jsonl", "--rejects"),
    (f"{REPLAY} --bundle {{tmp}}/none/b.npz", "--bundle"),
    (f"{REPLAY} --config {{tmp}}/bad.toml", "bad.toml"),
    (f"{REPLAY} --calendar {{tmp}}/bad.toml", "bad.toml"),
    (f"{REPLAY} --mapping {{tmp}}/bad.toml", "bad.toml"),
    (f"{REPLAY} --format xls", "format"),
    (f"{REPLAY} --partitions none", "--partitions"),
    (f"{REPLAY} --batch-size 0", "--batch-size"),
    *((f"{REPLAY} --{name} {{tmp}}/x", f"--{name}") for name in ("verdicts", "watchlist", "control")),
    (f"{REPLAY} --schemes {{tmp}}/none/x", "--schemes"),
    ("evaluate", "--flags"),
    (EVALUATE, "l.csv cannot be read"),
    ("compare", "BASE"),
    ("compare {tmp}/good.toml {tmp}/good.toml", "--movements"),
    ("compare {tmp}/good.toml {tmp}/bad.toml --movements {tmp}/m.csv", "bad.toml"),
    ("compare {tmp}/good.toml {tmp}/good.toml --movements {tmp}/none.csv", "none.csv"),
    (f"{COMPARE} --profiles {{tmp}}/none.csv", "none.csv"),
    (f"{COMPARE} --labels {{tmp}}/none.csv", "none.csv"),
    (f"{COMPARE} --mapping {{tmp}}/bad.toml", "bad.toml"),
    (f"{COMPARE} --partitions none", "--partitions"),
    (f"{COMPARE} --out {{tmp}}/none/o.jsonl", "--out"),
    ("simulate", "--out"),
    ("simulate --out {tmp}/m.csv/x --days 20 --accounts 300", "--out"),
    ("simulate --out {tmp}/o --days 0", "--days"),
    ("simulate --out {tmp}/o --accounts 0", "--accounts"),
    ("simulate --out {tmp}/o --schemes -1", "--schemes"),
    ("simulate --out {tmp}/o --seed x", "--seed"),
    ("simulate --out {tmp}/o --start yesterday", "--start"),
    ("simulate --out {tmp}/o --format xls", "--format"),
    ("simulate --out {tmp}/o --evasive 2", "--evasive"),
    ("simulate --out {tmp}/o --background {tmp}/none.csv", "--background"),
    ("simulate --out {tmp}/o --background {tmp}/m.csv --mapping {tmp}/bad.toml", "bad.toml"),
    ("topics create", "--kafka"),
    ("topics create --kafka 127.0.0.1:9 --institution B1", "--institution"),
    ("topics create --kafka nowhere:port", "--kafka"),
    ("topics check --kafka 127.0.0.1:9 --institution B1=0", "--institution"),
    ("topics check --kafka nowhere:port", "--kafka"),
    ("topics nothing", "nothing"),
    ("office add --region 341300", "--kind"),
    ("office add --kind pboc", "--region"),
    (f"{ADD} --kind bank", "--kind"),
    (f"{ADD} --region 999999", "--region"),
    (f"{ADD} --days 0", "--days"),
    (f"{ADD} --role boss", "--role"),
    ("office list --database nothing://x --secret-file {tmp}/secret", "--database"),
    ("office list --database sqlite:///{tmp}/l.db --secret-file {tmp}/none/secret", "API_SECRET_FILE"),
    (f"office revoke nobody {OFFICE}", "no office of this id"),
    (f"office rotate nobody {OFFICE}", "no office of this id"),
    (f"office rotate nobody --keep-hours -1 {OFFICE}", "--keep-hours"),
    (f"office rotate nobody --days 0 {OFFICE}", "--days"),
    (f"office key nobody --holder h --role viewer {OFFICE}", "no office of this id"),
    (f"office key nobody --holder h {OFFICE}", "--role"),
    (f"office key nobody --role viewer {OFFICE}", "--holder"),
    (f"office key nobody --holder h --role boss {OFFICE}", "--role"),
    (f"office key nobody --holder h --role viewer --days 0 {OFFICE}", "--days"),
    ("audit verify --database nothing://x --secret-file {tmp}/secret", "--database"),
    ("serve --database nothing://x --secret-file {tmp}/secret", "--database"),
    (f"{SERVE} --port 70000", "--port"),
    (f"{SERVE} --port x", "--port"),
    (f"{SERVE} --ops-port 70000", "--ops-port"),
    (f"{SERVE} --kafka nowhere:port", "--kafka"),
    ("serve --database sqlite:///{tmp}/l.db --secret-file {tmp}/none/secret", "API_SECRET_FILE"),
    (f"{SERVE} --host 203.0.113.7 --port 0 --ops-port 0", "--host"),
    (f"{SERVE} --ops-host 203.0.113.7 --port 0 --ops-port 0", "--ops-host"),
    (f"{SERVE} --tls-cert {{tmp}}/none.pem --tls-key {{tmp}}/none.pem", "API_TLS"),
    (f"{SERVE} --tls-key {{tmp}}/m.csv", "API_TLS"),
    (f"{SERVE} --tls-client-ca {{tmp}}/m.csv", "API_TLS"),
    ("config show nothing", "no such process"),
    ("bench nothing", "nothing"),
    ("demo --days 1", "--days"),
    ("demo --accounts 1", "--accounts"),
    ("demo --port 70000", "--port"),
    ("demo --seed x", "--seed"),
    ("demo --schemes -1", "--schemes"),
    ("demo --seconds 0", "--seconds"),
]


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No settings of the environment, and the process's own signals back after a command that sets some."""
    for name in os.environ:
        if name.split("_")[0] in ("DETECTOR", "PRODUCER", "API"):
            monkeypatch.delenv(name)

    def went_on(*_: object) -> None:
        raise TimeoutError("the command went on instead of refusing")

    signal.signal(signal.SIGALRM, went_on)
    signal.setitimer(signal.ITIMER_REAL, 60)
    before = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)]
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    for number, handler in zip((signal.SIGTERM, signal.SIGINT), before, strict=True):
        signal.signal(number, handler)


@pytest.mark.parametrize(("line", "named"), WRONG, ids=[line or "no-command" for line, _ in WRONG])
def test_wrong_arguments_are_one_line_and_exit_code_2(
    line: str, named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "m.csv").write_text("event_id\n")
    (tmp_path / "bad.toml").write_text("[nothing\n")
    (tmp_path / "good.toml").write_text("")
    monkeypatch.setattr(sys, "argv", ["fundwatch", *shlex.split(line.format(tmp=tmp_path))])
    with pytest.raises(SystemExit) as ended:
        main()
    told = capsys.readouterr().err
    assert ended.value.code == 2, told
    lines = [one for one in told.splitlines() if not one.startswith("{")]
    assert len(lines) == 1, told
    assert lines[0].startswith("fundwatch: ")
    assert "pattern" not in lines[0], "an expression says to nobody what to write"
    assert named in lines[0]


def _options(command: click.Command, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from _options(found, f"{path} {name}".strip())
        return
    for parameter in command.params:
        if isinstance(parameter, click.Option) and not parameter.is_flag:
            yield path, parameter.opts[0]


FREE = {
    "office add --name": "any text",
    "office rotate --holder": "any text",
    "office revoke --key": "any text; an unknown one is none of the office's",
    "office revoke --database": "as of office list",
    "office revoke --secret-file": "as of office list",
    "audit verify --secret-file": "as of office list",
    "audit verify --head": "compared, not parsed",
    "produce --progress": "held by tests/producers",
    **{f"evaluate --{name}": "held by tests/detector" for name in ("scores", "labels", "movements", "mapping", "html")},
    "serve --archive": "held by tests/api",
}
"""Options without a row of their own, and why."""


def test_the_table_has_every_option_that_can_be_wrong() -> None:
    missing = {
        (path, option)
        for path, option in _options(fundwatch, "")
        if f"{path} {option}" not in FREE
        and not any(line.startswith(path) and (f"{option} " in f"{line} " or option == named) for line, named in WRONG)
    }
    assert missing == set()
