"""Tokens of Microsoft Entra for Azure's stores: a service principal's, or this machine's own identity's."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from zaffre.core.errors import Forbidden, Invalid

_SCOPE = "https://storage.azure.com/.default"
_PUBLIC = "https://login.microsoftonline.com"


def has_principal(credentials: Mapping[str, str]) -> bool:
    """Whether a service principal is given."""
    return bool(credentials.get("client_secret") or credentials.get("certificate"))


def azure_credential(credentials: Mapping[str, str], proxy: str) -> Any:
    """An azure-identity credential. A principal's authority is a URL that a user wrote, so it is reached by the gateway."""
    from azure import identity  # noqa: PLC0415 - weight: for stores that need a token

    if not has_principal(credentials):
        return identity.DefaultAzureCredential(exclude_interactive_browser_credential=True)
    authority = (credentials.get("authority_url") or _PUBLIC).rstrip("/")
    more: dict[str, Any] = {
        "authority": authority,
        "proxies": {"http": proxy, "https": proxy},
        "disable_instance_discovery": authority != _PUBLIC,
    }
    tenant, client = credentials.get("tenant_id", ""), credentials.get("client_id", "")
    try:
        if credentials.get("client_secret"):
            return identity.ClientSecretCredential(tenant, client, credentials["client_secret"], **more)
        return identity.CertificateCredential(
            tenant, client, certificate_data=_certificate(credentials["certificate"]), **more
        )
    except ValueError as error:
        raise Invalid(f"the service principal cannot be used: {str(error).partition('.')[0]}") from error


def azure_tokens(credentials: Mapping[str, str], proxy: str) -> Callable[[], dict[str, Any]]:
    """What obstore asks for a token whenever the last one is old."""
    credential = azure_credential(credentials, proxy)
    scope = f"{credentials['resource_url'].rstrip('/')}/.default" if credentials.get("resource_url") else _SCOPE

    def token() -> dict[str, Any]:
        from azure.core.exceptions import AzureError  # noqa: PLC0415 - weight

        try:
            found = credential.get_token(scope)
        except AzureError as error:
            raise Forbidden(f"no token for {credentials.get('client_id', 'this machine')}: {_first(error)}") from error
        return {"token": found.token, "expires_at": datetime.fromtimestamp(found.expires_on, UTC)}

    return token


def _certificate(text: str) -> bytes:
    """PEM as it is, or a PKCS #12 file in base64."""
    if "-----BEGIN" in text:
        return text.encode()
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:
        raise Invalid("certificate: expected PEM, or a PKCS #12 file in base64") from error


def _first(error: Exception) -> str:
    return str(error).partition("\n")[0][:300]
