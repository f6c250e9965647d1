"""A line to the right server: the one that ``ZAFFRE_URL`` names, else the home directory's own, started if need be."""

from __future__ import annotations

from collections.abc import Callable

from zaffre.core.errors import Unavailable
from zaffre.sdk import addresses
from zaffre.sdk.settings import Settings
from zaffre.sdk.transport import Address, Transport


def line(settings: Settings, told: Callable[[str], None] | None = None) -> Transport:
    """A transport that looks for its server at the first call; ``told`` hears when one has to be started."""

    def find(absent: bool) -> Address:
        if settings.url:
            if absent:
                where = f"No Zaffre server answers at {settings.url}, which ZAFFRE_URL names"
                raise Unavailable(f"{where}; check the address and the network.")
            return Address(settings.url, settings.token)
        known = None if absent else addresses.read(settings.home)
        if known is not None:
            return known
        # weight: processes and locks are needed only when no server runs
        from zaffre.sdk.local_server import LocalServer  # noqa: PLC0415

        return LocalServer(settings.home).ensure(told=told)

    return Transport(find)
