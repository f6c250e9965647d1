"""The installation's own secrets: made once, kept with mode 0600, never in an environment or a log."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def owner_token(home: Path) -> str:
    """The token of whoever owns the home directory."""
    return _kept(home / "token", lambda: secrets.token_urlsafe(32).encode()).decode().strip()


def identity_secret(home: Path) -> str:
    """What a client of Azure's shows to get tokens: it stands in environments, so it is not the owner's token itself."""
    return _kept(home / "keys" / "identity", lambda: secrets.token_urlsafe(32).encode()).decode().strip()


def signing_key(home: Path) -> Ed25519PrivateKey:
    """The key that signs the tokens of runs and endpoints."""
    pem = _kept(home / "keys" / "signing.pem", _new_signing_key)
    key = serialization.load_pem_private_key(pem, password=None)
    assert isinstance(key, Ed25519PrivateKey)
    return key


def _new_signing_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _kept(path: Path, make: Callable[[], bytes]) -> bytes:
    """The content of ``path``; made, complete or not at all, where it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        draft = path.with_suffix(f".{os.getpid()}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(make())
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(draft)  # the first of two servers wins
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_bytes()
