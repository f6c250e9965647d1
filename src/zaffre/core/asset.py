"""What makes two contents the same: hashes of specifications and of folders of code, and the names of what has none."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ANONYMOUS_ENVIRONMENT = "CliV2AnonymousEnvironment"
ANONYMOUS_COMPONENT = "azureml_anonymous"
CODE_HASH_VERSION = "202208"
"""Which rule ``code_hash`` follows, as Azure numbers them."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of a folder of code."""

    path: str
    """Relative, with forward slashes."""
    size: int
    read: Callable[[], Iterable[bytes]]
    """The content in pieces; called once."""


def spec_hash(stored: Mapping[str, Any]) -> str:
    """The hash of a specification as stored: key order and spacing do not enter it."""
    text = json.dumps(stored, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def code_hash(files: Sequence[SourceFile]) -> str:
    """Azure's content hash of a code folder: names, sizes and contents, in the order of lower-cased paths."""
    ordered = sorted(files, key=lambda file: file.path.lower())
    digest = hashlib.sha256(str(len(ordered)).encode())
    for file in ordered:
        digest.update(f"#{file.path}#{file.size}".encode())
    for file in ordered:
        for piece in file.read():
            digest.update(piece)
    return digest.hexdigest()


def anonymous(definition: Mapping[str, Any]) -> str:
    """The version of an unnamed asset: equal definitions share one. Names and descriptions do not enter it."""
    told = ("name", "version", "description", "tags")
    return spec_hash({key: value for key, value in definition.items() if key not in told})


def anonymous_environment(definition: Mapping[str, Any]) -> tuple[str, str]:
    """Name and version of an environment written inside a job or deployment."""
    return ANONYMOUS_ENVIRONMENT, anonymous(definition)


def code_name(content_hash: str) -> str:
    """The name of a code asset, from its content hash, shaped as the GUIDs the official client uses."""
    h = content_hash[:32]
    return f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:32]}"
