"""Webhooks: signed and in order, retried and given up, and never inside the network."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from api.tables import AUDIT, WEBHOOKS
from api.webhooks.addresses import NotAllowed, Reach
from api.webhooks.dispatcher import WAITS_S, Dispatcher
from api.webhooks.sending import Sender
from tests.api.flags import flag
from tests.api.world import World, make_world

HERE = "/v1/webhooks"


class Receiver:
    """An office's own server on this machine, which notes what it is told."""

    def __init__(self) -> None:
        self.status = 200
        self.told: list[tuple[dict[str, str], bytes]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/news?of=fundwatch"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()

    def _handler(receiver) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.told.append(({**self.headers, "path": self.path}, body))
                self.send_response(receiver.status)
                self.send_header("Location", "http://127.0.0.1:1/")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        return Handler


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()


class Teller:
    """A world whose operator allows webhooks to this machine, and its dispatcher with a clock that is set by hand."""

    def __init__(self, world: World, timeout_s: float = 5.0) -> None:
        self.world = world
        self.now_ms = time.time_ns() // 1_000_000
        sender = Sender(world.app.state.reach, timeout_s)
        self.dispatcher = Dispatcher(world.database, world.secret, sender, lambda: self.now_ms)
        self.key = world.office("pboc", "341300", role="administrator")
        world.store([flag("before")])

    def add(self, url: str) -> Any:
        """Add a webhook that must be taken."""
        answer = self.world.post(HERE, self.key, {"url": url})
        assert answer.status_code == 201, answer.text
        self.now_ms = max(self.now_ms, time.time_ns() // 1_000_000)
        return answer.json()

    def hook(self) -> Any:
        """The one webhook as it stands."""
        return self.world.get(HERE, self.key).json()["items"][0]

    def after(self, seconds: float) -> int:
        """Let time pass and one round go."""
        self.now_ms += round(seconds * 1000)
        return self.dispatcher.run_once()


@pytest.fixture
def teller(tmp_path: Path) -> Iterator[Teller]:
    made = make_world(f"sqlite:///{tmp_path}/ledger.sqlite", webhook_networks=["127.0.0.0/8"])
    yield Teller(made)
    made.close()


def test_a_receiver_is_told_of_what_the_office_may_see_signed_and_without_content(teller: Teller, receiver: Receiver) -> None:
    added = teller.add(receiver.url)
    teller.world.store([flag("a"), flag("far", branch_region="341202"), flag("looked", category="observe")])
    assert teller.after(0) == 1
    ((headers, body),) = receiver.told
    told = json.loads(body)
    assert [one["flag_id"] for one in told["flags"]] == [flag("a").flag_id]
    assert "a:a" not in body.decode(), "no account leaves the server"
    assert headers["path"] == "/news?of=fundwatch"
    moment, _, mac = headers["Fundwatch-Signature"].partition(",v1=")
    at = moment.removeprefix("t=").encode()
    assert mac == hmac.new(bytes.fromhex(added["secret"]), at + b"." + body, hashlib.sha256).hexdigest()
    assert headers["Fundwatch-Delivery"] == told["delivery"]
    assert teller.after(0) == 0
    teller.world.store([flag("a", revision=2), flag("b")])
    teller.after(1)
    assert [(one["flag_id"], one["revision"]) for one in json.loads(receiver.told[1][1])["flags"]] == [
        (flag("a").flag_id, 2), (flag("b").flag_id, 1)
    ]  # fmt: skip
    assert teller.hook()["delivered_at"] is not None


def test_the_secret_is_shown_once_and_kept_sealed(teller: Teller, receiver: Receiver) -> None:
    secret = teller.add(receiver.url)["secret"]
    assert secret not in teller.world.get(HERE, teller.key).text
    database = Path(teller.world.database._engine.url.database or "")  # noqa: SLF001
    assert bytes.fromhex(secret) not in database.read_bytes()


def test_a_receiver_that_fails_is_tried_again_ever_later_and_then_given_up(teller: Teller, receiver: Receiver) -> None:
    teller.add(receiver.url)
    receiver.status = 500
    teller.world.store([flag("a")])
    teller.after(0)
    for number, wait in enumerate(WAITS_S, start=1):
        hook = teller.hook()
        assert (hook["failures"], hook["last_error"]) == (number, "status_5xx")
        assert teller.after(wait - 1) == 0, "not before its time"
        assert teller.after(1) == 1
    assert teller.hook()["failures"] == 0
    hook_id = teller.hook()["hook_id"]
    letters = teller.world.get(f"{HERE}/{hook_id}/dead-letters", teller.key).json()["items"]
    assert [(one["error"], one["flags"][0]["flag_id"]) for one in letters] == [("status_5xx", flag("a").flag_id)]
    assert len({headers["Fundwatch-Signature"] for headers, _ in receiver.told}) > 1
    receiver.status = 204
    teller.world.store([flag("b")])
    teller.after(0)
    assert [one["flag_id"] for one in json.loads(receiver.told[-1][1])["flags"]] == [flag("b").flag_id]


def test_a_redirect_is_not_followed(teller: Teller, receiver: Receiver) -> None:
    teller.add(receiver.url)
    receiver.status = 302
    teller.world.store([flag("a")])
    teller.after(0)
    assert teller.hook()["last_error"] == "status_3xx"


def answers_never(peer: socket.socket) -> None:
    peer.recv(65_536)


def answers_a_byte_at_a_time(peer: socket.socket) -> None:
    for byte in b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1000:
        threading.Event().wait(0.05)
        peer.sendall(bytes([byte]))


@pytest.mark.parametrize("behaviour", [answers_never, answers_a_byte_at_a_time])
def test_a_receiver_that_never_answers_keeps_nobody_else_waiting(
    teller: Teller, receiver: Receiver, behaviour: Callable[[socket.socket], None]
) -> None:
    impatient = Dispatcher(
        teller.world.database,
        teller.world.secret,
        Sender(Reach(teller.world.app.state.reach.allowed), 0.4),
        lambda: teller.now_ms,
    )
    listener = socket.create_server(("127.0.0.1", 0))
    peers: list[socket.socket] = []

    def accept() -> None:
        peer, _ = listener.accept()
        peers.append(peer)
        try:
            behaviour(peer)
        except OSError:
            return

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    teller.add(f"http://127.0.0.1:{listener.getsockname()[1]}/")
    teller.add(receiver.url)
    teller.world.store([flag("a")])
    started = time.monotonic()
    impatient.run_once()
    assert time.monotonic() - started < 10
    assert len(receiver.told) == 1
    assert [one["last_error"] for one in teller.world.get(HERE, teller.key).json()["items"]] == ["timeout", None]
    thread.join(10)
    for sock in (listener, *peers):
        sock.close()


INSIDE = {
    "loopback": "https://127.0.0.1/x",
    "loopback-by-name": "https://localhost/x",
    "loopback-six": "https://[::1]/x",
    "loopback-as-a-number": "https://2130706433/x",
    "mapped": "https://[::ffff:127.0.0.1]/x",
    "translated": "https://[64:ff9b::7f00:1]/x",
    "private": "https://10.1.2.3/x",
    "private-172": "https://172.16.0.9/x",
    "private-192": "https://192.168.1.1:8443/x",
    "shared": "https://100.64.0.1/x",
    "link-local": "https://169.254.169.254/latest/meta-data",
    "link-local-six": "https://[fe80::1]/x",
    "unique-local": "https://[fd00::1]/x",
    "unspecified": "https://0.0.0.0/x",
    "multicast": "https://224.0.0.1/x",
    "broadcast": "https://255.255.255.255/x",
    "plain": "http://93.184.216.34/x",
    "file": "file:///etc/passwd",
    "gopher": "gopher://93.184.216.34/",
    "user": "https://user:secret@93.184.216.34/",
    "fragment": "https://93.184.216.34/#x",
    "no-host": "https:///x",
    "port": "https://93.184.216.34:99999/",
    "spaces": "https://93.184.216.34/a b",
    "break": "https://93.184.216.34/\r\nHost: x",
}


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world whose operator opened no network; nothing here changes it."""
    made = make_world(f"sqlite:///{tmp_path_factory.mktemp('closed')}/ledger.sqlite")
    yield made
    made.close()


@pytest.mark.parametrize("name", INSIDE)
def test_what_points_inside_or_is_no_address_is_refused_and_changes_nothing(closed: World, name: str) -> None:
    key = closed.office("pboc", "341300", role="administrator")
    answer = closed.post(HERE, key, {"url": INSIDE[name]})
    assert (answer.status_code, answer.json()["error"]) == (422, "unprocessable")
    assert "secret" not in answer.text
    with closed.database.reading() as connection:
        assert connection.execute(select(WEBHOOKS.c.hook_id)).first() is None
        newest = select(AUDIT.c.action, AUDIT.c.decision).order_by(AUDIT.c.seq.desc()).limit(1)
        assert tuple(connection.execute(newest).one()) == ("POST /v1/webhooks", "refused")


def test_a_name_that_comes_to_mean_an_address_inside_is_not_connected_to(teller: Teller) -> None:
    answers = {"first": ["93.184.216.34"]}
    world = teller.world
    world.app.state.reach = Reach(resolve=lambda _host, _port: answers["first"])
    teller.add("https://news.example/x")
    answers["first"] = ["93.184.216.34", "127.0.0.1"]
    rebound = Dispatcher(world.database, world.secret, Sender(world.app.state.reach), lambda: teller.now_ms)
    world.store([flag("a")])
    assert rebound.run_once() == 1
    assert teller.hook()["last_error"] == "address_not_allowed"


def test_an_open_address_is_taken_and_connected_to_without_a_second_look() -> None:
    asked: list[str] = []

    def resolve(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["2606:2800:220:1:248:1893:25c8:1946"]

    target = Reach(resolve=resolve).target("https://news.example/a?b=c")
    assert (target.address, target.host, target.port, target.path) == (
        "2606:2800:220:1:248:1893:25c8:1946", "news.example", 443, "/a?b=c"
    )  # fmt: skip
    assert asked == ["news.example"]
    with pytest.raises(NotAllowed):
        Reach(resolve=lambda _host, _port: []).target("https://news.example/")


def test_an_error_that_nobody_expects_is_told_and_the_next_round_goes(
    teller: Teller, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    teller.add(receiver.url)
    teller.world.store([flag("a")])
    rounds: list[int] = []
    once = teller.dispatcher.run_once

    def first_fails() -> int:
        rounds.append(1)
        if len(rounds) == 1:
            raise RuntimeError("c:secret-customer")
        teller.dispatcher.stop()
        return once()

    monkeypatch.setattr(teller.dispatcher, "run_once", first_fails)
    monkeypatch.setattr("api.webhooks.dispatcher._LOOK_S", 0.0)
    with capture_logs() as logs:
        teller.dispatcher.run()
    assert [line["event"] for line in logs if line["event"] == "webhooks_failed"] == ["webhooks_failed"]
    assert len(receiver.told) == 1


def test_two_processes_send_a_delivery_once(teller: Teller, receiver: Receiver) -> None:
    teller.add(receiver.url)
    other = Dispatcher(teller.world.database, teller.world.secret, Sender(teller.world.app.state.reach), lambda: teller.now_ms)
    teller.world.store([flag(f"f-{number}") for number in range(5)])
    threads = [threading.Thread(target=one.run_once) for one in (teller.dispatcher, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(receiver.told) == 1


def test_an_office_has_its_own_and_takes_them_away(teller: Teller, receiver: Receiver) -> None:
    hook_id = teller.add(receiver.url)["hook_id"]
    other = teller.world.office("nfra", "341300", role="administrator")
    headers = {"Authorization": f"Bearer {other}"}
    assert teller.world.get(HERE, other).json()["items"] == []
    assert teller.world.client.delete(f"{HERE}/{hook_id}", headers=headers).status_code == 404
    assert teller.world.get(f"{HERE}/{hook_id}/dead-letters", other).status_code == 404
    own = {"Authorization": f"Bearer {teller.key}"}
    assert teller.world.client.delete(f"{HERE}/{hook_id}", headers=own).status_code == 200
    teller.world.store([flag("a")])
    assert teller.after(0) == 0
    for _ in range(20):
        teller.add(receiver.url)
    assert teller.world.post(HERE, teller.key, {"url": receiver.url}).status_code == 409


def test_what_is_delivered_is_in_the_offices_audit(teller: Teller, receiver: Receiver) -> None:
    teller.add(receiver.url)
    teller.world.store([flag("a")])
    teller.after(0)
    audit = teller.world.get("/v1/audit", teller.world.office("pboc", "341300", role="auditor")).json()["items"]
    delivered = next(line for line in audit if line["action"] == "webhook.delivery")
    assert (delivered["decision"], delivered["accounts"]) == ("done", ["a:a"])
