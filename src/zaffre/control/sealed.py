"""Credentials of connections (and whatever else holds secrets): kept sealed beside their resource, opened for who may.

``feeds`` is what the environment builder asks: who is one to these package indexes, as the workspace's connections say?
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from zaffre.core.plain import mapping_of
from zaffre.core.resource import Key, Resource, absent
from zaffre.store import Tx, resources
from zaffre.store.secrets import Vault

CONNECTION = "connection"
_FEED = "python_feed"


@dataclass(frozen=True, slots=True)
class Feed:
    """Who one is to a package index."""

    url: str
    user: str
    password: str

    def __repr__(self) -> str:
        return f"Feed({self.url!r})"


class Sealed:
    """The secrets of resources."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def keep(self, tx: Tx, key: Key, secrets: dict[str, str]) -> None:
        """Seal a resource's secrets in place of what was kept; none of them forgets it."""
        if secrets:
            self._vault.put(tx, key.workspace, key.path, json.dumps(secrets))
        else:
            self.forget(tx, key)

    def open(self, tx: Tx, key: Key) -> dict[str, str]:
        """A resource's secrets; empty where it has none."""
        found = self._vault.get(tx, key.workspace, key.path)
        opened: dict[str, str] = json.loads(found) if found else {}
        return opened

    def whole(self, tx: Tx, key: Key) -> dict[str, Any]:
        """A resource's specification with its secrets among its credentials. Raises ``NotFound``."""
        found = resources.get(tx, key)
        if found is None:
            raise absent(key.kind, key.name, key.workspace)
        return {**found.spec, "credentials": {**mapping_of(found.spec.get("credentials")), **self.open(tx, key)}}

    def forget(self, tx: Tx, key: Key) -> None:
        """The resource is gone."""
        self._vault.delete(tx, key.workspace, key.path)

    def feeds(self, tx: Tx, workspace: str, urls: Iterable[str]) -> tuple[Feed, ...]:
        """The logins that the workspace's ``python_feed`` connections have for these addresses.

        A connection holds for an address that is its ``target`` or lies below it; of several the longest target wins.
        """
        query = resources.Query(workspace, CONNECTION, view=resources.View.ALL, top=1000)
        known = [one for one in resources.list(tx, query) if one.spec.get("type") == _FEED]
        found: list[Feed] = []
        for url in urls:
            fitting = [one for one in known if _holds(str(one.spec.get("target") or ""), url)]
            if fitting:
                best = max(fitting, key=lambda one: len(str(one.spec["target"])))
                found += self._login(tx, best, url)
        return tuple(found)

    def _login(self, tx: Tx, connection: Resource, url: str) -> list[Feed]:
        """Feeds that take a personal access token read it as the password; the name does not matter to them."""
        held = self.open(tx, connection.key)
        shown = mapping_of(connection.spec.get("credentials"))
        if shown.get("type") == "username_password":
            return [Feed(url, str(shown.get("username") or ""), held.get("password", ""))]
        return [Feed(url, "token", held["pat"])] if held.get("pat") else []


def _holds(target: str, url: str) -> bool:
    mine, theirs = urlsplit(target.rstrip("/")), urlsplit(url.rstrip("/"))
    if not mine.hostname or (mine.scheme, mine.hostname, mine.port) != (theirs.scheme, theirs.hostname, theirs.port):
        return False
    return theirs.path == mine.path or theirs.path.startswith(f"{mine.path}/")
