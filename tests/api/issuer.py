"""A real small issuer of tokens, for tests: OpenID Connect over HTTP on this machine."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

ISSUER: Final = "https://issuer.example"


class Issuer:
    """Describes itself and publishes its keys over HTTP, signs tokens with them, and signs in whoever comes."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.host = host
        self.keys: dict[str, tuple[Any, str]] = {
            "r1": (rsa.generate_private_key(public_exponent=65537, key_size=2048), "RS256"),
            "e1": (ec.generate_private_key(ec.SECP256R1()), "ES256"),
        }
        self.published = ["r1", "e1"]
        self.asked = 0
        self.codes: dict[str, dict[str, str]] = {}
        """What each code was asked for with; a code works once."""
        self.forms: list[dict[str, str]] = []
        """What was posted for codes, with ``basic``: the client's name and secret as shown."""
        self.says: dict[str, Any] = {}
        """Claims that identity tokens have instead of the usual ones."""
        self.description: dict[str, Any] = {}
        """What the description says instead of the truth."""
        self.is_broken = False
        """Whether its answers are no HTTP."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        """Its own name, where it describes itself."""
        return f"http://{self.host}:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        """Where the keys lie."""
        return f"{self.address}/jwks"

    def described(self) -> dict[str, Any]:
        """Its description."""
        said = {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
        }
        return said | self.description

    def authorize(self, asked: dict[str, str]) -> str:
        """Whoever comes is signed in at once; where the browser goes back to."""
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state'], 'iss': self.address})}"

    def exchange(self, form: dict[str, str]) -> dict[str, str] | None:
        """An identity token for a code; None where something does not fit what the code was asked for with."""
        self.forms.append(form)
        asked = self.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if asked is None or asked["code_challenge"] != challenge or asked["redirect_uri"] != form["redirect_uri"]:
            return None
        claims = {"iss": self.address, "aud": asked["client_id"], "nonce": asked["nonce"]}
        return {"access_token": "not used", "token_type": "Bearer", "id_token": self.token(**claims | self.says)}

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def token(self, *, kid: str = "r1", algorithm: str | None = None, key: Any = None, **claims: Any) -> str:
        """A token of an analyst of the office ``pboc-341300``, with changes; a claim of None is left out."""
        now = int(time.time())
        usual = {
            "iss": ISSUER, "aud": "fundwatch", "sub": "u-1", "iat": now, "exp": now + 600,
            "fundwatch_office": "pboc-341300", "fundwatch_role": "analyst", "preferred_username": "li",
        }  # fmt: skip
        said = {name: value for name, value in (usual | claims).items() if value is not None}
        own, usual_algorithm = self.keys.get(kid, self.keys["r1"])
        return jwt.encode(said, key or own, algorithm or usual_algorithm, headers={"kid": kid})

    def public_keys(self) -> list[dict[str, Any]]:
        """The keys as they are published."""
        kinds: dict[str, Any] = {"RS256": jwt.algorithms.RSAAlgorithm, "ES256": jwt.algorithms.ECAlgorithm}
        found = []
        for kid in self.published:
            key, algorithm = self.keys[kid]
            public = json.loads(kinds[algorithm].to_jwk(key.public_key()))
            found.append(public | {"kid": kid, "alg": algorithm, "use": "sig"})
        return found

    def _handler(issuer) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = urlsplit(self.path)
                if path.path == "/authorize":
                    self.send_response(302)
                    self.send_header("Location", issuer.authorize(dict(parse_qsl(path.query))))
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                elif path.path == "/.well-known/openid-configuration":
                    self._answer(200, issuer.described())
                else:
                    issuer.asked += 1
                    self._answer(200, {"keys": [*issuer.public_keys(), {"kty": "nonsense"}, 3]})

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                shown = self.headers.get("Authorization", "").removeprefix("Basic ")
                given = issuer.exchange(dict(parse_qsl(body)) | {"basic": base64.b64decode(shown).decode()})
                self._answer(200 if given else 400, given or {"error": "invalid_grant"})

            def _answer(self, status: int, what: Any) -> None:
                body = json.dumps(what).encode()
                if issuer.is_broken:
                    self.wfile.write(b"nonsense\r\n\r\n")
                    return
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        return Handler
