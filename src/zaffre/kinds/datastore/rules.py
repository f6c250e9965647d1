"""Where a datastore's files lie: the default four, folders of this machine, and stores elsewhere, whose secrets are sealed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from zaffre.core.draft import Draft, Lookup, Prepared, Removal
from zaffre.core.errors import Conflict, Invalid, Problem
from zaffre.core.plain import mapping_of
from zaffre.core.resource import Resource

DEFAULTS = ("workspaceblobstore", "workspaceartifactstore", "workspacefilestore", "workspaceworkingdirectory")
_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_BUCKET = re.compile(r"[A-Za-z0-9$]([A-Za-z0-9._$-]{0,253}[A-Za-z0-9])?")
_WORKSPACE = re.compile(r"[^/\\?#@:\x00-\x1f]{1,256}")
_HOST = re.compile(r"(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*")
_ADDRESS = re.compile(r"[0-9A-Fa-f:.]{2,45}")
_GRAMMAR = {
    "account_name": (_LABEL, "the name of a storage account"),
    "container_name": (_BUCKET, "the name of a container"),
    "file_share_name": (_BUCKET, "the name of a file share"),
    "filesystem": (_BUCKET, "the name of a file system"),
    "store_name": (_LABEL, "the name of a store"),
    "one_lake_workspace_name": (_WORKSPACE, "the name or id of a workspace"),
    "bucket": (_BUCKET, "the name of a bucket"),
    "region": (_LABEL, "the name of a region"),
}
_URLS = ("endpoint_url", "url")


def prepare(draft: Draft, lookup: Lookup) -> Prepared:
    """Refuse a place that could not be opened, and take the secrets out of the document."""
    spec = draft.spec
    if draft.key.name in DEFAULTS and draft.existing is not None and spec.to_stored() != draft.existing.spec:
        raise Conflict(f"Datastore {draft.key.name!r} comes with the workspace and cannot be changed.")
    if spec.root is None:
        if draft.key.name in DEFAULTS:
            return Prepared(spec)
        wrong = _misnamed(spec)
        if wrong:
            raise Invalid(wrong)
        return Prepared(spec, sealed=_sealed(draft))
    if spec.credentials is not None:
        told = "a folder of the server is opened without credentials, and none are kept"
        raise Invalid([Problem(told, field="credentials", hint="leave out credentials")])
    if not PurePosixPath(spec.root).is_absolute() or lookup.path_kind(spec.root) != "folder":
        told = f"expected an existing folder of the server by its absolute path, found {spec.root!r}"
        raise Invalid([Problem(told, field="root")])
    return Prepared(spec, sealed={})


def describe(resource: Resource, lookup: Lookup) -> dict[str, Any]:
    """Which one is the default."""
    del lookup
    return {"is_default": resource.key.name == DEFAULTS[0]}


def remove(resource: Resource, lookup: Lookup) -> Removal:
    """The default four stay."""
    del lookup
    if resource.key.name in DEFAULTS:
        raise Conflict(f"Datastore {resource.key.name!r} comes with the workspace and cannot be deleted.")
    return Removal()


def _sealed(draft: Draft) -> dict[str, str] | None:
    """The secrets to keep: those given, those kept already (a document as it was shown names only their type), or none."""
    given = draft.spec.credentials
    if given is None or not given.kind:
        return {}
    secrets = draft.spec.sealed()
    if secrets:
        return secrets
    before: Mapping[str, Any] = mapping_of(draft.existing.spec.get("credentials")) if draft.existing is not None else {}
    if before.get("type") == given.kind:
        return None
    kept = f"what is kept is {before['type']}" if before.get("type") else "nothing is kept"
    told = f"expected the {given.kind} itself, since {kept}"
    raise Invalid([Problem(told, field=f"credentials.{given.kind}")])


def _misnamed(spec: Any) -> list[Problem]:
    """Host names are built from these fields, so they may be nothing but what they say."""
    wrong = [
        Problem(f"expected {what}, found {value!r}", field=field)
        for field, (grammar, what) in _GRAMMAR.items()
        if (value := getattr(spec, field)) is not None and not grammar.fullmatch(value)
    ]
    wrong += [
        Problem(f"expected a URL (http:// or https://, a host, no credentials in it), found {value!r}", field=field)
        for field in _URLS
        if (value := getattr(spec, field)) is not None and not _is_url(value)
    ]
    if spec.endpoint is not None and not (_is_url(spec.endpoint) or _HOST.fullmatch(spec.endpoint.rstrip("/"))):
        wrong.append(Problem(f"expected core.windows.net, a host or a URL, found {spec.endpoint!r}", field="endpoint"))
    if spec.host is not None and not (_HOST.fullmatch(spec.host) or _ADDRESS.fullmatch(spec.host)):
        wrong.append(Problem(f"expected a host name or an address, found {spec.host!r}", field="host"))
    if spec.port is not None and not 0 < spec.port < 65536:
        wrong.append(Problem(f"expected a port from 1 to 65535, found {spec.port}", field="port"))
    return wrong


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    plain = not (set(text) & set("\\@#")) and all(33 <= ord(letter) < 127 for letter in parts.netloc)
    named = bool(_HOST.fullmatch(host) or _ADDRESS.fullmatch(host))
    return parts.scheme in ("http", "https") and named and plain and port != 0
