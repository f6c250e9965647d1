"""For whose ears a token is: the official client has one for ARM, one for the workspace's services, one for storage.

Each of them opens only the part of this server that stands for what it names, as in Azure; a token for anything else,
a vault or a graph, is ours and yet opens nothing here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum


class Audience(StrEnum):
    """What a token may be for."""

    MANAGEMENT = "management"
    LEARNING = "learning"
    STORAGE = "storage"


_PUBLIC = {
    "https://management.azure.com": Audience.MANAGEMENT,
    "https://management.core.windows.net": Audience.MANAGEMENT,
    "https://ml.azure.com": Audience.LEARNING,
    "https://storage.azure.com": Audience.STORAGE,
}
"""What a client asks for that knows the public cloud, with no more than our address in place of ARM's."""
_STORAGE = re.compile(r"/storage\.(?:blob|dfs|file)\.", re.IGNORECASE)
_ARM = re.compile(r"/(?:subscriptions|providers)(?:/|$)", re.IGNORECASE)


class Audiences:
    """The names that this server goes by in tokens."""

    def __init__(self, hosts: Iterable[str]) -> None:
        """``hosts`` as the gate has them: host, or host and port."""
        self._known = dict(_PUBLIC)
        for host in hosts:
            for scheme in ("https", "http"):
                self._known[f"{scheme}://{host}"] = Audience.MANAGEMENT
                self._known[learning(f"{scheme}://{host}/").rstrip("/")] = Audience.LEARNING

    def named(self, audience: str) -> Audience | None:
        """What a token with this ``aud`` is for; None for what is no business of ours."""
        return self._known.get(audience.rstrip("/").lower())


def wanted(path: str) -> frozenset[Audience]:
    """What a token may be for that opens ``path``."""
    if _STORAGE.match(path):
        return frozenset({Audience.STORAGE})
    if _ARM.match(path):
        return frozenset({Audience.MANAGEMENT})
    return frozenset({Audience.MANAGEMENT, Audience.LEARNING})


def learning(portal: str) -> str:
    """The audience that the official client makes of a cloud's portal: what follows the second dot of its address."""
    return "https://ml.azure." + ".".join(portal.split(".")[2:]).replace("/", "")
