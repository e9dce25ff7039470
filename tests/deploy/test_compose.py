"""docker-compose.yml, the Dockerfile and what they mount agree with each other and with our own command line.

No container engine runs where these tests do: they check everything short of starting the images.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import compose_pydantic
import pytest
import yaml

from contract.commands import fundwatch

PROJECT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (PROJECT / "Dockerfile").read_text()
SECRETS = Path(".secrets")
OURS = sorted(name for name, service in SERVICES.items() if service["image"].startswith("fundwatch:"))


def _mounts() -> Iterator[tuple[str, str, str]]:
    for name, service in SERVICES.items():
        for volume in service.get("volumes", []):
            source, target = volume.split(":")[:2]
            yield name, source, target


def _option(command: list[str], name: str) -> str:
    return next(part.partition("=")[2] for part in command if part.startswith(f"{name}="))


def _resolve(words: list[str]) -> tuple[click.Command, list[str]]:
    command: click.Command = fundwatch
    context = click.Context(command)
    while isinstance(command, click.Group):
        found = command.get_command(context, words[0])
        assert found is not None, f"no command {words[0]}"
        command, words = found, words[1:]
    return command, words


def test_the_file_keeps_to_the_compose_specification() -> None:
    known = {name: value for name, value in COMPOSE.items() if not name.startswith("x-")}
    compose_pydantic.ComposeSpecification.model_validate(known)


def test_a_misspelt_key_would_not_pass() -> None:
    broken = {"services": {"kafka": {**SERVICES["kafka"], "helthcheck": {}}}}
    with pytest.raises(ValueError, match="helthcheck"):
        compose_pydantic.ComposeSpecification.model_validate(broken)


@pytest.mark.parametrize("name", OURS)
def test_every_command_parses_with_our_own_command_line(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, value in SERVICES[name].get("environment", {}).items():
        monkeypatch.setenv(variable, value)
    command, words = _resolve(SERVICES[name]["command"])
    # Parses options and arguments without running; files named in a container do not exist here.
    for parameter in command.params:
        if isinstance(parameter.type, click.Path):
            monkeypatch.setattr(parameter.type, "exists", False)
    assert command.make_context(name, list(words)).params


@pytest.mark.parametrize(("service", "source", "target"), list(_mounts()))
def test_every_mounted_path_exists_or_is_a_declared_volume(service: str, source: str, target: str) -> None:
    if source.startswith("."):
        assert (PROJECT / source).exists()
    else:
        assert source in COMPOSE["volumes"]
    if service in OURS:
        assert f" {target}" in DOCKERFILE, "the image must own the folder that a volume is mounted on"


def test_every_declared_volume_and_secret_is_used() -> None:
    used = {source for _service, source, _target in _mounts() if not source.startswith(".")}
    assert used == set(COMPOSE["volumes"])
    asked = {secret for service in SERVICES.values() for secret in service.get("secrets", [])}
    assert asked == set(COMPOSE["secrets"])


def test_secrets_come_from_files_that_are_never_committed() -> None:
    ignored = (PROJECT / ".gitignore").read_text().splitlines()
    assert f"{SECRETS}/" in ignored
    for secret in COMPOSE["secrets"].values():
        assert Path(secret["file"]).parent == SECRETS
    for service in SERVICES.values():
        for variable, value in service.get("environment", {}).items():
            assert "PASSWORD" not in variable or value.startswith("/run/secrets/")


def test_services_wait_only_for_services_that_can_become_so() -> None:
    for service in SERVICES.values():
        for needed, wait in service.get("depends_on", {}).items():
            if wait["condition"] == "service_healthy":
                assert "healthcheck" in SERVICES[needed]
            else:
                assert SERVICES[needed]["restart"] == "no", "what must complete must not be restarted"


def test_only_this_machine_can_reach_what_is_published() -> None:
    published = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)


def test_prometheus_scrapes_the_ports_that_the_commands_open() -> None:
    scraped = yaml.safe_load((PROJECT / "deploy/prometheus/prometheus.yml").read_text())
    targets = set()
    for job in scraped["scrape_configs"]:
        targets |= {target for static in job.get("static_configs", []) for target in static["targets"]}
        targets |= {f"{name}:{dns['port']}" for dns in job.get("dns_sd_configs", []) for name in dns["names"]}
    opened = {
        f"detect:{_option(SERVICES['detect']['command'], '--ops-port')}",
        f"schemes:{_option(SERVICES['schemes']['command'], '--ops-port')}",
        f"serve:{_option(SERVICES['serve']['command'], '--ops-port')}",
        f"produce:{_option(SERVICES['produce']['command'], '--metrics-port')}",
    }
    assert targets == opened


def test_health_checks_ask_the_ports_that_the_commands_open() -> None:
    for name in ("detect", "schemes", "serve"):
        port = _option(SERVICES[name]["command"], "--ops-port")
        assert f"127.0.0.1:{port}/" in SERVICES[name]["healthcheck"]["test"][-1]
    host_port, container_port = SERVICES["serve"]["ports"][0].split(":")[1:]
    assert host_port == container_port == _option(SERVICES["serve"]["command"], "--port")


def test_everyone_speaks_to_the_address_that_the_broker_advertises() -> None:
    advertised = SERVICES["kafka"]["environment"]["KAFKA_ADVERTISED_LISTENERS"].removeprefix("PLAINTEXT://")
    asked = [_option(service["command"], "--kafka") for name, service in SERVICES.items() if name in OURS and name != "simulate"]
    assert set(asked) == {advertised}


def test_the_broker_is_the_version_that_the_integration_tests_run_on() -> None:
    pom = (PROJECT / "deploy/servers/pom.xml").read_text()
    version = re.search(r"<kafka.version>([^<]+)<", pom)
    assert version is not None
    assert SERVICES["kafka"]["image"] == f"apache/kafka:{version[1]}"


def test_the_institution_that_produces_has_a_topic() -> None:
    institution = _option(SERVICES["produce"]["command"], "--institution")
    assert _option(SERVICES["topics"]["command"], "--institution").partition("=")[0] == institution


def test_the_dockerfile_copies_what_exists_and_every_package_that_is_installed() -> None:
    copied = [line.split()[1] for line in DOCKERFILE.splitlines() if line.startswith("COPY ") and "--from" not in line]
    assert all((PROJECT / path).exists() for path in copied)
    let_through = {line[1:] for line in (PROJECT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert let_through >= set(copied)
    assert {"contract", "producers", "models", "detector", "api", "deploy"} <= set(copied)
    assert "USER fundwatch" in DOCKERFILE
    assert "--require-hashes" in DOCKERFILE


def test_grafana_finds_its_dashboard_and_the_dashboard_its_datasource() -> None:
    provider = yaml.safe_load((PROJECT / "deploy/grafana/provisioning/dashboards/fundwatch.yml").read_text())
    source = yaml.safe_load((PROJECT / "deploy/grafana/provisioning/datasources/prometheus.yml").read_text())
    mounted = {target: origin for service, origin, target in _mounts() if service == "grafana"}
    folder = provider["providers"][0]["options"]["path"]
    dashboard = json.loads((PROJECT / mounted[folder] / "fundwatch.json").read_text())
    uids = {panel["datasource"]["uid"] for panel in dashboard["panels"]}
    assert uids == {source["datasources"][0]["uid"]}
    assert source["datasources"][0]["url"] == "http://prometheus:9090"
