"""OIDC: tokens of the issuer that the operator trusts, verified by its published keys; what they claim is a person here."""

from __future__ import annotations

import hashlib
import http.client
import json
import threading
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any, Final

import jwt
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from api.auth.roles import Role
from contract.errors import TransportUnavailable, Unauthenticated

ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA")
"""Signatures by key pairs alone: a shared secret would let whoever checks tokens make them."""
_TIMEOUT_S: Final = 5.0
_KEEP_S: Final = 600.0
_KEEP_AWAY_S: Final = 3600.0
_AGAIN_S: Final = 30.0
"""The issuer is asked so often at the most: anybody can make up a key id."""
_MOST_BYTES: Final = 262_144
_LEEWAY_S: Final = 30
REFUSED: Final = "a valid key is needed: Authorization: Bearer <key>"


class TokenClaims(BaseModel):
    """Who a token is about, by our own claims."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    sub: Annotated[str, StringConstraints(min_length=1, max_length=255)]
    fundwatch_office: Annotated[str, StringConstraints(pattern=r"^[!-~]{1,64}$")]
    fundwatch_role: Role
    preferred_username: Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]{1,64}$")] | None = None
    exp: int
    iat: int
    nonce: str | None = None
    azp: str | None = None
    """Of identity tokens: what the sign-in began with, and the client that it is for."""

    @property
    def holder(self) -> str:
        """The person within the office."""
        return self.preferred_username or self.sub[:64]

    @property
    def key_id(self) -> str:
        """What stands for a key in the audit; the same for every token of this person."""
        return "oidc:" + hashlib.sha256(self.sub.encode()).hexdigest()[:10]


def fetched(url: str) -> Any:
    """JSON from the issuer; raises ``TransportUnavailable``. The URL is the operator's own setting."""
    try:
        with urllib.request.urlopen(url, timeout=_TIMEOUT_S) as answer:  # noqa: S310 - https or loopback, see ApiSettings
            return json.loads(answer.read(_MOST_BYTES))
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise TransportUnavailable("the token issuer cannot be reached") from error


@dataclass(slots=True)
class IssuerKeys:
    """The issuer's key set, kept for ten minutes, and for an hour where the issuer is away.

    One fetch at a time and one in half a minute: neither made-up key ids nor an issuer that does not answer let somebody
    without a key keep the server's threads busy.
    """

    url: str
    fetch: Callable[[str], Any] = fetched
    clock: Callable[[], float] = time.monotonic
    _keys: dict[str, jwt.PyJWK] = field(default_factory=dict)
    _at: float = float("-inf")
    _tried: float = float("-inf")
    _is_away: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def key(self, key_id: str) -> jwt.PyJWK | None:
        """The key of this id; None where the issuer has none. Raises ``TransportUnavailable``."""
        with self._lock:
            now = self.clock()
            if (now - self._at > _KEEP_S or key_id not in self._keys) and now - self._tried > _AGAIN_S:
                self._tried = now
                self._ask(now)
            found = self._keys.get(key_id)
            if self._is_away and (found is None or now - self._at > _KEEP_AWAY_S):
                raise TransportUnavailable("the token issuer cannot be reached")
            return found

    def _ask(self, now: float) -> None:
        try:
            self._keys = _read(self.fetch(self.url))
            self._at, self._is_away = now, False
        except TransportUnavailable:
            self._is_away = True


@dataclass(frozen=True, slots=True)
class Tokens:
    """Verifies tokens of one issuer for one audience; ``most_life_s`` bounds how long a stolen one is worth anything."""

    issuer: str
    audience: str
    keys: IssuerKeys
    most_life_s: float

    def claims(self, token: str) -> TokenClaims:
        """What a token says; raises ``Unauthenticated``, with one message whatever is wrong."""
        try:
            key = self.keys.key(str(jwt.get_unverified_header(token).get("kid", "")))
            if key is None or key.algorithm_name not in ALGORITHMS:
                raise Unauthenticated(REFUSED)
            options: Any = {"require": ["exp", "iat", "iss", "aud", "sub"]}
            said = jwt.decode(
                token,
                key,
                algorithms=[key.algorithm_name],
                audience=self.audience,
                issuer=self.issuer,
                leeway=_LEEWAY_S,
                options=options,
            )
            claims = TokenClaims.model_validate(said)
        except (jwt.PyJWTError, ValidationError):
            raise Unauthenticated(REFUSED) from None
        if claims.exp - claims.iat > self.most_life_s:
            raise Unauthenticated(REFUSED)
        return claims


def looks_like_token(text: str) -> bool:
    """Whether a bearer text has the form of a signed token; our own keys have not."""
    return text.count(".") == 2


def _read(document: Any) -> dict[str, jwt.PyJWK]:
    found = {}
    entries = document.get("keys", []) if isinstance(document, dict) else []
    for entry in entries:
        try:
            key = jwt.PyJWK.from_dict(entry)
        except (jwt.PyJWTError, ValueError, TypeError, AttributeError):
            continue
        if isinstance(entry.get("kid"), str):
            found[entry["kid"]] = key
    return found
