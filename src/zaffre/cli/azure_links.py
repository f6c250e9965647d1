"""The chain from the official Azure client to this server, link by link, as the client itself would go along it.

What is examined is the environment that the command was called in. A client that cannot read the cloud's metadata turns
to public Azure with no more than a warning, so that link is the one that matters most.
"""

from __future__ import annotations

import base64
import http.client
import json
import shutil
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from zaffre.core.cloud import unproxied
from zaffre.core.errors import ZaffreError
from zaffre.core.refs import CLOUD
from zaffre.sdk.azure import Azure
from zaffre.sdk.local_server import LocalServer
from zaffre.sdk.parsed import is_list, mapping
from zaffre.sdk.settings import GROUP, SUBSCRIPTION, WORKSPACE

Finding = tuple[str, str, str]
"""(link; ``ok``, ``note`` or ``broken``; one sentence)."""
_AGAIN = 'eval "$(zaffre azure env)"'
_PUBLIC = "the client would use public Azure instead, with no more than a warning"
_SOON = 14 * 86_400
_SKEW = 60
_STORAGE = "https://storage.azure.com"
_WORKSPACE = (
    f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}/providers/Microsoft.MachineLearningServices/workspaces"
)
_KEYS = ("name", "portal", "resourceManager", "authentication", "suffixes")
_OTHERS = ("AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PATH", "AZURE_PASSWORD", "AZURE_FEDERATED_TOKEN_FILE")
_FAULTS = (OSError, ValueError, http.client.HTTPException)


class Broken(Exception):
    """A link that does not hold; the sentence says what to do."""


@dataclass(slots=True)
class Chain:
    """What is examined, and what earlier links have found out for later ones."""

    azure: Azure
    environ: Mapping[str, str]
    manager: str = ""
    notes: list[str] = field(default_factory=list[str])

    def get(self, url: str, headers: Mapping[str, str] | None = None, roots: Path | None = None) -> Answer:
        """One request, as the client makes it: with the roots that the environment names."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        roots = roots or self.roots()
        context = ssl.create_default_context(cafile=str(roots)) if roots else ssl.create_default_context()
        secure = parts.scheme == "https"
        line = (
            http.client.HTTPSConnection(host, parts.port, timeout=10, context=context)
            if secure
            else http.client.HTTPConnection(host, parts.port, timeout=10)
        )
        try:
            line.request("GET", parts.path + (f"?{parts.query}" if parts.query else ""), headers=dict(headers or {}))
            given = line.getresponse()
            return Answer(given.status, given.headers.get("Date", ""), given.read())
        finally:
            line.close()

    def roots(self) -> Path | None:
        """The file that requests would take its roots from."""
        named = self.environ.get("REQUESTS_CA_BUNDLE") or self.environ.get("CURL_CA_BUNDLE")
        return Path(named) if named else None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    date: str
    body: bytes

    def json(self) -> Any:
        """The body."""
        return json.loads(self.body)


def examine(home: Path, environ: Mapping[str, str]) -> Iterator[Finding]:
    """Every link, in the order in which a client meets them; without a server there is nothing behind the first."""
    local = LocalServer(home)
    chain = Chain(Azure(home), environ)
    if not local.is_ready():
        yield "server", "broken", "no server runs: zaffre up starts it"
        return
    try:
        address = chain.azure.address
    except ZaffreError as error:
        yield "server", "broken", error.message
        return
    yield "server", "ok", f"{address} belongs to {home}"
    for name, look in _LINKS.items():
        try:
            sentence = look(chain)
            yield name, "ok", sentence
        except Broken as error:
            yield name, "broken", str(error)
        except _FAULTS as error:
            yield name, "broken", f"{error}; zaffre logs has the server's side"
    yield from (("azure", "note", note) for note in chain.notes)


def _certificate(chain: Chain) -> str:
    """What the server shows, held against its own authority: nothing of the environment counts here."""
    parts = urlsplit(chain.azure.address)
    context = ssl.create_default_context(cafile=str(chain.azure.authority))
    try:
        with (
            socket.create_connection((parts.hostname or "", parts.port or 443), 10) as plain,
            context.wrap_socket(plain, server_hostname=parts.hostname) as secure,
        ):
            shown = secure.getpeercert() or {}
    except ssl.SSLCertVerificationError as error:
        told = f"{parts.netloc} shows a certificate that is not this home's: {error.verify_message}"
        raise Broken(f"{told}; zaffre down and zaffre up make it anew") from error
    left = ssl.cert_time_to_seconds(str(shown["notAfter"])) - time.time()  # noqa: TID251 - the machine's clock is the question
    if left < _SOON:
        raise Broken(f"it ends in {left / 86_400:.0f} days and was not renewed; zaffre down and zaffre up renew it")
    names = sorted(str(name[1]) for name in shown.get("subjectAltName", ()))
    return f"for {', '.join(names)}; {left / 86_400:.0f} days to go"


def _bundle(chain: Chain) -> str:
    roots = chain.roots()
    if roots is None:
        raise Broken(f"REQUESTS_CA_BUNDLE is not set, so the client trusts no certificate of ours: {_AGAIN}")
    if not roots.is_file():
        raise Broken(f"REQUESTS_CA_BUNDLE names {roots}, which is no file: {_AGAIN}")
    try:
        chain.get(f"{chain.azure.address}/livez")
    except ssl.SSLCertVerificationError as error:
        raise Broken(f"{roots} does not hold this home's authority ({error.verify_message}): {_AGAIN}") from error
    except ssl.SSLError as error:
        raise Broken(f"{roots} is no list of certificates ({error.reason}): {_AGAIN}") from error
    return f"{roots} holds this home's authority"


def _proxy(chain: Chain) -> str:
    host = urlsplit(chain.azure.address).hostname or ""
    if not unproxied(chain.environ, host):
        raise Broken(f"requests to {host} would go to a proxy, since NO_PROXY does not name it: {_AGAIN}")
    return f"requests to {host} go there directly"


def _metadata(chain: Chain) -> str:
    url, here = chain.environ.get("ARM_CLOUD_METADATA_URL", ""), chain.azure.address
    if not url:
        raise Broken(f"ARM_CLOUD_METADATA_URL is not set, so {_PUBLIC}: {_AGAIN}")
    if urlsplit(url).netloc != urlsplit(here).netloc:
        raise Broken(
            f"ARM_CLOUD_METADATA_URL leads to {urlsplit(url).netloc}, not to {urlsplit(here).netloc}: {_AGAIN}"
        )
    answer = chain.get(url)
    if answer.status != 200:
        raise Broken(f"{url} answers {answer.status}, so {_PUBLIC}: {_AGAIN}")
    told = answer.json()
    cloud = mapping(told[0] if is_list(told) and told else told)
    lacking = [key for key in _KEYS if key not in cloud]
    if lacking:
        raise Broken(f"the answer of {url} lacks {', '.join(lacking)}, so {_PUBLIC}")
    chain.manager = str(cloud["resourceManager"])
    return f"the cloud {cloud['name']} at {chain.manager}"


def _cloud(chain: Chain) -> str:
    """Which cloud the client picks from what it was told."""
    said = chain.environ.get("AZUREML_CURRENT_CLOUD")
    if said is not None and said != CLOUD:
        raise Broken(f"AZUREML_CURRENT_CLOUD is {said!r}, a cloud that is not here; it is {CLOUD!r}: {_AGAIN}")
    if not chain.manager or chain.manager not in chain.environ.get("ARM_CLOUD_METADATA_URL", ""):
        raise Broken(f"the cloud's metadata could not be read (see metadata), so {_PUBLIC}")
    if said is None:
        chain.notes.append(f"AZUREML_CURRENT_CLOUD is not set, which azureml-mlflow needs: {_AGAIN}")
    return f"the client takes {CLOUD}, and does not fall back to public Azure"


def _token(chain: Chain) -> str:
    audience = chain.manager or chain.azure.address
    found = _given(chain, audience)
    if found.get("aud") != audience:
        raise Broken(f"the token is for {found.get('aud')!r}, and the client asked for {audience!r}: {_AGAIN}")
    elsewhere = [name for name in _OTHERS if chain.environ.get(name)]
    if elsewhere and not chain.environ.get("AZURE_AUTHORITY_HOST", "").startswith(chain.azure.address):
        told = f"{elsewhere[0]} is set, so DefaultAzureCredential asks Microsoft for a token first"
        raise Broken(f"{told}, which opens nothing here: unset {elsewhere[0]}")
    return f"for {audience}, {(float(found['exp']) - time.time()) / 60:.0f} minutes to go"  # noqa: TID251 - as above


def _given(chain: Chain, audience: str) -> dict[str, Any]:
    """The claims of a token that the identity endpoint gives."""
    return _claims(_bearer(chain, audience))


def _bearer(chain: Chain, audience: str) -> str:
    endpoint, secret = chain.environ.get("IDENTITY_ENDPOINT", ""), chain.environ.get("IDENTITY_HEADER", "")
    if not endpoint or not secret:
        missing = "IDENTITY_ENDPOINT" if not endpoint else "IDENTITY_HEADER"
        raise Broken(f"{missing} is not set, so DefaultAzureCredential finds no identity here: {_AGAIN}")
    if urlsplit(endpoint).netloc != urlsplit(chain.azure.address).netloc:
        raise Broken(f"IDENTITY_ENDPOINT leads to {urlsplit(endpoint).netloc}, another server: {_AGAIN}")
    answer = chain.get(
        f"{endpoint}?api-version=2019-08-01&resource={quote(audience, safe='')}", {"X-IDENTITY-HEADER": secret}
    )
    if answer.status != 200:
        raise Broken(f"{endpoint} answers {answer.status}: IDENTITY_HEADER is not this home's secret: {_AGAIN}")
    return str(answer.json()["access_token"])


def _claims(token: str) -> dict[str, Any]:
    middle = token.split(".")[1]
    return mapping(json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4))))


def _arm(chain: Chain) -> str:
    name = chain.environ.get("ZAFFRE_WORKSPACE") or WORKSPACE
    found = _asked(chain, f"{_WORKSPACE}/{quote(name)}", chain.manager or chain.azure.address)
    return f"workspace {found['name']} answers"


def _storage(chain: Chain) -> str:
    """Where the client would send files: it makes the address from the datastore, and the datastore's word is ours."""
    name = quote(chain.environ.get("ZAFFRE_WORKSPACE") or WORKSPACE)
    manager = chain.manager or chain.azure.address
    found = mapping(_asked(chain, f"{_WORKSPACE}/{name}/datastores/workspaceblobstore", manager)["properties"])
    account, container = str(found.get("accountName") or ""), str(found.get("containerName") or "")
    ours = urlsplit(chain.azure.address).netloc
    if account.partition("/")[0] != ours:
        raise Broken(
            f"workspaceblobstore lies at {account or 'no account'!r} and not below {ours}: the server is older"
        )
    url = f"https://{account}.blob.core.windows.net/{container}?restype=container&comp=list&maxresults=1"
    answer = chain.get(url, {"Authorization": f"Bearer {_bearer(chain, _STORAGE)}", "x-ms-version": "2023-11-03"})
    if answer.status != 200:
        raise Broken(f"{url} answers {answer.status}; zaffre logs has the server's side")
    return f"https://{account}.blob.core.windows.net/ answers"


def _asked(chain: Chain, path: str, audience: str) -> dict[str, Any]:
    url = f"{chain.azure.address}{path}?api-version=2024-10-01"
    answer = chain.get(url, {"Authorization": f"Bearer {_bearer(chain, audience)}"})
    if answer.status != 200:
        raise Broken(f"{path} answers {answer.status}: {answer.body[:200].decode(errors='replace')}")
    return mapping(answer.json())


def _clock(chain: Chain) -> str:
    """The server's, held against the client's: tokens and signed addresses end by it."""
    said = chain.get(f"{chain.azure.address}/livez", roots=chain.azure.authority).date
    apart = abs(parsedate_to_datetime(said).timestamp() - time.time())  # noqa: TID251 - as above
    if apart > _SKEW:
        raise Broken(f"the server's clock is {apart:.0f} s from this one; set both by NTP, or tokens end too soon")
    return f"{apart:.0f} s apart"


def _az(chain: Chain) -> str:
    script = chain.azure.programs / "az"
    found = shutil.which("az", path=chain.environ.get("PATH"))
    if found is None:
        raise Broken(f"there is no az on PATH: {_AGAIN}")
    if Path(found) != script:
        chain.notes.append(f"az is {found}, Microsoft's own, which does not know this cloud: {_AGAIN}")
        return "not ours"
    return found


_LINKS: dict[str, Callable[[Chain], str]] = {
    "certificate": _certificate,
    "bundle": _bundle,
    "proxy": _proxy,
    "metadata": _metadata,
    "cloud": _cloud,
    "token": _token,
    "workspace": _arm,
    "storage": _storage,
    "clock": _clock,
    "az": _az,
}
