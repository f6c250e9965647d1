"""What lies elsewhere, as this installation reaches it: the settings of staging processes."""

from __future__ import annotations

from zaffre.control.remote import Remote
from zaffre.control.remote import Settings as RemoteSettings
from zaffre.control.sealed import Sealed
from zaffre.server.settings import Settings, staging_environ
from zaffre.staging.policy import Policy

_GIGABYTE = 10**9


def remote(settings: Settings, sealed: Sealed) -> Remote:
    """The way to stores outside this machine."""
    identity = settings.flag("data.identity")
    return Remote(
        RemoteSettings(
            home=settings.home,
            policy=Policy(settings.names("egress.allow"), settings.table("egress.map")),
            environ=staging_environ(identity=identity),
            cache_bytes=settings.number("data.cache_gigabytes") * _GIGABYTE,
            identity=identity,
        ),
        sealed,
    )
