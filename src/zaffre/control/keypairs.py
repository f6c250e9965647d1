"""An endpoint's two keys: made once, kept sealed, shown to those who may, known to the router by their hashes alone."""

from __future__ import annotations

import secrets

from zaffre.core.errors import Invalid, Problem
from zaffre.serving.keys import hash_of
from zaffre.store import Tx
from zaffre.store.secrets import Vault

NAMES = ("primary", "secondary")


class Keys:
    """Keys of all endpoints."""

    def __init__(self, vault: Vault, public_key: str) -> None:
        self._vault = vault
        self.public_key = public_key
        """PEM of the key that signs tokens, for endpoints that take those instead."""

    def ensure(self, tx: Tx, workspace: str, endpoint: str) -> dict[str, str]:
        """Both keys, made where they are missing."""
        found: dict[str, str] = {}
        for name in NAMES:
            value = self._vault.get(tx, workspace, _place(endpoint, name))
            if value is None:
                value = secrets.token_urlsafe(32)
                self._vault.put(tx, workspace, _place(endpoint, name), value)
            found[name] = value
        return found

    def regenerate(self, tx: Tx, workspace: str, endpoint: str, which: str, value: str = "") -> None:
        """Replace one key by a new one; the old one is refused as soon as the router follows the new table."""
        name = which.lower()
        if name not in NAMES:
            raise Invalid([Problem(f"expected primary or secondary, found {which!r}", field="key_type")])
        self._vault.put(tx, workspace, _place(endpoint, name), value or secrets.token_urlsafe(32))

    def forget(self, tx: Tx, workspace: str, endpoint: str) -> None:
        """The endpoint is gone."""
        for name in NAMES:
            self._vault.delete(tx, workspace, _place(endpoint, name))

    def hashes(self, tx: Tx, workspace: str, endpoint: str) -> tuple[str, ...]:
        """What the router is told: no key, only what recognises one."""
        found = (self._vault.get(tx, workspace, _place(endpoint, name)) for name in NAMES)
        return tuple(hash_of(key) for key in found if key is not None)


def _place(endpoint: str, name: str) -> str:
    return f"online-endpoint/{endpoint}/{name}"
