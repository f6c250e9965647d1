"""A connection's ``target`` read: which database, or which bucket, it means. Pure; nobody is asked.

Databases are written as URLs (``postgresql://host:5432/rain?sslmode=require``, JDBC's included), as ``Server=…;Database=…``
or as ``host:port/database``. A SQLite file is named where everything of a user lies: ``azureml://datastores/NAME/paths/PATH``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from zaffre.core.errors import Invalid, Problem

DIALECTS = {
    "azure_postgres_db": "postgresql",
    "azure_my_sql_db": "mysql",
    "azure_sql_db": "mssql",
    "azure_synapse_analytics": "mssql",
    "snowflake": "snowflake",
    "custom": "",
}
"""Type of connection → what it speaks; a custom one says it by its target."""
BUCKETS = ("s3", "azure_blob", "azure_data_lake_gen2", "azure_one_lake")
_SCHEMES = {
    "postgresql": "postgresql", "postgres": "postgresql", "mysql": "mysql", "mariadb": "mysql", "mssql": "mssql",
    "sqlserver": "mssql", "snowflake": "snowflake",
}  # fmt: skip
PORTS = {"postgresql": 5432, "mysql": 3306, "mssql": 1433, "snowflake": 443, "sqlite": 0}
_WORDS = {
    "server": "host", "host": "host", "datasource": "host", "address": "host", "servername": "host", "port": "port",
    "database": "database", "databasename": "database", "initialcatalog": "database", "dbname": "database", "db": "database",
}  # fmt: skip
"""Keys without blanks, as ``_key`` makes them."""
_SECRET = ("password", "pwd")
_OPTIONS: dict[str, frozenset[str]] = {
    "mssql": frozenset({"encrypt"}),
    "snowflake": frozenset({"warehouse", "role", "schema"}),
}
_MODES = {
    "disable": "disable", "disabled": "disable", "none": "disable", "allow": "allow", "prefer": "prefer",
    "preferred": "prefer", "require": "require", "required": "require", "verifyca": "verify-full",
    "verifyfull": "verify-full", "verifyidentity": "verify-full",
}  # fmt: skip
"""What drivers call it → libpq's word. An authority without the name proves nothing where it is everybody's."""
_FLAGS = ("ssl", "usessl", "requiressl")
_YES = ("", "1", "true", "yes", "require", "required")
_MOST_PORT = 65535
_AMAZON = re.compile(
    r"(?:(?P<bucket>.+)\.)?s3(?:[.-]dualstack)?(?:[.-](?P<region>[a-z]{2}-[a-z0-9-]+))?\.amazonaws\.com(?:\.cn)?"
)


@dataclass(frozen=True, slots=True)
class Database:
    """Where a database is; nothing secret."""

    dialect: str
    host: str
    port: int
    name: str
    """Of the database; the URI of its file for SQLite."""
    options: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def shown(self) -> str:
        """How a message names it."""
        return self.name if self.dialect == "sqlite" else f"{self.dialect} {self.host}:{self.port}/{self.name}"


@dataclass(frozen=True, slots=True)
class Bucket:
    """Where a bucket is, in the words of ``staging.order.StoreSpec``."""

    type: str
    account: str = ""
    container: str = ""
    endpoint: str = ""
    region: str = ""
    root: str = ""


def database_of(connection: Mapping[str, Any]) -> Database:
    """The database that a connection leads to; raises ``Invalid`` about its target."""
    kind, target = str(connection["type"]), str(connection.get("target") or "").strip().removeprefix("jdbc:")
    if kind not in DIALECTS:
        raise _wrong(f"a connection of type {kind} leads to no database; expected one of {', '.join(DIALECTS)}")
    if target.startswith("azureml://"):
        return Database("sqlite", "", 0, target)
    scheme, slashes, _ = target.partition("://")
    if scheme.lower().startswith("sqlite"):
        raise _wrong("a SQLite file is named where it lies in a datastore: azureml://datastores/NAME/paths/PATH")
    dialect = DIALECTS[kind]
    if slashes:
        return _of_url(dialect, target)
    if not dialect:
        raise _wrong("expected a URL such as postgresql://host:5432/database, or azureml://datastores/NAME/paths/FILE")
    if "=" in target:
        return _of_words(dialect, dict(_pairs(target)))
    address, _, name = target.partition("/")
    host, _, port = address.partition(":")
    return _checked(dialect, host, port, name, {})


def bucket_of(connection: Mapping[str, Any]) -> Bucket:
    """The bucket that a connection leads to; raises ``Invalid`` about its target."""
    kind = str(connection["type"])
    address = str(connection.get("url") or connection.get("endpoint") or connection.get("target") or "").strip()
    match kind:
        case "s3":
            return _of_s3(address)
        case "azure_blob":
            account, container = str(connection["account_name"]), str(connection["container_name"])
            return Bucket(kind, account=account, container=container, endpoint=_suffix(address, account))
        case "azure_data_lake_gen2":
            parts = urlsplit(address)
            account, _, suffix = (parts.hostname or "").partition(".dfs.")
            container, _, root = parts.path.strip("/").partition("/")
            if not (account and suffix and container):
                raise _wrong("expected https://ACCOUNT.dfs.core.windows.net/FILESYSTEM")
            return Bucket(kind, account=account, container=container, endpoint=suffix, root=root)
        case "azure_one_lake":
            return _of_one_lake(connection)
        case _:
            raise _wrong(f"a connection of type {kind} leads to no bucket; expected one of {', '.join(BUCKETS)}")


def _of_url(dialect: str, target: str) -> Database:
    scheme, _, rest = target.partition("://")
    said = _SCHEMES.get(scheme.partition("+")[0].lower())
    if said is None or (dialect and dialect != said):
        raise _wrong(f"expected a URL of {dialect or ', '.join(_SCHEMES)}, found {scheme}://")
    address, _, words = rest.partition(";")
    try:
        parts = urlsplit(f"//{address}")
        host, port = parts.hostname or "", str(parts.port or "")
    except ValueError:
        raise _wrong(f"expected {scheme}://host:port/database") from None
    if parts.password is not None or parts.username is not None:
        raise _wrong("who one is belongs into the connection's credentials, where it is sealed, not into its target")
    said_more = [*parse_qsl(parts.query, keep_blank_values=True), *_pairs(words)]
    more = {_key(key): value for key, value in said_more}
    name = unquote(parts.path.strip("/")) or next((more[key] for key in more if _WORDS.get(key) == "database"), "")
    return _checked(said, host, port, name, more)


def _of_words(dialect: str, said: Mapping[str, str]) -> Database:
    """``Server=tcp:host,1433;Database=rain``."""
    found = {_WORDS[key]: value for key, value in said.items() if key in _WORDS}
    host, _, port = found.get("host", "").removeprefix("tcp:").replace(",", ":").partition(":")
    return _checked(dialect, host, port or found.get("port", ""), found.get("database", ""), said)


def _checked(dialect: str, host: str, port: str, name: str, said: Mapping[str, str]) -> Database:
    if any(key in _SECRET for key in said):
        raise _wrong("a password belongs into the connection's credentials, where it is sealed, not into its target")
    if not host or not re.fullmatch(r"[A-Za-z0-9._:\[\]-]+", host):
        raise _wrong("expected the host of a database, found none")
    if port and not (re.fullmatch("[0-9]{1,5}", port) and 0 < int(port) <= _MOST_PORT):
        raise _wrong(f"expected a port, found {port!r}")
    if not name or not name.isprintable():
        raise _wrong("expected the name of a database after the host")
    options = {key: value for key, value in said.items() if key in _OPTIONS.get(dialect, ())}
    if mode := _mode(dialect, said):
        options["sslmode"] = mode
    return Database(dialect, host, int(port or PORTS[dialect]), name, options)


def _mode(dialect: str, said: Mapping[str, str]) -> str:
    """How much TLS is asked for, by whichever driver's word it is said; empty where nothing is."""
    if dialect not in ("postgresql", "mysql"):
        return ""
    if (word := said.get("sslmode")) is not None:
        found = _MODES.get(re.sub("[-_ ]", "", word).lower())
        if found is None:
            raise _wrong(f"sslmode: expected one of {', '.join(dict.fromkeys(_MODES.values()))}, found {word!r}")
        return found
    flags = [said[key].lower() for key in _FLAGS if key in said]
    if not flags:
        return ""
    return "require" if any(flag in _YES for flag in flags) else "disable"


def _pairs(text: str) -> list[tuple[str, str]]:
    found = [pair.partition("=") for pair in text.split(";") if "=" in pair]
    return [(_key(key), value.strip()) for key, _, value in found]


def _key(written: str) -> str:
    """``Initial Catalog``, ``SSL Mode``: however it is spaced."""
    return re.sub("[ _]", "", written).lower()


def _of_s3(address: str) -> Bucket:
    if "://" not in address:
        container, _, root = address.strip("/").partition("/")
        return _with_container(Bucket("s3", container=container, root=root))
    parts = urlsplit(address)
    host, path = (parts.hostname or "").lower(), parts.path.strip("/")
    if parts.username is not None:
        raise _wrong("who one is belongs into the connection's credentials, where it is sealed, not into its target")
    if parts.scheme in ("s3", "s3a"):
        return _with_container(Bucket("s3", container=parts.netloc, root=path))
    amazon = _AMAZON.fullmatch(host)
    if amazon is not None and amazon["bucket"]:
        return Bucket("s3", container=amazon["bucket"], region=amazon["region"] or "", root=path)
    container, _, root = path.partition("/")
    if amazon is not None:
        return _with_container(Bucket("s3", container=container, region=amazon["region"] or "", root=root))
    endpoint = f"{parts.scheme}://{parts.netloc}"
    return _with_container(Bucket("s3", container=container, endpoint=endpoint, root=root))


def _with_container(bucket: Bucket) -> Bucket:
    if not bucket.container:
        raise _wrong("expected a bucket: its name, s3://BUCKET, or https://HOST/BUCKET")
    return bucket


def _of_one_lake(connection: Mapping[str, Any]) -> Bucket:
    artifact: Mapping[str, Any] = connection.get("artifact") or {}
    workspace, lake = connection.get("one_lake_workspace_name"), artifact.get("name")
    if not workspace or not lake:
        raise _wrong("expected one_lake_workspace_name and artifact in the connection")
    return Bucket("one_lake", account="onelake", container=str(workspace), root=str(lake))


def _suffix(address: str, account: str) -> str:
    """What stands behind the account in a blob service's host; a whole URL where it does not begin with the account."""
    host = (urlsplit(address).hostname or "").lower()
    if host.startswith(f"{account}.blob."):
        return host.removeprefix(f"{account}.blob.")
    return address if "://" in address else ""


def _wrong(told: str) -> Invalid:
    return Invalid([Problem(told, field="target")])
