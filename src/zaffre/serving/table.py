"""The router's whole knowledge: endpoints, keys, traffic and replicas, as one versioned snapshot in one file.

The server builds it and replaces the file atomically; the router only reads. A snapshot that cannot be read changes
nothing: the router keeps the last one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from zaffre.core.errors import Invalid

FILE = "table.json"
TCP = "tcp:"
"""How a replica's address begins where it is none of a Unix socket."""
MASKED, PASSED = "424", "pass"
REVISION = "~"
"""Between a deployment's name, which has none, and the generation of a revision that is on trial."""


@dataclass(frozen=True, slots=True)
class Replica:
    """One place that answers."""

    id: str
    socket: str
    """Absolute path of its Unix socket, or ``tcp:<host>:<port>`` of a server that knows none."""
    ends: str = ""
    """Absolute path of the file that its ends are written to, a JSON line each; empty: nobody writes them."""
    exit: str = ""
    """Absolute path of its agent's own record, there for a moment until it has been read."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """One deployment's replicas and limits."""

    replicas: tuple[Replica, ...] = ()
    max_queue_wait: float = 0.5
    """Seconds a request may wait for a free replica before 429."""
    request_timeout: float = 5.0
    """Seconds from its arrival at a replica to the end of the answer before 408."""
    max_concurrent: int = 1
    """Requests at once on one replica."""
    prefetch: int = 1
    """Requests beyond that sent ahead to a replica, so that it never waits for the router between two."""
    wake: float = 0.0
    """Seconds a request is held while there is no replica, because one is being started; 0: not longer than any other."""
    wake_expected: float = 0.0
    """Seconds that this usually takes: what a caller is told who waited in vain."""
    sample: int = 0
    """So many of the last exchanges are kept in memory, with their bodies."""
    revision: str = ""
    """Its next revision, on trial: another entry beside it, ``<name>~<generation>``, that answers in its name."""
    revision_share: int = 0
    """Percent of its requests that the next revision gets."""


@dataclass(frozen=True, slots=True)
class Auth:
    """Who may call."""

    key_hashes: tuple[str, ...] = ()
    """SHA-256 of each key, in hexadecimal: the keys themselves never reach the router."""
    jwt_public_key: str = ""
    """PEM of the Ed25519 key that signs tokens; empty where tokens are not accepted."""
    audiences: tuple[str, ...] = ()
    """A token must be for one of these."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One endpoint."""

    auth: Auth = field(default_factory=Auth)
    traffic: Mapping[str, int] = field(default_factory=dict[str, int])
    mirror: Mapping[str, int] = field(default_factory=dict[str, int])
    deployments: Mapping[str, Deployment] = field(default_factory=dict[str, Deployment])
    model_errors: str = MASKED
    """How callers learn of a model's own 4xx and 5xx: ``424`` as on Azure, or ``pass``, as the model said it."""


@dataclass(frozen=True, slots=True)
class Table:
    """Everything, at one moment."""

    version: int = 0
    endpoints: Mapping[str, Endpoint] = field(default_factory=dict[str, Endpoint])
    """By ``<workspace>/<endpoint>``, both in lower case."""


def revision_of(deployment: str, generation: int) -> str:
    """The entry of a revision on trial."""
    return f"{deployment}{REVISION}{generation}"


def deployment_of(entry: str) -> str:
    """The deployment in whose name an entry answers."""
    return entry.partition(REVISION)[0]


def name_of(workspace: str, endpoint: str) -> str:
    """An endpoint's name in the table."""
    return f"{workspace}/{endpoint}".lower()


def to_json(table: Table) -> dict[str, Any]:
    """The stored form."""
    return asdict(table)


def parse(document: Mapping[str, Any]) -> Table:
    """The inverse of ``to_json``; ``Invalid`` says what is wrong."""
    try:
        endpoints = {str(name).lower(): _endpoint(one) for name, one in document["endpoints"].items()}
        return Table(int(document["version"]), endpoints)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Invalid(f"the routing table is malformed: {type(error).__name__}: {error}") from error


def read(path: Path) -> Table:
    """The table in a file; an empty one where there is no file yet."""
    try:
        document = json.loads(path.read_bytes())
    except FileNotFoundError:
        return Table()
    except ValueError as error:
        raise Invalid(f"the routing table is not JSON: {error}") from error
    return parse(document)


def write(path: Path, table: Table) -> None:
    """Replace the file: a reader sees the old table or the new one, also after a power cut."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(json.dumps(to_json(table)).encode())
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _endpoint(stored: Mapping[str, Any]) -> Endpoint:
    auth: dict[str, Any] = stored.get("auth") or {}
    traffic: dict[str, Any] = stored.get("traffic") or {}
    mirror: dict[str, Any] = stored.get("mirror") or {}
    deployments: dict[str, Any] = stored.get("deployments") or {}
    return Endpoint(
        Auth(
            tuple(str(one) for one in _texts(auth.get("key_hashes"))),
            str(auth.get("jwt_public_key") or ""),
            tuple(str(one) for one in _texts(auth.get("audiences"))),
        ),
        {str(name): int(percent) for name, percent in traffic.items()},
        {str(name): int(percent) for name, percent in mirror.items()},
        {str(name): _deployment(one) for name, one in deployments.items()},
        PASSED if stored.get("model_errors") == PASSED else MASKED,
    )


def _texts(stored: Any) -> list[Any]:
    return list(stored or ())


def _deployment(stored: Mapping[str, Any]) -> Deployment:
    replicas: list[dict[str, Any]] = stored.get("replicas") or []
    return Deployment(
        tuple(
            Replica(str(one["id"]), str(one["socket"]), str(one.get("ends") or ""), str(one.get("exit") or ""))
            for one in replicas
        ),
        float(stored.get("max_queue_wait", 0.5)),
        float(stored.get("request_timeout", 5.0)),
        int(stored.get("max_concurrent", 1)),
        int(stored.get("prefetch", 1)),
        float(stored.get("wake", 0.0)),
        float(stored.get("wake_expected", 0.0)),
        int(stored.get("sample", 0)),
        str(stored.get("revision") or ""),
        int(stored.get("revision_share", 0)),
    )
