"""Signing in through the issuer: OpenID Connect's authorization code flow with PKCE, a state and a nonce."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import secrets
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote, urlencode

import msgspec

from api.auth.sealing import Sealer
from api.auth.secret import ServerSecret
from api.auth.tokens import REFUSED, TokenClaims, Tokens, fetched
from api.config import TRUSTED
from contract.errors import TransportUnavailable, Unauthenticated

BEGUN_S: Final = 600
"""How long somebody may take at the issuer."""
_TIMEOUT_S: Final = 5.0
_KEEP_S: Final = 3600.0
_AGAIN_S: Final = 10.0
_MOST_BYTES: Final = 262_144
_WELL_KNOWN: Final = "/.well-known/openid-configuration"
_CONTEXT: Final = "browser"
_AWAY: Final = "the issuer cannot be reached"


class Endpoints(msgspec.Struct, frozen=True):
    """Where the issuer lets people sign in, and where a code is exchanged; ``by_body`` is how the secret is shown there."""

    authorize: str
    token: str
    by_body: bool = False


class Begun(msgspec.Struct, frozen=True, array_like=True):
    """What the browser keeps while somebody is at the issuer, sealed."""

    state: str
    nonce: str
    verifier: str
    ends_ms: int


@dataclass(slots=True)
class Discovery:
    """The issuer's own description, asked once an hour; never more than once in ten seconds, as anybody may begin."""

    issuer: str
    fetch: Callable[[str], Any] = fetched
    clock: Callable[[], float] = time.monotonic
    _known: Endpoints | None = None
    _at: float = float("-inf")
    _tried: float = float("-inf")
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self) -> Endpoints:
        """The endpoints; raises ``TransportUnavailable`` where none are known or the description is another issuer's."""
        with self._lock:
            now = self.clock()
            if now - self._at > _KEEP_S and now - self._tried > _AGAIN_S:
                self._tried = now
                try:
                    self._known, self._at = _described(self.fetch(self.issuer.rstrip("/") + _WELL_KNOWN), self.issuer), now
                except TransportUnavailable:
                    # An issuer that is away for a while keeps its addresses.
                    if self._known is None:
                        raise
            if self._known is None:
                raise TransportUnavailable(_AWAY)
            return self._known


def _described(document: Any, issuer: str) -> Endpoints:
    said = document if isinstance(document, dict) else {}
    authorize, token = said.get("authorization_endpoint"), said.get("token_endpoint")
    if said.get("issuer") != issuer or not all(isinstance(one, str) and one.startswith(TRUSTED) for one in (authorize, token)):
        raise TransportUnavailable("the issuer's description is not its own, or names endpoints without TLS")
    methods = said.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    return Endpoints(str(authorize), str(token), by_body="client_secret_basic" not in methods)


@dataclass(frozen=True, slots=True)
class SignIn:
    """One registered client at one issuer. ``tokens`` verifies identity tokens, whose audience is the client's id."""

    client_id: str
    client_secret: str | None
    redirect: str
    endpoints: Callable[[], Endpoints]
    tokens: Tokens
    secret: ServerSecret

    def begin(self, *, now_ms: int) -> tuple[str, str]:
        """Where the browser goes, and what it keeps meanwhile in a cookie."""
        begun = Begun(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48), now_ms + BEGUN_S * 1000)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(begun.verifier.encode()).digest()).decode().rstrip("=")
        asked = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect,
            "scope": "openid profile",
            "state": begun.state,
            "nonce": begun.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        address = self.endpoints().authorize
        kept = self._sealer().seal(msgspec.msgpack.encode(begun), context=_CONTEXT)
        return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}", kept

    def begun(self, said: Mapping[str, str], kept: str, *, now_ms: int) -> Begun | None:
        """What this browser began, where it is that which comes back now; the issuer is not asked."""
        plain = self._sealer().open(kept, context=_CONTEXT)
        begun = None if plain is None else msgspec.msgpack.decode(plain, type=Begun)
        if begun is None or now_ms >= begun.ends_ms or not _same(said.get("state", ""), begun.state):
            return None
        return begun

    def finish(self, said: Mapping[str, str], begun: Begun) -> TokenClaims:
        """Who came back; raises ``Unauthenticated`` with one message whatever is wrong, ``TransportUnavailable``."""
        # Who names an issuer must be ours (RFC 9207).
        if "code" not in said or said.get("iss", self.tokens.issuer) != self.tokens.issuer:
            raise Unauthenticated(REFUSED)
        claims = self.tokens.claims(self._exchanged(said["code"], begun.verifier))
        if not _same(claims.nonce or "", begun.nonce) or claims.azp not in (None, self.client_id):
            raise Unauthenticated(REFUSED)
        return claims

    def _exchanged(self, code: str, verifier: str) -> str:
        endpoints = self.endpoints()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect,
            "client_id": self.client_id,
            "code_verifier": verifier,
        }
        headers = {"Accept": "application/json"}
        if self.client_secret is not None and endpoints.by_body:
            form["client_secret"] = self.client_secret
        elif self.client_secret is not None:
            shown = f"{quote(self.client_id, safe='')}:{quote(self.client_secret, safe='')}"
            headers["Authorization"] = "Basic " + base64.b64encode(shown.encode()).decode()
        answer = _posted(endpoints.token, urlencode(form).encode(), headers)
        token = answer.get("id_token") if isinstance(answer, dict) else None
        if not isinstance(token, str):
            raise Unauthenticated(REFUSED)
        return token

    def _sealer(self) -> Sealer:
        return Sealer(self.secret, "issuer-sign-in")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows nothing: what is posted holds the code and the client's secret."""

    def redirect_request(self, *_args: Any, **_more: Any) -> None:
        """No request."""
        return


_OPENER: Final = urllib.request.build_opener(_NoRedirect)


def _posted(url: str, body: bytes, headers: dict[str, str]) -> Any:
    """JSON of the token endpoint; a refusal there is ``Unauthenticated``."""
    try:
        with _OPENER.open(urllib.request.Request(url, body, headers), timeout=_TIMEOUT_S) as answer:  # noqa: S310 - TRUSTED
            return json.loads(answer.read(_MOST_BYTES))
    except urllib.error.HTTPError as error:
        error.close()
        if error.code in (400, 401, 403):
            raise Unauthenticated(REFUSED) from None
        raise TransportUnavailable(_AWAY) from None
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise TransportUnavailable(_AWAY) from error


def _same(left: str, right: str) -> bool:
    return hmac.compare_digest(left.encode(), right.encode())
