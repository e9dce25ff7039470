"""Rules that no single module can keep by itself: import arrows, fences, names of metrics, what the command line says."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from importlinter import cli as importlinter_cli
from prometheus_client import Counter, Gauge, Histogram
from prometheus_client.metrics import MetricWrapperBase

from contract.commands import fundwatch

PROJECT = Path(__file__).parents[1]
PACKAGES = ("contract", "producers", "models", "detector", "api", "deploy")
SOURCES = sorted(path for package in PACKAGES for path in (PROJECT / package).rglob("*.py"))

# --- imports


def test_packages_import_only_what_the_arrows_allow(capsys: pytest.CaptureFixture[str]) -> None:
    code = importlinter_cli.lint_imports(config_filename=str(PROJECT / "pyproject.toml"), no_cache=True)
    assert code == importlinter_cli.EXIT_STATUS_SUCCESS, capsys.readouterr().out


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


FENCES = {
    # The Kafka client: one place a side.
    "kafka": ("producers/kafka.py", "detector/transport/", "api/ledger/kafka.py", "api/outbox/kafka.py"),
    "sqlalchemy": ("api/",),
    "alembic": ("api/",),
    "psycopg": ("api/", "deploy/servers/postgres.py"),
    "fastapi": ("api/",),
    "starlette": ("api/",),
    "uvicorn": ("api/",),
    "river": ("models/",),
    # One place reads the archive with it.
    "duckdb": ("api/archive/",),
    "sklearn": ("models/", "detector/evaluate"),
    "matplotlib": ("detector/evaluate_plots.py",),
}


@pytest.mark.parametrize("library", FENCES)
def test_a_library_stays_behind_its_fence(library: str) -> None:
    users = [str(path.relative_to(PROJECT)) for path in SOURCES if library in _imported(path)]
    assert [user for user in users if not user.startswith(FENCES[library])] == []


def test_no_module_is_a_drawer_for_everything() -> None:
    assert [path for path in SOURCES if path.stem in {"utils", "helpers", "common", "misc"}] == []


def test_every_module_says_in_one_line_what_lives_there() -> None:
    silent = [path for path in SOURCES if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))]
    assert silent == []


# --- metrics

# Contract §6: names and labels. Histograms and gauges as they are exposed, counters with their _total.
CONTRACT_METRICS = {
    "producer_movements_total": {"institution", "outcome"},
    "detector_movements_total": {"outcome"},
    "detector_rejects_total": {"reason"},
    "detector_degraded_total": {"field"},
    "detector_flags_total": {"category"},
    "detector_findings_total": {"typology"},
    "detector_batch_duration_seconds": set(),
    "detector_event_lag_seconds": set(),
    "detector_accounts": set(),
    "detector_state_bytes": set(),
    "detector_checkpoint_age_seconds": set(),
    "detector_model_score": {"model"},
    "detector_drift_total": {"stream"},
    "ledger_flags_total": set(),
    "ledger_lag_seconds": set(),
    "api_request_duration_seconds": {"route", "method", "status"},
}
# Labels that have a bound; none of them can hold an account or a person.
BOUNDED = set().union(*CONTRACT_METRICS.values()) | {"dependency", "kind", "topic"}
# Regulation 1.3 names the count of a calendar that ends.
PREFIXES = {"producers": ("producer",), "detector": ("detector", "calendar"), "api": ("api", "ledger")}
METRICS_FILES = sorted(path for path in SOURCES if path.name == "metrics.py")


def _metrics() -> Iterator[tuple[str, str, MetricWrapperBase, set[str]]]:
    for path in METRICS_FILES:
        side = path.relative_to(PROJECT).parts[0]
        module = importlib.import_module(".".join(path.relative_to(PROJECT).with_suffix("").parts))
        for value in vars(module).values():
            if isinstance(value, Counter | Gauge | Histogram):
                described: Any = value
                exposed = described._name + ("_total" if isinstance(value, Counter) else "")  # noqa: SLF001
                yield side, exposed, value, set(described._labelnames)  # noqa: SLF001


def test_every_metric_of_the_contract_is_declared_with_its_labels() -> None:
    declared = {name: labels for _side, name, _metric, labels in _metrics()}
    assert {name: declared.get(name) for name in CONTRACT_METRICS} == CONTRACT_METRICS


def test_metrics_are_named_by_their_process_and_only_counters_are_totals() -> None:
    for side, name, metric, _labels in _metrics():
        assert name.split("_")[0] in PREFIXES[side], name
        assert name.endswith("_total") == isinstance(metric, Counter), name
        assert not re.search(r"_(ms|millis|minutes|kb|mb)(_|$)", name), f"{name}: base units only"


def test_no_label_of_a_metric_is_without_a_bound() -> None:
    assert {label for _side, _name, _metric, labels in _metrics() for label in labels} <= BOUNDED


def test_histograms_have_buckets_of_their_own() -> None:
    default = list(Histogram.DEFAULT_BUCKETS)
    for _side, name, metric, _labels in _metrics():
        if isinstance(metric, Histogram):
            described: Any = metric
            assert list(described._upper_bounds) != default, name  # noqa: SLF001


# --- what is committed

NEVER = [
    re.compile(pattern)
    for pattern in (
        # Registries and this or that machine's folders: written so that this file does not name them.
        r"files\.python" + "hosted",
        r"pypi\." + "org/simple",
        r"registry\." + "npmjs",
        r"repo1?\.maven\." + "(apache\\.)?org",
        r"deb\." + "debian",
        r"proxy\." + r"golang",
        r"(?<![\w.])/" + r"work/",
        r"(?<![\w.])/" + r"root/",
    )
]
LEFT_OUT = {".git", ".venv", ".cache", ".secrets", "__pycache__", "build", "dist", "node_modules"}


def _committed() -> Iterator[Path]:
    for path in PROJECT.rglob("*"):
        parts = path.relative_to(PROJECT).parts
        hidden_cache = any(part in LEFT_OUT or part.endswith(("_cache", ".egg-info")) for part in parts)
        if path.is_file() and not hidden_cache and ".hypothesis" not in parts:
            yield path


def test_no_committed_file_names_a_registry_or_a_folder_of_one_machine() -> None:
    found = []
    for path in _committed():
        text = path.read_bytes().decode("utf-8", errors="ignore")
        found += [(str(path.relative_to(PROJECT)), seen[0]) for rule in NEVER if (seen := rule.search(text))]
    assert found == []


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-office.lock", "requirements-bank.lock"])
def test_every_locked_package_has_one_version_a_platform_and_hashes(lock: str) -> None:
    entries = re.split(r"\n(?=\S)", (PROJECT / lock).read_text().strip())
    assert len(entries) > 20
    for entry in entries:
        assert re.match(r"[A-Za-z0-9_.-]+(\[[a-z0-9,_-]+\])?==\S+", entry), entry.splitlines()[0]
        assert "--hash=sha256:" in entry, entry.splitlines()[0]
        assert "://" not in entry, entry.splitlines()[0]


# --- the command line

# Contract §4: what each command takes.
CONTRACT_OPTIONS = {
    "demo": {"--days", "--accounts", "--port", "--seed", "--once"},
    "simulate": {"--out", "--days", "--accounts", "--schemes", "--seed"},
    "produce": {"--institution", "--format", "--kafka", "--profiles", "--mapping", "--rejects", "--dry-run"},
    "detect": {"--kafka", "--checkpoint", "--archive"},
    "serve": {"--kafka", "--database", "--archive", "--port", "--ops-port"},
    "replay": {
        *("--movements", "--profiles", "--flags", "--scores", "--scores-from", "--rejects", "--config", "--mapping"),
        *("--partitions", "--batch-size", "--verdicts", "--watchlist", "--control"),
    },
    "evaluate": {"--flags", "--scores", "--labels", "--movements", "--mapping", "--json", "--html"},
    "compare": {"--movements"},
}
CONTRACT_GROUPS = {
    "office": {"add", "list", "rotate", "revoke"},
    "topics": {"create", "check"},
    "config": {"show"},
}


def _command(name: str) -> click.Command:
    command = fundwatch.get_command(click.Context(fundwatch), name)
    assert command is not None
    return command


@pytest.mark.parametrize("name", CONTRACT_OPTIONS)
def test_a_command_takes_what_the_contract_says(name: str) -> None:
    taken = {option for parameter in _command(name).params for option in parameter.opts}
    assert taken >= CONTRACT_OPTIONS[name]


@pytest.mark.parametrize("name", CONTRACT_GROUPS)
def test_a_group_of_commands_has_what_the_contract_says(name: str) -> None:
    group = _command(name)
    assert isinstance(group, click.Group)
    assert set(group.commands) >= CONTRACT_GROUPS[name]


def _leaves(command: click.Command, words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from _leaves(found, (*words, name))
    else:
        yield words, command


def test_every_command_and_every_option_says_what_it_does() -> None:
    for words, command in _leaves(fundwatch, ()):
        name = " ".join(words)
        assert command.help, name
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, f"{name} {parameter.opts[0]}"
