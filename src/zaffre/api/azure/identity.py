"""Tokens as Azure gives them out: to a machine with a managed identity, and to a program with a client secret.

Both show the same secret of this home and get the same thing, a short-lived token for one audience, signed by this home
and good nowhere else. What it opens is decided at the gate, as for every other token.
"""

from __future__ import annotations

import base64
from typing import Any

from starlette.responses import Response

from zaffre.api.auth import NOBODY, Permission, Principal, Tokens
from zaffre.api.azure.origin import origin
from zaffre.api.forms import form
from zaffre.api.gate import BEHALF_PATH, IDENTITY_PATH
from zaffre.api.members import MARK, Members
from zaffre.api.route import Call, Route, reply
from zaffre.core.errors import Invalid, Problem, Unauthenticated

SECONDS = 3600.0
_LONGEST_AUDIENCE = 300
_DEFAULT = "/.default"
_TAG = "azure"
_UNCACHED = {"cache-control": "no-store", "pragma": "no-cache"}


class Identity:
    """The routes that give out tokens."""

    def __init__(self, tokens: Tokens, members: Members) -> None:
        self._tokens = tokens
        self._members = members

    def routes(self) -> list[Route]:
        """Authority and token endpoint below any tenant's name, in both versions."""
        found = [
            Route("GET", IDENTITY_PATH, Permission.IDENTITY, self._managed, "A managed identity's token", tag=_TAG),
            Route("GET", BEHALF_PATH, Permission.IDENTITY, self._managed, "A token on a user's behalf", tag=_TAG),
        ]
        for version in ("", "v2.0/"):
            configuration = f"/{{tenant}}/{version}.well-known/openid-configuration"
            exchange = f"/{{tenant}}/oauth2/{version}token"
            found += [
                Route("GET", configuration, Permission.OPEN, _configuration, "Where tokens are given out", tag=_TAG),
                Route("POST", exchange, Permission.OPEN, self._exchange, "A client secret's token", tag=_TAG),
            ]
        return found

    async def _managed(self, call: Call) -> Response:
        """As App Service answers; the gate has compared the secret."""
        audience = _audience(call.query("resource"), "resource")
        token, until = self._tokens.for_audience(audience, SECONDS, call.principal)
        told = {"access_token": token, "expires_on": str(until), "resource": audience, "token_type": "Bearer"}
        return reply({**told, "client_id": call.query("client_id") or NOBODY}, headers=_UNCACHED)

    async def _exchange(self, call: Call) -> Response:
        """OAuth 2's client credentials; what is wrong is told in its words too, which is all that its libraries read."""
        said = await form(call)
        if said.get("grant_type") != "client_credentials":
            return _refusal("unsupported_grant_type", "expected grant_type=client_credentials")
        scope, resource = said.get("scope", ""), said.get("resource", "")
        try:
            who = await self._shown(said.get("client_secret", "") or _basic(call))
            if who.run is not None:
                return _refusal("invalid_client", "a job asks at its IDENTITY_ENDPOINT", 401)
            audience = _audience(resource or scope.split(" ")[0].removesuffix(_DEFAULT), "scope")
        except Unauthenticated as error:
            return _refusal("invalid_client", error.message, 401)
        except Invalid as error:
            return _refusal("invalid_scope", error.message)
        token, until = self._tokens.for_audience(audience, SECONDS, who)
        told = {"access_token": token, "token_type": "Bearer", "expires_in": int(SECONDS), "expires_on": str(until)}
        return reply({**told, "ext_expires_in": int(SECONDS)}, headers=_UNCACHED)

    async def _shown(self, secret: str) -> Principal:
        """Whose secret this is: the home's own, or a personal token."""
        return await self._members.shown(secret) if secret.startswith(MARK) else self._tokens.identified(secret)


async def _configuration(call: Call) -> Response:
    """OpenID's, as far as there is one: nobody logs in here, programs show their secret."""
    tenant = call.path("tenant")
    here = f"{origin(call)}/{tenant}"
    return reply(
        {
            "issuer": f"{here}/v2.0",
            "authorization_endpoint": f"{here}/oauth2/v2.0/authorize",
            "token_endpoint": f"{here}/oauth2/v2.0/token",
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
            "grant_types_supported": ["client_credentials"],
            "response_types_supported": ["token"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["EdDSA"],
        }
    )


def _audience(said: str, field: str) -> str:
    if not said or len(said) > _LONGEST_AUDIENCE or not said.isprintable():
        raise Invalid([Problem("expected what the token is for, e.g. https://management.azure.com", field=field)])
    return said.rstrip("/")


def _basic(call: Call) -> str:
    """The secret of a client that shows it in a header."""
    scheme, _, told = call.request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(told, validate=True).decode().partition(":")[2]
    except ValueError:
        return ""


def _refusal(code: str, told: str, status: int = 400) -> Response:
    body: dict[str, Any] = {"error": code, "error_description": told}
    return reply(body, status, headers=_UNCACHED)
