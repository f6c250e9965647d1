"""Storage requests that carry their own proof: a signed URL, or a signature with the account's key."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Scope

from zaffre.api.auth import Permission, Principal
from zaffre.api.azure import shared_key
from zaffre.api.azure.blob_words import Refused, refusal
from zaffre.api.azure.lake_words import refusal as lake_refusal
from zaffre.api.azure.sas import LAKE, SPELLINGS, Grant, Signer
from zaffre.core.errors import Forbidden, ZaffreError
from zaffre.core.ports import Clock

_LOCAL = ("localhost", "127.0.0.1")
_MAY = frozenset({Permission.DATA})
GRANT = "storage_grant"
"""Where in the request's state the grant of a signed request lies."""


class SignedRequests:
    """Satisfies ``api.gate.Signed``. What it lets pass reaches storage alone, and there what was granted."""

    def __init__(self, signer: Signer, clock: Clock) -> None:
        self._signer = signer
        self._clock = clock

    def principal(self, scope: Scope) -> Principal | None:
        """Who a request to storage is of, where it is signed."""
        if not _is_storage(scope):
            return None
        headers = Headers(scope=scope)
        query = scope.get("query_string", b"").decode("latin-1")
        asked = parse_qsl(query, keep_blank_values=True)
        if headers.get("authorization", "").lower().startswith("sharedkey "):
            if headers.get("host", "").partition(":")[0].lower() not in _LOCAL:
                raise Forbidden("The account's key counts at localhost only; elsewhere a signed URL does.")
            path = (scope.get("raw_path") or b"").partition(b"?")[0].decode("latin-1")
            shared_key.check(scope["method"], path, query, headers, self._signer.account_key, self._clock.now())
            return self._granted(scope, Grant(""))
        told = dict(asked)
        if "authorization" in headers or "sig" not in told:
            return None
        if len(told) != len(asked):
            raise Forbidden("A signed URL says everything once.")
        container, _, path = scope["path"].strip("/").partition("/")[2].partition("/")
        path = path or told.get("prefix") or told.get("directory", "")
        return self._granted(scope, self._signer.check(told, container, path))

    def refused(self, scope: Scope, error: ZaffreError) -> Response | None:
        """Storage clients read XML, and tell a proof that is none from one that does not suffice."""
        if not _is_storage(scope):
            return None
        is_no_proof = isinstance(error, Forbidden)
        told = Refused(403, "AuthenticationFailed", error.message) if is_no_proof else error
        return lake_refusal(told) if scope["path"].startswith(f"{LAKE}/") else refusal(told)

    def _granted(self, scope: Scope, grant: Grant) -> Principal:
        scope["state"][GRANT] = grant
        return Principal(f"storage:{grant.container or 'account'}", _MAY)


def _is_storage(scope: Scope) -> bool:
    return scope["type"] == "http" and str(scope["path"]).startswith(tuple(f"{prefix}/" for prefix in SPELLINGS))
