"""The operations port: health, readiness and metrics, for the operator's network only."""

from __future__ import annotations

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

import msgspec
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from contract.errors import ConfigurationError

Check = Callable[[], bool]
_JSON: Final = "application/json"


class OpsServer:
    """Answers from threads of its own, so that a busy API does not look dead.

    Parameters
    ----------
    checks
        What must hold to be ready, by name; a check that raises does not hold.
    """

    def __init__(self, host: str, port: int, checks: dict[str, Check]) -> None:
        try:
            self._server = ThreadingHTTPServer((host, port), _handler(checks))
        except OSError as error:
            raise ConfigurationError(f"--ops-host or --ops-port cannot be used: {error.strerror}") from error
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, name="ops", daemon=True)

    def __enter__(self) -> OpsServer:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(checks: dict[str, Check]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            match self.path.partition("?")[0]:
                case "/healthz":
                    self._answer(200, _JSON, b'{"status":"ok"}')
                case "/readyz":
                    self._ready()
                case "/metrics":
                    self._answer(200, CONTENT_TYPE_LATEST, generate_latest())
                case _:
                    self._answer(404, _JSON, b'{"error":"not_found","detail":"nothing here"}')

        def _ready(self) -> None:
            held = {name: _holds(check) for name, check in checks.items()}
            self._answer(200 if all(held.values()) else 503, _JSON, msgspec.json.encode({"ready": held}))

        def _answer(self, status: int, content_type: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing: a scrape every few seconds is no news."""

    return Handler


def _holds(check: Check) -> bool:
    try:
        return check()
    except Exception:  # noqa: BLE001 - whatever went wrong, the check does not hold, and that is the answer
        return False
