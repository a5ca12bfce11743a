"""Sign-in through an OpenID Connect provider: the authorisation code flow with PKCE, state and nonce.

Only the issuer that the operator named is asked. ID tokens count if that issuer signed them for this client,
with an asymmetric algorithm, and with the nonce of this browser's sign-in.
"""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from service.errors import VerbatimError
from service.settings import may_ask

DISCOVERY: Final = "/.well-known/openid-configuration"
#: No `none`, and none whose key is the client's secret.
ALGORITHMS: Final = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "Ed25519",
)
TIMEOUT_S: Final = 5.0
LEEWAY_S: Final = 60
METADATA_LASTS_S: Final = 3_600.0
KEYS_LAST_S: Final = 300.0
STATE_LASTS_S: Final = 600


class SignInRefused(VerbatimError):
    """The provider's answer does not prove who somebody is; `reason` is for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__("Signing in at the provider did not work. Try again.")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """Where people sign in, and as which client this service asks."""

    issuer: str
    client_id: str
    client_secret: str
    name: str = "your organisation"  # as people know it
    roles: tuple[tuple[str, str], ...] = ()  # groups, and the role of their members


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the provider says somebody is. `email` is None unless the provider has verified it."""

    issuer: str
    subject: str
    name: str | None
    email: str | None
    groups: frozenset[str]


@dataclass(frozen=True, slots=True)
class Returned:
    """What the browser came back with, and what it had set out with."""

    query: Mapping[str, str]
    begun: Mapping[str, Any]
    redirect_uri: str


class Provider:
    """The OpenID Connect provider of an installation. Methods raise SignInRefused."""

    def __init__(self, settings: ProviderSettings, clock: Callable[[], float] = time.monotonic) -> None:
        self.settings: Final = settings
        self._clock: Final = clock
        self._lock: Final = threading.Lock()
        self._kept: Final[dict[str, tuple[Any, float]]] = {}

    def begin(self, redirect_uri: str) -> tuple[str, dict[str, Any]]:
        """The address to send the browser to, and what its session has to keep until it is back."""
        begun = {
            "state": secrets.token_urlsafe(32),
            "nonce": secrets.token_urlsafe(32),
            "verifier": secrets.token_urlsafe(48),
            "at": int(time.time()),
        }
        endpoint = self._metadata("authorization_endpoint")
        with self._session(redirect_uri) as client:
            address, _ = client.create_authorization_url(
                endpoint, state=begun["state"], nonce=begun["nonce"], code_verifier=begun["verifier"]
            )
        return str(address), begun

    def finish(self, returned: Returned) -> Identity:
        """Who signed in. The state is compared first: what this browser did not ask for is not used."""
        query, begun = returned.query, returned.begun
        expected = begun.get("state")
        given = query.get("state", "").encode("utf-8", "replace")
        if not expected or not hmac.compare_digest(given, str(expected).encode()):
            raise SignInRefused("state")
        if not 0 <= time.time() - begun["at"] <= STATE_LASTS_S:
            raise SignInRefused("state_expired")
        if query.get("iss", self.settings.issuer) != self.settings.issuer:  # RFC 9207
            raise SignInRefused("issuer_of_answer")
        if "error" in query or not query.get("code"):
            raise SignInRefused("provider_error")
        token = self._exchange(query["code"], begun["verifier"], returned.redirect_uri)
        return self._read(token, begun["nonce"])

    def _exchange(self, code: str, verifier: str, redirect_uri: str) -> dict[str, Any]:
        endpoint = self._metadata("token_endpoint")
        try:
            with self._session(redirect_uri) as client:
                token: dict[str, Any] = client.fetch_token(
                    endpoint, code=code, code_verifier=verifier, timeout=TIMEOUT_S, allow_redirects=False
                )
        except (AuthlibBaseError, requests.RequestException, ValueError) as error:
            raise SignInRefused("token_endpoint") from error
        return token

    def _read(self, token: Mapping[str, Any], nonce: str) -> Identity:
        """Verify the ID token and take what is used of it."""
        encoded = token.get("id_token")
        if not isinstance(encoded, str):
            raise SignInRefused("no_id_token")
        claims = self._decode(encoded, dict(token), nonce)
        subject, email = claims.get("sub"), claims.get("email")
        if not isinstance(subject, str) or not 0 < len(subject) <= 255:
            raise SignInRefused("subject")
        is_verified = claims.get("email_verified") is True and isinstance(email, str)
        groups, name = claims.get("groups"), claims.get("name")
        return Identity(
            self.settings.issuer,
            subject,
            name if isinstance(name, str) else None,
            email if is_verified else None,
            frozenset(group for group in groups if isinstance(group, str))
            if isinstance(groups, list)
            else frozenset(),
        )

    def _decode(self, encoded: str, token: dict[str, Any], nonce: str) -> dict[str, Any]:
        options = {
            "iss": {"essential": True, "value": self.settings.issuer},
            "aud": {"essential": True, "value": self.settings.client_id},
            "nonce": {"essential": True, "value": nonce},
            "exp": {"essential": True},
            "iat": {"essential": True},
            "sub": {"essential": True},
        }
        registry = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
        try:
            try:
                decoded = jwt.decode(encoded, self._keys(), registry=registry)
            except JoseError:  # the provider may have new keys
                decoded = jwt.decode(encoded, self._keys(renew=True), registry=registry)
            given = {
                "client_id": self.settings.client_id,
                "nonce": nonce,
                "access_token": token.get("access_token"),
            }
            claims = CodeIDToken(decoded.claims, decoded.header, options, given)
            claims.validate(leeway=LEEWAY_S)
        except (JoseError, AuthlibBaseError, ValueError, TypeError, KeyError) as error:
            raise SignInRefused("id_token") from error
        return dict(decoded.claims)

    def _keys(self, renew: bool = False) -> KeySet:
        """The provider's keys; renewed at most every few seconds, however many tokens do not fit."""
        lasts = TIMEOUT_S if renew else KEYS_LAST_S
        return KeySet.import_key_set(self._fetch(str(self._metadata("jwks_uri")), lasts))

    def _metadata(self, member: str) -> str:
        """A member of the provider's description, which has to be that of the issuer that was named."""
        found = self._fetch(self.settings.issuer.rstrip("/") + DISCOVERY, METADATA_LASTS_S)
        if not isinstance(found, dict) or found.get("issuer") != self.settings.issuer:
            raise SignInRefused("issuer")
        value = found.get(member)
        if not isinstance(value, str) or not may_ask(value):
            raise SignInRefused(f"metadata: {member}")
        return value

    def _fetch(self, address: str, lasts_s: float) -> Any:
        with self._lock:
            kept = self._kept.get(address)
        if kept is not None and self._clock() - kept[1] < lasts_s:
            return kept[0]
        try:
            with requests.Session() as client:
                client.trust_env = False
                answer = client.get(address, timeout=TIMEOUT_S, allow_redirects=False)
                answer.raise_for_status()
                found = answer.json()
        except (requests.RequestException, ValueError) as error:
            raise SignInRefused("provider_away") from error
        with self._lock:
            self._kept[address] = (found, self._clock())
        return found

    def _session(self, redirect_uri: str) -> OAuth2Session:
        client = OAuth2Session(
            self.settings.client_id,
            self.settings.client_secret,
            scope="openid email profile",
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
        )
        client.trust_env = False  # no password of a .netrc, no proxy
        return client
