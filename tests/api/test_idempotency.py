"""Every route that changes something, sent twice with one Idempotency-Key: from the route table, so a new one must take part."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select

from api.audit.record import AuditRecord, decode
from api.auth import passwords
from api.tables import AUDIT, IDEMPOTENCY, METADATA
from api.webhooks.addresses import Reach
from tests.api.flags import flag
from tests.api.ledger.steps import id_of
from tests.api.test_route_matrix import routes
from tests.api.world import World, make_world

CHANGING: Final = {"POST", "PUT", "DELETE", "PATCH"}
SECRETS: Final = {("POST", "/v1/keys"): "key", ("POST", "/v1/webhooks"): "secret"}
"""What is told once, and not when the request is sent again."""


@dataclass(frozen=True)
class Ask:
    """A request that succeeds, and how another one differs that comes with the same Idempotency-Key."""

    path: str
    role: str = "supervisor"
    body: Any = None
    other_body: Any = None
    other_path: str | None = None
    media_type: str = "application/json"


class Stage:
    """A world in which every request of ``CASES`` succeeds."""

    def __init__(self, world: World) -> None:
        self.world = world
        world.app.state.reach = Reach(resolve=lambda _host, _port: ["93.184.216.34"])
        world.store([flag("a"), flag("b")])
        self.keys = {
            role: world.office("pboc", "341300", role=role, holder="li") for role in ("supervisor", "administrator", "analyst")
        }
        self.wang = world.office("pboc", "341300", role="supervisor", holder="wang")
        world.office("nfra", "341300")

    def made(self, path: str, body: Any, part: str, *, role: str = "supervisor", key: str | None = None) -> str:
        """Make something and give its id."""
        answer = self.world.post(path, key or self.keys[role], body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()[part])

    def suppression(self, name: str, *, key: str | None = None) -> str:
        """A proposal to hide an entry."""
        body = {"entry_id": id_of(name), "reason": "已核实", "days": 9}
        return self.made("/v1/suppressions", body, "suppression_id", key=key)

    def report(self) -> str:
        """A draft of somebody else, so that a second person can send it."""
        body = {"account_id": "a:a", "institution_code": "BANK01"}
        return self.made("/v1/reports/accounts", body, "report_id", key=self.wang)

    def send(self, method: str, ask: Ask, *, key: str = "k-1", path: str | None = None, body: Any = None) -> Any:
        """Send it with an Idempotency-Key."""
        headers = {"Authorization": f"Bearer {self.keys[ask.role]}", "Idempotency-Key": key, "Content-Type": ask.media_type}
        given = ask.body if body is None else body
        content = {"content": given} if isinstance(given, str) else {"json": given}
        return self.world.client.request(method, path or ask.path, headers=headers, **({} if given is None else content))

    def state(self) -> dict[str, str]:
        """All that is kept, but for the audit."""
        with self.world.database.reading() as connection:
            return {
                table.name: hashlib.sha256(repr(sorted(map(repr, connection.execute(select(table))))).encode()).hexdigest()
                for table in METADATA.sorted_tables
                if table is not AUDIT
            }

    def last_line(self) -> AuditRecord:
        """The newest line of the audit: of the request itself."""
        with self.world.database.reading() as connection:
            return decode(bytes(connection.execute(select(AUDIT.c.record).order_by(AUDIT.c.seq.desc()).limit(1)).scalar_one()))

    def audited(self) -> int:
        """Lines of the audit."""
        with self.world.database.reading() as connection:
            return int(connection.execute(select(func.count()).select_from(AUDIT)).scalar_one())


def _step(stage: Stage) -> Ask:
    body = {"to": "under_analysis", "reason": "核查", "expected_version": 1}
    return Ask(f"/v1/ledger/{id_of('a')}/transitions", body=body, other_body=body | {"reason": "x"})


def _handover(stage: Stage) -> Ask:
    body = {"holder": "wang", "reason": "休假", "expected_version": 1}
    return Ask(f"/v1/ledger/{id_of('a')}/handover", body=body, other_body=body | {"reason": "x"})


def _bulk(stage: Stage) -> Ask:
    entries = [{"entry_id": id_of(name), "expected_version": 1} for name in "ab"]
    body = {"to": "under_analysis", "reason": "核查", "entries": entries}
    return Ask("/v1/ledger/transitions", body=body, other_body=body | {"entries": entries[:1]})


def _import(stage: Stage) -> Ask:
    head = "institution_code,institution_type,account_id,branch_region,opened_on,reference,reason\r\n"
    row = "BANK01,bank,a:old,341302,2024-05-20,2024-3,举报\r\n"
    return Ask("/v1/ledger/import", body=head + row, other_body=head + row.replace("old", "older"), media_type="text/csv")


def _lead(stage: Stage) -> Ask:
    body = {"kind": "tip_off", "text": "有人集资", "received_on": "2026-03-01"}
    return Ask("/v1/leads", body=body, other_body=body | {"text": "x"})


def _leads(stage: Stage) -> Ask:
    text = "kind,text,received_on\ntip_off,有人集资,2026-03-01\n"
    return Ask("/v1/leads/file", body=text, other_body=text + "tip_off,x,2026-03-01\n", media_type="text/csv")


def _subject(stage: Stage) -> Ask:
    body = {"subject": "c:found", "status": "FOUND", "since": "2026-03-01", "reference": "1号"}
    return Ask("/v1/watchlist", body=body, other_body=body | {"status": "CLEARED"})


def _approval(stage: Stage) -> Ask:
    body = {
        "purpose": "AML_INVESTIGATION", "reference": "7号", "approver": "行长", "approver_level": "city",
        "investigators": ["王", "李"], "accounts": ["a:a"],
    }  # fmt: skip
    return Ask("/v1/approvals", body=body, other_body=body | {"accounts": ["a:b"]})


def _draft(stage: Stage) -> Ask:
    body = {"account_id": "a:a", "institution_code": "BANK01"}
    return Ask("/v1/reports/accounts", body=body, other_body=body | {"account_id": "a:b"})


def _rewriting(stage: Stage) -> Ask:
    body = {"expected_version": 1, "aosp_en": "x"}
    return Ask(f"/v1/reports/accounts/{stage.report()}", body=body, other_body=body | {"aosp_en": "y"})


def _report_step(stage: Stage) -> Ask:
    body = {"to": "sent", "expected_version": 1}
    return Ask(f"/v1/reports/accounts/{stage.report()}/transitions", body=body, other_body=body | {"reason": "x"})


def _suppression(stage: Stage) -> Ask:
    body = {"entry_id": id_of("a"), "reason": "已核实", "days": 9}
    return Ask("/v1/suppressions", body=body, other_body=body | {"days": 8})


def _suppression_approval(stage: Stage) -> Ask:
    one, other = (f"/v1/suppressions/{stage.suppression(name, key=stage.wang)}/approval" for name in "ab")
    return Ask(one, other_path=other)


def _suppression_end(stage: Stage) -> Ask:
    one, other = (f"/v1/suppressions/{stage.suppression(name)}" for name in "ab")
    return Ask(one, other_path=other)


def _key(stage: Stage) -> Ask:
    body = {"holder": "zhao", "role": "viewer"}
    return Ask("/v1/keys", "administrator", body=body, other_body=body | {"role": "supervisor"})


def _key_end(stage: Stage) -> Ask:
    given = (stage.made("/v1/keys", {"holder": "x", "role": "viewer"}, "key_id", role="administrator") for _ in range(2))
    one, other = (f"/v1/keys/{key_id}" for key_id in given)
    return Ask(one, "administrator", other_path=other)


def _hook(stage: Stage) -> Ask:
    body = {"url": "https://news.example/a"}
    return Ask("/v1/webhooks", "administrator", body=body, other_body={"url": "https://news.example/b"})


def _hook_end(stage: Stage) -> Ask:
    urls = ("https://news.example/a", "https://news.example/b")
    one, other = (f"/v1/webhooks/{stage.made('/v1/webhooks', {'url': url}, 'hook_id', role='administrator')}" for url in urls)
    return Ask(one, "administrator", other_path=other)


def _password(stage: Stage) -> Ask:
    return Ask("/v1/password", "analyst", {"password": "correct horse 电池"}, {"password": "battery staple 马"})


CASES: Final[dict[tuple[str, str], Callable[[Stage], Ask]]] = {
    ("POST", "/v1/ledger/{entry_id}/transitions"): _step,
    ("POST", "/v1/ledger/{entry_id}/handover"): _handover,
    ("POST", "/v1/ledger/transitions"): _bulk,
    ("POST", "/v1/ledger/import"): _import,
    ("POST", "/v1/leads"): _lead,
    ("POST", "/v1/leads/file"): _leads,
    ("POST", "/v1/watchlist"): _subject,
    ("POST", "/v1/approvals"): _approval,
    ("POST", "/v1/reports/accounts"): _draft,
    ("PUT", "/v1/reports/accounts/{report_id}"): _rewriting,
    ("POST", "/v1/reports/accounts/{report_id}/transitions"): _report_step,
    ("POST", "/v1/suppressions"): _suppression,
    ("POST", "/v1/suppressions/{suppression_id}/approval"): _suppression_approval,
    ("DELETE", "/v1/suppressions/{suppression_id}"): _suppression_end,
    ("POST", "/v1/keys"): _key,
    ("DELETE", "/v1/keys/{key_id}"): _key_end,
    ("POST", "/v1/webhooks"): _hook,
    ("DELETE", "/v1/webhooks/{hook_id}"): _hook_end,
    ("PUT", "/v1/password"): _password,
}
EACH: Final = pytest.mark.parametrize("route", CASES, ids=[f"{method} {path}" for method, path in CASES])


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    made = make_world(f"sqlite:///{tmp_path}/ledger.sqlite")
    yield Stage(made)
    made.close()


def test_every_route_of_the_api_that_changes_something_takes_part(stage: Stage) -> None:
    changing = {(method, path) for method, path in routes(stage.world) if method in CHANGING and path.startswith("/v1/")}
    assert changing == set(CASES)
    described = stage.world.app.openapi()["paths"]
    for method, path in CASES:
        headers = [one["name"] for one in described[path][method.lower()]["parameters"] if one["in"] == "header"]
        assert "idempotency-key" in headers, (method, path)


@EACH
def test_a_request_sent_again_answers_the_same_and_changes_nothing(stage: Stage, route: tuple[str, str]) -> None:
    method, _ = route
    ask = CASES[route](stage)
    first = stage.send(method, ask)
    assert first.status_code in (200, 201), first.text
    after, lines, line = stage.state(), stage.audited(), stage.last_line()
    again = stage.send(method, ask)
    assert again.status_code == first.status_code
    told = first.json() | ({SECRETS[route]: None} if route in SECRETS else {})
    assert again.json() == told
    assert stage.state() == after
    assert stage.audited() == lines + 1, "that it was asked again, and no second act"
    assert (stage.last_line().accounts, stage.last_line().rows) == (line.accounts, line.rows), "told again is told"


@EACH
def test_the_key_of_another_request_is_a_conflict_that_changes_nothing(stage: Stage, route: tuple[str, str]) -> None:
    method, _ = route
    ask = CASES[route](stage)
    assert stage.send(method, ask).status_code in (200, 201)
    after, lines = stage.state(), stage.audited()
    other = stage.send(method, ask, path=ask.other_path, body=ask.other_body)
    assert (other.status_code, other.json()["error"]) == (409, "conflict")
    assert stage.state() == after
    assert stage.audited() == lines + 1
    elsewhere = stage.send(method, ask, key="k-2", path=ask.other_path, body=ask.other_body)
    assert elsewhere.json().get("detail") != other.json()["detail"], "with a key of its own it is judged by itself"


@pytest.mark.parametrize("route", SECRETS, ids=[path for _, path in SECRETS])
def test_what_is_told_once_stands_in_no_table(stage: Stage, route: tuple[str, str]) -> None:
    method, _ = route
    secret = stage.send(method, CASES[route](stage)).json()[SECRETS[route]]
    with stage.world.database.reading() as connection:
        kept = repr([list(connection.execute(select(table))) for table in METADATA.sorted_tables])
    assert secret
    assert secret not in kept
    assert secret.rpartition("_")[2] not in kept


def test_a_password_sent_is_kept_as_no_digest_that_is_quick_to_try(stage: Stage) -> None:
    ask = _password(stage)
    stage.send("PUT", ask)
    with stage.world.database.reading() as connection:
        (kept,) = connection.execute(select(IDEMPOTENCY)).all()
    key_id = stage.keys["analyst"].split("_")[1]
    plain = b"\n".join([b"password", key_id.encode(), ask.body["password"].encode()])
    assert bytes(kept.digest) != hashlib.sha256(plain).digest()
    assert ask.body["password"].encode() not in bytes(kept.body)


def test_a_password_that_was_changed_since_is_not_set_back(stage: Stage) -> None:
    ask = _password(stage)
    stage.send("PUT", ask)
    stage.send("PUT", ask, key="k-2", body=ask.other_body)
    assert stage.send("PUT", ask).status_code == 200
    for password, status in ((ask.body, 401), (ask.other_body, 303)):
        entered = stage.world.client.post("/console/sign-in", data={"office": "pboc-341300", "holder": "li"} | password)
        assert entered.status_code == status


def test_a_webhook_sent_again_asks_no_name_server(stage: Stage) -> None:
    ask = _hook(stage)
    assert stage.send("POST", ask).status_code == 201

    def gone(_host: str, _port: int) -> list[str]:
        raise OSError

    stage.world.app.state.reach = Reach(resolve=gone)
    assert stage.send("POST", ask).status_code == 201
