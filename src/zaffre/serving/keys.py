"""Who may call an endpoint: keys by their hashes, tokens by their signature."""

from __future__ import annotations

import hashlib
import hmac
from collections import OrderedDict

import jwt

from zaffre.core.ports import Clock
from zaffre.serving.table import Auth

_REMEMBERED = 4096
_READER = "reader"


def hash_of(key: str) -> str:
    """What the table holds of a key."""
    return hashlib.sha256(key.encode("latin-1", "replace")).hexdigest()


class Gate:
    """Checks the credential of each request against one endpoint's ``Auth``."""

    def __init__(self, auth: Auth, clock: Clock, workspace: str = "") -> None:
        self._hashes = tuple(bytes.fromhex(one) for one in auth.key_hashes)
        self._auth = auth
        self._clock = clock
        self._workspace = workspace
        self._tokens: OrderedDict[bytes, float] = OrderedDict()
        """Tokens whose signature was checked, by hash, with their expiry: Ed25519 costs more than a prediction."""

    @property
    def lasting(self) -> bool:
        """True where what was admitted once stays so: keys do, tokens end."""
        return not self._auth.jwt_public_key

    def admits(self, header: bytes) -> bool:
        """True for ``Bearer`` with one of the endpoint's keys or a valid token of it."""
        scheme, _, credential = header.partition(b" ")
        credential = credential.strip()
        if scheme.lower() != b"bearer" or not credential or len(credential) > 8192:
            return False
        digest = hashlib.sha256(credential).digest()
        found = False
        for known in self._hashes:
            found |= hmac.compare_digest(digest, known)
        return found or (bool(self._auth.jwt_public_key) and self._admits_token(credential, digest))

    def _admits_token(self, credential: bytes, digest: bytes) -> bool:
        expires = self._tokens.get(digest)
        if expires is None:
            expires = self._verified(credential)
            if expires is None:
                return False
            self._tokens[digest] = expires
            if len(self._tokens) > _REMEMBERED:
                self._tokens.popitem(last=False)
        return expires > self._clock.now()

    def _verified(self, credential: bytes) -> float | None:
        """When the token expires; None where it is not a token for this endpoint."""
        try:
            claims = jwt.decode(
                credential,
                self._auth.jwt_public_key,
                algorithms=["EdDSA"],
                audience=list(self._auth.audiences),
                options={"require": ["exp", "aud", "sub"], "verify_exp": False, "verify_iat": False},
            )
            if claims.get("role") == _READER:
                return None  # who only looks asks no model
            if "run" in claims and claims.get("acts") is not True:
                return None  # a job without an identity has tokens too, which stand for nobody but itself
            if "ws" in claims and str(claims["ws"]).lower() != self._workspace:
                return None  # and one with an identity has it in its own workspace
            return float(claims["exp"])
        except (jwt.PyJWTError, ValueError, TypeError):
            return None
