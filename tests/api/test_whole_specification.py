"""The whole specification, generated requests by the thousand: no 5xx, and almost all answer each kind of office."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable

from api.ledger.tracks import Track, entry_id
from api.webhooks.addresses import Reach
from tests.api.flags import flag
from tests.api.schemes_made import member, scheme
from tests.api.world import World, make_world

pytestmark = pytest.mark.benchmark
KINDS: Final = {"pboc": "341300", "nfra": "341300", "csrc": "340000", "lead": "341300", "police": "341300"}
EXAMPLES: Final = 8
"""Requests an operation and office in each of two modes: right by the schema, and wrong."""
LEAST_ANSWERED: Final = 0.9
METHODS: Final = ("get", "post", "put", "patch", "delete")


class Town:
    """An office side with something in it for everybody, and what of it a request may name."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.described = world.app.openapi()
        # No request of ours asks a name server about a made-up name.
        world.app.state.reach = Reach(resolve=lambda _host, _port: ["93.184.216.34"])
        world.store(
            [
                flag("a"),
                flag("b", institution_type="securities"),
                flag("c", category="suspicious"),
                flag("d", category="large_value", due_on="2026-03-09"),
                *(flag(f"more-{number}") for number in range(12)),
                *(flag(f"broker-{number}", institution_type="securities") for number in range(12)),
            ]
        )
        brokers = [member(f"broker-{number}", institution_type="securities") for number in range(2)]
        world.store_schemes([scheme("web", [member("a"), member("more-0")]), scheme("market", brokers)])
        self.writers: dict[str, str] = {}
        self.roles = {kind: self._keys(kind, region) for kind, region in KINDS.items()}
        self._refer("a")
        common: dict[str, list[Any]] = {
            "url": ["https://news.example/x"],
            "office": [None, None, None, "pboc-340000", "nfra-341300", "police-341300"],
            "holder": ["sun"],
            "institution_code": ["BANK01"],
            "expected_version": [1, 2, 3],
            "to": ["under_analysis", "under_analysis", "sent", "received"],
        }
        self.named = {kind: common | self._seen(kind) for kind in KINDS}

    def _seen(self, kind: str) -> dict[str, list[Any]]:
        """What the office may name, by its own lists."""
        accounts, entries = self._all("/v1/flags", kind, "account_id"), self._all("/v1/ledger", kind, "entry_id")
        return {
            "account_id": accounts,
            "accounts": [[account] for account in accounts],
            "subject": accounts,
            "flag_id": self._all("/v1/flags", kind, "flag_id"),
            "entry_id": entries,
            "entries": [[{"entry_id": entry, "expected_version": 1}] for entry in entries],
            "lead_id": self._all("/v1/leads", kind, "lead_id"),
            "report_id": self._all("/v1/reports/accounts", kind, "report_id"),
            "scheme_id": self._all("/v1/schemes", kind, "scheme_id"),
        }

    def _keys(self, kind: str, region: str) -> dict[str, str]:
        world = self.world
        keys = {role: world.office(kind, region, role=role, holder=role) for role in ("supervisor", "auditor", "administrator")}
        writer = self.writers[kind] = world.office(kind, region, holder="writer")
        lead = {"kind": "tip_off", "text": "有人集资", "received_on": "2026-03-01"}
        assert world.post("/v1/leads", keys["supervisor"], lead).status_code == 201
        for account in ("a:a", "a:b"):
            world.post("/v1/reports/accounts", writer, {"account_id": account, "institution_code": "BANK01"})
        return keys

    def _refer(self, name: str) -> None:
        """Refer an account to the police, by two persons."""
        entry = entry_id(Track.AML, "BANK01", f"a:{name}")
        first, second = self.roles["pboc"]["supervisor"], self.world.office("pboc", "341300", role="supervisor", holder="two")
        police = {"office": "police-341300"}
        steps: list[tuple[str, str, dict[str, Any]]] = [
            ("under_analysis", first, {}), ("transferred", first, police), ("transferred", second, {})
        ]  # fmt: skip
        for version, (to, key, more) in enumerate(steps, start=1):
            body = {"to": to, "reason": "x", "expected_version": version} | more
            assert self.world.post(f"/v1/ledger/{entry}/transitions", key, body).status_code == 201

    def _all(self, path: str, kind: str, name: str) -> list[str]:
        items = self.world.get(path, self.roles[kind]["supervisor"]).json()["items"]
        return [str(item[name]) for item in items] or ["none"]

    def key(self, kind: str, path: str) -> str:
        """A key of the office whose role is the likeliest to be answered."""
        for part, role in (("/v1/audit", "auditor"), ("/v1/keys", "administrator"), ("/v1/webhooks", "administrator")):
            if path.startswith(part):
                return self.roles[kind][role]
        return self.roles[kind]["supervisor"]

    def suppression(self, kind: str) -> str:
        """Id of a suppression that somebody else proposed, where the office sees an entry."""
        writer = self.writers[kind]
        for item in self.world.get("/v1/ledger", writer, limit=50, suppressed="shown").json()["items"]:
            asked = {"entry_id": item["entry_id"], "reason": "x"}
            made = self.world.post("/v1/suppressions", writer, asked)
            if made.status_code == 201:
                return str(made.json()["suppression_id"])
        return "none"

    def report(self, kind: str) -> str:
        """Id of a report that somebody else has just written, where the office writes any."""
        for account in self.named[kind]["account_id"]:
            asked = {"account_id": account, "institution_code": "BANK01"}
            made = self.world.post("/v1/reports/accounts", self.writers[kind], asked)
            if made.status_code == 201:
                return str(made.json()["report_id"])
        return "none"

    def hook(self, kind: str) -> str:
        """Id of a webhook."""
        key = self.roles[kind]["administrator"]
        found = self.world.get("/v1/webhooks", key).json()["items"]
        made = found[0] if found else self.world.post("/v1/webhooks", key, {"url": "https://news.example/"}).json()
        return str(made["hook_id"])

    def spare(self, kind: str) -> str:
        """Id of a key that may be revoked."""
        made = self.world.post("/v1/keys", self.roles[kind]["administrator"], {"holder": "spare", "role": "viewer"})
        return str(made.json()["key_id"])

    def version(self, kind: str, path: str) -> int:
        """The version of what a path names, 1 where the office sees none."""
        found = self.world.get(path, self.roles[kind]["supervisor"]).json()
        return int(found.get("version", 1))

    def member(self, kind: str, scheme_id: str) -> str:
        """An account of a scheme, where the office sees one."""
        found = self.world.get(f"/v1/schemes/{quote(scheme_id, safe='')}", self.roles[kind]["supervisor"]).json()
        return next((str(one["account_id"]) for one in found.get("members", [])), "")

    def approval(self, kind: str, account: str) -> str:
        """Id of an approval for the account, where the office sees it."""
        body = {
            "purpose": "CASE", "reference": "1", "approver": "x", "approver_level": "nation",
            "investigators": ["a", "b"], "accounts": [account],
        }  # fmt: skip
        return str(self.world.post("/v1/approvals", self.roles[kind]["supervisor"], body).json().get("approval_id", "none"))


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder: Path = tmp_path_factory.mktemp("town")
    archive = folder / "archive"
    archive.mkdir()
    made = make_world(f"sqlite:///{folder}/ledger.sqlite", archive=archive.as_uri())
    yield Town(made)
    made.close()


def operations(described: dict[str, Any]) -> list[tuple[str, str]]:
    """Path and method of every operation."""
    return sorted((path, method) for path, methods in described["paths"].items() for method in methods if method in METHODS)


def with_names(town: Town, kind: str, data: st.DataObject, given_: Any) -> Any:
    """What was generated, with names of things that are there in most of the places that take one."""
    if not isinstance(given_, dict):
        return given_
    changed = dict(given_)
    for name in sorted(set(changed) & set(town.named[kind])):
        if data.draw(st.integers(0, 4)):
            changed[name] = data.draw(st.sampled_from(town.named[kind][name]))
    return changed


def known_case(kind: str, number: int) -> bytes:
    """A file with one case of a new account, of an institution that the office watches over."""
    head = "institution_code,institution_type,account_id,branch_region,opened_on,reference,reason"
    of = "securities" if kind == "csrc" else "bank"
    return f"{head}\nBANK01,{of},a:case-{number},341302,2024-05-20,1,x\n".encode()


def known_leads(_kind: str, number: int) -> bytes:
    """A file with one lead."""
    return f"kind,text,received_on\ntip_off,case {number},2026-03-01\n".encode()


FILES: Final = {"/v1/ledger/import": known_case, "/v1/leads/file": known_leads}
STEPS: Final = ("/transitions", "/handover")


def ask(town: Town, kind: str, case: Any, data: st.DataObject) -> Any:
    """Send a case as an office."""
    path_parts = with_names(town, kind, data, dict(case.path_parameters or {}))
    fresh = {"key_id": town.spare, "suppression_id": town.suppression, "hook_id": town.hook}
    if case.path.endswith(STEPS):
        fresh["report_id"] = town.report
    for name, one_of in fresh.items():
        if name in path_parts and data.draw(st.integers(0, 4)):
            path_parts[name] = one_of(kind)
    case.path_parameters = path_parts
    headers = {str(name): str(value) for name, value in (case.headers or {}).items()}
    headers = {name: value for name, value in headers.items() if value.isascii() and value.isprintable()}
    if "Fundwatch-Approval" in headers or case.path.endswith(("/movements", "/flows", "/tracing")):
        account = path_parts["account_id"] if "account_id" in path_parts else town.member(kind, str(path_parts["scheme_id"]))
        headers["Fundwatch-Approval"] = town.approval(kind, str(account))
    headers["Authorization"] = f"Bearer {town.key(kind, case.path)}"
    body = with_names(town, kind, data, case.body)
    # A key that another request had is refused, and so are accounts that are no members of the scheme beside them.
    if data.draw(st.integers(0, 4)):
        headers = {name: value for name, value in headers.items() if name.lower() != "idempotency-key"}
        if isinstance(body, dict) and "accounts" in body:
            body.pop("scheme_id", None)
    if isinstance(body, dict) and "expected_version" in body and data.draw(st.integers(0, 4)):
        path = case.formatted_path
        for step in STEPS:
            path = path.removesuffix(step)
        body["expected_version"] = town.version(kind, path)
    arguments: dict[str, Any] = {"headers": headers, "params": case.query or None}
    if isinstance(body, bytes | str):
        arguments["content"] = body
    elif type(body).__name__ != "NotSet":
        arguments["content"] = json.dumps(body)
        headers["Content-Type"] = "application/json"
    if case.path in FILES and data.draw(st.booleans()):
        arguments["content"] = FILES[case.path](kind, data.draw(st.integers(0, 10**9)))
        headers["Content-Type"] = "text/csv"
    return town.world.client.request(case.method, case.formatted_path, **arguments)


@dataclass
class Answers:
    """What one kind of office was answered, by operation."""

    town: Town
    kind: str
    answered: set[tuple[str, str]] = field(default_factory=set)
    refused: dict[tuple[str, str], set[int]] = field(default_factory=dict)
    wrong: list[tuple[str, str, int, str]] = field(default_factory=list)

    def take(self, path: str, method: str, answer: Any) -> None:
        """Note an answer; wrong is a 5xx, a status that the description has not, another body than the one of errors."""
        known = {int(status) for status in self.town.described["paths"][path][method]["responses"]}
        if answer.status_code < 400:
            self.answered.add((path, method))
        else:
            self.refused.setdefault((path, method), set()).add(answer.status_code)
        # A path parameter may hold what makes it another path, or none.
        is_known = answer.status_code in known | {404, 405} and answer.status_code < 500
        if not is_known or (answer.status_code >= 400 and set(answer.json()) != {"error", "detail"}):
            self.wrong.append((path, method, answer.status_code, answer.text[:200]))


def try_out(answers: Answers, found: Any) -> None:
    """Generate requests of one operation, right and wrong ones, and send them."""
    from schemathesis import GenerationMode

    operation = found.ok()
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

        @seed(5)
        @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy(generation_mode=mode), data=st.data())
        def send(case: Any, data: st.DataObject) -> None:
            answers.take(operation.path, operation.method.lower(), ask(answers.town, answers.kind, case, data))

        # Where an operation takes nothing, no request of it can be wrong.
        with contextlib.suppress(*((Unsatisfiable,) if mode is GenerationMode.NEGATIVE else ())):
            send()


def test_no_request_breaks_the_server_and_each_kind_of_office_is_answered_by_almost_every_operation(town: Town) -> None:
    import schemathesis

    schema = schemathesis.openapi.from_dict(town.described)
    everything, missing = set(operations(town.described)), dict[str, dict[str, list[int]]]()
    for kind in KINDS:
        answers = Answers(town, kind)
        for found in schema.get_all_operations():
            try_out(answers, found)
        missing[kind] = {
            f"{method} {path}": sorted(answers.refused.get((path, method), ())) for path, method in everything - answers.answered
        }
        assert answers.wrong == []
    few = {kind: found for kind, found in missing.items() if len(found) > (1 - LEAST_ANSWERED) * len(everything)}
    assert few == {}, missing
    print({kind: len(found) for kind, found in missing.items()}, missing)  # noqa: T201 - shown with -s
