"""What a staging process is asked to do: plain data, written by the server, read from standard input.

The order holds credentials. It is a file of mode 0600 for the moment between the server and the agent; the agent reads
and removes it before it starts anything, and hands it on by pipe.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from zaffre.core.targets import Database
from zaffre.staging.policy import Policy


@dataclass(frozen=True, slots=True)
class StoreSpec:
    """Where a store is; nothing secret."""

    type: str
    """``azure_blob``, ``azure_data_lake_gen2``, ``azure_file``, ``one_lake``, ``s3``, ``gcs``, ``sftp`` or ``http``."""
    name: str = ""
    """The datastore's name, for messages; empty for what was given by URL."""
    account: str = ""
    container: str = ""
    """Container, file system, share or bucket; the workspace in OneLake."""
    endpoint: str = ""
    """A URL, or (Azure) the suffix of host names; empty: the public cloud's."""
    region: str = ""
    host: str = ""
    port: int = 0
    username: str = ""
    host_key: str = ""
    """The public key that an SFTP host must show."""
    root: str = ""
    """Folder that all paths are below."""
    trusted: bool = False
    """An administrator's ``egress.map`` named it: its host is not checked."""

    @property
    def shown(self) -> str:
        """How a message names it."""
        place = "/".join(part for part in (self.account, self.container) if part) or self.host
        place = place or self.endpoint.partition("?")[0]
        return f"datastore {self.name} ({self.type} {place})" if self.name else f"{self.type} {place}"


@dataclass(frozen=True, slots=True)
class Input:
    """One input to bring."""

    name: str
    store: StoreSpec
    credentials: Mapping[str, str]
    path: str
    type: str
    """``uri_file``, ``uri_folder``, ``mltable`` or a model type; what may be either is looked at."""
    target: str
    """Absolute path that the file or folder is to appear at."""


@dataclass(frozen=True, slots=True)
class Output:
    """One output to take away."""

    name: str
    store: StoreSpec
    credentials: Mapping[str, str]
    path: str
    source: str
    """Absolute path of the file or folder; one that is absent was not written."""


@dataclass(frozen=True, slots=True)
class Query:
    """What one database is asked, and where the answer goes. One of statement, table and procedure is set."""

    database: Database
    folder: str
    """Absolute path."""
    type: str
    """``mltable`` or ``uri_folder``."""
    file: str = ""
    """Absolute path of a database that is a file."""
    username: str = ""
    password: str = field(default="", repr=False)
    statement: str = ""
    table: str = ""
    procedure: str = ""
    parameters: tuple[tuple[str, str, str], ...] = ()
    """Name, value, type."""


@dataclass(frozen=True, slots=True)
class Order:
    """All that one staging process does."""

    verb: str
    """``bring``, ``send``, ``list``, ``check``, ``query`` or ``copy``."""
    report: str
    """Absolute path of the file that tells what became of it."""
    cache: str
    policy: Policy
    inputs: tuple[Input, ...] = ()
    outputs: tuple[Output, ...] = ()
    cache_bytes: int = 50 * 1024**3
    identity: bool = False
    """Stores without credentials are opened with this machine's own identity, not anonymously."""
    query: Query | None = None

    def to_json(self) -> str:
        """As it is written."""
        return json.dumps(asdict(self), default=dict)

    @classmethod
    def from_json(cls, text: str) -> Order:
        """As it is read."""
        data: dict[str, Any] = json.loads(text)
        data["policy"] = Policy(tuple(data["policy"]["allow"]), data["policy"]["map"])
        for side in (*data["inputs"], *data["outputs"]):
            side["store"] = StoreSpec(**side["store"])
        data["inputs"] = tuple(Input(**one) for one in data["inputs"])
        data["outputs"] = tuple(Output(**one) for one in data["outputs"])
        if asked := data.get("query"):
            parameters = tuple((name, value, type_) for name, value, type_ in asked["parameters"])
            asked |= {"database": Database(**asked["database"]), "parameters": parameters}
            data["query"] = Query(**asked)
        return cls(**data)


@dataclass(frozen=True, slots=True)
class Item:
    """One object of a store."""

    path: str
    size: int
    """-1 where the store does not say."""
    etag: str = ""
    """Changes whenever the content does; empty where the store has none."""
    modified: float = 0.0

    @property
    def version(self) -> str:
        """What this content is recognised by; empty where nothing tells two contents apart."""
        if self.etag:
            return self.etag
        return f"{self.modified:.3f}" if self.modified else ""


@dataclass(frozen=True, slots=True)
class Told:
    """The report of a staging process."""

    ok: bool
    name: str = ""
    """The input or output that it stands still at."""
    message: str = ""
    items: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])
    facts: dict[str, str | int] = field(default_factory=dict[str, str | int])
    """Of an import: what it brought."""
